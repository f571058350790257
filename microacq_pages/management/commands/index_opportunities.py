"""``index_opportunities``: see ``microacq_pages/finding/index.py``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from microacq_pages.finding import index


class Command(BaseCommand):
    help = "Make the index of the public list of opportunities anew."

    def handle(self, *args: Any, **options: Any) -> None:
        count = index.build_anew()
        self.stdout.write(f"Listed: {count}")
