"""The forms of payment, for suppliers and for staff. Decide nothing; know no request.

Every text field refuses the number of a card or of an account (``numbers``).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from microacq_pages.filters import PriceField
from submissions.awards import papers
from submissions.awards.forms import PublicForm
from submissions.contracts.forms import Day
from submissions.questions.forms import QuestionField
from submissions.typed_text import LineOfText

from . import invoicing, rates, references
from .enums import METHODS
from .invoicing import Charge, Own
from .numbers import refuse_numbers
from .taxes import PROVINCES


class SafeLine(LineOfText):
    """One line that holds no number of a card or of an account."""

    default_validators = [refuse_numbers]


class SafeText(QuestionField):
    """Several lines that hold no such number."""

    default_validators = [refuse_numbers]


class Reference(SafeLine):
    """A reference of SAP or of a payment service."""

    def validate(self, value: str) -> None:
        super().validate(value)
        found = references.faults(value) if value else []
        if found:
            raise forms.ValidationError(found)


class Dollars(PriceField):
    """An amount as people of either language type it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "widget": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                "error_messages": {"invalid": _("Type an amount in dollars, for example 119.60.")},
                **kwargs,
            }
        )


def _line(label: Any, autocomplete: str, *, required: Any = "", **kwargs: Any) -> SafeLine:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
    errors = {"required": required} if required else {}
    return SafeLine(label=label, required=bool(required), widget=widget, error_messages=errors, **kwargs)


class ChargeForm(PublicForm):
    """What an invoice needs that the file does not have."""

    name = _line(
        _("Your name, or that of your business"), "organization", required=_("Write who is to be paid.")
    )
    street = _line(_("Street address"), "street-address", required=_("Write your street address."))
    city = _line(_("City"), "address-level2", required=_("Write your city."))
    province = forms.ChoiceField(
        label=_("Province or territory"),
        choices=[("", "–"), *PROVINCES.items()],
        error_messages={"required": _("Choose the province or territory.")},
    )
    postal_code = _line(_("Postal code"), "postal-code", required=_("Write your postal code."))
    gst_number = _line(
        _("GST/HST number, if you are registered"),
        "off",
        help_text=_(
            "For example 123456782 RT0001. Without a number the invoice has no federal tax: whoever is not registered "
            "charges none."
        ),
    )
    provincial_number = _line(
        _("QST number, if you are registered in Quebec"),
        "off",
        help_text=_("For example 1234567890 TQ0001. Leave it blank where the taxes are not those of Quebec."),
    )
    pay_to = _line(
        _("Where we pay"),
        "off",
        required=_("Write where we pay."),
        help_text=_(
            "The e-mail address of your PayPal account, or the address of your page that takes Visa cards. Never the "
            "number of a card or of a bank account: it would be refused."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = rates.department_province()
        self.fields["province"].help_text = (
            _("The invoice has the taxes of %(province)s, where the department receives the work.")
            % {"province": PROVINCES[place]}
            if place
            else _("It decides which taxes the invoice has.")
        )
        if not rates.may_have_qst():
            del self.fields["provincial_number"]

    def clean(self) -> dict[str, Any]:
        """What fits together: province, postal code and tax numbers."""
        typed: dict[str, Any] = super().clean() or {}
        for name, sentence in invoicing.faults(self._charge(typed, "en")).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, sentence)
        return typed

    def charge(self, language: str) -> Charge:
        """What was typed, checked."""
        return self._charge(self.cleaned_data, language)

    def _charge(self, typed: dict[str, Any], language: str) -> Charge:
        names = (
            "name",
            "street",
            "city",
            "province",
            "postal_code",
            "gst_number",
            "provincial_number",
            "pay_to",
        )
        values: dict[str, Any] = {name: typed.get(name) or "" for name in names}
        if typed.get("key"):
            values["key"] = typed["key"]
        return Charge(**values, language=language, own=self.own(typed))

    def own(self, typed: dict[str, Any]) -> Own | None:
        """The supplier’s own invoice: none of this form."""
        return None


class OwnInvoiceForm(ChargeForm):
    """The same with the supplier’s own PDF, and what it says."""

    file = forms.FileField(
        label=_("Your invoice, as a PDF"),
        help_text=_("One PDF of at most 5 MB. Only the staff who approve and pay can open it."),
        max_length=1000,
        error_messages={
            "required": _("Choose the PDF."),
            "empty": _("This file is empty. Choose the PDF."),
            "invalid": _("Choose the PDF."),
        },
        widget=forms.FileInput(attrs={"accept": papers.CONTENT_TYPE}),
    )
    subtotal = Dollars(
        label=_("Before tax, in dollars"), error_messages={"required": _("Write the amount before tax.")}
    )
    federal_tax = Dollars(label=_("GST or HST, in dollars"), required=False)
    provincial_tax = Dollars(
        label=_("QST, in dollars"),
        required=False,
        help_text=_("The Government of Canada pays no other tax of a province (PST, RST)."),
    )
    day = Day(
        label=_("Date of the invoice"), error_messages={"required": _("Write the date that the invoice has.")}
    )
    field_order = ["file", "day", "subtotal", "federal_tax", "provincial_tax"]

    def own(self, typed: dict[str, Any]) -> Own | None:
        upload = typed.get("file")
        if upload is None or typed.get("subtotal") is None or typed.get("day") is None:
            return None
        upload.seek(0)
        nothing = typed["subtotal"] * 0
        return Own(
            content_type=upload.content_type or "",
            # One byte more than is taken tells that it is too large; nobody makes the server read more.
            content=upload.read(papers.LARGEST + 1),
            subtotal=typed["subtotal"],
            federal_tax=typed.get("federal_tax") or nothing,
            provincial_tax=typed.get("provincial_tax") or nothing,
            day=typed["day"],
        )


# --- staff -----------------------------------------------------------------------------------------


class ApproveForm(forms.Form):
    """What is certified under section 34."""

    fund_reservation = Reference(
        label=_("SAP fund reservation number"),
        help_text=_("Under which the funds were committed (section 32)."),
        error_messages={"required": _("Write the fund reservation number.")},
    )
    certified = forms.BooleanField(
        label=_(
            "I certify under section 34 of the Financial Administration Act that the work was done, that the price is "
            "as the contract says, and that the supplier is entitled to the payment."
        ),
        error_messages={"required": _("Tick this to approve.")},
    )


class ReturnForm(forms.Form):
    """Why an invoice is sent back."""

    reason = SafeText(
        label=_("What the supplier has to mend"),
        help_text=_("The supplier reads what you write here, in the language of the letters."),
        limit=2000,
        rows=5,
        error_messages={"required": _("Write the reason: no decision without one.")},
    )


class PayForm(forms.Form):
    """How and when an invoice was paid."""

    method = forms.ChoiceField(
        label=_("Method of payment"),
        choices=list(METHODS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it was paid.")},
    )
    reference = Reference(
        label=_("Reference of the payment"),
        help_text=_("The transaction of PayPal or of the payment page. Never the number of the card."),
        error_messages={"required": _("Write the reference of the payment.")},
    )
    sap_document = Reference(
        label=_("SAP document number"),
        help_text=_("Without the fiscal year."),
        error_messages={"required": _("Write the SAP document number.")},
    )
    paid_on = Day(label=_("Paid on"), error_messages={"required": _("Choose the day on which it was paid.")})
