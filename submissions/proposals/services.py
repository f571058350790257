"""Receiving, replacing and withdrawing a proposal.

Owns: the one transaction in which a sealed text, its audit record and its receipt come to be, or none of them, and
``move``, the one function that changes a state. Knows no request and no page. That nothing is accepted late, and that
an address has one proposal in the competition, are the database’s rules; this module only says so in words.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils.crypto import salted_hmac

from submissions.audit.services import record
from submissions.notices import crypto
from submissions.proposals import letters, links, sealing, states
from submissions.proposals.custody import custodian_recipients
from submissions.proposals.enums import ProposalState
from submissions.proposals.models import AddressConfirmation, Proposal

if TYPE_CHECKING:
    from django.contrib.auth.models import User

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


#: A function of the migration ``rush_standing``: takes the locks of ``locked`` and looks, in one go.
_STANDING = "SELECT is_unused, has_draft, has_other, is_taken FROM microacq_proposal_standing(%s, %s, %s, %s)"


class AlreadyEntered(NotAccepted):
    """Staff entered another for the same telephone number or postal address, where no mail can ask which counts."""


@dataclass(frozen=True)
class Received:
    """What came of sending.

    Attributes:
        proposal: What stands for it.
        repeated: Whether exactly this had been received before.
        may_have_draft: Whether a draft may lie below the link; while it is sent nobody else can begin one.
    """

    proposal: Proposal
    repeated: bool
    may_have_draft: bool = True


@dataclass(frozen=True)
class Entry:
    """How a proposal came that a member of staff typed in.

    Attributes:
        by: Who typed it in.
        how: How it came.
        taken_at: When the supplier said or wrote it.
        key: Of the form that was filled in, so that sending it twice enters it once.
        replaces: Whether it takes the place of what was entered before for the same number or postal address.
    """

    by: User
    how: str
    taken_at: datetime
    key: uuid.UUID
    replaces: bool = False


def receive(
    *,
    solicitation: Solicitation,
    posting: Posting,
    link: SupplierLink,
    text: ProposalText,
    link_address: str,
    entry: Entry | None = None,
) -> Received:
    """Seal and keep ``text``, record it, and write the receipt, all in one transaction.

    The same text again changes nothing and gives the same receipt. Another text with the same link replaces the one
    before, which stays sealed for ever. Where the address has another in the competition, sent with another link, this
    one waits until the owner of the address says that it counts (``second``).

    Args:
        solicitation: The file applied to.
        posting: What was asked, with which ``text`` agrees.
        link: The supplier's link; only its digest and its public key are kept.
        text: What to seal.
        link_address: The full address of the supplier's link, for the receipt.
        entry: How it came, where a member of staff typed it in.

    Raises:
        Closed: the deadline has passed by the database's clock.
        PostingChanged: the file was amended meanwhile.
        LinkOfAnotherFile: the link belongs to a proposal to another file.
        AlreadyEntered: it was entered before, and there is no address to ask which counts.
    """
    try:
        with transaction.atomic():
            return _receive(solicitation, posting, link, text, link_address, entry)
    except IntegrityError as error:
        raise in_words(error) from error


def _receive(
    solicitation: Solicitation,
    posting: Posting,
    link: SupplierLink,
    text: ProposalText,
    link_address: str,
    entry: Entry | None,
) -> Received:
    canonical = sealing.canonical(text)
    text_digest = sealing.digest(canonical)
    digest = digest_of_reach(solicitation, text)
    standing = _standing(solicitation, link, digest)
    before, last, other = standing.before, standing.last, standing.other
    if before and before.solicitation_id != solicitation.pk:
        raise LinkOfAnotherFile
    if last and last.text_digest == text_digest:
        return Received(last, repeated=True)
    if other and entry and not text["email"]:
        if not (entry.replaces and other.entered_by_id):
            raise AlreadyEntered
        before, other = other, None
    if before:
        move("replace", before)
    proposal = Proposal(
        solicitation=solicitation,
        posting=posting,
        receipt_number=standing.receipt_number,
        sealed=sealing.seal(canonical, [link.recipient, *custodian_recipients()]),
        text_digest=text_digest,
        link_digest=link.digest,
        contact=_contact(text),
        address_digest=digest,
        language=text["locale"],
        state=ProposalState.WAITING if other else ProposalState.SENT,
        replaces=before,
        **_entered(entry),
    )
    proposal.save(force_insert=True)
    _record_arrival(proposal, before, entry, **({} if entry else _with(link, before)))
    if other:
        letters.send_second(proposal, other, link_address=link_address)
    else:
        letters.send_receipt(proposal, link_address=link_address)
    return Received(proposal, repeated=False, may_have_draft=standing.may_have_draft)


@dataclass(frozen=True)
class _Standing:
    """What the database has when something comes to be received, read while nobody else can change it."""

    before: Proposal | None
    last: Proposal | None
    other: Proposal | None
    receipt_number: str
    may_have_draft: bool


def _standing(solicitation: Solicitation, link: SupplierLink, digest: str) -> _Standing:
    number = sealing.receipt_number()
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [link.digest, solicitation.pk, digest, number])
        is_unused, has_draft, has_other, is_taken = cursor.fetchone()
    if is_unused:
        # Nothing was sent with this link, and it stands for none that was lost.
        other = _first_of_address(solicitation, digest) if has_other else None
        return _Standing(None, None, other, _unused_receipt_number() if is_taken else number, has_draft)
    before = locked(link, digest)
    last = Proposal.objects.without_text().select_related("solicitation").last_of(link)
    other = _other_in_the_competition(solicitation, digest, before)
    return _Standing(before, last, other, _unused_receipt_number(), has_draft)


@transaction.atomic
def withdraw(link: SupplierLink, *, link_address: str) -> Proposal | None:
    """Take the proposal of ``link`` out of the competition. It stays, sealed, and is never opened.

    Returns:
        The proposal, or None when there is none to withdraw.

    Raises:
        Closed: the deadline has passed.
    """
    proposal = locked(link) or gave_way(link)
    if proposal is None:
        return None
    counted = proposal.state == ProposalState.SENT
    move("withdraw", proposal, **_with(link, proposal))
    letters.send_withdrawal(proposal, link_address=link_address, tell_waiting=counted)
    return proposal


def move(name: str, proposal: Proposal, **data: Any) -> None:
    """Carry out a transition of the state table: the only function that changes the state of a proposal.

    Args:
        name: Of the transition.
        proposal: A row that was read under the locks of ``lock``.
        **data: What the record says besides the file and the receipt.

    Raises:
        Closed: the deadline has passed.
        ValueError: the table has no such transition from that state.
    """
    row = states.transition(name, proposal.state, gave_way=has_given_way(proposal))
    if row is None:
        raise ValueError(f"{name}: {proposal.state}")
    try:
        with transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(state=row.target)
    except IntegrityError as error:
        raise in_words(error) from error
    proposal.state = row.target
    if row.act:
        number = proposal.solicitation.number
        record(proposal, row.act, data={"number": number, "receipt": proposal.receipt_number, **data})


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


def digest_of_reach(solicitation: Solicitation, text: ProposalText) -> str:
    """The same for whatever way a supplier is reached by: e-mail, else telephone, else post."""
    if text["email"]:
        return address_digest(solicitation, text["email"])
    telephone = "".join(filter(str.isdigit, text.get("telephone", "")))
    if telephone:
        return address_digest(solicitation, f"tel:{telephone}")
    return address_digest(solicitation, f"post:{' '.join(text.get('postal_address', '').split())}")


def lock(*names: str) -> None:
    """Make whoever else works on the same links or addresses wait for the end of this transaction.

    Links are locked before addresses, and several of a kind in one order, so that no two wait for each other.
    """
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"proposal/{name}"])


def lock_addresses(*digests: str) -> None:
    """The same for digests of addresses."""
    lock(*(f"address/{digest}" for digest in sorted(set(digests))))


def locked(link: SupplierLink, *digests: str) -> Proposal | None:
    """What a link has that it can replace or withdraw, read while nobody else can change it.

    Args:
        link: The link; it is locked, and so is the address of what it has.
        *digests: Of other addresses to lock.
    """
    lock(link.digest)
    before = _current_of(link)
    lock_addresses(*digests, *([before.address_digest] if before else []))
    return _current_of(link) if before else None


def _current_of(link: SupplierLink) -> Proposal | None:
    own = Proposal.objects.without_text().select_related("solicitation").current_of(link)
    if own is not None:
        return own
    recovered = links.unused_recovery(link)
    return links.current_of_recovery(recovered) if recovered else None


def gave_way(link: SupplierLink) -> Proposal | None:
    """The last version of a link, if one that came with another link took its place."""
    last = Proposal.objects.of_link(link).select_related("solicitation").without_text().first()
    return last if last and has_given_way(last) else None


def has_given_way(proposal: Proposal) -> bool:
    """Whether one that came with another link took the place of this version. The database says it too."""
    if proposal.state != ProposalState.REPLACED:
        return False
    later = Proposal.objects.filter(replaces=proposal).exclude(link_digest=proposal.link_digest)
    return AddressConfirmation.objects.filter(replaced=proposal).exists() or later.exists()


def _with(link: SupplierLink, proposal: Proposal | None) -> dict[str, str]:
    """What the record says of an act that was done with a mailed link."""
    return {"with": "mailed link"} if proposal and proposal.link_digest != link.digest else {}


def _other_in_the_competition(
    solicitation: Solicitation, digest: str, before: Proposal | None
) -> Proposal | None:
    others = Proposal.objects.sent().of_address(solicitation.pk, digest).without_text()
    return others.exclude(pk=before.pk if before else None).first()


#: As short as it can be asked: how long it takes must not tell that there is one.
_FIRST = """
SELECT id, solicitation_id, receipt_number, arrived_at, state, entered_by_id FROM submissions_proposal
 WHERE solicitation_id = %s AND address_digest = %s AND state = %s
