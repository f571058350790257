"""``setup_site``: see ``microacq_pages/site_setup.py``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from microacq_pages import site_setup


class Command(BaseCommand):
    help = "Make the language trees, workflows and roles; idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        changes = site_setup.set_up()
        for line in changes:
            self.stdout.write(line)
        if not changes:
            self.stdout.write("Nothing to change.")
