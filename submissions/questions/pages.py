"""The page below which the public asks: what editors choose of it, and its addresses.

Owns the page type. What an address answers is in ``asking``; what is published of a question stands on the page of its
opportunity, never here.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField

from microacq_pages.blocks import TEXT_FEATURES
from microacq_pages.models.base import BilingualPage
from submissions.questions import asking


class QuestionsPage(RoutablePageMixin, BilingualPage):
    """One page a language: how questions are asked, and at an address with the file’s number, the form."""

    is_structural = True
    #: Its answers depend on the clock of each file, and hold forms.
    may_be_cached = False

    introduction = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)

    template = "submissions/questions/index.html"
    parent_page_types: ClassVar[list[str]] = ["microacq_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    content_panels: ClassVar[list[Any]] = [*BilingualPage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("question form")
        verbose_name_plural = _("question forms")

    @path("", name="index")
    def index_route(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """How to ask, and which opportunities take questions."""
        return asking.index(request, self)

    @path("<str:number>/", name="ask")
    def ask_route(self, request: HttpRequest, number: str) -> HttpResponse:
        """The form of one opportunity."""
        return asking.ask(request, self, number)

    @path("<str:number>/<str:reference>/", name="received")
    def received_route(self, request: HttpRequest, number: str, reference: str) -> HttpResponse:
        """That a question was received."""
        return asking.received(request, self, number, reference)

    def address_of(self, name: str, *args: str) -> str:
        """The path of one of the addresses above."""
        return f"{self.url}{self.reverse_subpage(name, args=args)}"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return asking.index(request, self)


def page_in(locale_id: int) -> QuestionsPage | None:
    """The live page of a language."""
    found: models.QuerySet[QuestionsPage] = QuestionsPage.objects.live().filter(locale_id=locale_id)
    return found.first()
