"""Takes questions, and carries them through their state table: the only two things that write their rows.

Each act is one transaction with its record and its notices; a refusal is recorded so that it stays. Records hold
references and states, never a word of a question or an address.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.audit.services import record, record_refusal
from submissions.gate import counting, limits
from submissions.notices import crypto
from submissions.solicitations.services import database_clock

from . import closing, states
from .effects import EFFECTS, Refused
from .enums import State
from .models import Question

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from submissions.solicitations.models import Solicitation

#: Whoever decides: the admin's views know only that it is some user.
Actor: TypeAlias = "User | AnonymousUser"

#: No vowels and nothing that is read for something else, as in receipts of applications.
REFERENCE_ALPHABET = "2346789BCDFGHJKMPQRTVWXY"

#: What the trigger of migration ``questions_triggers`` names when it refuses.
TOO_LATE = "question_before_closing"


class NotTaken(Exception):
    """A question cannot be taken."""


class Closed(NotTaken):
    """The time for questions has passed, or the file is no longer posted."""


class TooMany(NotTaken):
    """Too many questions came from there, or about this file, within the hour."""

    def __init__(self, reached: counting.TooMany) -> None:
        super().__init__()
        self.reached = reached


class TransitionRefused(ValidationError):
    """A transition may not be carried out; the messages say why."""


# --- asking ------------------------------------------------------------------------------------


@transaction.atomic
def receive(
    file: Solicitation,
    *,
    text: str,
    language: str,
    form_digest: str,
    address: str = "",
    network: str = "",
) -> Question:
    """Keep what somebody asked; the same form sent again gives the same question.

    Args:
        file: The file asked about.
        text: The question, clean.
        language: ``en`` or ``fr``: the page's, in which the asker is written to.
        form_digest: Names the form that was sent and what stood in it.
        address: Where to tell the answer, if anywhere.
        network: The network it came from, if known; kept as a keyed digest, for a day.

    Raises:
        Closed: the time for questions has passed by the database's clock.
        TooMany: enough was asked for the moment.
    """
    _one_at_a_time(file)
    before = Question.objects.filter(form_digest=form_digest).first()
    if before is not None:
        return before
    now = database_clock()
    current = type(file).objects.get(pk=file.pk)
    if not closing.takes_questions(current, now):
        raise Closed
    reached = counting.take(
        (limits.QUESTIONS_OF_NETWORK, network), (limits.QUESTIONS_ABOUT_FILE, file.number)
    )
    if reached:
        raise TooMany(reached)
    contact = json.dumps({"address": address, "language": language}) if address else ""
    last = Question.objects.filter(solicitation=file).order_by("-number").first()
    question = Question(
        solicitation=file,
        number=last.number + 1 if last else 1,
        reference=_unused_reference(),
        language=language,
        original=crypto.encrypt(text.encode()).decode("ascii"),
        contact=crypto.encrypt(contact.encode()).decode("ascii") if contact else "",
        form_digest=form_digest,
    )
    try:
        with transaction.atomic():
            question.save(force_insert=True)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) == TOO_LATE:
            raise Closed from error
        raise
    record(question, "question.received", data={"number": file.number, "question": question.reference})
    return question


def _one_at_a_time(file: Solicitation) -> None:
    """Make whoever else asks about this file wait for the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"questions/{file.pk}"])


def _unused_reference() -> str:
    while True:
        letters_ = [secrets.choice(REFERENCE_ALPHABET) for _n in range(8)]
        reference = f"Q-{''.join(letters_[:4])}-{''.join(letters_[4:])}"
        if not Question.objects.filter(reference=reference).exists():
            return reference


# --- deciding ----------------------------------------------------------------------------------


def may(rule: states.Transition, question: Question, user: Actor) -> bool:
    """Whether this person may carry out a transition of this question, whatever its state."""
    if user.has_perm(rule.permission):
        return True
    own = question.solicitation.client_id
    return bool(
        rule.own_permission and own is not None and own == user.pk and user.has_perm(rule.own_permission)
    )


