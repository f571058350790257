"""The page by which suppliers apply: what editors choose of it, and its addresses.

Owns: the page type and its children. What an address answers is in ``applying``, ``own_link``,
``draft_views`` and ``self_check``; what a given file asks is in
its posting, never here (DESIGN rule 4). No proposal is a submission in the sense of Wagtail’s forms: its lists
show none.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from microacq_pages.blocks import TEXT_FEATURES
from microacq_pages.models.base import BilingualPage, synchronised
from submissions.proposals import applying, draft_views, mailed, own_link, self_check
from submissions.proposals.enums import QuestionType
from submissions.proposals.models import Proposal
from submissions.proposals.querysets import ProposalQuerySet


class ProposalFormPage(RoutablePageMixin, FormMixin, BilingualPage):
    """One page a language; it serves every open opportunity at an address that carries the file’s number."""

    is_structural = True

    introduction = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)
    terms = RichTextField(
        _("terms"),
        features=["h3", *TEXT_FEATURES],
        blank=True,
        help_text=_("What a supplier accepts by applying. Copied into each opportunity when it is posted."),
    )

    template = "submissions/proposals/index.html"
    landing_page_template = "submissions/proposals/link.html"
    parent_page_types: ClassVar[list[str]] = ["microacq_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    content_panels: ClassVar[list[Any]] = [
        *BilingualPage.content_panels,
        HelpPanel(
            content=_(
                "Changes apply to opportunities posted from now on. What is open keeps the checklist, the questions "
                "and the terms that it was posted with."
            )
        ),
        FieldPanel("introduction"),
        MultiFieldPanel(
            [
                InlinePanel(
                    "checklist",
                    label=_("statement"),
                    help_text=_("Each is confirmed by the supplier, one by one."),
                )
            ],
            heading=_("Checklist"),
        ),
        MultiFieldPanel(
            [
                InlinePanel(
                    "form_fields",
                    label=_("question"),
                    help_text=_("Name, address, eligibility and the evaluation criteria are always asked."),
                )
            ],
            heading=_("Extra questions"),
        ),
        FieldPanel("terms"),
    ]

    class Meta:
        verbose_name = _("application form")
        verbose_name_plural = _("application forms")

    # --- addresses ---------------------------------------------------------------------------

    @path("", name="index")
    def index_route(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """How to apply, and what is open."""
        return applying.index(request, self)

    @path("link/<str:token>/", name="link")
    def link_route(self, request: HttpRequest, token: str) -> HttpResponse:
        """The supplier’s own link: the receipt, and what was sent."""
        return own_link.link(request, self, token)

    @path("link/<str:token>/change/", name="change")
    def change_route(self, request: HttpRequest, token: str) -> HttpResponse:
        """Replace what was sent."""
        return own_link.change(request, self, token)

    @path("link/<str:token>/withdraw/", name="withdraw")
    def withdraw_route(self, request: HttpRequest, token: str) -> HttpResponse:
        """Withdraw what was sent."""
        return own_link.withdraw(request, self, token)

    @path("link/<str:token>/confirm/", name="confirm")
    def confirm_route(self, request: HttpRequest, token: str) -> HttpResponse:
        """Confirm what was sent, after an amendment that asks for it."""
        return own_link.confirm(request, self, token)

    @path("count/<str:token>/", name="count")
    def count_route(self, request: HttpRequest, token: str) -> HttpResponse:
        """Say that a second application from one address counts."""
        return mailed.count(request, self, token)

    @path("<str:number>/lost-link/", name="lost")
    def lost_route(self, request: HttpRequest, number: str) -> HttpResponse:
        """Ask for a lost link again."""
        return mailed.lost(request, self, number)

    @path("<str:number>/lost-link/asked/", name="lost_asked")
    def lost_asked_route(self, request: HttpRequest, number: str) -> HttpResponse:
        """The same answer to everybody who asked."""
        return mailed.lost_asked(request, self, number)

    @path("link/<str:token>/draft/", name="draft")
    def draft_route(self, request: HttpRequest, token: str) -> HttpResponse:
        """Go on writing what was saved."""
        return own_link.draft(request, self, token)

    @path("link/<str:token>/saved/", name="saved")
    def saved_route(self, request: HttpRequest, token: str) -> HttpResponse:
        """That it was saved, and the way to continue later."""
        return draft_views.saved(request, self, token)

    @path("link/<str:token>/discard/", name="discard")
    def discard_route(self, request: HttpRequest, token: str) -> HttpResponse:
        """Delete a draft."""
        return draft_views.discard(request, self, token)

    @path("<str:number>/check/", name="check")
    def check_route(self, request: HttpRequest, number: str) -> HttpResponse:
        """Whether one may apply, before any typing."""
        return self_check.check(request, self, number)

    @path("<str:number>/save/", name="save")
    def save_route(self, request: HttpRequest, number: str) -> HttpResponse:
        """Save while typing."""
        return draft_views.save_quietly(request, self, number)

    @path("<str:number>/clock/", name="clock")
    def clock_route(self, request: HttpRequest, number: str) -> HttpResponse:
        """The time by the clock that decides."""
        return draft_views.tell_time(request, self, number)

    @path("<str:number>/", name="apply")
    def apply_route(self, request: HttpRequest, number: str) -> HttpResponse:
        """The form of one open opportunity."""
        return applying.apply(request, self, number)

    def address_of(self, name: str, *args: str) -> str:
        """The path of one of the addresses above."""
        return f"{self.url}{self.reverse_subpage(name, args=args)}"

    def full_address_of(self, name: str, *args: str) -> str:
        """The same with scheme and host, for mail."""
        return f"{settings.MICROACQ_BASE_URL.rstrip('/')}{self.url}{self.reverse_subpage(name, args=args)}"

    # --- previews and Wagtail’s forms ----------------------------------------------------------

    preview_modes: ClassVar[list[tuple[str, Any]]] = [
        ("", _("How to apply")),
        ("form", _("Form of an opportunity")),
    ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        if mode_name == "form":
            return applying.preview(request, self)
        return applying.index(request, self)

    def get_submission_class(self) -> type[Proposal]:
        return Proposal

    def get_submissions(self) -> ProposalQuerySet:
        """None: applications are sealed, and read through their file."""
        return Proposal.objects.none()

    def get_data_fields(self) -> list[tuple[str, Any]]:
        return []

    def serve_submissions_list_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied

    def process_form_submission(self, form: Any) -> NoReturn:
        raise PermissionDenied


class ChecklistStatement(TranslatableMixin, Orderable):
    """Something that every supplier confirms; ``translation_key`` is its identity."""

    page = ParentalKey(ProposalFormPage, on_delete=models.CASCADE, related_name="checklist")
    statement = models.TextField(_("statement"), max_length=500)

    panels: ClassVar[list[Any]] = [FieldPanel("statement")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("checklist statement")
        verbose_name_plural = _("checklist statements")

    def __str__(self) -> str:
        return self.statement


class ExtraQuestion(TranslatableMixin, AbstractFormField):
    """A question that editors add; ``translation_key`` is its identity."""

    page = ParentalKey(ProposalFormPage, on_delete=models.CASCADE, related_name="form_fields")
    field_type = models.CharField(_("kind of answer"), max_length=16, choices=QuestionType.choices)
    field_type.required_on_save = True  # type: ignore[attr-defined]  # Wagtail reads it off the field

    panels: ClassVar[list[Any]] = [
        FieldPanel("label"),
        FieldPanel("help_text"),
        FieldPanel("required"),
        FieldPanel("field_type", classname="formbuilder-type", required_on_save=True),
        FieldPanel("choices", classname="formbuilder-choices"),
    ]
    override_translatable_fields: ClassVar[list[SynchronizedField]] = synchronised(
        "clean_name", "field_type", "required", "default_value"
    )

    class Meta(TranslatableMixin.Meta, AbstractFormField.Meta):
        abstract = False
        verbose_name = _("extra question")
        verbose_name_plural = _("extra questions")

    def __str__(self) -> str:
        return self.label

    def get_field_clean_name(self) -> str:
        """Wagtail would make it from the label, which is another one in each language."""
        return f"question_{self.translation_key.hex}"
