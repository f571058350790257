"""Rehearses an opening: seals a text to the custodians and opens it with each of their keys."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from submissions.proposals import opening


class Command(BaseCommand):
    help = (
        "Seal a trial text to MICROACQ_CUSTODIAN_RECIPIENTS, open it with each key of "
        "MICROACQ_CUSTODIAN_KEY_FILES, and record the outcome. Nothing is posted without a recent trial that passed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        trial = opening.make_trial()
        self.stdout.write(trial.detail)
        if not trial.passed:
            raise CommandError(
                "The trial seal could not be opened: nothing may be posted until the keys are mended."
            )
        self.stdout.write(
            "What is sealed today can be opened. A key that does not open it serves older applications only."
        )
