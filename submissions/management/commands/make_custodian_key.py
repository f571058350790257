"""Makes a custodian’s key pair: the private key into a file, the public one onto the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from submissions.proposals import custody


class Command(BaseCommand):
    help = (
        "Write a new age private key to FILE, readable by its owner alone, and print its recipient. Name the "
        "recipient in MICROACQ_CUSTODIAN_RECIPIENTS of web and worker, and the file in "
        "MICROACQ_CUSTODIAN_KEY_FILES of the worker alone."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write the private key; it must not exist yet")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            recipient = custody.make_key(file)
        except custody.KeyFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(recipient)
        self.stderr.write(
            f"The private key is in {file}. What is sealed to it alone is lost without it: keep a copy apart."
        )
