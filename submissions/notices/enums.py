"""The states of an outgoing message."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """Where a message is on its way; ``FAILED`` is tried again, ``ABANDONED`` waits for a person."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed, will be tried again")
    ABANDONED = "abandoned", _("Given up")


RETRYABLE = (MessageState.FAILED, MessageState.ABANDONED)
"""States from which a person may ask for another attempt."""
