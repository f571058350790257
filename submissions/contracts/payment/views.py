"""The pages of the invoice below a supplier’s link. None is kept in any cache.

Owns: what each address answers. Only a POST changes anything. Rules are in ``invoicing``. Where the session of a form
has ended it comes back with every word (``keeps_typed``).
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from submissions.awards import terms
from submissions.awards.views import keeps_typed, takes_file
from submissions.contracts.models import Contract
from submissions.contracts.services import Refused
from submissions.contracts.timing import today
from submissions.contracts.views import of_link
from submissions.notices.answers import UNPROCESSABLE, language, see
from submissions.solicitations.services import database_clock
from submissions.typed_text import typed_in

from . import amounts, invoicing, results, standing
from .forms import ChargeForm, OwnInvoiceForm
from .models import Invoice

FORBIDDEN, CONFLICT, NOT_FOUND = 403, 409, 404
TEMPLATES = "submissions/contracts/payment"


@keeps_typed
@of_link
def invoice(
    request: HttpRequest, token: str, contract: Contract, *, csrf_failed: bool = False
) -> HttpResponse:
    """The invoice made from the file: what it needs, how it reads, and that it was sent."""
    form = _form(ChargeForm, request, contract)
    return _answer(request, token, contract, form, csrf_failed=csrf_failed)


@takes_file
@keeps_typed
@of_link
def own(request: HttpRequest, token: str, contract: Contract, *, csrf_failed: bool = False) -> HttpResponse:
    """The supplier’s own invoice."""
    form = _form(OwnInvoiceForm, request, contract)
    return _answer(request, token, contract, form, csrf_failed=csrf_failed)


@of_link
def document(request: HttpRequest, token: str, contract: Contract) -> HttpResponse:
    """The invoice that stands, to its supplier."""
    found = Invoice.objects.standing().with_document().filter(contract=contract).first()
    if found is None:
        context = {"contact_email": settings.MICROACQ_CONTACT_EMAIL}
        return render(request, "submissions/awards/no_such_link.html", context, status=NOT_FOUND)
    return download(found, found.content())


def download(found: Invoice, content: bytes) -> HttpResponse:
    """A document as a file and nothing else: a browser shows nothing of it."""
    kind = "application/pdf" if found.is_own else "text/plain; charset=utf-8"
    response = HttpResponse(content, content_type=kind)
    suffix = "pdf" if found.is_own else "txt"
    response["Content-Disposition"] = f'attachment; filename="{found.number}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _form(form_class: type[ChargeForm], request: HttpRequest, contract: Contract) -> ChargeForm:
    is_sent = request.method == "POST"
    return form_class(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial={"name": contract.supplier, **invoicing.said_before(contract), "key": uuid.uuid4()},
    )


def _answer(
    request: HttpRequest, token: str, contract: Contract, form: ChargeForm, *, csrf_failed: bool
) -> HttpResponse:
    """The form, what stands against it, the invoice to read before it is sent, or the way back to the work."""
    obstacles = invoicing.reasons_against_sending(contract)
    preview, notice, status = "", "", 200
    if obstacles:
        if request.method == "POST" and results.invoice_of(contract) is not None:
            return see(reverse("payment:invoice", args=[token]))
        status = CONFLICT if request.method == "POST" else 200
    elif request.method == "POST" and csrf_failed:
        notice, status = _again(), FORBIDDEN
    elif request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                preview = _send(contract, form)
            except Refused as refusal:
                form.add_error(None, refusal)
            else:
                if not preview:
                    return see(reverse("payment:invoice", args=[token]))
                status = 200
    return _show(
        request, token, contract, form, obstacles=obstacles, preview=preview, notice=notice, status=status
    )


def _send(contract: Contract, form: ChargeForm) -> str:
    """Send it; or, where it is made here and was not read yet as it reads now, its text."""
    charge = form.charge(language())
    if charge.own is None:
        day = today(database_clock())
        faults = invoicing.faults_of_amounts(contract, charge, day)
        if faults:
            raise Refused(faults)
        right = invoicing.computed(contract, charge, day)
        text = invoicing.text_of(contract, charge, right, invoicing.next_number(contract), day)
        digest = terms.digest_of(text)
        if form.cleaned_data["seen"] != digest:
            form.data = {**form.data.dict(), "seen": digest}  # type: ignore[attr-defined]  # a QueryDict
            return text
    invoicing.send(contract, charge)
    return ""


def _show(
    request: HttpRequest,
    token: str,
    contract: Contract,
    form: ChargeForm,
    *,
    obstacles: list[str],
    preview: str,
    notice: str,
    status: int,
) -> HttpResponse:
    file = contract.solicitation
    sent = results.invoice_of(contract)
    returned = next(iter(results.sent_back(contract)), None)
    context: dict[str, Any] = {
        "token": token,
        "contract": contract,
        "file": file,
        "proposal": contract.offer.proposal,
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        "link": reverse("work:page", args=[token]),
        "form": form,
        "is_own": isinstance(form, OwnInvoiceForm),
        "obstacles": [] if sent else obstacles,
        "typed": typed_in(form) if obstacles and not sent else [],
        "preview": preview,
        "notice": notice,
        "sent": sent,
        "amounts": amounts.rows_of(sent, language()) if sent is not None else [],
        "payment": results.paid(contract),
        "returned": returned.returned if returned is not None and sent is None else None,
        "standing": standing.of_contract(contract),
        "target": results.target_days(),
        "had_file": bool(form.is_bound and request.FILES),
    }
    return render(request, f"{TEMPLATES}/invoice.html", context, status=status)


def _again() -> str:
    return _(
        "Nothing was sent, because this page had been open for too long. Nothing you typed is lost: check it and send "
        "it again."
    )
