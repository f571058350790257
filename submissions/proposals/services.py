"""Receiving, replacing and withdrawing a proposal.

Owns: the one transaction in which a sealed text, its audit record and its receipt come to be, or none of them. Knows no
request and no page. That nothing is accepted late is the database’s rule; this module only says so in words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.crypto import salted_hmac

from submissions.audit.services import record
from submissions.notices import crypto
from submissions.proposals import letters, sealing
from submissions.proposals.custody import custodian_recipients
from submissions.proposals.enums import ProposalState
from submissions.proposals.models import Proposal

if TYPE_CHECKING:
    from submissions.proposals.sealing import SupplierLink
    from submissions.proposals.texts import ProposalText
    from submissions.solicitations.models import Posting, Solicitation


class NotAccepted(Exception):
    """Nothing was stored."""


class Closed(NotAccepted):
    """The deadline has passed, or the file takes no applications for another reason."""


class PostingChanged(NotAccepted):
    """The file was amended after the supplier fetched the form."""


class LinkOfAnotherFile(NotAccepted):
    """The link was used to apply to another opportunity."""


#: What the triggers of migration ``proposals_triggers`` name when they refuse.
_REFUSALS: dict[str, type[NotAccepted]] = {
    "proposal_before_deadline": Closed,
    "proposal_answers_current_posting": PostingChanged,
}


@dataclass(frozen=True)
class Received:
    """What came of sending: ``repeated`` when exactly this had been received before."""

    proposal: Proposal
    repeated: bool


@transaction.atomic
def receive(
    *, solicitation: Solicitation, posting: Posting, link: SupplierLink, text: ProposalText, link_address: str
) -> Received:
    """Seal and keep ``text``, record it, and write the receipt, all in one transaction.

    The same text again changes nothing and gives the same receipt. Another text with the same link replaces the one
    before, which stays sealed for ever.

    Args:
        solicitation: The file applied to.
        posting: What was asked, with which ``text`` agrees.
        link: The supplier's link; only its digest and its public key are kept.
        text: What to seal.
        link_address: The full address of the supplier's link, for the receipt.

    Raises:
        Closed: the deadline has passed by the database's clock.
        PostingChanged: the file was amended meanwhile.
        LinkOfAnotherFile: the link belongs to a proposal to another file.
    """
    canonical = sealing.canonical(text)
    text_digest = sealing.digest(canonical)
    one_at_a_time(link)
    before = Proposal.objects.without_text().current_of(link)
    if before and before.solicitation_id != solicitation.pk:
        raise LinkOfAnotherFile
    if before and before.text_digest == text_digest:
        return Received(before, repeated=True)
    if before:
        _end(before, ProposalState.REPLACED)
    proposal = _store(
        Proposal(
            solicitation=solicitation,
            posting=posting,
            receipt_number=_unused_receipt_number(),
            sealed=sealing.seal(canonical, [link.recipient, *custodian_recipients()]),
            text_digest=text_digest,
            link_digest=link.digest,
            contact=_contact(text["email"], text["correspondence_language"]),
            address_digest=address_digest(solicitation, text["email"]),
            language=text["locale"],
            replaces=before,
        )
    )
    record(
        proposal,
        "proposal.replaced" if before else "proposal.received",
        data={
            "number": solicitation.number,
            "receipt": proposal.receipt_number,
            "sealed_digest": proposal.sealed_digest,
            "text_digest": text_digest,
            "replaces": before.receipt_number if before else None,
        },
    )
    letters.send_receipt(proposal, link_address=link_address)
    return Received(proposal, repeated=False)


@transaction.atomic
def withdraw(link: SupplierLink, *, link_address: str) -> Proposal | None:
    """Take the proposal of ``link`` out of the competition. It stays, sealed, and is never opened.

    Returns:
        The proposal, or None when there is none to withdraw.

    Raises:
        Closed: the deadline has passed.
    """
    one_at_a_time(link)
    proposal = Proposal.objects.without_text().select_related("solicitation").current_of(link)
    if proposal is None:
        return None
    _end(proposal, ProposalState.WITHDRAWN)
    record(
        proposal,
        "proposal.withdrawn",
        data={"number": proposal.solicitation.number, "receipt": proposal.receipt_number},
    )
    letters.send_withdrawal(proposal, link_address=link_address)
    return proposal


def what_was_sent(proposal: Proposal, link: SupplierLink) -> ProposalText:
    """The text of ``proposal``, opened with its supplier's own link.

    Raises:
        CannotOpen: it was sealed to another link.
    """
    text: ProposalText = json.loads(sealing.unseal(bytes(proposal.sealed), [link.identity]))
    return text


def address_digest(solicitation: Solicitation, address: str) -> str:
    """Tells that two proposals to one file came from one address, without telling which."""
    return salted_hmac(
        "submissions.proposals.address", f"{solicitation.number}/{address.casefold()}", algorithm="sha256"
    ).hexdigest()


def one_at_a_time(link: SupplierLink) -> None:
    """Make whoever else sends with this link wait for the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"proposal/{link.digest}"])


def _store(proposal: Proposal) -> Proposal:
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as error:
        raise _in_words(error) from error
    return proposal


def _end(proposal: Proposal, state: ProposalState) -> None:
    try:
        with transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(state=state)
    except IntegrityError as error:
        raise _in_words(error) from error


def _in_words(error: IntegrityError) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    refusal = _REFUSALS.get(name or "")
    return refusal() if refusal else error


def _contact(address: str, language: str) -> str:
    return crypto.encrypt(json.dumps({"address": address, "language": language}).encode()).decode("ascii")


def _unused_receipt_number() -> str:
    while True:
        number = sealing.receipt_number()
        if not Proposal.objects.filter(receipt_number=number).exists():
            return number
