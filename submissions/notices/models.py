"""The outbox: one row for each message to each recipient; and the mail texts that staff write.

Owns ``OutgoingMessage``, ``NoticeText`` (what staff write) and ``NoticeWording`` (what of it is sent, and was). What a
row of the outbox shows (kind, file, masked address, state, error) may be read by staff; the message itself is encrypted
under the server's mail key and read by ``delivery`` alone. Imports no later stage.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.models import TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from microacq_pages.models.base import synchronised

from .enums import RETRYABLE, MessageState
from .kinds import KINDS, kind_label
from .querysets import OutgoingMessageQuerySet
from .words_of_staff import LONGEST_SUBJECT, LONGEST_TEXT, Place, Words, faults


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
    #: What the file keeps of a letter, encrypted: ``letters``.
    letter = models.BinaryField(_("letter for the file, encrypted"), default=b"")
    cause = models.UUIDField(_("cause"), null=True, blank=True)
    #: Whose address it is, if somebody subscribed with it: forgotten with the subscriber.
    subscriber = models.ForeignKey(
        "submissions.Subscriber", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

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


class KindSelect(forms.Select):
    """The kinds of notice, asked for when the form is shown: no migration follows a new kind."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, choices=CallableChoiceIterator(_kind_choices))


def _kind_choices() -> list[tuple[str, Any]]:
    return [("", "---------"), *((kind.name, kind.label) for kind in KINDS.values())]


class NoticeText(TranslatableMixin, models.Model):
    """A text of staff for a kind of notice, in one language; nothing of it is sent until both are put in force."""

    kind = models.CharField(_("message"), max_length=80)
    place = models.CharField(_("place"), max_length=10, choices=Place.choices, default=Place.AFTER)
    subject = models.CharField(
        _("subject"),
        max_length=LONGEST_SUBJECT,
        blank=True,
        help_text=_("Left blank, the standing subject stays."),
    )
    body = models.TextField(
        _("text"),
        max_length=LONGEST_TEXT,
        help_text=_("Plain text. A name in double braces, such as {{ number }}, is replaced by the value."),
    )

    override_translatable_fields: ClassVar[list[SynchronizedField]] = synchronised("kind", "place")
    panels = (
        HelpPanel(
            content=_(
                "Write in one language, have it translated, look at the preview, then put both languages in force. "
                "Until then nothing of it is sent."
            )
        ),
        FieldPanel("kind", widget=KindSelect),
        FieldPanel("place"),
        FieldPanel("subject"),
        FieldPanel("body"),
    )

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")
        ordering = ("kind",)
        permissions = (("send_noticetext", _("Can put mail texts in force")),)
        constraints = (models.UniqueConstraint("kind", "locale", name="notice_text_once_a_language"),)

    def __str__(self) -> str:
        return kind_label(self.kind)

    def clean(self) -> None:
        """Refuse values that the message does not have; wagtail-localize asks this for translations too."""
        super().clean()
        if found := faults(self.kind, self.place, self.subject, self.body):
            raise ValidationError(found)


class NoticeWording(models.Model):
    """What of staff's texts is sent for a kind, and was: both languages in one row. Never changed, only ended."""

    kind = models.CharField(_("message"), max_length=80)
    place = models.CharField(_("place"), max_length=10, choices=Place.choices)
    subject_en = models.CharField(_("subject in English"), max_length=LONGEST_SUBJECT, blank=True)
    body_en = models.TextField(_("text in English"))
    subject_fr = models.CharField(_("subject in French"), max_length=LONGEST_SUBJECT, blank=True)
    body_fr = models.TextField(_("text in French"))
    since = models.DateTimeField(_("in force since"), db_default=Now())
    until = models.DateTimeField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("wording of a notice")
        verbose_name_plural = _("wordings of notices")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["kind"], condition=Q(until=None), name="notice_wording_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(body_en__regex=r"\S")
                & Q(body_fr__regex=r"\S")
                & (Q(subject_en="", subject_fr="") | Q(subject_en__regex=r"\S") & Q(subject_fr__regex=r"\S")),
                name="notice_wording_in_both_languages",
            ),
        )

    def __str__(self) -> str:
        return kind_label(self.kind)

    def words(self, language: str) -> Words:
        """What it says in a language."""
        return Words(self.place, getattr(self, f"subject_{language}"), getattr(self, f"body_{language}"))


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
