"""``setup_supplier_pages``: see ``microacq_pages/supplier_pages.py``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from microacq_pages import supplier_pages


class Command(BaseCommand):
    help = "Make the pages for suppliers (guide, questions, terms, privacy) as drafts in both languages; idempotent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--department-en", required=True, help="with its article: “the Department of …”")
        parser.add_argument("--department-fr", required=True, help="with its article: “le ministère de …”")
        parser.add_argument("--privacy-email", required=True, help="for requests under the Privacy Act")

    def handle(self, *args: Any, **options: Any) -> None:
        names = supplier_pages.Names(
            department={"en": options["department_en"], "fr": options["department_fr"]},
            contact=settings.MICROACQ_CONTACT_EMAIL,
            privacy=options["privacy_email"],
        )
        made = supplier_pages.make_drafts(names)
        for line in made:
            self.stdout.write(line)
        self.stdout.write(
            "Read them, change what differs in your department, and submit them to the workflow."
        )
