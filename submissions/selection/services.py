"""The acts of a selection: commit, freeze, enter, draw, void. Each is one transaction, and recorded; so is a refusal.

Owns every row of this stage. A selection has no decision in it: which list is frozen follows from the signed
evaluation, which result of the source counts follows from the time of the freeze, and the order follows from both and
from a secret that was committed to before. What a person decides is only when; see ``docs/decisions/0027-the-draw.md``.

Imports no view.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from microacq_pages import page_cache
from submissions.audit.services import record, record_refusal
from submissions.evaluation import results as evaluated
from submissions.proposals import custody
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition

from . import draw, results, sources
from .models import Draw, DrawCommitment, FrozenList, InputEntry, VoidedList, VoidKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

SELECT = "submissions.select_supplier"
WITNESS = "submissions.witness_draw"


class SelectionRefused(ValidationError):
    """The act may not be done now; the messages say why. It is recorded."""


def moment() -> datetime:
    """The time by the database's clock, of now and not of the transaction (UTC)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def on_record(at: datetime) -> str:
    """A moment as the records of this stage hold it, for ``proving``: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat()


# --- commitment --------------------------------------------------------------------------------


@transaction.atomic
def commit(file: Solicitation) -> DrawCommitment:
    """Commit to a secret for the next list of a file, unless the last commitment is still to be used.

    The secret is made here, kept under the reading key and shown to nobody before the draw.
    """
    locked = Solicitation.objects.select_for_update().get(pk=file.pk)
    last = results.current_commitment(locked)
    if last is not None and not VoidedList.objects.filter(frozen_list__commitment=last).exists():
        return last
    secret = draw.new_secret()
    made = DrawCommitment.objects.create(
        solicitation=locked,
        sequence=last.sequence + 1 if last else 1,
        digest=draw.commitment(secret),
        locked_secret=custody.lock(secret.encode()),
        # What was announced with the opportunity counts for every list of it, whatever the setting says by then.
        source_key=last.source_key if last else settings.MICROACQ_DRAW_SOURCE,
    )
    made.refresh_from_db(fields=["made_at"])
    record(
        locked,
        "draw.committed",
        data={
            "number": locked.number,
            "commitment": made.digest,
            "source": made.source_key,
            "at": on_record(made.made_at),
        },
    )
    page_cache.bump()
    return made


# --- freeze ------------------------------------------------------------------------------------


@transaction.atomic
def freeze(file: Solicitation, user: User) -> FrozenList:
    """Fix the list of the applications that passed every criterion; of a single one, select it.

    Raises:
        PermissionDenied: the user may not.
        SelectionRefused: the evaluation is not signed off, nothing passed, or the list is frozen already.
    """
    require_permission(file, user, SELECT, "draw.frozen")
    locked = Solicitation.objects.select_for_update().get(pk=file.pk)
    _refuse(locked, user, "draw.frozen", obstacles_to_freezing(locked, user))
    signed = evaluated.signed_round(locked)
    commitment = results.current_commitment(locked)
    if signed is None or commitment is None:  # the obstacles name both
        raise SelectionRefused(_("The evaluation is not signed off."))
    candidates = evaluated.passing(locked)
    text = draw.canonical_list(locked.number, commitment.sequence, signed.digest, candidates)
    now = moment()
    occurrence = commitment.source.occurrence(now) if len(candidates) > 1 else None
    frozen = FrozenList.objects.create(
        solicitation=locked,
        commitment=commitment,
        round=signed,
        candidates=sorted(candidates),
        canonical=text,
        digest=draw.sha256(text),
        frozen_at=now,
        frozen_by=user,
        occurrence=occurrence.name if occurrence else "",
        occurs_at=occurrence.moment if occurrence else None,
    )
    record(
        locked,
        "draw.frozen",
        user=user,
        data={
            "number": locked.number,
            "list": commitment.sequence,
            "count": len(candidates),
            "digest": frozen.digest,
            "occurrence": frozen.occurrence,
            "at": on_record(frozen.frozen_at),
        },
    )
    if frozen.is_single:
        transition(locked, "select", user=user, data={"receipt": frozen.candidates[0], "drawn": False})
    page_cache.bump()
    file.refresh_from_db()
    return frozen


def obstacles_to_freezing(file: Solicitation, user: User | AnonymousUser | None) -> list[str]:
    """Sentences against freezing the list now."""
    sentences = _obstacles_of_person(file, user)
    if file.state != State.EVALUATED or evaluated.signed_round(file) is None:
        sentences.append(_("The list is frozen when the evaluation is signed off, and only then."))
    elif results.current_list(file) is not None:
        sentences.append(_("The list is frozen: it cannot be frozen again."))
    elif results.current_commitment(file) is None:
        sentences.append(_("No commitment was published for this file yet. It is made within minutes."))
    elif not evaluated.passing(file):
        sentences.append(_("No application passed every criterion: there is nothing to select from."))
    return sentences


def _obstacles_of_person(file: Solicitation, user: User | AnonymousUser | None) -> list[str]:
    """Who judged applications of a file has no hand in the selection among them."""
    signed = evaluated.signed_round(file)
    if user is None or signed is None or user.pk is None:
        return []
    if signed.assignments.filter(evaluator_id=user.pk).exists():
        return [_("You evaluated the applications to this file: another person carries out the selection.")]
    return []


# --- the public input --------------------------------------------------------------------------


@transaction.atomic
def enter(file: Solicitation, user: User, text: str, provenance: str = "") -> InputEntry:
    """Enter what a person read at the source, or says as a witness.

    Args:
        file: The file.
        user: Who enters it, on the own account.
        text: As it was typed; the source says what is a result of it.
        provenance: Where it was read; not asked of witnesses.

    Raises:
        PermissionDenied: the user may not.
        SelectionRefused: it is too early, the list was drawn or voided, or this is no result of the source.
    """
    require_permission(file, user, WITNESS, "draw.entered")
    locked = Solicitation.objects.select_for_update().get(pk=file.pk)
    frozen = results.current_list(locked)
    _refuse(locked, user, "draw.entered", obstacles_to_entering(locked, user))
    if frozen is None:
        raise SelectionRefused(_("No list is frozen."))
    source = frozen.commitment.source
    try:
        clean = source.clean(text.replace("\x00", ""))
    except sources.InputError as error:
        raise SelectionRefused({"text": str(error)}) from error
    provenance = " ".join(provenance.replace("\x00", "").split())
    if not source.is_witnessed and not provenance:
        raise SelectionRefused({"provenance": _("Write where you read it, such as the address of the page.")})
    entry = InputEntry.objects.create(
        frozen_list=frozen,
        text=clean,
        provenance="" if source.is_witnessed else provenance[:300],
        entered_by=user,
    )
    # What was entered stays out of the record until it is drawn with: the second person could read it there.
    said = {} if source.is_witnessed else {"sha256": digest_of_entry(entry)}
    entry.refresh_from_db(fields=["entered_at"])
    told = {"number": locked.number, "entry": entry.pk, "at": on_record(entry.entered_at)}
    record(locked, "draw.entered", user=user, data={**told, **said})
    return entry


def digest_of_entry(entry: InputEntry) -> str:
    """What the record holds of what somebody read at a source and where, for ``proving``."""
    return draw.sha256(f"{entry.text}\n{entry.provenance}")


def obstacles_to_entering(file: Solicitation, user: User | AnonymousUser | None) -> list[str]:
    """Sentences against entering the public input now."""
    sentences = _obstacles_of_person(file, user)
    frozen = results.current_list(file)
    if frozen is None:
        return [*sentences, _("No list is frozen yet: the public input counts only after the freeze.")]
    if frozen.is_single or hasattr(frozen, "draw"):
        return [*sentences, _("The supplier is selected: nothing more can be entered.")]
    if frozen.occurs_at is None or moment() <= frozen.occurs_at:
        return [*sentences, _("The public input is not known yet.")]
    if frozen.commitment.source.is_witnessed:
        sentences += _obstacles_of_witness(frozen, user)
    return sentences


def _obstacles_of_witness(frozen: FrozenList, user: User | AnonymousUser | None) -> list[str]:
    spoken = set(frozen.entries.values_list("entered_by_id", flat=True))
    if user is not None and user.pk in spoken:
        return [_("You wrote your words as a witness. They stay; the other witness is another person.")]
    return [_("Both witnesses wrote their words.")] if len(spoken) >= 2 else []


def agreed(frozen: FrozenList) -> tuple[InputEntry, InputEntry] | None:
    """The two entries that a draw is made with: two witnesses, or two people who read the same; None until then."""
    # ``all()``, so that entries that were prefetched are not asked for again.
    latest = {
        entry.entered_by_id: entry for entry in sorted(frozen.entries.all(), key=lambda entry: entry.pk)
    }
    entries = sorted(latest.values(), key=lambda entry: entry.pk)
    if frozen.commitment.source.is_witnessed:
        return (entries[0], entries[1]) if len(entries) >= 2 else None
    for position, one in enumerate(entries):
        for other in entries[position + 1 :]:
            if one.text == other.text:
                return one, other
    return None


# --- the draw ----------------------------------------------------------------------------------


@transaction.atomic
def carry_out(file: Solicitation, user: User) -> Draw:
    """Draw the order of the frozen list, once, and select the first of it.

    Raises:
        PermissionDenied: the user may not.
        SelectionRefused: there is no list, it was drawn, or the public input is not complete.
    """
    require_permission(file, user, SELECT, "draw.drawn")
    locked = Solicitation.objects.select_for_update().get(pk=file.pk)
    _refuse(locked, user, "draw.drawn", obstacles_to_drawing(locked, user))
    frozen = results.current_list(locked)
    entries = agreed(frozen) if frozen else None
    if frozen is None or entries is None:
        raise SelectionRefused(_("The public input is not complete."))
    secret = frozen.commitment.secret()
    public_input = frozen.commitment.source.public_input(
        frozen.occurrence, (entries[0].text, entries[1].text)
    )
    public_text = draw.public_text(locked.number, frozen.digest, secret, public_input)
    drawn = Draw.objects.create(
        frozen_list=frozen,
        first=entries[0],
        second=entries[1],
        secret=secret,
        public_input=public_input,
        public_text=public_text,
        order=[ranked.name for ranked in draw.order(frozen.candidates, public_text)],
        drawn_by=user,
    )
    drawn.refresh_from_db(fields=["drawn_at"])
    record(
        locked,
        "draw.drawn",
        user=user,
        data={
            "number": locked.number,
            "list": frozen.commitment.sequence,
            "text": public_text,
            "at": on_record(drawn.drawn_at),
        },
    )
    transition(locked, "select", user=user, data={"receipt": drawn.order[0], "drawn": True})
    file.refresh_from_db()
    return drawn


def obstacles_to_drawing(file: Solicitation, user: User | AnonymousUser | None) -> list[str]:
    """Sentences against drawing now."""
    sentences = _obstacles_of_person(file, user)
    frozen = results.current_list(file)
    if frozen is None:
        return [*sentences, _("No list is frozen yet.")]
    if frozen.is_single or hasattr(frozen, "draw"):
        return [*sentences, _("The supplier is selected: a list is drawn once.")]
    if set(frozen.candidates) != set(evaluated.passing(file)):
        sentences.append(
            _("The frozen list is not the list of the signed evaluation any more. Call the auditor.")
        )
    if agreed(frozen) is None:
        sentences.append(_missing_input(frozen))
    return sentences


def _missing_input(frozen: FrozenList) -> str:
    if frozen.commitment.source.is_witnessed:
        return _("Two witnesses must have written their words.")
    people = frozen.entries.values("entered_by_id").distinct().count()
    if people >= 2:
        return _("What was entered differs: look at the source again and enter what stands there.")
    return _("Two people must have entered the same public input, each after reading it at the source.")


# --- voiding -----------------------------------------------------------------------------------


@transaction.atomic
def void(
    file: Solicitation, kind: VoidKind, user: User | AnonymousUser | None, reason: str, reason_fr: str = ""
) -> VoidedList | None:
    """Let the list that counts, and its draw, count no more: on record, with its secret. Nothing where there is none.

    Revealing the secret lets anybody compute what the voided list gave, or would have given, with the announced public
    input: who voids because of it cannot hide it. A new secret is committed to at once.
    """
    locked = Solicitation.objects.select_for_update().get(pk=file.pk)
    frozen = results.current_list(locked)
    if frozen is None:
        return None
    account = user if user is not None and user.is_authenticated else None
    voided = VoidedList.objects.create(
        frozen_list=frozen,
        kind=kind,
        reason=reason,
        reason_fr=reason_fr,
        secret=frozen.commitment.secret(),
        voided_by=account,
    )
    record(
        locked,
        "draw.voided",
        user=account,
        data={
            "number": locked.number,
            "list": frozen.commitment.sequence,
            "kind": str(kind),
            "drawn": hasattr(frozen, "draw"),
        },
    )
    if kind != VoidKind.CANCELLED:
        commit(locked)
    page_cache.bump()
    return voided


# --- guards and refusals -----------------------------------------------------------------------


def reasons_against_selecting(file: Solicitation, user: User | AnonymousUser | None) -> list[str]:
    """The guard of ``select``: the list was drawn, or holds one application."""
    if results.order_of(file):
        return []
    return [_("Nobody is selected before the list is frozen and drawn.")]


def reasons_against_finding_none(file: Solicitation, user: User | AnonymousUser | None) -> list[str]:
    """The guard of ``find_none``: the signed evaluation let no application pass."""
    sentences = _obstacles_of_person(file, user)
    if evaluated.signed_round(file) is None:
        sentences.append(_("The evaluation is not signed off."))
    elif evaluated.passing(file):
        sentences.append(_("There are applications that passed every criterion: freeze the list."))
    return sentences


def reasons_against_voiding(file: Solicitation, user: User | AnonymousUser | None) -> list[str]:
    """Beside the guard of ``reopen``: who froze the list or drew is not who voids it."""
    if user is not None and user.pk in results.who_selected(file):
        return [_("You froze the list or drew: another person reopens the evaluation.")]
    return []


def require_permission(file: Solicitation, user: User | AnonymousUser, permission: str, act: str) -> None:
    """Refuse, and record, what this person may not do.

    Raises:
        PermissionDenied: they may not.
    """
    if not user.has_perm(permission):
        _record_refusal(file, user, act, [_("You do not have the permission.")])
        raise PermissionDenied


def _refuse(file: Solicitation, user: User, act: str, sentences: list[str]) -> None:
    if sentences:
        _record_refusal(file, user, act, sentences)
        raise SelectionRefused(sentences)


def _record_refusal(file: Solicitation, user: User | AnonymousUser, act: str, sentences: list[str]) -> None:
    record_refusal(
        file,
        "draw.refused",
        user=user,
        data={"number": file.number, "act": act, "reasons": " ".join(sentences)},
    )
