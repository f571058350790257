"""Parts of other pages: the work on the file’s page and on that of the own link, and earlier contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from submissions.solicitations.enums import State
from submissions.solicitations.history import WORK_DELIVERED, Step
from submissions.solicitations.panels import money, when

from . import acts, ending, history, results, services, standing
from .enums import ENDED
from .models import Contract

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.proposals.models import Proposal
    from submissions.solicitations.models import Solicitation

Context = Mapping[str, Any]


class WorkPanel(Component):
    """Every contract of the file, where each stands, and the way to its story."""

    template_name = "submissions/contracts/admin/panel.html"
    order = 242  # after offer and award

    def __init__(self, solicitation: Solicitation, user: User) -> None:
        self.solicitation, self.user = solicitation, user

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        contracts = standing.read(Contract.objects.filter(solicitation=self.solicitation)).order_by("pk")
        return {"rows": [self._row(contract) for contract in contracts]}

    def _row(self, contract: Contract) -> dict[str, Any]:
        where = standing.of(contract)
        sees = services.may_see(self.user, contract)
        due = results.owed(contract)
        return {
            "contract": contract,
            "standing": where,
            "state": contract.get_state_display(),
            "due": when(where.due),
            "changed_at": when(contract.changed_at),
            "payable": money(due) if due is not None else "",
            "url": reverse("contracts:work", args=[contract.pk]) if sees else "",
            "acts": [act for act in acts.acts_of(contract, where.step, self.user) if act.waits],
        }


class EarlierPanel(Component):
    """That the supplier who is asked next did not deliver earlier, as a fact."""

    template_name = "submissions/contracts/admin/earlier.html"
    order = 239  # before offer and award

    def __init__(self, found: list[history.Earlier]) -> None:
        self.found = found

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return {"found": [(each, when(each.ended_at)) for each in self.found]}


class SupplierWorkPanel(Component):
    """On the page of the own link: the way to the work."""

    template_name = "submissions/contracts/link_panel.html"
    order = 115  # after the result

    def __init__(self, proposal: Proposal, contract: Contract) -> None:
        self.proposal, self.contract = proposal, contract

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        link = (parent_context or {}).get("link")
        return {
            "standing": standing.of(self.contract),
            "address": reverse("work:page", args=[link.token]) if link is not None else "",
        }


def steps_of(file: Solicitation) -> list[Step]:
    """The steps of the work for the timeline of staff: each contract that ended, then the one that counts."""
    contracts = standing.read(Contract.objects.filter(solicitation=file))
    found: list[Step] = []
    for contract in contracts.select_related("acceptance").order_by("pk"):
        paid = getattr(contract, "payment", None)
        if contract.state in ENDED:
            found.append(Step(_("Contract ended without the work"), None, contract.end.ended_at))
            if contract.end.percentage:
                found.append(
                    Step(_("Agreed share paid"), None, paid.recorded_at if paid is not None else None)
                )
            continue
        accepted = getattr(contract, "acceptance", None)
        found += [
            Step(WORK_DELIVERED, contract.delivery_date, standing.of(contract).delivered_at),
            Step(_("Work accepted"), None, accepted.accepted_at if accepted is not None else None),
            Step(_("Work paid"), None, paid.recorded_at if paid is not None else None),
        ]
    if found and file.state == State.SELECTED:
        until = ending.delivery_date_of(file) or file.delivery_date
        found.append(Step(WORK_DELIVERED, until, None))
    return found
