"""What can be done with a request: receive it, decide what becomes of it, record effort.

The table is in ``states``; what a draft holds is in ``drafting``; who is told is in ``letters``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import log

from microacq_pages.models.status import PublicStatus

from . import drafting, letters, permissions, states
from .models import ClientRequest, RequestDecision, RequestEffort
from .states import Party, RequestState, Transition


class RequestRefused(ValidationError):
    """Something may not be done with a request; the messages say why."""


@dataclass(frozen=True)
class Option:
    """A step that a person may take with a request, and what stands against it now."""

    rule: Transition
    obstacles: list[str]


@transaction.atomic
def receive(request: ClientRequest, *, user: Any) -> ClientRequest:
    """Keep a new request, and tell IT Strategy.

    Args:
        request: As filled in, not yet saved.
        user: Who fills it in; without the permission to decide on requests, it is their own.

    Raises:
        PermissionDenied: the person may not make requests.
    """
    if not user.has_perm(permissions.ADD):
        raise PermissionDenied
    if request.requester_id is None or not user.has_perm(permissions.TRIAGE):
        request.requester = user
    request.state = RequestState.RECEIVED
    request.save()
    log(instance=request, action="request.received", user=user)
    letters.tell_it_strategy(request, but=user)
    return request


@transaction.atomic
def decide(request: ClientRequest, name: str, *, user: Any, reason: str = "") -> ClientRequest:
    """Take one step of the state table, with its record and the letter to the client.

    Making the draft a second time changes nothing and gives the same request, so that a double click is harmless.

    Args:
        request: The request; read again from the database.
        name: A name of ``states.TRANSITIONS``.
        user: Who decides.
        reason: Why, where the table asks for it.

    Raises:
        PermissionDenied: the person may not.
        RequestRefused: state, person or reason stands against it. Both are recorded.
    """
    rule = states.TRANSITIONS[name]
    reason = reason.replace("\x00", "").strip()
    locked = ClientRequest.objects.select_for_update().get(pk=request.pk)
    require_party(rule, locked, user)
    if rule.makes_draft and locked.state == RequestState.DRAFTED:
        return locked
    sentences = obstacles(rule, locked, user)
    if rule.needs_reason and not reason:
        sentences.append(_("Write the reason: the client reads it."))
    if sentences:
        _record_refusal(rule, locked, user)
        raise RequestRefused(sentences)
    before = locked.state
    locked.state = rule.target
    if rule.makes_draft:
        locked.opportunity_key = drafting.make_draft(locked, user).translation_key
        locked.drafted_at = Now()
    locked.save(update_fields=["state", "opportunity_key", "drafted_at"])
    locked.refresh_from_db()
    decision = RequestDecision.objects.create(
        request=locked, transition=rule.name, before=before, after=rule.target, reason=reason, decided_by=user
    )
    log(
        instance=locked,
        action=rule.act,
        user=user,
        data={"before": str(before), "after": str(rule.target), "decision": decision.pk},
    )
    letters.tell_client(locked, decision)
    return locked


def require_party(rule: Transition, request: ClientRequest, user: Any) -> None:
    """Refuse, and record, what this person may not do.

    Raises:
        PermissionDenied: the step belongs to somebody else.
    """
    if not is_party(rule, request, user):
        _record_refusal(rule, request, user)
        raise PermissionDenied


def is_party(rule: Transition, request: ClientRequest, user: Any) -> bool:
    """Whether a step belongs to this person."""
    decides = user.has_perm(permissions.TRIAGE)
    own = request.requester_id == user.pk and user.has_perm(permissions.ADD)
    return {Party.IT_STRATEGY: decides, Party.REQUESTER: own, Party.EITHER: decides or own}[rule.party]


def obstacles(rule: Transition, request: ClientRequest, user: Any) -> list[str]:
    """Sentences against a step, but for the reason that is still to be written."""
    sentences = []
    if RequestState(request.state) not in rule.sources:
        sentences.append(
            _("The request is “%(state)s”: this can no longer be done.")
            % {"state": request.get_state_display()}
        )
    if rule.by_another and request.requester_id == user.pk:
        sentences.append(_("You made this request: another person must decide what becomes of it."))
    if rule.refused_when_posted and is_posted(request):
        sentences.append(_("Its opportunity is posted: the procurement file says what becomes of it."))
    return sentences


def is_posted(request: ClientRequest) -> bool:
    """Whether the opportunity that was made of it is posted."""
    key = request.opportunity_key
    return key is not None and PublicStatus.objects.filter(translation_key=key).exists()


def options(request: ClientRequest, user: Any) -> list[Option]:
    """What this person may do with the request now, in the order of the process."""
    return [
        Option(rule, obstacles(rule, request, user))
        for rule in states.transitions_from(request.state)
        if is_party(rule, request, user)
    ]


@transaction.atomic
def record_effort(request: ClientRequest, *, hours: Decimal, note: str, user: Any) -> RequestEffort:
    """Keep hours that were spent on a request; hours below zero correct an earlier entry.

    Raises:
        PermissionDenied: the person does not decide on requests.
        RequestRefused: the sum would fall below zero.
    """
    if not user.has_perm(permissions.TRIAGE):
        raise PermissionDenied
    locked = ClientRequest.objects.select_for_update().get(pk=request.pk)
    spent = locked.efforts.aggregate(total=Sum("hours"))["total"] or Decimal(0)
    if spent + hours < 0:
        raise RequestRefused([_("The hours spent cannot fall below zero.")])
    effort: RequestEffort = locked.efforts.create(hours=hours, note=note, recorded_by=user)
    log(instance=locked, action="request.effort", user=user, data={"effort": effort.pk, "hours": str(hours)})
    return effort


def _record_refusal(rule: Transition, request: ClientRequest, user: Any) -> None:
    data = {"act": rule.act, "state": str(request.state)}
    for keep in hooks.get_hooks("microacq_refused"):
        keep(request, "request.decision_refused", user, data)


def summary(requests: Sequence[ClientRequest]) -> dict[str, Any]:
    """Counts by outcome, hours spent, and the middle number of days to draft and to posting.

    Args:
        requests: Read ``for_report``.
    """
    from statistics import median

    def days(name: str) -> Any:
        spans = [
            (getattr(each, name) - each.received_at).total_seconds() / 86400
            for each in requests
            if getattr(each, name) is not None
        ]
        return round(Decimal(median(spans)), 1) if spans else None

    nothing = [each for each in requests if each.state in states.NOTHING_CAME]
    return {
        "total": len(requests),
        "counts": [
            (state.label, sum(1 for each in requests if each.state == state)) for state in RequestState
        ],
        "posted": sum(1 for each in requests if each.posted_at is not None),
        "effort": sum((each.effort for each in requests), Decimal(0)),
        "nothing": len(nothing),
        "nothing_effort": sum((each.effort for each in nothing), Decimal(0)),
        "days_to_draft": days("drafted_at"),
        "days_to_posting": days("posted_at"),
    }
