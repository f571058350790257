"""The forms in which staff enter what a supplier said: those of the supplier’s own link, and how it came.

Own nothing but labels: a form of the link speaks to the supplier, these speak of the supplier. Decide nothing.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from submissions.awards.enums import AnsweredHow
from submissions.awards.forms import NO, YES
from submissions.proposals.came import ReceivedForm

from .delivery_form import DeliveryForm
from .forms import AnswerForm, DisputeForm, ExtensionForm, MessageForm, WithdrawForm
from .models import Contract
from .payment.numbers import refuse_numbers

FIRST = ("entered_how", "taken_at", "statement")


class EnteredForm(ReceivedForm):
    """How an act of the supplier came; what it is comes after it."""

    too_early = _("This is before the work began.")
    #: Label and help of a field of the supplier’s form, where they speak to the supplier.
    asked: dict[str, tuple[Any, Any]] = {}
    #: What is said where the field is left blank, likewise.
    missing: dict[str, Any] = {}

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, since=contract.started_at, ways=AnsweredHow.choices, **kwargs)
        for name, (label, help_text) in self.asked.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
        for name, sentence in self.missing.items():
            self.fields[name].error_messages["required"] = sentence
        self.fields["statement"].validators.append(refuse_numbers)
        self.order_fields(FIRST)


class MessageForForm(EnteredForm, MessageForm):
    """What the supplier said or wrote about the work."""

    asked = {"words": (_("What the supplier said or wrote"), "")}
    missing = {"words": _("Write what the supplier said or wrote.")}


class ExtensionForForm(EnteredForm, ExtensionForm):
    """The later date that the supplier asks for."""

    asked = {"reason": (_("The supplier’s reason"), "")}


class AnswerForForm(EnteredForm, AnswerForm):
    """Whether the supplier agrees."""

    asked = {
        "agreed": (_("Does the supplier agree?"), ""),
        "reason": (_("Reason, if the supplier does not agree"), ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreed: Any = self.fields["agreed"]
        agreed.choices = [(YES, _("Yes, the supplier agrees")), (NO, _("No, the supplier does not agree"))]
        agreed.error_messages["required"] = _("Say whether the supplier agrees.")


class DisputeForForm(EnteredForm, DisputeForm):
    """What the supplier does not agree with."""

    asked = {"words": (_("What the supplier does not agree with, and asks for"), "")}
    missing = {"words": _("Write what the supplier does not agree with, and asks for.")}


class WithdrawForForm(EnteredForm, WithdrawForm):
    """That the supplier does not do the work."""

    asked = {
        "reason": (_("Why the supplier does not do the work"), ""),
        "sure": (
            _(
                "The supplier withdraws from the contract, and knows that nothing is paid and that this cannot be "
                "undone."
            ),
            "",
        ),
    }
    missing = {"sure": _("Tick this to keep that the supplier withdrew.")}


class DeliveryForForm(EnteredForm, DeliveryForm):
    """What the supplier delivers, as the delivery form of the link asks it."""

    other_licence = _("The supplier agreed to deliver under the licence %(licence)s.")
    asked = {
        "requests": (
            _("Addresses of the pull or merge requests"),
            _("One a line, in the repository of the opportunity."),
        )
    }

    def came_fields(self) -> list[forms.BoundField]:
        """How it came."""
        return [self[name] for name in FIRST]
