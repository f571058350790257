"""The public page of the figures: what editors choose of it. What it shows is put together in ``public``.

Owns the page type. Imports no view of staff.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from microacq_pages.blocks import TEXT_FEATURES
from microacq_pages.models.base import BilingualPage


class IndicatorsPage(BilingualPage):
    """One page a language: what came of the opportunities, against targets, with trends."""

    is_structural = True

    introduction = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)

    template = "submissions/reporting/indicators_page.html"
    parent_page_types: ClassVar[list[str]] = ["microacq_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    content_panels: ClassVar[list[Any]] = [*BilingualPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("page of figures")
        verbose_name_plural = _("pages of figures")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The figures of the year that the address asks for."""
        from . import public

        return {**super().get_context(request, *args, **kwargs), **public.context(request)}
