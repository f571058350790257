"""Terms of the glossary, in both languages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel


class Domain(models.TextChoices):
    """Where a term belongs: the same English word may need another French one elsewhere."""

    PROCUREMENT = "procurement", _("Procurement")
    TECHNOLOGY = "technology", _("Technology")
    ADMINISTRATION = "administration", _("Administration")
    WEBSITE = "website", _("This website")


_A_LINE_EACH = _("One a line.")


class GlossaryTerm(models.Model):
    """An English term and its French one, with other forms that are right and forms that are not."""

    english = models.CharField(_("English term"), max_length=120)
    french = models.CharField(_("French term"), max_length=120)
    domain = models.CharField(_("domain"), max_length=20, choices=Domain.choices, default=Domain.PROCUREMENT)
    note = models.TextField(_("note"), blank=True, help_text=_("When to use it, where it comes from."))
    also_english = models.TextField(_("also right in English"), blank=True, help_text=_A_LINE_EACH)
    also_french = models.TextField(_("also right in French"), blank=True, help_text=_A_LINE_EACH)
    avoid_english = models.TextField(_("not in English"), blank=True, help_text=_A_LINE_EACH)
    avoid_french = models.TextField(_("not in French"), blank=True, help_text=_A_LINE_EACH)

    panels = (
        FieldRowPanel([FieldPanel("english"), FieldPanel("french")]),
        FieldPanel("domain"),
        FieldPanel("note"),
        MultiFieldPanel(
            [FieldPanel("also_english"), FieldPanel("also_french")], heading=_("Other forms that are right")
        ),
        MultiFieldPanel(
            [FieldPanel("avoid_english"), FieldPanel("avoid_french")], heading=_("Forms to avoid: not this")
        ),
    )

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        ordering = ("english", "domain")
        constraints = (
            models.UniqueConstraint(
                Lower("english"),
                "domain",
                name="glossary_term_once_a_domain",
                violation_error_message=_("This English term is already in the glossary, in this domain."),
            ),
            models.CheckConstraint(
                condition=~Q(english="") & ~Q(french=""), name="glossary_term_in_both_languages"
            ),
        )

    def __str__(self) -> str:
        return f"{self.english} – {self.french}"

    def right(self, language: str) -> list[str]:
        """Every form that is right in a language, the first one preferred."""
        return [getattr(self, _NAMES[language]), *_lines(getattr(self, f"also_{_NAMES[language]}"))]

    def wrong(self, language: str) -> list[str]:
        """The forms to avoid in a language."""
        return _lines(getattr(self, f"avoid_{_NAMES[language]}"))


_NAMES = {"en": "english", "fr": "french"}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
