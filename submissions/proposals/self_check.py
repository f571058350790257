"""The self-check: whether one may apply, before any typing.

Owns what is asked and the answer, which is said plainly and stored nowhere. What was answered goes along into the form,
so that nobody answers twice; there it is part of the application, because the law asks it of whoever signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.proposals import gate
from submissions.proposals.applying import index
from submissions.proposals.enums import Status
from submissions.proposals.sealing import SupplierLink
from submissions.proposals.typed import typed_in
from submissions.proposals.visits import (
    FORBIDDEN,
    UNPROCESSABLE,
    Visit,
    file_of,
    private,
    render,
    takes_applications,
)

if TYPE_CHECKING:
    from submissions.proposals.pages import ProposalFormPage

YES, NO, NONE = "yes", "no", "none"


class SelfCheckForm(forms.Form):
    """The questions of eligibility, each with the answers that end it as well."""

    age_and_capacity = forms.ChoiceField(
        label=gettext_lazy(
            "Have you reached the age of majority where you live, and can you legally enter into a contract?"
        ),
        help_text=gettext_lazy("The age of majority is 18 or 19, depending on the province or territory."),
        choices=[(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy(
                "Choose yes or no: are you of the age of majority, and can you enter into a contract?"
            )
        },
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Which one of these is true of you?"),
        choices=[*Status.choices, (NONE, gettext_lazy("None of these"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy(
                "Choose what is true of you: Canadian, permanent resident or with a permit."
            )
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})


@dataclass(frozen=True)
class Verdict:
    """The answer: eligible when nothing stands against it."""

    reasons: list[str]

    @property
    def is_eligible(self) -> bool:
        """Whether one may apply."""
        return not self.reasons


def verdict(form: SelfCheckForm) -> Verdict:
    """Judge valid answers."""
    reasons = []
    if form.cleaned_data["age_and_capacity"] == NO:
        reasons.append(
            _(
                "Who applies must have reached the age of majority and be able to enter into a contract by law."
            )
        )
    if form.cleaned_data["status"] == NONE:
        reasons.append(
            _(
                "Who applies must be Canadian, First Nations, Métis or Inuit, a permanent resident of Canada, or a "
                "foreign worker or student with the permits for this work."
            )
        )
    return Verdict(reasons)


def check(
    request: HttpRequest, page: ProposalFormPage, number: str, *, csrf_failed: bool = False
) -> HttpResponse:
    """Ask, and answer. Nothing of it is stored."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    file = file_of(number)
    if file is None:
        return index(request, page, missing=number)
    visit = Visit(request, page, file, SupplierLink.generate())
    posting = file.current_posting
    if not takes_applications(file):
        return visit.show_closed(visit.form_as_typed(posting, typed_in({})))
    form = SelfCheckForm(request.POST if request.method == "POST" else None)
    if csrf_failed:
        notice = _("Allow cookies for this site, then select the button again.")
        return _show(visit, form, status=FORBIDDEN, notice=notice)
    if request.method != "POST":
        return _show(visit, form)
    if not form.is_valid():
        return _show(visit, form, status=UNPROCESSABLE)
    found = verdict(form)
    return _show(visit, form, verdict=found, posting=posting, answers=form.cleaned_data)


def _show(visit: Visit, form: SelfCheckForm, *, status: int = 200, **context: Any) -> HttpResponse:
    return private(
        render(
            visit.request,
            visit.page,
            "check.html",
            {
                "file": visit.file,
                "opportunity": visit.file.page(visit.language),
                "moment": visit.moment,
                "clock_address": visit.page.address_of("clock", visit.file.number),
                "apply_address": visit.page.address_of("apply", visit.file.number),
                "check_address": visit.request.path,
                "link": visit.link,
                "form": form,
                **gate.new_fields(visit),
                **context,
            },
            status=status,
        )
    )
