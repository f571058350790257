"""What is kept beside the verdicts: what was hidden of a text, what a supplier was asked, what was translated.

Owns the rows; triggers (migration ``evaluation_aids_triggers``) keep them. The original of an application is never
touched: hiding is a list of places in it. Imports no view and no form.
"""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.proposals import custody
from submissions.proposals.enums import EnteredHow

from .models import Assignment, Candidate, KeptRow

#: The longest question to a supplier, and the longest answer, in characters.
QUESTION_LENGTH = 1000
ANSWER_LENGTH = 3000


class Redaction(KeptRow):
    """Which passages of an answer were hidden by a person; the newest of an answer counts."""

    proposal = models.ForeignKey(
        "submissions.Proposal", on_delete=models.PROTECT, related_name="+", verbose_name=_("application")
    )
    item = models.ForeignKey(
        "submissions.PostedItem", on_delete=models.PROTECT, related_name="+", verbose_name=_("criterion")
    )
    spans = models.JSONField(_("hidden passages, as first and last place"), default=list)
    text_digest = models.CharField(_("digest of the answer"), max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hidden by")
    )
    made_at = models.DateTimeField(_("hidden"), db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name = _("hidden passages")
        verbose_name_plural = _("hidden passages")
        default_permissions = ()
        indexes = (models.Index(fields=["proposal", "item", "-id"], name="redaction_newest"),)

    def __str__(self) -> str:
        return f"{self.proposal_id} / {self.item_id}"


class Recognition(KeptRow):
    """An evaluator’s word that an application tells who sent it."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, related_name="recognitions", verbose_name=_("application")
    )
    said_by = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="+", verbose_name=_("said by")
    )
    said_at = models.DateTimeField(_("said"), db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name = _("application that tells who sent it")
        verbose_name_plural = _("applications that tell who sent them")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["candidate", "said_by"], name="recognition_once"),)

    def __str__(self) -> str:
        return f"{self.candidate_id} / {self.said_by_id}"


class Clarification(KeptRow):
    """A question to one supplier about what their application says, and the answer, encrypted."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, related_name="clarifications", verbose_name=_("application")
    )
    item = models.ForeignKey(
        "submissions.PostedItem", on_delete=models.PROTECT, related_name="+", verbose_name=_("criterion")
    )
    asked_by = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    question = models.TextField(_("question"), max_length=QUESTION_LENGTH)
    asked_at = models.DateTimeField(_("asked"), db_default=TransactionNow(), editable=False)
    due_at = models.DateTimeField(_("answer until"))
    link_digest = models.CharField(_("digest of the link that was mailed"), max_length=64, unique=True)
    locked_answer = models.TextField(_("answer, encrypted"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("clarification")
        verbose_name_plural = _("clarifications")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(question__regex=r"\S"), name="clarification_asks_something"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, locked_answer="")
                | Q(answered_at__isnull=False) & ~Q(locked_answer=""),
                name="clarification_answered_whole_or_not",
            ),
        )

    def __str__(self) -> str:
        return f"{self.candidate_id} / {self.pk}"

    def answer(self) -> str:
        """What the supplier answered; whoever shows it has recorded the read of the application."""
        kept = self.locked_answer not in ("", custody.ERASED)
        return custody.unlock(self.locked_answer).decode() if kept else ""


class AnsweredForSupplier(KeptRow):
    """That a member of staff typed an answer in which a supplier gave by telephone or on paper."""

    clarification = models.OneToOneField(
        Clarification, on_delete=models.PROTECT, related_name="taken", verbose_name=_("clarification")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_how = models.CharField(_("how it came"), max_length=12, choices=EnteredHow.choices)
    taken_at = models.DateTimeField(_("said or written at"))
    entered_at = models.DateTimeField(_("entered"), db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name = _("answer that staff entered for a supplier")
        verbose_name_plural = _("answers that staff entered for suppliers")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(entered_how__in=EnteredHow.values), name="answered_for_how_is_known"
            ),
        )

    def __str__(self) -> str:
        return str(self.clarification)


class WorkingTranslation(KeptRow):
    """A translation of an application for evaluators to read beside the original, which alone counts."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, related_name="translations", verbose_name=_("application")
    )
    language = models.CharField(_("into"), max_length=2, choices=settings.LANGUAGES)
    requested_by = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested"), db_default=TransactionNow(), editable=False)
    locked_texts = models.TextField(_("translation, encrypted"), blank=True)
    translated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("translated by"),
    )
    translated_at = models.DateTimeField(_("translated"), null=True)

    class Meta:
        verbose_name = _("working translation")
        verbose_name_plural = _("working translations")
        ordering = ("requested_at", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["candidate", "language"], name="translated_once_a_language"),
            models.CheckConstraint(
                condition=Q(translated_at__isnull=True, translated_by__isnull=True, locked_texts="")
                | Q(translated_at__isnull=False, translated_by__isnull=False) & ~Q(locked_texts=""),
                name="translated_whole_or_not",
            ),
        )

    def __str__(self) -> str:
        return f"{self.candidate_id} / {self.language}"

    def texts(self) -> dict[str, str]:
        """The translated answers, by the identity of their criterion; nothing before they are written."""
        kept = self.locked_texts not in ("", custody.ERASED)
        found: dict[str, str] = json.loads(custody.unlock(self.locked_texts)) if kept else {}
        return found
