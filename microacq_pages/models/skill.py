"""Skills: the keywords of the trade, in both languages."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin
from wagtail_localize.models import Translation

from microacq_pages import pairs


class Skill(TranslatableMixin, models.Model):
    """A translatable keyword; opportunities keep the row of either language and show ``localized``."""

    name = models.CharField(_("name"), max_length=80)

    panels = (FieldPanel("name"),)

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), "locale", name="skill_named_once_a_language"),)

    def __str__(self) -> str:
        return self.name

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
