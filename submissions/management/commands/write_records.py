"""``write_records``: write files down again, whatever the storage holds, and compare."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from submissions.records.archive import services
from submissions.records.archive.bundle import Part
from submissions.records.archive.models import WriteState
from submissions.solicitations.models import Solicitation


class Command(BaseCommand):
    """Make the documents of files from the stored data and put them into the storage."""

    help = (
        "Writes the documents of procurement files into the storage named “records”, all of them again, and compares "
        "each after writing. The same data gives the same bytes. Exit code 1: a document could not be written; 2: "
        "there is no such file. --changed writes only what is not there yet or says something else by now."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numbers", nargs="*", metavar="NUMBER", help="Files, such as MA-2026-0001.")
        parser.add_argument("--all", action="store_true", help="Every file.")
        parser.add_argument(
            "--changed", action="store_true", help="Leave what was written and did not change."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = self._files(options)
        failed = 0
        for done, file in enumerate(files, start=1):
            outcome = services.write(
                file, again=not options["changed"], tell=self._teller(options["verbosity"])
            )
            failed += len(outcome.failed)
            self.stdout.write(
                f"{file.number} ({done} of {len(files)}): {len(outcome.written)} written, "
                f"{len(outcome.unchanged)} unchanged, {len(outcome.failed)} failed; SHA256SUMS {outcome.index}"
            )
        if failed:
            raise CommandError(
                f"{failed} documents could not be written; the queue tries them again.", returncode=1
            )

    def _files(self, options: dict[str, Any]) -> list[Solicitation]:
        if bool(options["numbers"]) == options["all"]:
            raise CommandError("Name files, or give --all.", returncode=2)
        files = Solicitation.objects.order_by("year", "sequence")
        if options["all"]:
            return list(files)
        wanted = {number.strip().upper() for number in options["numbers"]}
        found = list(files.filter(number__in=wanted))
        missing = sorted(wanted - {file.number for file in found})
        if missing:
            raise CommandError(f"There is no file {', '.join(missing)}.", returncode=2)
        return found

    def _teller(self, verbosity: int) -> services.Tell:
        def tell(part: Part, became: str) -> None:
            if became not in (WriteState.WRITTEN, "unchanged", "taken"):
                self.stderr.write(f"  {part.path}: {became}")
            elif verbosity:
                self.stdout.write(f"  {part.path}: {became}, {len(part.content)} bytes, {part.digest[:16]}…")

        return tell
