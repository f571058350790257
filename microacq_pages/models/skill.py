"""Skills: the keywords of the trade, in both languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import TranslatableMixin
from wagtail_localize.models import Translation

from microacq_pages import pairs
from microacq_pages.guardrails import USUAL_RATES

from .base import synchronised


class Skill(TranslatableMixin, models.Model):
    """A translatable keyword; opportunities keep the row of either language and show ``localized``."""

    name = models.CharField(_("name"), max_length=80)
    lowest_rate = models.DecimalField(
        _("lowest hourly rate"),
        max_digits=6,
        decimal_places=2,
        default=USUAL_RATES[0],
        validators=[MinValueValidator(Decimal("1"))],
    )
    highest_rate = models.DecimalField(
        _("highest hourly rate"),
        max_digits=6,
        decimal_places=2,
        default=USUAL_RATES[1],
        validators=[MinValueValidator(Decimal("1"))],
    )

    panels = (
        FieldPanel("name"),
        FieldRowPanel(
            [
                FieldPanel(
                    "lowest_rate", help_text=_("What authors are told is usual. Never shown to the public.")
                ),
                FieldPanel("highest_rate"),
            ],
            heading=_("Usual hourly rate, in dollars"),
        ),
    )
    override_translatable_fields = synchronised("lowest_rate", "highest_rate")

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(Lower("name"), "locale", name="skill_named_once_a_language"),
            models.CheckConstraint(
                name="skill_rates_in_order",
                condition=models.Q(lowest_rate__gt=0, highest_rate__gte=models.F("lowest_rate")),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it; the rates are those of the skill, whatever the language in which it is written."""
        twins = Skill.objects.filter(translation_key=self.translation_key).exclude(pk=self.pk)
        if self._state.adding and (twin := twins.first()) is not None:
            self.lowest_rate, self.highest_rate = twin.lowest_rate, twin.highest_rate
        super().save(*args, **kwargs)
        twins.update(lowest_rate=self.lowest_rate, highest_rate=self.highest_rate)

    def clean(self) -> None:
        super().clean()
        if self.lowest_rate and self.highest_rate and self.highest_rate < self.lowest_rate:
            raise ValidationError(
                {"highest_rate": _("The highest rate is below the lowest: correct one of them.")}
            )

    def language_without_name(self) -> str:
        """The language that lacks a name of this skill, as a code; empty when both have one."""
        other = pairs.other_locale(self)
        translation = pairs.translation_of(self)
        if (
            translation is not None
            and translation.enabled
            and (
                pairs.missing_strings(translation)
                or not pairs.shows_text(translation, self._written(translation))
            )
        ):
            return str(translation.target_locale.language_code)
        if not Skill.objects.filter(translation_key=self.translation_key, locale=other).exists():
            return str(other.language_code)
        return ""

    def _written(self, translation: Translation) -> str:
        """The name in the language in which the skill is written."""
        source = Skill.objects.filter(
            translation_key=self.translation_key, locale_id=translation.source.locale_id
        ).first()
        return source.name if source else self.name
