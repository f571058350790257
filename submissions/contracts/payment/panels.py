"""Parts of other pages: the payment on the file’s page, on staff’s and on the supplier’s page of the work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from submissions.contracts.models import Contract
from submissions.solicitations.services import database_clock

from . import acts, permissions, results, standing
from .standing import Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import Solicitation

Context = Mapping[str, Any]


class PaymentPanel(Component):
    """On the file’s page: each contract under which something is due, how far it is, and the way to its payment."""

    template_name = "submissions/contracts/payment/admin/panel.html"
    order = 244  # after the work

    def __init__(self, solicitation: Solicitation, user: User, rows: list[Standing]) -> None:
        self.solicitation, self.user, self.rows = solicitation, user, rows

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        now = database_clock()
        return {"rows": [self._row(where, now) for where in self.rows]}

    def _row(self, where: Standing, now: Any) -> dict[str, Any]:
        invoice = results.invoice_of(where.contract)
        return {
            "where": where,
            "facts": acts.facts(where, invoice, now)[1:],  # the supplier is the heading
            "acts": [act for act in acts.acts_of(where, invoice, self.user) if act.waits],
            "url": reverse("payments:payment", args=[where.contract.pk]) if may_open(self.user) else "",
        }


def may_open(user: User) -> bool:
    """Whether a person reaches the screen of a payment from the file’s page."""
    return any(user.has_perm(name) for name in (permissions.PAY, permissions.APPROVE, permissions.READ))


def rows_of(solicitation: Solicitation) -> list[Standing]:
    """The contracts of a file under which something is due or was paid, the first first."""
    contracts = Contract.objects.filter(solicitation=solicitation).order_by("pk")
    return [standing.of(contract) for contract in standing.read(contracts)]


class SupplierPaymentPanel(Component):
    """On the supplier’s page of the work: the invoice, or how far its payment is."""

    template_name = "submissions/contracts/payment/link_panel.html"
    order = 100

    def __init__(self, where: Standing, token: str) -> None:
        self.where, self.token = where, token

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return {
            "where": self.where,
            "address": reverse("payment:invoice", args=[self.token]),
            "target": results.target_days(),
        }
