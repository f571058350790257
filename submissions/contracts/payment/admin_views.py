"""The staff’s screens of one payment: where it is, the invoice, its approval, what is sent back, and the payment.

Thin: ``invoicing`` and ``paying`` decide at every request.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import View

from microacq_pages import formats
from submissions.contracts import services, timing
from submissions.contracts.admin_views import ContractView, written_in
from submissions.contracts.letters import language_of_supplier
from submissions.solicitations.models import Solicitation
from submissions.solicitations.panels import when
from submissions.solicitations.permissions import SolicitationPermissionPolicy
from submissions.solicitations.services import database_clock
from submissions.solicitations.views import visible_file

from . import acts, amounts, invoicing, paying, permissions, results, standing
from .desk_forms import ChargeForForm, OwnInvoiceForForm
from .forms import ApproveForm, PayForm, ReturnForm
from .models import Invoice
from .taxes import PROVINCES
from .views import download


class PaymentBase(ContractView):
    """A screen of one payment."""

    template_name = "submissions/contracts/payment/admin/act.html"
    needs: tuple[str, ...] = (permissions.PAY,)

    def is_allowed(self, user: User) -> bool:
        return any(user.has_perm(name) for name in self.needs)

    @property
    def work_url(self) -> str:
        return reverse("payments:payment", args=[self.contract.pk])

    @property
    def invoice(self) -> Invoice | None:
        return results.invoice_of(self.contract)

    def require_invoice(self) -> Invoice:
        """The invoice that stands.

        Raises:
            ValidationError: there is none (any more).
        """
        found = self.invoice
        if found is None:
            raise forms.ValidationError(_("There is no invoice yet."))
        return found

    def own_breadcrumbs(self) -> list[dict[str, Any]]:
        return [{"url": self.work_url, "label": _("Payment")}, {"url": "", "label": self.get_page_title()}]

    def amounts(self) -> list[tuple[str, str]]:
        """The invoice in numbers."""
        return amounts_of(self.invoice)

    def details(self) -> list[tuple[str, str]]:
        """Who is paid, where, under which tax numbers; reading it is recorded."""
        found = self.invoice
        if found is None or not self.user.has_perm(permissions.READ):
            return []
        words = invoicing.read_words(found, self.user)
        return details_of(words, str(PROVINCES[found.province]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "amounts": self.amounts(),
            "invoice": self.invoice if self.user.has_perm(permissions.READ) else None,
        }


def amounts_of(invoice: Invoice | None) -> list[tuple[str, str]]:
    """Labels and amounts of an invoice."""
    if invoice is None:
        return []
    language = formats.known_language(get_language())
    return [
        (_("Invoice"), f"{invoice.number}, {when(invoice.day)}"),
        (_("Where it comes from"), str(invoice.get_source_display())),
        *amounts.rows_of(invoice, language),
    ]


def details_of(words: dict[str, str], province: str) -> list[tuple[str, str]]:
    """What a supplier said for the invoice, with its labels; the province alone once the rest was erased."""
    said = words.get
    rows = [
        (_("To be paid"), said("name")),
        (
            _("Address"),
            ", ".join(filter(None, (said("street"), said("city"), province, said("postal_code")))),
        ),
        (_("GST/HST number"), said("gst_number")),
        (_("QST number"), said("provincial_number")),
        (_("Where to pay"), said("pay_to")),
    ]
    return [(label, value) for label, value in rows if value]


class PaymentView(PaymentBase):
    """Where a payment is, its numbers and days, and what can be done."""

    template_name = "submissions/contracts/payment/admin/payment.html"
    page_title = gettext_lazy("Payment")
    http_method_names = ("get", "head")

    def is_allowed(self, user: User) -> bool:
        return services.may_see(user, self.contract) or user.has_perm(permissions.APPROVE)

    def own_breadcrumbs(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.get_page_title()}]

    button = done = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        where = standing.of_contract(self.contract)
        invoice = self.invoice
        return super().get_context_data(**kwargs) | {
            "where": where,
            "facts": acts.facts(where, invoice, database_clock()) if where else [],
            "acts": acts.acts_of(where, invoice, self.user) if where else [],
            "sent_back": [
                (amounts_of(each), each, each.returned, when(each.returned.returned_at))
                for each in results.sent_back(self.contract)
            ],
            "reads": self.user.has_perm(permissions.READ),
        }


class ApproveView(PaymentBase):
    """Section 34: the certificate of a person who did not accept the work."""

    needs = (permissions.APPROVE,)
    page_title = gettext_lazy("Approve under section 34")
    form_class = ApproveForm
    button = gettext_lazy("Approve the invoice")
    done = gettext_lazy("approved; finance pays next.")
    tells_supplier = False

    def obstacles(self) -> list[str]:
        found = self.invoice
        if found is None:
            return [_("There is no invoice yet.")]
        return paying.reasons_against_approving(found, self.user)

    def get_initial(self) -> dict[str, Any]:
        return {"fund_reservation": invoicing.fund_reservation_of(self.contract)}

    def sentences(self) -> list[str]:
        posted = invoicing.fund_reservation_of(self.contract)
        if not posted:
            return [_("The opportunity was posted without a section 32 reference.")]
        return [
            _("Reference of the funds that were committed under section 32, as posted: %(reference)s.")
            % {"reference": posted}
        ]

    def act(self, form: Any) -> None:
        paying.approve(self.require_invoice(), self.user, form.cleaned_data["fund_reservation"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = [] if self.obstacles() else self.details()
        return super().get_context_data(**kwargs) | {"details": shown}


class ReturnView(PaymentBase):
    """Send an invoice back, with what is to be mended."""

    needs = (permissions.APPROVE, permissions.PAY)
    page_title = gettext_lazy("Send the invoice back")
    form_class = ReturnForm
    button = gettext_lazy("Send the invoice back")
    done = gettext_lazy("the supplier is told what to mend.")

    def obstacles(self) -> list[str]:
        found = self.invoice
        return (
            invoicing.reasons_against_deciding(found)
            if found is not None
            else [_("There is no invoice yet.")]
        )

    def sentences(self) -> list[str]:
        return [written_in(self.contract)]

    def act(self, form: Any) -> None:
        invoicing.send_back(self.require_invoice(), self.user, form.cleaned_data["reason"])


class PayView(PaymentBase):
    """Record that an approved invoice was paid."""

    page_title = gettext_lazy("Record the payment")
    form_class = PayForm
    button = gettext_lazy("Record the payment")
    done = gettext_lazy("paid; the supplier is told.")

    def obstacles(self) -> list[str]:
        return paying.reasons_against_paying(self.invoice, self.user)

    def get_initial(self) -> dict[str, Any]:
        accepted = getattr(self.contract.offer, "acceptance", None)
        return {
            "method": accepted.payment if accepted is not None else "",
            "paid_on": timing.today(database_clock()),
        }

    def act(self, form: Any) -> None:
        typed = form.cleaned_data
        paying.pay(
            self.require_invoice(),
            self.user,
            method=typed["method"],
            reference=typed["reference"],
            sap_document=typed["sap_document"],
            paid_on=typed["paid_on"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = [] if self.obstacles() else self.details()
        return super().get_context_data(**kwargs) | {"details": shown}


class EnterView(PaymentBase):
    """Enter the invoice of a supplier who cannot use the link, from paper: their own PDF, or made from the file."""

    page_title = gettext_lazy("Enter the invoice for the supplier")
    form_class: type[ChargeForForm] = ChargeForForm
    button = gettext_lazy("Enter the invoice")
    done = gettext_lazy("the invoice is entered; another person approves it.")
    tells_supplier = False

    def get_initial(self) -> dict[str, Any]:
        return {"key": uuid.uuid4(), "name": self.contract.supplier}

    def is_allowed(self, user: User) -> bool:
        return invoicing.may_enter(user, self.contract)

    def get_form_kwargs(self) -> dict[str, Any]:
        since = results.due_since(self.contract) or self.contract.changed_at
        return super().get_form_kwargs() | {"since": since}

    def obstacles(self) -> list[str]:
        return invoicing.reasons_against_sending(self.contract)

    def sentences(self) -> list[str]:
        return [
            _(
                "For suppliers who sent it on paper or said it by telephone. Whoever enters an invoice does not "
                "approve it."
            ),
            written_in(self.contract),
        ]

    def act(self, form: Any) -> None:
        charge = form.charge(language_of_supplier(self.contract))
        invoicing.send(self.contract, charge, user=self.user, came=form.came())


class EnterOwnView(EnterView):
    """The same with the supplier’s own PDF."""

    page_title = gettext_lazy("Enter the supplier’s own invoice")
    form_class = OwnInvoiceForForm


class DocumentView(View):
    """An invoice as a download; reading it is recorded."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The document of one invoice."""
        rows = Invoice.objects.with_document().select_related(
            "contract__solicitation", "contract__offer__proposal"
        )
        found = get_object_or_404(rows.defer("contract__offer__proposal__sealed"), pk=pk)
        policy = SolicitationPermissionPolicy(Solicitation)
        visible_file(policy, request.user, found.contract.solicitation_id)
        response = download(found, invoicing.read_document(found, cast(User, request.user)))
        add_never_cache_headers(response)
        return response
