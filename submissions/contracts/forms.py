"""The forms of this stage that both sides fill in alike, and those of staff. Decide nothing; know no request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from submissions.awards import terms
from submissions.awards.forms import NO, YES, PublicForm
from submissions.questions.forms import QuestionField
from submissions.typed_text import LineOfText

from . import ending, talking
from .enums import EndKind, MessageKind
from .judging import Given, Outcome
from .payment.numbers import refuse_cards, refuse_numbers
from .work_models import COMMIT

if TYPE_CHECKING:
    from submissions.solicitations.models import PostedItem

MET, NOT_MET = "met", "not_met"
VERDICTS = ((MET, pgettext_lazy("verdict", "Met")), (NOT_MET, pgettext_lazy("verdict", "Not met")))


class Commit(LineOfText):
    """The name of a commit of Git, in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "widget": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
                "validators": [
                    RegexValidator(
                        COMMIT, _("Write the commit as Git names it: 7 to 64 digits and letters from a to f.")
                    ),
                    refuse_cards,
                ],
                **kwargs,
            }
        )

    def to_python(self, value: Any) -> str:
        return super().to_python(value).lower()


class Day(forms.DateField):
    """A day, chosen from a calendar or typed as year-month-day."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {"invalid": _("Write the date as year-month-day, for example 2026-03-31.")}
        super().__init__(
            **{
                "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                "input_formats": ["%Y-%m-%d"],
                **kwargs,
                "error_messages": {**errors, **kwargs.get("error_messages", {})},
            }
        )


class WorkText(QuestionField):
    """What somebody writes about the work, kept for good: never with the number of a card or of an account."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "validators": [refuse_numbers, *kwargs.get("validators", ())]})


class MessageForm(PublicForm):
    """What one side writes to the other."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=MessageKind.choices,
        initial=MessageKind.MESSAGE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )
    words = WorkText(
        label=_("Your message"),
        help_text=_(
            "In English or in French, in 4,000 characters or fewer. It is kept and mailed to the other side."
        ),
        limit=talking.LONGEST,
        rows=6,
        error_messages={"required": _("Write what you want to say.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class ExtensionForm(PublicForm):
    """A later delivery date, with the reason."""

    until = Day(label=_("New delivery date"), error_messages={"required": _("Choose the new date.")})
    reason = WorkText(
        label=_("Reason"),
        help_text=_("The other side reads it, and agrees or says why not."),
        limit=2000,
        rows=5,
        error_messages={"required": _("Write the reason: no decision without one.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class AnswerForm(PublicForm):
    """Agreeing, or saying why not."""

    agreed = forms.ChoiceField(
        label=_("Do you agree?"),
        choices=[(YES, _("Yes, I agree")), (NO, _("No, I do not agree"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you agree.")},
    )
    reason = WorkText(
        label=_("Reason, if you do not agree"),
        required=False,
        limit=2000,
        rows=4,
    )

    def clean(self) -> dict[str, Any]:
        """No reason, no refusal."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("agreed") == NO and not typed.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Write the reason: no decision without one."))
        return typed


