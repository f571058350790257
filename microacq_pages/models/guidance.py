"""The client's guide: pages of text for those who are signed in to the admin, and for nobody else.

Owns the page types and who is answered. Their first text is in ``guidance_texts/``, made by ``guidance_setup``;
what links to them is in ``guidance.py``. Must not import ``submissions``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from microacq_pages import publishing
from microacq_pages.blocks import TEXT_FEATURES, BodyBlock

from .base import BilingualPage, synchronised

ACCESS_ADMIN = "wagtailadmin.access_admin"


class Topic(models.TextChoices):
    """What a page explains; fields of the admin and findings of the guardrails name it."""

    PROCESS = "process", _("The process and its dates")
    SPLITTING = "splitting", _("Contract splitting")
    ESTIMATING = "estimating", _("Estimating hours and price")
    UNCLASSIFIED = "unclassified", _("Unclassified information")
    ACCEPTANCE_CRITERIA = "acceptance-criteria", _("Work acceptance criteria as tests")
    EVALUATION_CRITERIA = "evaluation-criteria", _("Evaluation criteria as pass or fail")
    PLAIN_LANGUAGE = "plain-language", _("Plain language")


class StaffPage(BilingualPage):
    """A bilingual page that only people with access to the admin may read, and that nobody keeps a copy of.

    It is no restriction of Wagtail's, which anybody could lift: the page itself answers nobody else, and neither
    menu nor sitemap names it.
    """

    show_in_menus_default = False
    #: Asked by the cache of whole pages.
    may_be_cached: ClassVar[bool] = False

    class Meta:
        abstract = True

    def settle(self) -> None:
        super().settle()
        self.show_in_menus = False

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page for staff; the sign-in for a visitor.

        Raises:
            PermissionDenied: signed in, but without access to the admin.
        """
        if not request.user.is_authenticated:
            asked = redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            return _kept_by_nobody(asked)
        if not request.user.has_perm(ACCESS_ADMIN):
            raise PermissionDenied
        return _kept_by_nobody(super().serve(request, *args, **kwargs))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return _kept_by_nobody(super().serve_preview(request, mode_name))

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        return []


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


class GuidanceIndex(StaffPage):
    """The first page of the guide: what there is to read."""

    is_structural = True

    intro = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)

    parent_page_types: ClassVar[list[str]] = ["microacq_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["microacq_pages.GuidancePage"]
    max_count_per_parent = 1
    content_panels: ClassVar[list[Any]] = [*BilingualPage.content_panels, FieldPanel("intro")]
    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug")]

    class Meta:
        verbose_name = _("client’s guide")
        verbose_name_plural = _("client’s guides")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "guidance_pages": GuidancePage.objects.child_of(self).live()}


class GuidancePage(StaffPage):
    """One thing that a client should know, and the fields that it explains."""

    topic = models.CharField(
        _("topic"),
        max_length=30,
        choices=Topic.choices,
        blank=True,
        help_text=_(
            "Fields and findings about this topic lead to this page. Leave blank for any other page."
        ),
    )
    intro = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    parent_page_types: ClassVar[list[str]] = ["microacq_pages.GuidanceIndex"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *BilingualPage.content_panels,
        FieldPanel("topic"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug"), FieldPanel("search_description")]
    override_translatable_fields = synchronised("show_in_menus", "topic")

    class Meta:
        verbose_name = _("guidance page")
        verbose_name_plural = _("guidance pages")

    def content_blockers(self) -> list[publishing.Blocker]:
        others = GuidancePage.objects.filter(topic=self.topic, locale_id=self.locale_id, live=True)
        if self.topic and others.exclude(pk=self.pk).exists():
            return [
                publishing.Blocker(
                    "guidance-topic-taken",
                    _("Another page explains this topic already: change that page, or choose no topic."),
                    field="topic",
                )
            ]
        return []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        siblings = Page.objects.sibling_of(self, inclusive=True).live()
        return {**context, "guidance_pages": siblings}
