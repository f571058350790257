"""What staff type in an evaluation, and what a supplier answers. Whether it may be kept is asked of the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from submissions.typed_text import PlainText

from .aids import ANSWER_LENGTH, QUESTION_LENGTH
from .models import REASON_LENGTH

PASSES, FAILS = "pass", "fail"
CHOICES = ((PASSES, _("Passes")), (FAILS, _("Does not pass")))
NO_REASON = _("Write the reason: no decision without one.")


class StaffForm(forms.Form):
    """Labels without a colon, and errors of ours instead of the browser’s."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})


class JudgementForm(StaffForm):
    """Passed or not, and why. Both may be missing while one is typing."""

    choice = forms.ChoiceField(label=_("Verdict"), choices=CHOICES, required=False, widget=forms.RadioSelect)
    reason = PlainText(
        label=_("Reason"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def given(self) -> dict[str, Any]:
        """What was chosen and typed, as the services take it."""
        choice = self.cleaned_data["choice"]
        return {
            "choice": {PASSES: True, FAILS: False}.get(choice),
            "reason": self.cleaned_data["reason"],
            "seen": self.cleaned_data["version"] or 0,
        }


class ReasonForm(StaffForm):
    """A reason that stays in the file."""

    reason = PlainText(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": NO_REASON},
    )


class AssignForm(StaffForm):
    """Who evaluates."""

    people = forms.MultipleChoiceField(
        label=_("Evaluators"),
        help_text=_("Those who can see who applied are not listed: they do not evaluate."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one evaluator.")},
    )

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.choices = [(str(one.pk), one.get_full_name() or one.get_username()) for one in people]


class SignForm(StaffForm):
    """Names exactly the verdicts that were shown."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class QuestionForm(StaffForm):
    """A question to one supplier."""

    question = PlainText(
        label=_("Question to the supplier"),
        help_text=_(
            "Ask what a passage of the application means. Nothing new can be added to the application, and nobody is "
            "told who asks."
        ),
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the question.")},
    )


class AnswerForm(StaffForm):
    """A supplier’s answer to one question."""

    answer = PlainText(
        label=_("Your answer"),
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Write your answer."),
            "max_length": _("Shorten your answer to 3,000 characters or fewer."),
        },
    )
