"""``extend_after_outage``: one act moves the deadline of every file that was open while the site could not be used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import is_naive, make_aware

from submissions.solicitations import outage


class Command(BaseCommand):
    help = (
        "Move the deadline of every file that took applications at any moment between START and END, in both "
        "languages at once. Times are Eastern unless they name a zone. --dry-run only tells."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", type=_moment, help="when the outage began, such as 2026-03-02T09:30")
        parser.add_argument("end", type=_moment, help="when it ended")
        parser.add_argument("--days", type=int, default=2, help="business days to add (default 2)")
        parser.add_argument("--user", default="", help="user name of the person who decides, for the record")
        parser.add_argument(
            "--dry-run", action="store_true", help="tell which files would move, change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        asked = outage.Outage(options["start"], options["end"], options["days"])
        if options["dry_run"]:
            for each in outage.plan(asked):
                self.stdout.write(f"{each.file.number}: {each.obstacle or each.deadline.isoformat()}")
            return
        try:
            extended = outage.extend(asked, _person(options["user"]))
        except outage.NotExtended as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except PermissionDenied as refusal:
            raise CommandError("This person may not extend files.") from refusal
        for file in extended:
            self.stdout.write(f"{file.number}: {file.deadline.isoformat()}")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return make_aware(moment) if is_naive(moment) else moment


def _person(username: str) -> Any:
    if not username:
        return None
    person = get_user_model().objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"Nobody has the user name {username}.")
    return person
