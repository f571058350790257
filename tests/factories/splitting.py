"""Justifications of contract splitting that CFOB has accepted, for opportunities that resemble one another."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from microacq_pages import splitting_records
from microacq_pages.models import SplittingJustification
from microacq_pages.splitting import OPEN_STANDINGS


def account(username: str) -> Any:
    """Somebody who plays no other part in the test."""
    return get_user_model().objects.get_or_create(username=username)[0]


def accept(assessment: Any) -> SplittingJustification:
    """An accepted justification of everything that is found now."""
    found = assessment.found
    return SplittingJustification.objects.create(
        translation_key=assessment.profile.pk,
        title=assessment.title,
        text="Another need.",
        found=found.snapshot(),
        digest=found.digest,
        sum_with_tax=found.total_with_tax,
        written_by=account("wrote-justification"),
        decision="accepted",
        reason="Clear.",
        decided_by=account("accepted-justification"),
        decided_at=timezone.now(),
    )


def justify_all() -> None:
    """Justify every opportunity that needs it and is not posted."""
    for assessment in splitting_records.assess_all().values():
        if assessment.standing in OPEN_STANDINGS and not assessment.posted:
            accept(assessment)
