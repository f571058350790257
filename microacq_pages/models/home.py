"""The home page of each language."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField

from microacq_pages.blocks import TEXT_FEATURES, BodyBlock

from .base import BilingualPage


class HomePage(BilingualPage):
    """What the site is, what is open now, and where to begin."""

    is_structural = True

    intro = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    content_panels: ClassVar[list[Any]] = [
        *BilingualPage.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .opportunity import Opportunity, OpportunityIndex

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["opportunity_index"] = OpportunityIndex.objects.child_of(self).live().first()
        context["open_opportunities"] = Opportunity.objects.in_language_of(self).open().for_listing()[:5]
        return context