class DisputeForm(PublicForm):
    """What one side does not agree with."""

    words = WorkText(
        label=_("What you do not agree with, and what you ask for"),
        limit=talking.LONGEST,
        rows=8,
        error_messages={"required": _("Write what you do not agree with, and what you ask for.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class WithdrawForm(PublicForm):
    """The supplier does not do the work."""

    reason = WorkText(
        label=_("Why you do not do the work"),
        help_text=_("It is kept with the file. The department reads it, and nobody else."),
        limit=2000,
        rows=5,
        error_messages={"required": _("Write the reason: no decision without one.")},
    )
    sure = forms.BooleanField(
        label=_("I withdraw from the contract. I know that nothing is paid and that this cannot be undone."),
        error_messages={"required": _("Tick this to withdraw.")},
    )


# --- staff -----------------------------------------------------------------------------------------


class JudgeForm(forms.Form):
    """Each work acceptance criterion, met or not, with the reason; then what follows."""

    def __init__(
        self, *args: Any, criteria: Sequence[PostedItem], is_last: bool, commit: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for number, item in enumerate(self.criteria, start=1):
            about = {"number": number, "criterion": terms.plain(item.text)}
            self.fields[f"verdict_{item.pk}"] = forms.ChoiceField(
                label=gettext("Criterion %(number)s: %(criterion)s") % about,
                choices=VERDICTS,
                widget=forms.RadioSelect,
                error_messages={"required": gettext("Judge criterion %(number)s.") % about},
            )
            self.fields[f"reason_{item.pk}"] = WorkText(
                label=gettext("Reason for criterion %(number)s") % about,
                limit=2000,
                rows=3,
                error_messages={"required": gettext("Write the reason for criterion %(number)s.") % about},
            )
        self.fields["commit"] = Commit(
            label=gettext("Merged commit, if every criterion is met"),
            required=False,
            initial=commit,
            help_text=gettext("The commit that stands in the repository now, after the merge."),
        )
        self.fields["mend"] = WorkText(
            label=gettext("What to mend, if a criterion is not met"),
            required=False,
            limit=talking.LONGEST,
            rows=5,
            help_text=gettext("The supplier reads it, with your reasons, once IT Strategy concurs."),
        )
        if not is_last:
            self.fields["mend_by"] = Day(label=gettext("To be mended by"), required=False)

    def clean(self) -> dict[str, Any]:
        """What follows from the verdicts must be there; everything typed stays."""
        typed: dict[str, Any] = super().clean() or {}
        verdicts = [typed.get(f"verdict_{item.pk}") for item in self.criteria]
        if None in verdicts or any(name in self.errors for name in ("commit", "mend", "mend_by")):
            return typed
        if all(verdict == MET for verdict in verdicts):
            if not typed.get("commit"):
                self.add_error("commit", _("Name the merged commit."))
            return typed
        if not typed.get("mend"):
            self.add_error("mend", _("Write what is to be mended."))
        if "mend_by" in self.fields and not typed.get("mend_by"):
            self.add_error("mend_by", _("Say by when it is to be mended."))
        return typed

    def given(self) -> dict[int, Given]:
        """The verdicts, by the key of the criterion."""
        typed = self.cleaned_data
        return {
            item.pk: Given(typed[f"verdict_{item.pk}"] == MET, typed[f"reason_{item.pk}"])
            for item in self.criteria
        }

    def outcome(self) -> Outcome:
        """What follows."""
        typed = self.cleaned_data
        return Outcome(typed["commit"], typed["mend"], typed.get("mend_by"))


class EndForm(forms.Form):
    """How a contract is to end, why, and which share is paid."""

    kind = forms.ChoiceField(
        label=_("How it ends"),
        choices=[(kind.value, kind.label) for kind in (EndKind.DEFAULT, EndKind.CONVENIENCE)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the contract ends.")},
    )
    percentage = forms.IntegerField(
        label=_("Share of the price that is paid, in percent"),
        help_text=_(
            "For convenience alone. It is computed from the criteria that the last judgement found met; say in the "
            "reason why you propose another share. The supplier must agree to it."
        ),
        min_value=0,
        max_value=100,
        required=False,
    )
    reason = WorkText(
        label=_("Reason"),
        help_text=_("The supplier reads it, so write it for the supplier, in the language of the letters."),
        limit=2000,
        rows=5,
        error_messages={"required": _("Write the reason: no decision without one.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class SettleForm(forms.Form):
    """How a dispute is settled."""

    words = WorkText(
        label=_("How it is settled"),
        help_text=_("Both sides read it."),
        limit=talking.LONGEST,
        rows=6,
        error_messages={"required": _("Write how the dispute is settled.")},
    )


class PassOnForm(forms.Form):
    """Until when the next supplier delivers."""

    until = Day(
        label=_("Delivery date for the next supplier"),
        help_text=_("As much time as the first had, counted from the day on which the next can begin."),
        error_messages={"required": _("Choose the date.")},
    )

    def clean_until(self) -> date:
        """The same as the service says, beside the date."""
        until: date = self.cleaned_data["until"]
        if fault := ending.fault_of_next_date(until):
            raise forms.ValidationError(fault)
        return until
