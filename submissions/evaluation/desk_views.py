"""The staff’s screen of a question to a supplier who cannot use the link: whom to call, and what was answered.

Thin: ``desk`` decides at every request. Nothing typed is lost, whatever the answer.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.proposals.came import TakenForm
from submissions.proposals.enums import EnteredHow
from submissions.solicitations.panels import when
from submissions.typed_text import PlainText

from . import asking, desk, services
from .aids import ANSWER_LENGTH, Clarification
from .forms import StaffForm
from .views import ActView


class CameForm(TakenForm, StaffForm):
    """What a supplier answered, how it came and when."""

    too_early = gettext_lazy("This is before the question was asked.")
    answer = PlainText(
        label=gettext_lazy("What the supplier answered"),
        help_text=gettext_lazy("In the supplier’s own words and language."),
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write what the supplier answered.")},
    )

    def __init__(self, *args: Any, asked: Clarification, **kwargs: Any) -> None:
        super().__init__(*args, since=asked.asked_at, ways=EnteredHow.choices, **kwargs)
        self.asked = asked


class AnswerForView(ActView):
    """One question: how to reach the supplier, and the form for the answer."""

    page_title = gettext_lazy("Ask a supplier, and enter the answer")
    button = gettext_lazy("Keep the answer")
    form_class = CameForm
    template_name = "submissions/evaluation/answer_for.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        rows = Clarification.objects.select_related(
            "candidate__round__solicitation", "candidate__proposal", "item"
        ).defer("candidate__proposal__sealed")
        self.asked: Clarification = get_object_or_404(rows, pk=kwargs["pk"])
        kwargs["file_pk"] = self.asked.candidate.round.solicitation_id
        super().setup(request, *args, **kwargs)

    def check(self) -> None:
        try:
            desk.require(self.asked, self.user)
        except services.Refused as refusal:
            raise PermissionDenied(" ".join(refusal.messages)) from refusal

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") != "reach":
            return super().post(request, *args, **kwargs)
        # What is typed already stays, without being judged.
        form = CameForm(initial=request.POST.dict(), asked=self.asked)
        reached = desk.reach(self.asked, self.user)
        return self.render_to_response(self.get_context_data(form=form, reached=reached))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "asked": self.asked}

    def act(self, form: Any) -> str:
        try:
            desk.answer_for(self.asked, self.user, form.cleaned_data["answer"], form.came())
        except asking.TooLate as error:
            raise services.Refused(
                [_("The time to answer has passed, or it was answered before.")]
            ) from error
        return _("The answer is kept, with how it came.")

    def get_success_url(self) -> str:
        return reverse("solicitations:inspect", args=[self.file.pk])

    @property
    def home(self) -> str:
        """Whoever asks suppliers need not see the evaluation."""
        return reverse("solicitations:inspect", args=[self.file.pk])

    def get_page_subtitle(self) -> str:
        return f"{self.file.number} – {self.asked.candidate.proposal.receipt_number}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "asked": self.asked,
            "due": when(self.asked.due_at),
            "takes_answer": asking.takes_answer(self.asked),
        }
