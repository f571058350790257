"""``erase_personal_data``: list what is past its retention period, and erase it on a person’s word."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from submissions.records.archive import erasing, retention
from submissions.records.archive.models import Category
from submissions.solicitations.models import Solicitation


class Command(BaseCommand):
    """Erase personal data of files whose time is over; digests, counts and a certificate stay."""

    help = (
        "Lists the files whose personal data is past its retention period, with what would be erased. With --erase it "
        "is erased for good: applications, addresses, letters, what suppliers wrote. Digests, counts, decisions with "
        "their reasons and a certificate stay, and the chain of the audit holds. Take a backup’s own retention into "
        "account: what was erased is still in older backups."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "numbers", nargs="*", metavar="NUMBER", help="Only these files; without any, all due."
        )
        parser.add_argument("--erase", action="store_true", help="Erase, instead of listing.")
        parser.add_argument(
            "--authority", default="", help="Under which disposition authority; needed to erase."
        )
        parser.add_argument("--user", default="", help="User name of the person who decides, for the record.")

    def handle(self, *args: Any, **options: Any) -> None:
        due = self._due({number.strip().upper() for number in options["numbers"]})
        user = self._user(options)
        if options["erase"] and not options["authority"].strip():
            raise CommandError("Name the disposition authority with --authority.")
        for file, category in due:
            if not options["erase"]:
                left = erasing.what_is_left(file, category)
                self.stdout.write(f"{file.number} {category.value}: {sum(left.values())} values")
                continue
            self._erase(file, category, options["authority"].strip(), user)
        if not due:
            self.stdout.write("Nothing is past its retention period.")
        elif not options["erase"]:
            self.stdout.write("Nothing was erased: give --erase.")

    def _due(self, numbers: set[str]) -> list[tuple[Solicitation, Category]]:
        due = retention.due()
        if not numbers:
            return due
        unknown = numbers - set(
            Solicitation.objects.filter(number__in=numbers).values_list("number", flat=True)
        )
        if unknown:
            raise CommandError(f"There is no file {', '.join(sorted(unknown))}.", returncode=2)
        return [(file, category) for file, category in due if file.number in numbers]

    def _user(self, options: dict[str, Any]) -> Any:
        if not options["user"]:
            return None
        user = get_user_model()._default_manager.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['user']}.")
        return user

    def _erase(self, file: Solicitation, category: Category, authority: str, user: Any) -> None:
        try:
            certificate = erasing.erase(file, category, authority=authority, user=user)
        except erasing.NotErased as reason:
            self.stdout.write(f"{file.number} {category.value}: {reason}")
            return
        count = sum(certificate.counts.values())
        self.stdout.write(
            f"{file.number} {category.value}: {count} values erased; certificate {certificate.digest}"
        )
