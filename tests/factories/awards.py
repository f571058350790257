"""Offers and awards, and the way there, as tests of this and later stages need them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import override

from microacq_pages import roles
from submissions.awards import access, offers, terms
from submissions.awards.models import Award, Offer
from submissions.proposals.models import Proposal
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from tests.factories import people, selections

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def signer() -> Any:
    """Who signs for the department."""
    return people.the(roles.CFOB)


def offered(file: Solicitation | None = None, *, passing: int = 3) -> Offer:
    """The work offered to the selected supplier."""
    return offers.make(file or selections.selected(passing), selections.drawer())


def answer(offer: Offer, **changes: Any) -> offers.Answer:
    """What a supplier confirms who has read the terms in English."""
    values: dict[str, Any] = {
        "payment": "card",
        "is_government_employee": False,
        "licence_holder": "",
        "signature": "Camille Tremblay",
        "language": "en",
        "terms_digest": terms.digest_of(terms.text_of(offer, changes.get("language", "en"))),
    }
    return offers.Answer(**{**values, **changes})


def accepted(offer: Offer | None = None, **changes: Any) -> Offer:
    """An offer that its supplier has accepted."""
    offer = offer or offered()
    offers.accept(offer.proposal, answer(offer, **changes))
    return Offer.objects.get(pk=offer.pk)


def awarded(offer: Offer | None = None) -> Award:
    """An award that both have signed."""
    return offers.countersign(offer or accepted(), signer())


def token_of(proposal: Proposal, language: str = "en") -> str:
    """The token of a link as a letter carries it."""
    with override(language):
        return access.make_address(proposal, language).rstrip("/").rpartition("/")[2]


def pass_limit(offer: Offer) -> datetime:
    """Let the time limit of an offer have passed, as if that much time had gone by; the rules are off meanwhile."""
    limit = database_clock() - timedelta(minutes=1)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE submissions_offer SET expires_at = %s, made_at = %s WHERE id = %s",
            [limit, limit - timedelta(days=7), offer.pk],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    offer.refresh_from_db()
    return limit
