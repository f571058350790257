"""Skills: the keywords of the trade, in both languages."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin


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
