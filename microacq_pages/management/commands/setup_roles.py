"""``setup_roles``: see ``microacq_pages/roles.py``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from microacq_pages import roles


class Command(BaseCommand):
    help = "Make groups and permissions agree with roles.py; idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        changes = roles.apply()
        for line in changes:
            self.stdout.write(line)
        if not changes:
            self.stdout.write("Nothing to change.")
