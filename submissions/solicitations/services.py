"""What can be done with a file: post it, move it from state to state.

Seams for later stages (Wagtail hooks):
    ``file_guards() -> dict[str, Guard]``: which guards of the state table does the stage answer? Each is
        a function of the file and the user that gives the sentences against the transition.
    ``file_panels(solicitation, user) -> list[Component]``: what else is on the file's page?
    ``file_changed(solicitation, transition, user)``: it was carried out, in this transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks

from microacq_pages import page_cache
from microacq_pages.models import Opportunity, PublicStatus
from submissions.audit.services import record, record_refusal

from . import postings, states
from .enums import State
from .models import NumberSeries, Solicitation

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser, User

#: Whoever decides: the admin's views know only that it is some user.
Actor: TypeAlias = "User | AnonymousUser"

#: Gives the sentences that stand against a transition of this file by this user.
Guard = Callable[["Solicitation", "Actor | None"], list[str]]


class TransitionRefused(ValidationError):
    """A transition may not be carried out; the messages say why."""


def database_clock() -> datetime:
    """The time that decides (UTC): the start of this transaction by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        moment: datetime = cursor.fetchone()[0]
    return moment


@transaction.atomic
def post_pair(source: Opportunity, target: Opportunity, user: User | None) -> Solicitation:
    """Open the file of an opportunity whose pair has just gone live for the first time.

    Copies criteria, checklist, questions, confirmations and terms, in both languages, into the file
    (DESIGN rule 4), and gives it the next number of the year.

    Args:
        source: The page in the language it was written in.
        target: Its translation.
        user: Who posted it.
    """
    english, french = (source, target) if source.locale.language_code == "en" else (target, source)
    now = database_clock()
    year = timezone.localtime(now).year
    sequence = next_in_series(year)
    solicitation = Solicitation.objects.create(
        number=f"MA-{year}-{sequence:04d}",
        year=year,
        sequence=sequence,
        translation_key=source.translation_key,
        **postings.facts_of(english, french),
        client=source.owner,
        posted_by=user,
        posted_at=now,
        follows=Solicitation.objects.filter(translation_key=source.follows).first()
        if source.follows
        else None,
    )
    posting = postings.keep(solicitation, postings.compose(english, french))
    PublicStatus.objects.create(
        translation_key=solicitation.translation_key,
        number=solicitation.number,
        posted_at=now,
        deadline=solicitation.deadline,
        state=solicitation.state,
    )
    record(
        solicitation,
        "file.posted",
        user=user,
        data={"number": solicitation.number, "posting": posting.digest},
    )
    return solicitation


def next_in_series(year: int) -> int:
    """The next number of the year; rolling back gives it back, so that none is ever skipped."""
    NumberSeries.objects.get_or_create(year=year)
    series = NumberSeries.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