def options(question: Question, user: Actor) -> list[states.Transition]:
    """What this person may do with a question now, in the order of the table."""
    return [
        rule
        for rule in states.TRANSITIONS.values()
        if may(rule, question, user) and not _obstacles(rule, question)
    ]


def _obstacles(rule: states.Transition, question: Question) -> list[str]:
    if question.state not in rule.sources:
        return [
            _("The question is “%(state)s”: this can no longer be done.")
            % {"state": question.get_state_display()}
        ]
    if rule.before_publication and question.published.exists():
        return [_("The question was published: it stays public, and can only be corrected.")]
    return []


@transaction.atomic
def transition(question: Question, name: str, *, user: Actor, **values: Any) -> Question:
    """Carry out one transition of the state table, with its record and its notices.

    Args:
        question: The question.
        name: Name of the transition in ``states.TRANSITIONS``.
        user: Who decides.
        values: What the act needs; see ``effects``.

    Raises:
        PermissionDenied: the user may not.
        TransitionRefused: the state, or what the act found, stands against it. Both are recorded.
    """
    rule = states.TRANSITIONS[name]
    other = values.get("kept")
    locked = _locked(question.pk, getattr(other, "pk", None))
    require_permission(rule, locked, user)
    if obstacles := _obstacles(rule, locked):
        _refuse(rule, locked, user, obstacles)
    before = locked.state
    try:
        outcome = EFFECTS[name](locked, user, **values)
    except Refused as refusal:
        _refuse(rule, locked, user, refusal.sentences)
    locked.state = rule.target
    locked.changed_at = database_clock()
    locked.save(update_fields=["state", "changed_at", *outcome.fields])
    record(
        locked,
        rule.act,
        user=user,
        data={
            "number": locked.solicitation.number,
            "question": locked.reference,
            "before": before,
            "after": str(rule.target),
            **outcome.data,
        },
    )
    outcome.announce(locked)
    question.refresh_from_db()
    return question


def _locked(key: int, other: int | None) -> Question:
    """The question, locked with the one that it is merged into, always in the same order."""
    keys = [key] if other is None else [key, other]
    rows = Question.objects.select_for_update(of=("self",)).select_related("solicitation")
    found = {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}
    return found[key]


def require_permission(rule: states.Transition, question: Question, user: Actor) -> None:
    """Refuse, and record, what this person may not do.

    Raises:
        PermissionDenied: the state table names a permission that the user does not have.
    """
    if not may(rule, question, user):
        _record_refusal(rule, question, user, [_("You do not have the permission.")])
        raise PermissionDenied


def _refuse(rule: states.Transition, question: Question, user: Actor, sentences: list[str]) -> None:
    _record_refusal(rule, question, user, sentences)
    raise TransitionRefused(sentences)


def _record_refusal(rule: states.Transition, question: Question, user: Actor, sentences: list[str]) -> None:
    record_refusal(
        question,
        "question.decision_refused",
        user=user,
        data={
            "number": question.solicitation.number,
            "question": question.reference,
            "act": rule.act,
            "reasons": " ".join(sentences),
        },
    )


# --- forgetting who asked ----------------------------------------------------------------------


@transaction.atomic
def purge(question: Question, *, user: Actor) -> bool:
    """Erase for good what could tell who asked: the text as it was sent, the address.

    Returns:
        Whether there was anything left to erase.

    Raises:
        PermissionDenied: the person does not sort questions.
        TransitionRefused: the question was not sorted yet.
    """
    locked = _locked(question.pk, None)
    if not user.has_perm(states.TRIAGE):
        raise PermissionDenied
    if locked.state == State.RECEIVED:
        raise TransitionRefused(
            [_("Sort the question first: nothing but the text as it was sent says what it asks.")]
        )
    if not locked.has_personal_data:
        return False
    locked.original = locked.contact = ""
    locked.save(update_fields=["original", "contact"])
    record(
        locked,
        "question.purged",
        user=user,
        data={"number": locked.solicitation.number, "question": locked.reference},
    )
    question.refresh_from_db()
    return True


PURGE_LABEL = gettext_lazy("Erase what could tell who asked")
