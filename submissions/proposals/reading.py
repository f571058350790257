"""Who may read an application, and the record of every read.

Owns: the one predicate that the list, the reading page and later stages ask. Imports no view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from submissions.audit.services import record, record_refusal
from submissions.proposals.enums import ProposalState, Status
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.solicitations.enums import ItemKind, State

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.proposals.texts import ProposalText
    from submissions.solicitations.models import PostedItem, Solicitation

READ_PERMISSION = "submissions.read_proposal"
IDENTIFY_PERMISSION = "submissions.identify_supplier"


class ReadRefused(Exception):
    """The application may not be read; the message says why."""


@dataclass(frozen=True)
class Reply:
    """What was asked and what was written."""

    item: PostedItem
    text: str


@dataclass(frozen=True)
class Reading:
    """An application as its reader may see it. ``identity`` is None for who may not know the supplier."""

    proposal: Proposal
    text: ProposalText
    answers: list[Reply]
    questions: list[Reply]
    confirmed: list[PostedItem]
    status: str
    identity: dict[str, str] | None


def reason_against_listing(solicitation: Solicitation, user: User) -> str:
    """Why ``user`` may not list the applications of a file; empty when they may."""
    if not user.has_perm(READ_PERMISSION):
        return _("You do not have the permission to read applications.")
    if solicitation.state == State.POSTED:
        return _("The applications are sealed: nobody can read them before the file is opened.")
    if solicitation.state == State.CANCELLED and not solicitation.proposals.opened().exists():
        return _("The opportunity was cancelled before its applications were opened: they stay sealed.")
    return ""


def reason_against_reading(proposal: Proposal, user: User) -> str:
    """Why ``user`` may not read ``proposal``; empty when they may."""
    reason = reason_against_listing(proposal.solicitation, user)
    if reason:
        return reason
    if proposal.state != ProposalState.SENT:
        return _("This version was replaced or withdrawn by the supplier: it is never opened.")
    opened = OpenedProposal.objects.filter(proposal=proposal).first()
    if opened is None:
        return _("This application was not opened.")
    if opened.is_erased:
        return _("This application was erased when its retention period ended.")
    return ""


def listed(solicitation: Solicitation, user: User) -> list[Proposal]:
    """The opened applications of a file, by receipt number, which says nothing of when they came.

    Raises:
        ReadRefused: they may not be listed; the attempt is recorded.
    """
    reason = reason_against_listing(solicitation, user)
    if reason:
        _record_refusal(solicitation, solicitation, user, reason)
        raise ReadRefused(reason)
    record(solicitation, "proposal.listed", user=user, data={"number": solicitation.number})
    return list(solicitation.proposals.opened().without_text().select_related("entered_by"))


def read(proposal: Proposal, user: User) -> Reading:
    """Open the text of ``proposal`` to ``user`` and record that it was read.

    Raises:
        ReadRefused: it may not be read; the attempt is recorded.
    """
    reason = reason_against_reading(proposal, user)
    if reason:
        _record_refusal(proposal, proposal.solicitation, user, reason)
        raise ReadRefused(reason)
    record(
        proposal,
        "proposal.read",
        user=user,
        data={"number": proposal.solicitation.number, "receipt": proposal.receipt_number},
    )
    text = proposal.opened.text()
    items = {(item.kind, str(item.identity)): item for item in proposal.answered_posting.items.all()}
    return Reading(
        proposal=proposal,
        text=text,
        answers=_replies(items, ItemKind.EVALUATION, text["answers"]),
        questions=_replies(items, ItemKind.QUESTION, text["questions"]),
        confirmed=[
            items[kind, identity]
            for kind, identities in (
                (ItemKind.CHECKLIST, text["checklist"]),
                (ItemKind.CONFIRMATION, text["confirmations"]),
                (ItemKind.TERMS, [terms["identity"] for terms in text["terms"]]),
            )
            for identity in identities
            if (kind, identity) in items
        ],
        status=str(Status(text["eligibility"]["status"]).label),
        identity=_identity(text) if user.has_perm(IDENTIFY_PERMISSION) else None,
    )


def _replies(
    items: dict[tuple[str, str], PostedItem], kind: ItemKind, written: dict[str, Any]
) -> list[Reply]:
    return [
        Reply(items[kind, identity], ", ".join(text) if isinstance(text, list) else text)
        for identity, text in written.items()
        if (kind, identity) in items
    ]


def _identity(text: ProposalText) -> dict[str, str]:
    return {
        "name": text["name"],
        "business_name": text["business_name"],
        "email": text["email"],
        "telephone": text.get("telephone", ""),
        "postal_address": text.get("postal_address", ""),
    }


def _record_refusal(
    instance: Proposal | Solicitation, solicitation: Solicitation, user: User, reason: str
) -> None:
    record_refusal(
        instance, "proposal.read_refused", user=user, data={"number": solicitation.number, "reason": reason}
    )
