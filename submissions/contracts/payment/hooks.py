"""What payment answers when Wagtail, the file or an earlier stage ask. Thin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from microacq_pages.business_days import add_business_days
from microacq_pages.waiting import WaitingItem
from submissions.contracts import results as contracts
from submissions.contracts.models import Contract
from submissions.solicitations.next_acts import NextAct
from submissions.solicitations.proofs import Check
from submissions.solicitations.services import database_clock

from . import admin_views, letters, listing, next_acts, panels, proving, standing, waiting
from .enums import Step
from .rate_viewset import TaxRateViewSet

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

#: Business days without an invoice after which its supplier is reminded, once.
REMIND_AFTER = 3


@hooks.register("file_proofs")
def prove_payments(solicitation: Solicitation) -> list[Check]:
    """What payments can prove."""
    return proving.checks(solicitation)


@hooks.register("file_panels")
def show_the_payment(solicitation: Solicitation, user: User) -> list[Component]:
    """How far each payment is."""
    rows = panels.rows_of(solicitation)
    return [panels.PaymentPanel(solicitation, user, rows)] if rows else []


@hooks.register("work_panels")
def lead_to_the_invoice(contract: Contract, token: str) -> list[Component]:
    """On the page of the work: the way to the invoice, once something is due."""
    where = standing.of_contract(contract)
    return [panels.SupplierPaymentPanel(where, token)] if where is not None else []


@hooks.register("file_next_acts")
def steps_of_the_payment(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """Once the work is accepted: whose step its payment is."""
    return next_acts.next_acts(files)


@hooks.register("microacq_waiting_work")
def waiting_work(user: User) -> Iterator[WaitingItem]:
    """Invoices to approve and to pay."""
    return waiting.work_of(user)


@hooks.register("microacq_tick", order=247)
def remind_of_invoices() -> str | None:
    """Some business days after something became due, write once to a supplier whose invoice has not come."""
    now, count = database_clock(), 0
    unpaid = Contract.objects.filter(payment=None, invoices=None)
    for contract in standing.read(unpaid):
        where = standing.of(contract)
        due = contracts.payable(contract)
        if where.step == Step.INVOICE and due and add_business_days(where.since, REMIND_AFTER) <= now:
            count += letters.send_asked(contract, due)
    return f"{count} reminders of invoices queued" if count else None


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="submissions",
        codename__in=["approve_invoice", "read_invoice", "add_taxrate", "change_taxrate", "view_taxrate"],
    )


@hooks.register("register_admin_viewset")
def register_rates() -> TaxRateViewSet:
    """The screens of the rates of taxes."""
    return TaxRateViewSet()


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The staff’s pages."""
    screens = {
        "approve": admin_views.ApproveView,
        "send_back": admin_views.ReturnView,
        "pay": admin_views.PayView,
        "enter": admin_views.EnterView,
        "enter_own": admin_views.EnterOwnView,
    }
    patterns = [
        path("<int:pk>/", admin_views.PaymentView.as_view(), name="payment"),
        path("document/<int:pk>/", admin_views.DocumentView.as_view(), name="document"),
        *(
            path(f"<int:pk>/{name.replace('_', '-')}/", view.as_view(), name=name)
            for name, view in screens.items()
        ),
    ]
    return [
        path("payments/", include((patterns, "payments"))),
        path("reports/payments/", listing.PaymentsView.as_view(), name="microacq_payments"),
        path(
            "reports/payments/results/",
            listing.PaymentsView.as_view(results_only=True),
            name="microacq_payments_results",
        ),
    ]


class PaymentsMenuItem(MenuItem):
    """Shown to those who approve, pay or audit."""

    def is_shown(self, request: HttpRequest) -> bool:
        return listing.may_list(request.user)  # type: ignore[arg-type]


@hooks.register("register_reports_menu_item")
def register_payments_menu_item() -> MenuItem:
    """Its place in the menu, after the tracker."""
    return PaymentsMenuItem(
        _("Payments"), reverse("microacq_payments"), name="payments", icon_name="tasks", order=592
    )
