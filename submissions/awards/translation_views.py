"""The translator’s screen of the reasons that a supplier asked for. Thin: ``translations`` decides at every request."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from microacq_pages.headings import HeadingMixin
from submissions.evaluation.results import Judged
from submissions.typed_text import PlainText

from . import translations
from .translation_models import TranslatedReasons

UNPROCESSABLE = 422


class ReasonsForm(forms.Form):
    """A translation of the reasons on each criterion."""

    def __init__(self, *args: Any, judged: list[Judged], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})
        for each in judged:
            self.fields[f"text-{each.item.pk}"] = PlainText(
                label=_("Translation of the reasons on criterion %(number)d")
                % {"number": each.item.position},
                max_length=translations.LONGEST,
                widget=forms.Textarea(attrs={"rows": 6, "lang": language}),
                error_messages={"required": _("Write the translation of this reason.")},
            )


class TranslateReasonsView(HeadingMixin, WagtailAdminTemplateMixin, TemplateView):
    """The reasons as they were signed, and a field for each translation."""

    template_name = "submissions/awards/admin/reasons.html"
    page_title = gettext_lazy("Translate the reasons given on an application")
    header_icon = "wagtail-localize-language"
    http_method_names = ("get", "head", "post")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = TranslatedReasons.objects.select_related("candidate__proposal__solicitation")
        self.asked: TranslatedReasons = get_object_or_404(
            rows.defer("candidate__proposal__sealed"), pk=kwargs["pk"]
        )
        self.user = cast(User, request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        judged = translations.to_translate(self.asked, self.user)
        return self.show(judged, None if self.asked.translated_at else self.form(judged))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the translation; what stands against it is shown with everything typed."""
        judged = translations.to_translate(self.asked, self.user)
        form = self.form(judged, request.POST)
        if form.is_valid():
            texts = {str(each.item.identity): form.cleaned_data[f"text-{each.item.pk}"] for each in judged}
            try:
                translations.translate(self.asked, self.user, texts)
            except translations.NotTaken as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(
                    request, _("The translation stands beside the original, and the supplier is told.")
                )
                return redirect("wagtailadmin_home")
        return self.show(judged, form, UNPROCESSABLE)

    def form(self, judged: list[Judged], typed: Any = None) -> ReasonsForm:
        return ReasonsForm(typed, judged=judged, language=self.asked.language)

    def show(self, judged: list[Judged], form: ReasonsForm | None, status: int = 200) -> HttpResponse:
        kept = self.asked.texts()
        rows = [
            {
                "item": each.item,
                "passed": each.passed,
                "parts": each.parts,
                "field": form[f"text-{each.item.pk}"] if form else None,
                "translation": kept.get(str(each.item.identity), ""),
            }
            for each in judged
        ]
        context = self.get_context_data(asked=self.asked, rows=rows, form=form)
        return self.render_to_response(context, status=status)

    def get_page_subtitle(self) -> str:
        proposal = self.asked.candidate.proposal
        return f"{proposal.solicitation.number} – {proposal.receipt_number}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]
