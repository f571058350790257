"""Translations of the reasons of an evaluation, which suppliers ask for; the original alone counts.

Owns the rows; their rules are also the database's (migration ``answers_and_reasons_triggers``). Imports no view.
"""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .models import unlock_words


class TranslatedReasons(KeptModel):
    """The reasons given on one application, in the language of its supplier. Asked for once, written once."""

    candidate = models.ForeignKey(
        "submissions.Candidate",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("application that is evaluated"),
    )
    language = models.CharField(_("into"), max_length=2, choices=settings.LANGUAGES)
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

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation of reasons")
        verbose_name_plural = _("translations of reasons")
        ordering = ("requested_at", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["candidate", "language"], name="reasons_translated_once"),
            models.CheckConstraint(
                condition=Q(translated_at__isnull=True, translated_by__isnull=True, locked_texts="")
                | Q(translated_at__isnull=False, translated_by__isnull=False) & ~Q(locked_texts=""),
                name="reasons_translated_whole_or_not",
            ),
        )

    def __str__(self) -> str:
        return f"{self.candidate_id} / {self.language}"

    def texts(self) -> dict[str, str]:
        """The translated reasons, by the identity of their criterion; nothing before they are written."""
        found: dict[str, str] = json.loads(unlock_words(self.locked_texts)) if self.locked_texts else {}
        return found
