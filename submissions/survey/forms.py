"""The form of the survey, made from the questions. Knows no model; every question may be left out."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .enums import Cohort
from .questions import (
    CANADA,
    NO_ANSWER,
    NONE_OF,
    OFFICE,
    OFFICES,
    OWNERSHIP,
    Answers,
    Question,
    questions_of,
)

#: The first three characters of a Canadian postal code (Canada Post: no D, F, I, O, Q, U; no W or Z to begin with).
POSTAL = re.compile(r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z]")


class SurveyForm(forms.Form):
    """Choices only, and three characters of a postal code."""

    postal = forms.CharField(
        label=_("First three characters of its postal code, if it is in Canada"),
        help_text=_("For example K1A."),
        max_length=10,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "input--short"}),
    )

    def __init__(self, *args: Any, cohort: Cohort = Cohort.APPLIED, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions_of(cohort)
        for question in self.questions:
            self.fields[question.name] = _field(question)
        names = [question.name for question in self.questions]
        if OFFICE in names:
            names.insert(names.index(OFFICE) + 1, "postal")
            self.order_fields(names)
        else:
            del self.fields["postal"]

    def clean_postal(self) -> str:
        """Three characters in capitals; more of the code is not kept."""
        typed: str = self.cleaned_data["postal"]
        code = re.sub(r"\s", "", typed).upper()[:3]
        if code and not POSTAL.fullmatch(code):
            raise forms.ValidationError(_("Enter the first three characters of a postal code, such as K1A."))
        return code

    def clean(self) -> dict[str, Any]:
        """Answers that contradict each other, and an empty form, are shown again; nothing is lost."""
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get(OWNERSHIP.name) or []
        if {NONE_OF, NO_ANSWER} & set(chosen) and len(chosen) > 1:
            self.add_error(OWNERSHIP.name, _("Choose groups, or one of the last two answers, but not both."))
        if cleaned.get("postal") and cleaned.get(OFFICES.name) not in ("", CANADA):
            self.add_error("postal", _("A postal code is asked for only if the head office is in Canada."))
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(
                _("Every question is still empty. Answer those that you want to, or close this page.")
            )
        return cleaned

    def answers(self) -> Answers:
        """What was chosen, by question; a question that was left out counts as no answer."""
        cleaned = self.cleaned_data
        found: Answers = {}
        for question in self.questions:
            chosen = cleaned.get(question.name) or NO_ANSWER
            found[question.name] = sorted(chosen) if isinstance(chosen, list) else [chosen]
        if cleaned.get("postal"):
            found[OFFICE] = [f"{CANADA}-{cleaned['postal']}"]
        return found


def _field(question: Question) -> forms.Field:
    if question.is_several:
        return forms.MultipleChoiceField(
            label=question.label,
            help_text=question.help,
            choices=question.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    return forms.ChoiceField(
        label=question.label,
        help_text=question.help,
        choices=question.choices,
        required=False,
        widget=forms.RadioSelect,
    )
