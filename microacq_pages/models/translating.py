"""What wagtail-localize does not keep about the texts that translators work on.

Owns three tables beside its own: which earlier string a changed one replaces, how many words a string has, and what one
translator wrote before another wrote over it. ``translating`` writes and reads them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale
from wagtail_localize.models import String, StringTranslation, TranslationContext


class ReplacedString(models.Model):
    """The earlier translation of the text that stood where this string stands now."""

    context = models.ForeignKey(TranslationContext, on_delete=models.CASCADE, related_name="+")
    string = models.ForeignKey(String, on_delete=models.CASCADE, related_name="+")
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    former = models.ForeignKey(
        StringTranslation,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("The earlier translation; what it translates is the earlier text."),
    )
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("replaced text")
        verbose_name_plural = _("replaced texts")
        constraints = (
            models.UniqueConstraint(fields=["context", "string", "locale"], name="string_replaces_one_other"),
        )

    def __str__(self) -> str:
        return f"{self.context_id}: {self.string_id}"


class StringWords(models.Model):
    """How many words a string has. A string never changes, so that neither does this."""

    string = models.OneToOneField(String, on_delete=models.CASCADE, primary_key=True, related_name="+")
    words = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("number of words")
        verbose_name_plural = _("numbers of words")

    def __str__(self) -> str:
        return f"{self.string_id}: {self.words}"


class OverwrittenTranslation(models.Model):
    """What a translator had written before another wrote over it."""

    translation = models.ForeignKey(StringTranslation, on_delete=models.CASCADE, related_name="+")
    data = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    overwritten_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("translation written over")
        verbose_name_plural = _("translations written over")
        ordering = ("-overwritten_at", "-pk")

    def __str__(self) -> str:
        return f"{self.translation_id}: {self.overwritten_at}"
