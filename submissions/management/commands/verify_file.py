"""``manage.py verify_file MA-2026-0001``: is everything that is stored of a file as it was when it was done?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.audit.services import record
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Outcome, Tell, carry_out, checks_of

BROKEN, UNKNOWN, NOT_PROVED = 1, 2, 3


class Command(BaseCommand):
    """Prove a file again, link by link, from the stored data alone."""

    help = (
        "Proves a procurement file again from the stored data: chain of acts, posted texts, sealed applications, "
        "times, states, and what each later stage decided. Names each link that fails. Exit code 0: everything "
        "holds; 1: a link fails; 2: there is no such file; 3: nothing fails, but something could not be proved "
        "here, as without the reading key. Comparing the opened texts decrypts them, and is recorded."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="Number of the file, such as MA-2026-0001.")
        parser.add_argument("--language", choices=["en", "fr"], help="Language of the report.")
        parser.add_argument(
            "--without-texts",
            action="store_true",
            help="Decrypt no opened text and write nothing to the database; exit code 3 if there is such a text.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"] or translation.get_language()):
            self._handle(options)

    def _handle(self, options: dict[str, Any]) -> None:
        outcomes: list[Outcome] = []
        skipped = 0
        is_outermost = not connection.in_atomic_block
        with transaction.atomic():
            if is_outermost:
                self._hold_still()
            file = Solicitation.objects.filter(number=options["number"].strip().upper()).first()
            if file is None:
                raise CommandError(
                    _("There is no file %(number)s.") % {"number": options["number"]}, returncode=UNKNOWN
                )
            self.stdout.write(f"{file.number} – {file.get_title()} – {file.get_state_display()}")
            for check in checks_of(file):
                if check.opens_texts and options["without_texts"]:
                    skipped += 1
                    self.stdout.write(_("Left out: %(check)s") % {"check": check.label})
                    continue
                outcomes.append(carry_out(check, self._tell(str(check.label), options["verbosity"])))
                self._show(outcomes[-1])
        opened_texts = any(outcome.check.opens_texts for outcome in outcomes)
        if opened_texts and file.proposals.opened().exists():
            self._record(file, outcomes)
        self._conclude(file, outcomes, skipped)

    def _hold_still(self) -> None:
        """All checks see the file at one moment, whatever is done to it meanwhile."""
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def _tell(self, label: str, verbosity: int) -> Tell:
        def tell(done: int, total: int) -> None:
            if verbosity > 1 or (verbosity == 1 and total > 100):
                self.stdout.write(
                    _("… %(check)s %(done)s of %(total)s") % {"check": label, "done": done, "total": total}
                )

        return tell

    def _show(self, outcome: Outcome) -> None:
        if not outcome.findings:
            self.stdout.write(self.style.SUCCESS(_("Holds: %(check)s") % {"check": outcome.check.label}))
            return
        sentence = _("FAILS: %(check)s") if outcome.is_broken else _("Not proved: %(check)s")
        stream = self.stderr if outcome.is_broken else self.stdout
        stream.write(sentence % {"check": outcome.check.label})
        for finding in outcome.findings:
            stream.write(f"  - {finding.sentence}")

    def _record(self, file: Solicitation, outcomes: list[Outcome]) -> None:
        failed = [outcome.check.name for outcome in outcomes if outcome.is_broken]
        with transaction.atomic():
            record(
                file,
                "file.verified",
                data={
                    "number": file.number,
                    "checks": len(outcomes),
                    "failed": len(failed),
                    "failed_checks": failed,
                },
            )

    def _conclude(self, file: Solicitation, outcomes: list[Outcome], skipped: int) -> None:
        failed = sum(outcome.is_broken for outcome in outcomes)
        if failed:
            sentence = ngettext(
                "%(number)s does not hold: %(count)s check fails.",
                "%(number)s does not hold: %(count)s checks fail.",
                failed,
            )
            raise CommandError(sentence % {"number": file.number, "count": failed}, returncode=BROKEN)
        left = sum(bool(outcome.findings) for outcome in outcomes)
        if skipped and file.proposals.opened().exists():
            left += skipped
        if left:
            sentence = ngettext(
                "Nothing fails in %(number)s, but %(count)s check could not be made here.",
                "Nothing fails in %(number)s, but %(count)s checks could not be made here.",
                left,
            )
            raise CommandError(sentence % {"number": file.number, "count": left}, returncode=NOT_PROVED)
        self.stdout.write(
            self.style.SUCCESS(
                _(
                    "%(number)s holds: %(count)s checks. The whole chain of the audit is proved by verify_audit."
                )
                % {"number": file.number, "count": len(outcomes)}
            )
        )
