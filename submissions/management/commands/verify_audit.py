"""``manage.py verify_audit``: is the audit whole?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from submissions.audit.models import AuditEntry
from submissions.audit.verification import (
    Fault,
    compare_with_known,
    find_disabled_guards,
    find_unchained,
    verify_chain,
)


class Command(BaseCommand):
    """Recompute the whole chain, compare it with the logs, and name the first broken link."""

    help = (
        "Recomputes every hash of the audit, compares each entry with its log row, and names the first "
        "broken link. Exit code 1 if anything is wrong. Prints the hash of the last entry: keep it somewhere "
        "else, and pass it to --known later."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every-fault", action="store_true", help="Go on after the first broken link.")
        parser.add_argument(
            "--known",
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help="A hash noted earlier: proves that the chain up to it was not rewritten. May be repeated.",
        )
        parser.add_argument("--batch-size", type=int, default=1000)

    def handle(self, *args: Any, **options: Any) -> None:
        known = dict(_known(text) for text in options["known"])
        total = AuditEntry.objects.count()

        def report_progress(checked: int) -> None:
            self.stdout.write(
                _("%(checked)s of %(total)s entries checked")
                % {"checked": checked, "total": max(total, checked)}
            )

        verdict = verify_chain(
            every_fault=options["every_fault"],
            batch_size=options["batch_size"],
            progress=report_progress if options["verbosity"] > 0 else None,
        )
        faults = [*verdict.faults, *compare_with_known(known), *find_unchained(), *find_disabled_guards()]
        for fault in faults:
            self.stderr.write(self.style.ERROR(_sentence(fault)))
        if faults:
            raise CommandError(_("The audit is broken."), returncode=1)
        self.stdout.write(
            self.style.SUCCESS(
                _("The audit is whole: %(count)s entries. Last hash: %(head)s")
                % {"count": verdict.checked, "head": f"{verdict.head_sequence}:{verdict.head_hash}"}
            )
        )


def _known(text: str) -> tuple[int, str]:
    number, colon, known_hash = text.partition(":")
    if not (colon and number.isdigit() and known_hash):
        raise CommandError(_("“%(text)s” is not NUMBER:HASH.") % {"text": text})
    return int(number), known_hash.strip().lower()


def _sentence(fault: Fault) -> str:
    if fault.sequence is None:
        return str(fault.message)
    return _("Entry %(number)s: %(message)s") % {"number": fault.sequence, "message": fault.message}
