"""What a supplier does with the invoice below the link, and what staff see and do."""

from __future__ import annotations

import io
import uuid
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from microacq_pages import roles
from submissions.awards.models import Award
from submissions.contracts import timing
from submissions.contracts.models import Contract
from submissions.contracts.payment import hooks
from submissions.contracts.payment.models import Invoice, InvoiceReturn, TaxRate
from submissions.contracts.payment.proving import checks
from submissions.notices.models import OutgoingMessage
from submissions.solicitations import proofs
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from tests.factories import awards, contracts, people
from tests.support.guards import guards_down

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def address(name: str, token: str, language: str = "en") -> str:
    with override(language):
        return reverse(f"payment:{name}", args=[token])


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(people.the(role))
    return client


@pytest.fixture
def token(contract: Contract) -> str:
    return awards.token_of(contract.offer.proposal)


def typed(**changes: Any) -> dict[str, Any]:
    """The whole form of a supplier in Quebec."""
    values = {
        "name": "Ada Tremblay",
        "street": "12, rue des Pins",
        "city": "Québec",
        "province": "QC",
        "postal_code": "G1R 4S9",
        "gst_number": "123456782RT0001",
        "provincial_number": "1234567890TQ0001",
        "pay_to": "ada@example.org",
        "key": str(uuid.uuid4()),
        "seen": "",
    }
    return {**values, **changes}


