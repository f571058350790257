"""The forms in which staff enter the invoice of a supplier who cannot use the link. Decide nothing; know no request.

A form of the link speaks to the supplier, these speak of the supplier. How an invoice came is a text like the others
of a payment: it holds no number of a card or of an account.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from submissions.awards.enums import AnsweredHow
from submissions.contracts.desk_forms import FIRST
from submissions.proposals.came import ReceivedForm

from .forms import ChargeForm, OwnInvoiceForm
from .numbers import refuse_numbers

#: Of each field whose words are others here: label, help and what is said where it is missing.
WORDS: dict[str, dict[str, Any]] = {
    "name": {"label": _("Name of the supplier, or of the business")},
    "street": {"required": _("Write the street address.")},
    "city": {"required": _("Write the city.")},
    "postal_code": {"required": _("Write the postal code.")},
    "gst_number": {"label": _("GST/HST number, if the supplier is registered")},
    "provincial_number": {"label": _("QST number, if the supplier is registered in Quebec")},
    "pay_to": {
        "help": _(
            "The e-mail address of the supplier’s PayPal account, or the address of the page that takes Visa cards. "
            "Never the number of a card or of a bank account: it would be refused."
        )
    },
    "file": {"label": _("The supplier’s invoice, as a PDF")},
}


class ChargeForForm(ReceivedForm, ChargeForm):
    """What an invoice needs, and how it came."""

    too_early = _("This is before the work was accepted.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, ways=AnsweredHow.choices, **kwargs)
        for name, said in WORDS.items():
            if name not in self.fields:
                continue
            field = self.fields[name]
            field.label = said.get("label", field.label)
            field.help_text = said.get("help", field.help_text)
            field.error_messages["required"] = said.get("required", field.error_messages["required"])
        # A supplier may say it on the telephone.
        self.fields["statement"].validators.append(refuse_numbers)
        self.order_fields(FIRST)


class OwnInvoiceForForm(ChargeForForm, OwnInvoiceForm):
    """The same with the supplier’s own PDF."""
