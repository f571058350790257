"""Guide pages: how it works, user guide, questions, terms, privacy notices."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField

from microacq_pages.blocks import TEXT_FEATURES, BodyBlock

from .base import BilingualPage


class ContentPage(BilingualPage):
    """A page of text made of blocks."""

    intro = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    parent_page_types: ClassVar[list[str]] = ["microacq_pages.HomePage", "microacq_pages.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["microacq_pages.ContentPage"]
    content_panels: ClassVar[list[Any]] = [
        *BilingualPage.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")
