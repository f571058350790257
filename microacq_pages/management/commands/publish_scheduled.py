"""``publish_scheduled`` for pairs: replaces Wagtail's command, because it publishes one language at a time.

One failing pair does not stop the others.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from microacq_pages import schedule


class Command(BaseCommand):
    help = "Publish, and take down, the pairs of pages whose planned time has come."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dryrun", action="store_true", help="Say what would be done, and do nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dryrun"]:
            for verb, page in schedule.due():
                self.stdout.write(f"{verb}: {page} ({page.locale.language_code})")
            return
        failures = 0
        for outcome in schedule.run_due():
            self.stdout.write(outcome.sentence)
            failures += not outcome.ok
        if failures:
            raise CommandError(f"{failures} could not be done; the others were.")
