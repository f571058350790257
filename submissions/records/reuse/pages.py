"""The public catalogue of bought code: one page a language, searched and filtered. Reads only.

Owns the page type. What is listed is in ``finding``; every entry has both languages, so the two pages list the same.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from microacq_pages.blocks import TEXT_FEATURES
from microacq_pages.models.base import BilingualPage

from . import finding


class CataloguePage(BilingualPage):
    """What was bought, where it is, under which licence."""

    is_structural = True

    introduction = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)

    template = "submissions/records/reuse/catalogue.html"
    parent_page_types: ClassVar[list[str]] = ["microacq_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    content_panels: ClassVar[list[Any]] = [*BilingualPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("catalogue of bought code")
        verbose_name_plural = _("catalogues of bought code")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        found = finding.find(request.GET, self.locale_id, self.locale.language_code)
        page = found.page
        return context | {
            "found": found,
            "previous_address": found.asked.query(page.previous_page_number()) if page.has_previous() else "",
            "next_address": found.asked.query(page.next_page_number()) if page.has_next() else "",
        }


def page_in(locale_id: int) -> CataloguePage | None:
    """The live page of a language."""
    found: models.QuerySet[CataloguePage] = CataloguePage.objects.live().filter(locale_id=locale_id)
    return found.first()
