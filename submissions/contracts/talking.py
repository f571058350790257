"""What both sides say about the work: messages, later delivery dates, disputes. Each act in one transaction.

An act of the supplier has no user; one of the department is a person’s who does the client’s part. Sending the same
form again gives what was kept. Knows no request and no page.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from submissions.audit.services import record
from submissions.awards.models import lock_words
from submissions.solicitations.services import database_clock

from . import desk, fingerprints, letters, states, timing
from .enums import ContractState, MessageKind, Side
from .models import Contract, Dispute, Extension, ExtensionAnswer, Message, Settlement
from .services import clean, locked_contract, named, refuse, require, require_client

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST = 4000
#: A link that fell into other hands cannot fill the outbox.
MOST_MESSAGES_A_DAY = 20
#: No delivery date is moved further away than this at once.
LONGEST_EXTENSION = timedelta(days=366)


def side_of(user: User | None) -> Side:
    """Whose act it is: without a user the supplier’s."""
    return Side.SUPPLIER if user is None else Side.DEPARTMENT


@transaction.atomic
def write(
    contract: Contract,
    words: str,
    *,
    key: uuid.UUID,
    language: str,
    user: User | None = None,
    kind: MessageKind | str = MessageKind.MESSAGE,
) -> Message:
    """Keep a message and mail it to the other side.

    Args:
        contract: About which.
        words: At most ``LONGEST`` characters.
        key: Of the form.
        language: In which it is written.
        user: Who writes for the department; None for the supplier.
        kind: Of ``enums.MessageKind``.

    Raises:
        PermissionDenied: the user may not.
        Refused: nothing is written, or too much in a day. Both are recorded.
    """
    locked = locked_contract(contract)
    if user is not None:
        require_client(locked, user, "contract.message_sent")
    before: Message | None = Message.objects.filter(key=key, contract=locked).first()
    if before is not None:
        return before
    said = clean(words)
    if not said:
        refuse(locked, user, "contract.message_sent", [_("Write what you want to say.")])
    since = database_clock() - timedelta(days=1)
    mine = Message.objects.filter(contract=locked, side=side_of(user), sent_at__gt=since)
    if mine.count() >= MOST_MESSAGES_A_DAY:
        sentence = _("You wrote %(count)s messages within a day: wait until tomorrow, or telephone.")
        refuse(locked, user, "contract.message_sent", [sentence % {"count": MOST_MESSAGES_A_DAY}])
    message: Message = Message.objects.create(
        contract=locked,
        side=side_of(user),
        written_by=user,
        kind=kind,
        key=key,
        language=language,
        locked_words=lock_words(said),
    )
    record(
        locked.solicitation,
        "contract.message_sent",
        user=user,
        data={**named(locked), "message": message.pk, fingerprints.KEPT: fingerprints.of(message)},
    )
    letters.send_message(message)
    return message


# --- the delivery date -----------------------------------------------------------------------------------


def open_extension(contract: Contract) -> Extension | None:
    """The later date that waits for an answer; there is one at most."""
    found: Extension | None = Extension.objects.filter(contract=contract, answer=None).first()
    return found


def reasons_against_asking(contract: Contract) -> list[str]:
    """Sentences against asking for a later delivery date now."""
    if contract.state != ContractState.UNDER_WAY:
        return [_("The work is not under way.")]
    if open_extension(contract) is not None:
        return [_("A later date waits for its answer already.")]
    return []


def fault_of_date(contract: Contract, until: date) -> str:
    """Why a delivery date cannot be asked for; empty when it can."""
    if until <= contract.delivery_date:
        return _("Choose a day after the delivery date that stands now.")
    if until <= timing.today(database_clock()):
        return _("Choose a day in the future.")
    if until > contract.delivery_date + LONGEST_EXTENSION:
        return _("Choose a day within a year of the delivery date.")
    return ""


@transaction.atomic
def ask_for_extension(
    contract: Contract, until: date, reason: str, *, key: uuid.UUID, language: str, user: User | None = None
) -> Extension:
    """Ask the other side for a later delivery date, with the reason.

    Raises:
        PermissionDenied: the user may not.
        Refused: no reason, no later day, or another waits. Both are recorded.
    """
    locked = locked_contract(contract)
    if user is not None:
        require_client(locked, user, "contract.extension_asked")
    before: Extension | None = Extension.objects.filter(key=key, contract=locked).first()
    if before is not None:
        return before
    words = clean(reason)
    sentences = [*reasons_against_asking(locked), *filter(None, [fault_of_date(locked, until)])]
    if not words:
        sentences.append(_("Write the reason: no decision without one."))
    if sentences:
        refuse(locked, user, "contract.extension_asked", sentences)
    extension: Extension = Extension.objects.create(
        contract=locked,
        side=side_of(user),
        asked_by=user,
        key=key,
        before=locked.delivery_date,
        until=until,
        language=language,
        locked_reason=lock_words(words),
    )
    record(
        locked.solicitation,
        "contract.extension_asked",
        user=user,
        data={
            **named(locked),
            "side": extension.side,
            "until": until.isoformat(),
            fingerprints.KEPT: fingerprints.of(extension),
        },
    )
    letters.send_extension_asked(extension)
    return extension


@transaction.atomic
def answer_extension(
    extension: Extension, *, agreed: bool, reason: str = "", language: str, user: User | None = None
) -> ExtensionAnswer:
    """Agree to a later date, which then counts, or say why not.

    Raises:
        PermissionDenied: the user may not.
        Refused: the same side asked, somebody has answered, or no reason was given. Both are recorded.
    """
    act = "contract.extension_agreed" if agreed else "contract.extension_refused"
    locked = locked_contract(extension.contract)
    if user is not None:
        require_client(locked, user, act)
    words = clean(reason)
    sentences = []
    if extension.side == side_of(user):
        sentences.append(_("The other side answers."))
    elif user is not None and desk.has_entered(user, extension):
        sentences.append(desk.not_the_one_who_entered())
    if ExtensionAnswer.objects.filter(extension=extension).exists():
        sentences.append(_("Somebody has answered this meanwhile."))
    if locked.state != ContractState.UNDER_WAY:
        sentences.append(_("The work is not under way."))
    if not agreed and not words:
        sentences.append(_("Write the reason: no decision without one."))
    if sentences:
        refuse(locked, user, act, sentences)
    answer: ExtensionAnswer = ExtensionAnswer.objects.create(
        extension=extension,
        agreed=agreed,
        answered_by=user,
        language=language,
        locked_reason=lock_words(words),
    )
    if agreed:
        Contract.objects.filter(pk=locked.pk).update(delivery_date=extension.until)
    record(
        locked.solicitation,
        act,
        user=user,
        data={
            **named(locked),
            "before": extension.before.isoformat(),
            "until": extension.until.isoformat(),
            fingerprints.KEPT: fingerprints.of(answer),
        },
    )
    extension.contract.refresh_from_db(fields=["delivery_date"])
    letters.send_extension_answered(extension, agreed=agreed, reason=words)
    return answer


# --- disputes ------------------------------------------------------------------------------------------


def open_dispute(contract: Contract) -> Dispute | None:
    """The dispute that is not settled; there is one at most."""
    found: Dispute | None = Dispute.objects.filter(contract=contract, settlement=None).first()
    return found


def reasons_against_disputing(contract: Contract) -> list[str]:
    """Sentences against raising a dispute now."""
    if contract.state != ContractState.UNDER_WAY:
        return [_("The work is not under way.")]
    if open_dispute(contract) is not None:
        return [_("A dispute waits to be settled already. Write a message to add to it.")]
    return []


@transaction.atomic
def dispute(
    contract: Contract, words: str, *, key: uuid.UUID, language: str, user: User | None = None
) -> Dispute:
    """Say that one side does not agree with the other; until it is settled nobody terminates for default.

    Raises:
        PermissionDenied: the user may not.
        Refused: nothing is written, or one waits already. Both are recorded.
    """
    locked = locked_contract(contract)
    if user is not None:
        require_client(locked, user, "contract.dispute_raised")
    before: Dispute | None = Dispute.objects.filter(key=key, contract=locked).first()
    if before is not None:
        return before
    said = clean(words)
    sentences = reasons_against_disputing(locked)
    if not said:
        sentences.append(_("Write what you do not agree with, and what you ask for."))
    if sentences:
        refuse(locked, user, "contract.dispute_raised", sentences)
    raised: Dispute = Dispute.objects.create(
        contract=locked,
        side=side_of(user),
        raised_by=user,
        key=key,
        language=language,
        locked_words=lock_words(said),
    )
    record(
        locked.solicitation,
        "contract.dispute_raised",
        user=user,
        data={**named(locked), "side": raised.side, fingerprints.KEPT: fingerprints.of(raised)},
    )
    letters.send_dispute_raised(raised)
    return raised


def reasons_against_settling(raised: Dispute, user: User) -> list[str]:
    """Sentences against this person’s settling a dispute."""
    if Settlement.objects.filter(dispute=raised).exists():
        return [_("It is settled already.")]
    if user.pk in (raised.raised_by_id, raised.contract.solicitation.client_id):
        return [_("You are a side of this dispute: another person settles it.")]
    if desk.has_entered(user, raised):
        return [desk.not_the_one_who_entered()]
    return []


@transaction.atomic
def settle(raised: Dispute, user: User, words: str, *, language: str) -> Settlement:
    """Settle a dispute, in words that both sides read.

    Raises:
        PermissionDenied: the user may not.
        Refused: something stands against it. Both are recorded.
    """
    locked = locked_contract(raised.contract)
    require(states.SETTLE, locked, user, "contract.dispute_settled")
    said = clean(words)
    sentences = reasons_against_settling(raised, user)
    if not said:
        sentences.append(_("Write how the dispute is settled."))
    if sentences:
        refuse(locked, user, "contract.dispute_settled", sentences)
    settlement: Settlement = Settlement.objects.create(
        dispute=raised, language=language, locked_words=lock_words(said), settled_by=user
    )
    record(
        locked.solicitation,
        "contract.dispute_settled",
        user=user,
        data={**named(locked), fingerprints.KEPT: fingerprints.of(settlement)},
    )
    letters.send_settled(settlement)
    return settlement
