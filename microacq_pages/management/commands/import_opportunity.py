"""``import_opportunity``: see ``microacq_pages/importing/services.py``."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from microacq_pages.importing.facts import read_day, read_moment
from microacq_pages.importing.faults import ImportFault
from microacq_pages.importing.services import File, Options, Report, import_pair


class Command(BaseCommand):
    help = "Make or update the draft of an opportunity from its English and its French Markdown file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("english", type=Path, metavar="ENGLISH.md")
        parser.add_argument("french", type=Path, metavar="FRENCH.md")
        parser.add_argument(
            "--as", dest="user", metavar="USER", help="The person on whose behalf it is done."
        )
        parser.add_argument(
            "--source", choices=("en", "fr"), default="en", help="The language that is translated from (en)."
        )
        parser.add_argument(
            "--deadline",
            metavar="ISO",
            help="Another deadline, such as 2030-07-12T14:00-04:00, or a day to keep the file's own time; "
            "the later dates move by as many days.",
        )
        parser.add_argument(
            "--create-skills", action="store_true", help="Make the skills that do not exist yet."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")
        after = parser.add_mutually_exclusive_group()
        after.add_argument("--submit", action="store_true", help="Submit it for review as USER.")
        after.add_argument(
            "--publish",
            action="store_true",
            help="Publish both languages, if USER may and the review has come to its last step; give the same "
            "files and --deadline as before, since any change needs a new review.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = [self._read(options["english"]), self._read(options["french"])]
        wanted = Options(
            user=self._user(options["user"]),
            source=options["source"],
            deadline=self._deadline(options["deadline"]),
            create_skills=options["create_skills"],
            submit=options["submit"],
            publish=options["publish"],
            dry_run=options["dry_run"],
        )
        try:
            report = import_pair(files[0], files[1], wanted)
        except ImportFault as fault:
            lines = "\n".join(f"  {remark}" for remark in fault.faults)
            raise CommandError(_("Nothing was written.") + "\n" + lines) from fault
        self._tell(report, wanted)

    def _read(self, path: Path) -> File:
        try:
            return File(str(path), path.read_bytes())
        except OSError as error:
            message = _("%(file)s cannot be read: %(reason)s.")
            raise CommandError(message % {"file": path, "reason": error.strerror}) from error

    def _user(self, name: str | None) -> Any:
        if name is None:
            return None
        model = get_user_model()
        user = model.objects.filter(**{model.USERNAME_FIELD: name}, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active account called “%(name)s”.") % {"name": name})
        return user

    def _deadline(self, text: str | None) -> datetime | date | None:
        if text is None:
            return None
        try:
            return read_moment(text) if ":" in text else read_day(text)
        except ValueError as error:
            raise CommandError(f"--deadline: {error}") from error

    def _tell(self, report: Report, options: Options) -> None:
        """Write the report: what was done first, what is left to do last."""
        for remark in report.notes:
            self.stdout.write(str(remark))
        self._tell_skills(report)
        if options.dry_run:
            self.stdout.write(_("Dry run: nothing was written. It would have been:"))
        values = {"title": report.page.title, "id": report.page.pk}
        if report.created:
            self.stdout.write(_("Made the draft “%(title)s”.") % values)
        elif report.changed or report.strings_written:
            changed = ", ".join(report.changed) or _("the translation")
            self.stdout.write(_("Updated “%(title)s”: %(changed)s.") % (values | {"changed": changed}))
        else:
            self.stdout.write(_("“%(title)s” is as the files say already.") % values)
        total, done = report.progress
        message = _("Translated: %(done)d of %(total)d pieces of text.")
        self.stdout.write(message % {"done": done, "total": total})
        if report.submitted:
            self.stdout.write(_("Submitted for review."))
        if report.published:
            published = _("Published in both languages."), _("Both languages go live at their planned time.")
            self.stdout.write(published[0] if report.page.live else published[1])
        if report.blockers:
            self.stdout.write(_("Before it can be posted:"))
        for blocker in report.blockers:
            self.stdout.write(f"  {blocker}")
        if report.warnings:
            self.stdout.write(_("To consider:"))
        for warning in report.warnings:
            self.stdout.write(f"  {warning}")

    def _tell_skills(self, report: Report) -> None:
        skills = report.skills
        for message, names in (
            (_("Skills: %(names)s."), [skill.name for skill in skills.found]),
            (_("Skills made: %(names)s."), skills.created),
            (
                _("No such skill: %(names)s. Choose one on the page, or use --create-skills."),
                skills.unmatched,
            ),
        ):
            if names:
                self.stdout.write(message % {"names": ", ".join(names)})
