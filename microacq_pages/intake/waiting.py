"""What requests make wait: a decision of IT Strategy, then the client's draft."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from microacq_pages.waiting import WaitingItem

from . import permissions
from .models import ClientRequest
from .states import RequestState


def target_days() -> int:
    """Business days within which a request should be decided."""
    return int(getattr(settings, "MICROACQ_REQUEST_TARGET_DAYS", 5))


def waiting_requests(user: Any) -> Iterator[WaitingItem]:
    """Requests that this person is expected to decide on, and their own that fit and have no draft yet."""
    if user.has_perm(permissions.TRIAGE):
        for request in ClientRequest.objects.untriaged().exclude(requester_id=user.pk):
            yield WaitingItem(
                kind="request",
                label=_("Decide whether the request fits"),
                title=request.title,
                url=reverse("requests:inspect", args=[request.pk]),
                since=request.received_at,
                target_days=target_days(),
                detail=request.team,
                language=request.language,
            )
    if user.has_perm(permissions.ADD):
        for request in ClientRequest.objects.of(user).filter(state=RequestState.FITS).for_report():
            yield WaitingItem(
                kind="request-draft",
                label=_("Make the draft of your request, which fits"),
                title=request.title,
                url=reverse("requests:inspect", args=[request.pk]),
                since=request.last_decided_at or request.received_at,
                detail=request.team,
                language=request.language,
            )
