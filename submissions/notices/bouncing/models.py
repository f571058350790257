"""What came back of the mail to subscribers. Imports no view and no later stage."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ..following.models import Subscriber
from ..models import OutgoingMessage


class Bounce(models.Model):
    """One message that did not reach a subscriber; the same one coming back again is still one."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="bounces")
    message = models.OneToOneField(OutgoingMessage, on_delete=models.CASCADE, related_name="bounce")
    status = models.CharField(max_length=16)
    permanent = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("returned message")
        verbose_name_plural = _("returned messages")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"
