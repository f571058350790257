"""The page by which suppliers deliver: what editors choose of its form.

Owns: the page type and its children. The form itself is answered below a supplier’s link (``views.deliver``), and what
a given file asks is in its posting, never here (DESIGN rule 4): posting copies the acceptance checklist and the extra
questions. No delivery is a submission in the sense of Wagtail’s forms: its lists show none.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.fields import RichTextField
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from microacq_pages.blocks import TEXT_FEATURES
from microacq_pages.models.base import BilingualPage, synchronised
from submissions.proposals.enums import QuestionType
from submissions.proposals.querysets import KeptQuerySet

from .work_models import Delivery


class DeliveryFormPage(FormMixin, BilingualPage):
    """One page a language: how to deliver, and what the form of every delivery asks."""

    is_structural = True

    introduction = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)
    checks = RichTextField(
        _("automated checks"),
        features=TEXT_FEATURES,
        blank=True,
        help_text=_("What a supplier should attach of tests, security and accessibility checks."),
    )

    template = "submissions/contracts/index.html"
    landing_page_template = "submissions/contracts/page.html"
    parent_page_types: ClassVar[list[str]] = ["microacq_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    content_panels: ClassVar[list[Any]] = [
        *BilingualPage.content_panels,
        HelpPanel(
            content=_(
                "Changes apply to opportunities posted from now on. What is posted keeps the acceptance checklist and "
                "the questions that it was posted with. The work acceptance criteria are those of each opportunity."
            )
        ),
        FieldPanel("introduction"),
        FieldPanel("checks"),
        MultiFieldPanel(
            [
                InlinePanel(
                    "statements",
                    label=_("statement"),
                    help_text=_("Each is confirmed by the supplier at delivery, one by one."),
                )
            ],
            heading=_("Acceptance checklist"),
        ),
        MultiFieldPanel(
            [
                InlinePanel(
                    "form_fields",
                    label=_("question"),
                    help_text=_(
                        "Addresses, commit, licence, the work acceptance criteria and the automated checks are always "
                        "asked."
                    ),
                )
            ],
            heading=_("Extra questions"),
        ),
    ]

    class Meta:
        verbose_name = _("delivery form")
        verbose_name_plural = _("delivery forms")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """How to deliver: the form itself is below the link of each supplier who does work."""
        return self.render_landing(request)

    def render_landing(self, request: HttpRequest) -> HttpResponse:
        """The public page; what it takes is sent below a supplier’s link alone."""
        return render(request, self.template, self.get_context(request))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.render_landing(request)

    preview_modes: ClassVar[list[tuple[str, Any]]] = [("", _("How to deliver"))]

    def get_submission_class(self) -> type[Delivery]:
        return Delivery

    def get_submissions(self) -> KeptQuerySet:
        """None: deliveries are read through their file."""
        none: KeptQuerySet = Delivery.objects.none()
        return none

    def get_data_fields(self) -> list[tuple[str, Any]]:
        return []

    def serve_submissions_list_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied

    def process_form_submission(self, form: Any) -> NoReturn:
        raise PermissionDenied


class AcceptanceStatement(TranslatableMixin, Orderable):
    """Something that every supplier confirms at delivery; ``translation_key`` is its identity."""

    page = ParentalKey(DeliveryFormPage, on_delete=models.CASCADE, related_name="statements")
    statement = models.TextField(_("statement"), max_length=500)

    panels: ClassVar[list[Any]] = [FieldPanel("statement")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("statement of the acceptance checklist")
        verbose_name_plural = _("statements of the acceptance checklist")

    def __str__(self) -> str:
        return self.statement


class DeliveryQuestion(TranslatableMixin, AbstractFormField):
    """A question about every delivery that editors add; ``translation_key`` is its identity."""

    page = ParentalKey(DeliveryFormPage, on_delete=models.CASCADE, related_name="form_fields")
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
        verbose_name = _("question about a delivery")
        verbose_name_plural = _("questions about a delivery")

    def __str__(self) -> str:
        return self.label

    def get_field_clean_name(self) -> str:
        """Wagtail would make it from the label, which is another one in each language."""
        return f"question_{self.translation_key.hex}"