@transaction.atomic
def transition(
    solicitation: Solicitation,
    name: str,
    *,
    user: Actor | None,
    reason: str = "",
    reason_fr: str = "",
    data: Mapping[str, Any] | None = None,
) -> Solicitation:
    """Carry out one transition of the state table, with its record and what later stages do about it.

    Args:
        solicitation: The file.
        name: Name of the transition in ``states.TRANSITIONS``.
        user: Who decides; None for the clock.
        reason: Why, where the table asks for it; in English where the public reads it in both languages.
        reason_fr: The same in French.
        data: What else belongs to the record of the act.

    Raises:
        PermissionDenied: the user may not.
        TransitionRefused: state, deadline, reason or a guard stands against it. Both are recorded.
    """
    rule = states.TRANSITIONS[name]
    # No text of the database can hold that character.
    reason, reason_fr = (text.replace("\x00", "").strip() for text in (reason, reason_fr))
    locked = Solicitation.objects.select_for_update().with_clock().get(pk=solicitation.pk)
    require_permission(rule, locked, user)
    sentences = obstacles(rule, locked, user)
    if rule.needs_reason and not (reason and reason_fr):
        sentences.append(_("Write the reason in both languages: the public and the suppliers will read it."))
    if sentences:
        _record_refusal(rule, locked, user, sentences)
        raise TransitionRefused(sentences)
    before = locked.state
    locked.state = rule.target
    locked.state_reason, locked.state_reason_fr = reason, reason_fr
    locked.save(update_fields=["state", "state_reason", "state_reason_fr"])
    public: dict[str, Any] = {"state": rule.target}
    if rule.target == State.AWARDED:
        # The price is fixed: what was posted is what is paid.
        public["awarded_value"] = locked.price
    elif rule is states.OFFER_NEXT:
        # What was awarded is not any more, and is awarded again once the next has accepted.
        public["awarded_value"] = None
    PublicStatus.objects.filter(translation_key=locked.translation_key).update(**public)
    record(
        locked,
        rule.act,
        user=user,
        data={
            **(data or {}),
            "number": locked.number,
            "before": before,
            "after": str(rule.target),
            "reason": locked.state_reason,
            "reason_fr": locked.state_reason_fr,
        },
    )
    for announce in hooks.get_hooks("file_changed"):
        announce(locked, rule, user)
    page_cache.bump()
    solicitation.refresh_from_db()
    return solicitation


def require_permission(rule: states.Transition, solicitation: Solicitation, user: Actor | None) -> None:
    """Refuse, and record, what this person may not do; None stands for the clock.

    Raises:
        PermissionDenied: the state table names a permission that the user does not have.
    """
    if user is not None and not user.has_perm(rule.permission):
        _record_refusal(rule, solicitation, user, [_("You do not have the permission.")])
        raise PermissionDenied


def _record_refusal(
    rule: states.Transition,
    solicitation: Solicitation,
    user: Actor | None,
    reasons: list[str],
) -> None:
    record_refusal(
        solicitation,
        "file.decision_refused",
        user=user,
        data={"number": solicitation.number, "act": rule.act, "reasons": " ".join(reasons)},
    )


def obstacles(rule: states.Transition, solicitation: Solicitation, user: Actor | None) -> list[str]:
    """Sentences against a transition, but for the reason that is still to be written.

    Args:
        rule: The transition.
        solicitation: The file, read ``with_clock``.
        user: Who asks.
    """
    sentences: list[str] = []
    if State(solicitation.state) not in rule.sources:
        sentences.append(
            _("The file is “%(state)s”: this can no longer be done.")
            % {"state": solicitation.get_state_display()}
        )
    if rule.after_deadline and solicitation.clock < solicitation.deadline:
        sentences.append(_("The deadline has not passed yet: nobody can do this before."))
    answers = guard_answers()
    for name in rule.guards:
        if name not in answers:
            raise ImproperlyConfigured(f"Nobody answers the guard {name!r}.")
        for guard in answers[name]:
            sentences.extend(guard(solicitation, user))
    return sentences


def guard_answers() -> dict[str, list[Guard]]:
    """Who answers which guard, by its name; a guard that nobody answers is missing (see ``checks``)."""
    answers: dict[str, list[Guard]] = {}
    for answer in hooks.get_hooks("file_guards"):
        for name, guard in answer().items():
            answers.setdefault(name, []).append(guard)
    return answers


@dataclass(frozen=True)
class Option:
    """A transition that a person may decide on the file's page, and what stands against it now."""

    rule: states.Transition
    obstacles: list[str]


def options(solicitation: Solicitation, user: Actor) -> list[Option]:
    """What this person may do with the file from its page, in the order of the process.

    Args:
        solicitation: The file, read ``with_clock``.
        user: Who looks at it.
    """
    return [
        Option(rule, obstacles(rule, solicitation, user))
        for rule in states.transitions_from(solicitation.state)
        if rule.from_file_page and user.has_perm(rule.permission)
    ]