# --- the supplier ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "button", "tax"), [("en", "Send the invoice", "QST"), ("fr", "Envoyer la facture", "TVQ")]
)
def test_the_invoice_is_read_before_it_is_sent(
    client: Client, contract: Contract, token: str, language: str, button: str, tax: str
) -> None:
    where = address("invoice", token, language)
    assert client.get(where).status_code == 200
    sent = typed()
    preview = client.post(where, sent)
    text = preview.content.decode()
    assert preview.status_code == 200
    assert button in text and tax in text and "9,975" in text.replace("9.975", "9,975")
    assert not Invoice.objects.filter(contract=contract).exists()
    seen = preview.context["form"]["seen"].value()
    assert (
        client.post(where, {**sent, "seen": seen, "city": "Lévis"}).status_code == 200
    )  # reads otherwise now
    assert client.post(where, {**sent, "seen": seen}).status_code == 303
    invoice = Invoice.objects.get(contract=contract)
    assert (invoice.province, invoice.language, invoice.federal_name) == ("QC", language, "GST")
    page = client.get(where)
    assert invoice.number in page.content.decode()
    assert page["Cache-Control"].count("no-store") or "private" in page["Cache-Control"]
    document = client.get(address("document", token, language))
    assert document.content == invoice.content()
    assert "attachment" in document["Content-Disposition"]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, contract: Contract, token: str
) -> None:
    answer = client.post(
        address("invoice", token),
        typed(pay_to="4111 1111 1111 1111", postal_code="K1A 0B1", gst_number="1", name=""),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("number of a card", "postal code of your province", "nine digits", "who is to be paid"):
        assert sentence in page
    assert "12, rue des Pins" in page
    assert not Invoice.objects.filter(contract=contract).exists()
    assert client.post(address("invoice", token), {}).status_code == 422
    assert client.post(address("invoice", token), typed(province="ZZ", name="\x00\ufffd")).status_code == 422


def test_the_suppliers_own_pdf_is_taken_and_nothing_else(
    client: Client, contract: Contract, token: str
) -> None:
    price = contract.price
    amounts = {
        "subtotal": str(price),
        "federal_tax": str(round(price * 5 / 100, 2)),
        "provincial_tax": f"{price * 9975 / 100000:.2f}".replace(".", ","),
        "day": timing.today(database_clock()).isoformat(),
    }
    where = address("own", token)
    wrong = SimpleUploadedFile("invoice.pdf", b"<html>", "application/pdf")
    assert client.post(where, typed(**amounts, file=wrong)).status_code == 422
    assert client.post(where, typed(**amounts)).status_code == 422
    right = SimpleUploadedFile("../my invoice.pdf", PDF, "application/pdf")
    assert client.post(where, typed(**{**amounts, "subtotal": "1"}, file=right)).status_code == 422
    right.seek(0)
    assert client.post(where, typed(**amounts, file=right)).status_code == 303
    invoice = Invoice.objects.get(contract=contract)
    assert (invoice.content(), invoice.name) == (PDF, f"{invoice.number}.pdf")
    assert client.get(address("document", token))["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("name", ["invoice", "own", "document"])
def test_a_link_that_leads_nowhere_says_nothing(client: Client, contract: Contract, name: str) -> None:
    assert client.get(address(name, "x" * 43)).status_code == 404


def test_the_page_of_the_work_leads_to_the_invoice(client: Client, contract: Contract, token: str) -> None:
    with override("en"):
        work = reverse("work:page", args=[token])
    assert address("invoice", token) in client.get(work).content.decode()
    contracts.payment(contracts.approved(contracts.invoiced(contract)))
    page = client.get(work).content.decode()
    assert "We paid" in page
    assert "publiccode.yml" in page
    refused = client.post(address("invoice", token), typed())
    assert refused.status_code == 303  # to the invoice that there is


def test_a_number_of_a_card_is_not_taken_in_a_message_either(
    client: Client, contract: Contract, token: str
) -> None:
    with override("en"):
        where = reverse("work:message", args=[token])
    sent = {"kind": "message", "words": "Pay to 5500 0000 0000 0004.", "key": str(uuid.uuid4())}
    assert client.post(where, sent).status_code == 422
    assert not contract.messages.exists()


def test_letters_are_in_the_language_of_the_supplier(contract: Contract, invoice: Invoice) -> None:
    contracts.payment(contracts.approved(invoice))
    language = contract.offer.proposal.correspondence_language
    kinds = ("invoice_received", "payment_made")
    sent = OutgoingMessage.objects.filter(kind__in=kinds).values_list("kind", "language")
    assert sorted(sent) == sorted((kind, language) for kind in kinds)


# --- staff -----------------------------------------------------------------------------------------


def test_cfob_approves_and_finance_pays_on_their_screens(
    contract: Contract, invoice: Invoice, monkeypatch: Any
) -> None:
    cfob, finance = signed_in(roles.CFOB), signed_in(roles.FINANCE)
    approve = reverse("payments:approve", args=[contract.pk])
    assert "posted without a section 32 reference" in cfob.get(approve).content.decode()
    posted = SimpleNamespace(section_32_reference="S32-2026-0499")
    monkeypatch.setattr(Solicitation, "page", lambda _file, _language: posted)
    shown = cfob.get(approve).content.decode()
    assert "as posted: S32-2026-0499." in shown and 'value="S32-2026-0499"' in shown
    monkeypatch.undo()
    assert "Main Street" in shown and "supplier@example.org" in shown
    assert cfob.post(approve, {"fund_reservation": "600012345"}).status_code == 422
    sent = {"fund_reservation": "4111111111111111", "certified": "on"}
    refused = cfob.post(approve, sent)
    assert refused.status_code == 422 and "card" in refused.content.decode()
    assert cfob.post(approve, {**sent, "fund_reservation": "600012345"}).status_code == 302
    pay = reverse("payments:pay", args=[contract.pk])
    assert cfob.get(pay).status_code == 302  # not CFOB’s
    today = timing.today(database_clock())
    paid = {"method": "paypal", "reference": "8AC38461KX771552M", "sap_document": "1900004711"}
    assert finance.post(pay, {**paid, "paid_on": "tomorrow"}).status_code == 422
    assert finance.post(pay, {**paid, "paid_on": today.isoformat()}).status_code == 302
    page = finance.get(reverse("payments:payment", args=[contract.pk])).content.decode()
    assert "600012345" in page and "1900004711" in page
    assert Solicitation.objects.get(pk=contract.solicitation_id).state == "completed"


def test_an_invoice_is_sent_back_on_a_screen(contract: Contract, invoice: Invoice) -> None:
    finance = signed_in(roles.FINANCE)
    where = reverse("payments:send_back", args=[contract.pk])
    assert finance.post(where, {"reason": ""}).status_code == 422
    assert finance.post(where, {"reason": "The tax number is another’s."}).status_code == 302
    assert InvoiceReturn.objects.get(invoice=invoice).reason == "The tax number is another’s."


def test_an_invoice_that_was_sent_back_is_mended_not_typed_again(
    client: Client, contract: Contract, token: str
) -> None:
    price = contract.price
    own = {
        "subtotal": str(price),
        "federal_tax": f"{price * 5 / 100:.2f}",
        "provincial_tax": f"{price * 9975 / 100000:.2f}",
        "day": timing.today(database_clock()).isoformat(),
    }
    pdf = SimpleUploadedFile("invoice.pdf", PDF, "application/pdf")
    assert client.post(address("own", token), typed(**own, file=pdf)).status_code == 303
    finance = signed_in(roles.FINANCE)
    where = reverse("payments:send_back", args=[contract.pk])
    assert finance.post(where, {"reason": "The number of the file is missing."}).status_code == 302

    form = client.get(address("own", token, "fr")).context["form"]
    assert (form["street"].value(), form["province"].value()) == ("12, rue des Pins", "QC")
    again = {name: str(form[name].value()) for name in (*own, *typed()) if name != "seen"}
    assert again["subtotal"] == "6\N{NO-BREAK SPACE}500,00"
    mended = SimpleUploadedFile("mended.pdf", PDF, "application/pdf")
    assert client.post(address("own", token, "fr"), {**again, "file": mended}).status_code == 303
    assert Invoice.objects.filter(contract=contract).count() == 2

    shown = finance.get(reverse("payments:payment", args=[contract.pk])).content.decode()
    assert "The number of the file is missing." in shown
    first = Invoice.objects.get(contract=contract, sequence=1)
    assert reverse("payments:document", args=[first.pk]) in shown


def test_finance_enters_an_invoice_from_paper(contract: Contract) -> None:
    finance = signed_in(roles.FINANCE)
    where = reverse("payments:enter_own", args=[contract.pk])
    price = contract.price
    values = typed(
        subtotal=str(price),
        federal_tax=f"{price * 5 / 100:.2f}",
        provincial_tax=f"{price * 9975 / 100000:.2f}",
        day=timing.today(database_clock()).isoformat(),
        file=SimpleUploadedFile("scan.pdf", PDF, "application/pdf"),
        **contracts.came_typed(contract.acceptance.accepted_at),
    )
    assert finance.get(where).status_code == 200
    assert finance.post(where, values).status_code == 302
    assert Invoice.objects.get(contract=contract).entered_by == people.the(roles.FINANCE)


@pytest.mark.parametrize("address", ["microacq_payments", "microacq_contracts"])
def test_no_name_of_a_supplier_is_a_formula_in_a_spreadsheet(contract: Contract, address: str) -> None:
    with guards_down("submissions_award"):
        Award.objects.filter(pk=contract.offer.award.pk).update(supplier="＝HYPERLINK(A1);=1+1")
    auditor = signed_in(roles.AUDITOR)
    text = b"".join(auditor.get(reverse(address), {"export": "csv"})).decode("utf-8-sig")
    assert "'＝HYPERLINK(A1);'=1+1" in text
    book = b"".join(auditor.get(reverse(address), {"export": "xlsx"}))
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows() for cell in row]
    assert "＝HYPERLINK(A1);=1+1" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


def test_the_list_of_payments_costs_the_same_with_many(contract: Contract, invoice: Invoice) -> None:
    finance = signed_in(roles.FINANCE)
    where = reverse("microacq_payments")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page = finance.get(where)
        assert contract.solicitation.number in page.content.decode()
        return len(caught)

    queries()
    before = queries()
    contracts.approved(contracts.invoiced(contracts.accepted().contract))
    assert queries() == before
    for query in ("?step=approve", "?words=MA-", "?step=paid&words=zz", "?export=csv"):
        assert finance.get(f"{where}{query}").status_code == 200


def test_the_panel_of_the_file_shows_days_and_numbers(contract: Contract, invoice: Invoice) -> None:
    contracts.approved(invoice)
    finance = people.the(roles.FINANCE)
    [panel] = hooks.show_the_payment(Solicitation.objects.get(pk=contract.solicitation_id), finance)
    shown = panel.render_html({})
    assert reverse("payments:pay", args=[contract.pk]) in shown
    assert "600012345" in shown
    assert "Main Street" not in shown


def test_finance_keeps_the_rates_and_others_read_them_or_not(contract: Contract) -> None:
    finance = signed_in(roles.FINANCE)
    listed = finance.get("/admin/tax-rates/").content.decode()
    assert "Nova Scotia" in listed and "9.975" in listed
    rate = {"tax": "HST", "province": "ON", "percent": "12", "since": "2027-04-01", "source": "A budget"}
    assert finance.post("/admin/tax-rates/new/", {**rate, "source": "4111 1111 1111 1111"}).status_code == 200
    assert finance.post("/admin/tax-rates/new/", rate).status_code == 302
    again = finance.post("/admin/tax-rates/new/", rate)
    assert "There is a rate of this tax from that day on" in again.content.decode()
    added = TaxRate.objects.get(since="2027-04-01")
    where = f"/admin/tax-rates/edit/{added.pk}/"
    assert finance.post(where, {**rate, "tax": "QST"}).status_code == 200
    assert finance.post(where, {**rate, "percent": "11.5"}).status_code == 302
    assert finance.get(f"/admin/tax-rates/history/{added.pk}/").status_code == 200
    assert signed_in(roles.AUDITOR).get("/admin/tax-rates/").status_code == 200
    for role in (roles.CFOB, roles.CLIENT, roles.IT_STRATEGY):
        assert signed_in(role).get("/admin/tax-rates/").status_code in (302, 403)
        assert signed_in(role).post(where, rate).status_code in (302, 403)
    added.refresh_from_db()
    assert added.percent == Decimal("11.5")


def found(file_id: int) -> dict[str, list[str]]:
    """What the checks of payment find."""
    file = Solicitation.objects.get(pk=file_id)
    outcomes = [proofs.carry_out(check, lambda _done, _all: None) for check in checks(file)]
    return {one.check.name: [each.sentence for each in one.findings] for one in outcomes if one.findings}


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (
            "UPDATE submissions_invoice SET subtotal = 100, federal_tax = 13, total = 113",
            "payments.invoices",
        ),
        ("UPDATE submissions_invoice SET digest = repeat('0', 64)", "payments.documents"),
        (
            "UPDATE submissions_section34approval SET approved_by_id = "
            "(SELECT recorded_by_id FROM submissions_payment)",
            "payments.people",
        ),
        ("UPDATE submissions_payment SET amount = amount - 1", "payments.payment"),
        ("UPDATE submissions_payment SET days = days + 1", "payments.payment"),
        ("DELETE FROM submissions_payment", "payments.payment"),
    ],
)
def test_what_was_paid_is_proved_and_what_was_changed_is_found(
    contract: Contract, invoice: Invoice, change: str, check: str
) -> None:
    contracts.payment(contracts.approved(invoice))
    connection.check_constraints()  # the audit is chained at the end of a transaction
    assert found(contract.solicitation_id) == {}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(change)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert check in found(contract.solicitation_id)
