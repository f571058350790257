"""Justifications of contract splitting: the demonstration's opportunities share projects, branches and contacts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from microacq_pages import pairs, splitting_records
from microacq_pages.models import Opportunity
from microacq_pages.splitting import AUTHORS_TURN, Standing

from .accounts import person

#: The states of opportunities whose justification CFOB accepted; elsewhere it waits, or is refused during the review.
ACCEPTED_IN = ("translation", "scheduled", "open", "closed", "opened", "selected", "desk", "completed")

TEXTS = {
    "en": (
        "Each of these is a tool of its own, with its own users, repository and delivery date. None needs another "
        "to work, and each was planned when its team had tested the one before."
    ),
    "fr": (
        "Chacun de ces outils est autonome, avec ses utilisateurs, son dépôt et sa date de livraison. Aucun n’a "
        "besoin d’un autre pour fonctionner, et chacun a été prévu une fois le précédent mis à l’essai par son équipe."
    ),
}
ACCEPTED = "Separate tools with separate owners: buying them together would not have been cheaper or possible earlier."
REFUSED = (
    "The calculator and the bench have the same users this year. Say why they could not be one contract."
)


def justify(page: Any, accepted: bool | None) -> None:
    """Let the client write a justification where one is needed, and CFOB decide on it.

    Args:
        page: An opportunity.
        accepted: What CFOB decides; None leaves it waiting.
    """
    assessment = splitting_records.assess(page)
    if assessment.standing not in AUTHORS_TURN:
        return
    text = TEXTS[page.locale.language_code]
    splitting_records.justify(page, person("client"), text, assessment.found.digest)
    if accepted is not None:
        _decide(page, accepted)


def refuse(page: Any) -> None:
    """Let CFOB refuse what the client wrote, if anything waits: it is in review, as nothing refused is submitted.

    Args:
        page: An opportunity.
    """
    if splitting_records.assess(page).standing == Standing.WAITING:
        _decide(page, False)


def _decide(page: Any, accepted: bool) -> None:
    waiting = splitting_records.assess(page).justification
    if waiting is not None:
        splitting_records.decide(
            page,
            person("cfob"),
            accept=accepted,
            reason=ACCEPTED if accepted else REFUSED,
            justification=waiting.pk,
        )


def settle_plans() -> Iterator[str]:
    """What was justified before the last opportunities were posted is justified again: plans, or they would not go
    live, and texts in review, so that CFOB has something to decide."""
    void = [key for key, found in splitting_records.assess_all().items() if found.standing == Standing.VOID]
    planned = Opportunity.objects.filter(_revisions__approved_go_live_at__isnull=False).distinct()
    for page in planned.filter(translation_key__in=void):
        justify(page, True)
        yield f"justification of {page.title}"
    for page in Opportunity.objects.filter(translation_key__in=void).exclude(pk__in=planned):
        if pairs.source_of(page).pk == page.pk and page.current_workflow_state is not None:
            justify(page, None)
            yield f"justification of {page.title}"