"""


def _first_of_address(solicitation: Solicitation, digest: str) -> Proposal:
    return Proposal.objects.raw(_FIRST, [solicitation.pk, digest, ProposalState.SENT.value])[0]


def _entered(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {}
    return {
        "entered_by": entry.by,
        "entered_how": entry.how,
        "taken_at": entry.taken_at,
        "entry_key": entry.key,
    }


def _record_arrival(proposal: Proposal, before: Proposal | None, entry: Entry | None, **more: str) -> None:
    act = states.ARRIVALS[ProposalState(proposal.state)]
    if before and proposal.state == ProposalState.SENT:
        act = "proposal.replaced"
    data = {
        "number": proposal.solicitation.number,
        "receipt": proposal.receipt_number,
        "sealed_digest": proposal.sealed_digest,
        "text_digest": proposal.text_digest,
        "replaces": before.receipt_number if before else None,
        **more,
    }
    record(proposal, act, data=data)
    if entry is not None:
        record(
            proposal,
            "proposal.entered",
            user=entry.by,
            data={
                "number": proposal.solicitation.number,
                "receipt": proposal.receipt_number,
                "how": entry.how,
                "taken_at": entry.taken_at.isoformat(),
            },
        )


def in_words(error: IntegrityError) -> Exception:
    """What the database refused, as an exception of this module; any other refusal is a fault and stays as it is."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    refusal = _REFUSALS.get(name or "")
    return refusal() if refusal else error


def _contact(text: ProposalText) -> str:
    contact = {"address": text["email"], "language": text["correspondence_language"]}
    if not text["email"]:
        contact |= {
            "telephone": text.get("telephone", ""),
            "postal_address": text.get("postal_address", ""),
        }
    return crypto.encrypt(json.dumps(contact).encode()).decode("ascii")


def _unused_receipt_number() -> str:
    while True:
        number = sealing.receipt_number()
        if not Proposal.objects.filter(receipt_number=number).exists():
            return number
