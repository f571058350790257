"""``manage.py take_bounces``: mail that came back, from a pipe of the mail server or from a mailbox."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError

from submissions.notices.bouncing import mailboxes, services
from submissions.notices.bouncing.reports import LONGEST

#: ``EX_TEMPFAIL`` of sysexits.h: the mail server keeps the message and tries again.
TRY_AGAIN = 75


class Command(BaseCommand):
    """Take in one message from standard input, or what is new in a mailbox."""

    help = (
        "Reads a returned message (RFC 3464) from standard input and sets the address aside if mail to it cannot "
        "arrive; or, with --maildir or --mailbox, everything new in a mailbox."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--maildir", type=Path, metavar="FOLDER", help="Read what is new in this Maildir.")
        where.add_argument(
            "--mailbox", action="store_true", help="Read what is new where MICROACQ_BOUNCES says."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = self._take(options["maildir"], options["mailbox"])
        except (DatabaseError, InterfaceError) as error:
            raise CommandError("The database cannot be reached: try again.", returncode=TRY_AGAIN) from error
        self.stdout.write(f"{taken} returned messages taken in.")

    def _take(self, maildir: Path | None, mailbox: bool) -> int:
        if maildir is not None:
            try:
                return mailboxes.fetch_maildir(maildir)
            except FileNotFoundError as error:
                raise CommandError(str(error)) from error
        if mailbox:
            if not settings.MICROACQ_BOUNCES:
                raise CommandError("MICROACQ_BOUNCES names no mailbox.")
            return mailboxes.fetch(settings.MICROACQ_BOUNCES)
        return int(services.take(sys.stdin.buffer.read(LONGEST)))
