"""The forms in which staff enter the invoice of a supplier who cannot use the link. Decide nothing; know no request."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from submissions.awards.enums import AnsweredHow
from submissions.contracts.desk_forms import FIRST
from submissions.proposals.came import ReceivedForm

from .forms import ChargeForm, OwnInvoiceForm


class ChargeForForm(ReceivedForm, ChargeForm):
    """What an invoice needs, and how it came."""

    too_early = _("This is before the work was accepted.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, ways=AnsweredHow.choices, **kwargs)
        self.order_fields(FIRST)


class OwnInvoiceForForm(ChargeForForm, OwnInvoiceForm):
    """The same with the supplier’s own PDF."""
