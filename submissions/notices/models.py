"""The outbox: one row for each message to each recipient.

Owns ``OutgoingMessage``. What a row shows (kind, file, masked address, state, error) may be read by staff;
the message itself is encrypted under the server's mail key and read by ``delivery`` alone. Imports no later
stage.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .enums import RETRYABLE, MessageState
from .kinds import kind_label
from .querysets import OutgoingMessageQuerySet


class OutgoingMessage(models.Model):
    """A message to one recipient, from the act that caused it to its delivery."""

    kind = models.CharField(_("kind"), max_length=80)
    idempotency_key = models.CharField(_("key"), max_length=200, unique=True)
    message_id = models.CharField("Message-ID", max_length=255, unique=True)
    file_number = models.CharField(_("file"), max_length=32, blank=True, db_index=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    to_masked = models.CharField(_("to"), max_length=255)
    subject = models.CharField(_("subject"), max_length=998, blank=True)
    private = models.BooleanField(_("private"))
    payload = models.BinaryField(_("encrypted message"))
    cause = models.UUIDField(_("cause"), null=True, blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = OutgoingMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("retry_outgoingmessage", _("Can retry outgoing messages"))]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outgoing_unsent",
                condition=~Q(state__in=["sent", "abandoned"]),
            ),
            models.Index(fields=["state", "-id"], name="outgoing_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(private=False) | Q(subject=""), name="outgoing_private_subject_hidden"
            ),
            models.CheckConstraint(
                condition=~Q(private=True, state="sent") | Q(payload=b""), name="outgoing_private_blanked"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="outgoing_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True)),
                name="outgoing_sending_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    def heading(self) -> str:
        """What staff see as its title."""
        return f"{kind_label(self.kind)} {self.pk}"

    @property
    def can_be_retried(self) -> bool:
        """Whether a person may ask for another attempt."""
        return self.state in RETRYABLE


class DailyDigest(models.Model):
    """Whether a person wants the daily digest, and the last day for which it was made or found empty."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    wanted = models.BooleanField(
        _("daily digest"),
        default=True,
        help_text=_("Receive one message each business day on which something waits for you."),
    )
    last_day = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("daily digest")
        verbose_name_plural = _("daily digests")
        default_permissions = ()

    def __str__(self) -> str:
        return f"digest {self.pk}"
