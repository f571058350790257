"""The questions asked of the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .enums import MessageState

if TYPE_CHECKING:
    from .models import OutgoingMessage  # noqa: F401 (named in the base class)


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    """Outgoing messages, by what is to be done with them."""

    def due(self) -> OutgoingMessageQuerySet:
        """Messages to send now, by the database's clock: waiting, failed, or left by a dead worker."""
        waiting = Q(state__in=[MessageState.QUEUED, MessageState.FAILED], next_attempt_at__lte=Now())
        left_behind = Q(state=MessageState.SENDING, lease_until__lt=Now())
        return self.filter(waiting | left_behind)

    def abandoned(self) -> OutgoingMessageQuerySet:
        """Messages that nobody will send unless a person asks."""
        return self.filter(state=MessageState.ABANDONED)
