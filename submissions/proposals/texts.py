"""What a proposal says, as data: the shape that is sealed.

Owns: the keys of the sealed text. Imports no model and no form.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

SCHEMA = "proposal/1"

Residency = Literal["canadian", "first_nations", "metis", "inuit", "permanent_resident", "work_permit"]


class Eligibility(TypedDict):
    """What the law asks of whoever signs a contract."""

    age_and_capacity: bool
    status: Residency


class AcceptedTerms(TypedDict):
    """The terms as they stood: which item of the posting, and the digest of its text in both languages."""

    identity: str
    digest: str


class ProposalText(TypedDict):
    """The text that is sealed. ``identity`` keys are those of the posted items.

    ``telephone`` and ``postal_address`` are there only where staff entered it for a supplier without e-mail.
    """

    schema: str
    number: str
    posting: str
    locale: str
    name: str
    business_name: str
    email: str
    correspondence_language: str
    eligibility: Eligibility
    answers: dict[str, str]
    checklist: list[str]
    questions: dict[str, str | list[str]]
    confirmations: list[str]
    terms: list[AcceptedTerms]
    nonce: str
    telephone: NotRequired[str]
    postal_address: NotRequired[str]
