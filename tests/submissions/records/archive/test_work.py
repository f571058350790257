"""The work is written down: contract, deliveries, judgements, acceptance; and is erased with a certificate."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from microacq_pages import formats, roles
from submissions.contracts import ending, judging, talking
from submissions.contracts.enums import EndKind
from submissions.contracts.models import Contract, Message
from submissions.contracts.payment import amounts, invoicing
from submissions.contracts.work_models import Delivery
from submissions.proposals import custody
from submissions.records.archive import attachments, bundle, documents, erasing, retention, services
from submissions.records.archive import docx as drawing
from submissions.records.archive.access import packages
from submissions.records.archive.models import AccessPackage, ArchivedDocument, Category
from submissions.records.archive.words import About, Table
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import carry_out, checks_of
from tests.factories import contracts, people
from tests.submissions.records.archive.test_documents import text_of
from tests.support.guards import behind_the_rules


@pytest.fixture(scope="module")
def _paid_of_module(module_transaction: None) -> int:
    """Its first invoice was sent back; the second is approved and paid."""
    first = contracts.invoiced(contracts.accepted().contract)
    invoicing.send_back(first, people.the(roles.CFOB), "Write the name of the business.")
    contract = contracts.payment(contracts.approved(contracts.invoiced(first.contract))).contract
    connection.check_constraints()
    return contract.pk


@pytest.fixture
def contract(_paid_of_module: int, db: None) -> Contract:
    return Contract.objects.select_related("solicitation").get(pk=_paid_of_module)


def said(file: Solicitation, name: str, language: str) -> str:
    made = documents.make(file, name, language)
    assert made is not None
    return text_of(drawing.draw(made))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_work_is_written_down_to_its_acceptance(contract: Contract, language: str) -> None:
    file = contract.solicitation
    delivery = Delivery.objects.filter(contract=contract).latest("pk")
    accepted = said(file, "acceptance", language)
    for fact in (delivery.commit, contract.acceptance.commit, *delivery.requests, delivery.licence):
        assert fact in accepted
    assert all(answer in accepted for key, answer in delivery.answers().items() if answer)
    for statement in delivery.confirmed:
        assert statement[language].split("<")[0] in accepted
    assert contract.supplier in said(file, "contract", language)


def test_what_is_to_be_mended_and_why_keep_the_language_they_were_written_in(db: None) -> None:
    judgement = contracts.judged(passed=False)
    judging.concur(judgement, contracts.concurring(), agreed=False, reason="Look again.")
    for language, spoken in (("en", ""), ("fr", "en")):
        made = documents.make(judgement.delivery.contract.solicitation, "acceptance", language)
        assert made is not None
        cells = [
            cell for block in made.blocks if isinstance(block, Table) for row in block.rows for cell in row
        ]
        said_in = {run.text.strip(): run.language for cell in cells for run in cell}
        assert (said_in[judgement.mend], said_in["Look again."]) == (spoken, spoken)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_was_charged_approved_and_paid_is_written_down(contract: Contract, language: str) -> None:
    first, second = contract.invoices.order_by("sequence")
    text = said(contract.solicitation, "payment", language)
    for invoice in (first, second):
        assert invoice.number in text and invoice.digest in text
        assert amounts.exact(invoice.total, language) in text
    assert first.returned.reason in text
    approval, paid = second.approval, contract.payment
    for fact in (approval.fund_reservation, paid.reference, paid.sap_document, second.words()["name"]):
        assert fact in text
    assert formats.date_long(paid.paid_on, language) in text


def test_what_suppliers_sent_lies_beside_the_documents_for_those_who_may_read_it(
    contract: Contract, client: Client
) -> None:
    file = contract.solicitation
    parts = {part.path: part for part in bundle.parts_of(file)}
    invoices = {f"attachments/620-invoice-{each.number}.txt": each for each in contract.invoices.all()}
    checks = [path for path in parts if path.startswith("attachments/610-")]
    assert invoices and checks
    listed = {line["path"]: line["sha256"] for line in json.loads(parts[bundle.INDEX].content)["documents"]}
    for path, invoice in invoices.items():
        assert parts[path].content == invoice.content() and listed[path] == invoice.digest
        assert invoice.digest in parts[bundle.SUMS].content.decode()
        for language, words in (("en", "as it was sent"), ("fr", "telle qu’elle a été envoyée")):
            assert f"{invoice.number} {words}" in text_of(parts[f"index.{language}.docx"].content)
    for role, has_invoices in ((roles.CFOB, True), (roles.IT_STRATEGY, False)):
        client.force_login(people.the(role))
        fetched = client.get(reverse("records:download", args=[file.pk])).getvalue()
        with zipfile.ZipFile(io.BytesIO(fetched)) as archive:
            names = {name.split("/", 1)[1] for name in archive.namelist()}
        assert set(checks) <= names
        assert (invoices.keys() <= names) == has_invoices
        assert {"en/620-payment.docx", "fr/620-payment.docx"} <= names or not has_invoices
        assert not [name for name in names if "620-" in name] or has_invoices
        assert not invoices.keys() & names or has_invoices


def test_an_own_invoice_is_a_pdf_and_no_package_holds_it(contract: Contract) -> None:
    invoice = contract.invoices.last()
    behind_the_rules(f"UPDATE submissions_invoice SET source = 'own' WHERE id = {invoice.pk}")
    paths = [each.path for each in attachments.of(contract.solicitation)]
    assert f"attachments/620-invoice-{invoice.number}.pdf" in paths
    everything = [kind.name for kind in packages.available(contract.solicitation)]
    wish = packages.Wish("A-1", ["en", "fr"], everything, {})
    package = packages.make(contract.solicitation, wish, people.the(roles.CFOB))
    with zipfile.ZipFile(io.BytesIO(bytes(package.content))) as archive:
        assert all(name.endswith(".docx") for name in archive.namelist())
        about = f"{contract.solicitation.number}-A-1/en/000-about.docx"
        assert "are not in this package" in text_of(archive.read(about))


def test_who_may_not_read_the_payment_does_not_read_it_through_a_package(
    contract: Contract, client: Client
) -> None:
    file, address = contract.solicitation, reverse("records:disclose", args=[contract.solicitation_id])
    chosen = {
        "reference": "A-2",
        "languages": ["en"],
        "documents": ["payment"],
        "passages-TOTAL_FORMS": "0",
        "passages-INITIAL_FORMS": "0",
    }
    client.force_login(people.the(roles.IT_STRATEGY))
    assert "Not among them, because you may not read it: Invoice" in client.get(address).text
    for button in ("look", "make"):
        answer = client.post(address, {**chosen, button: "1"})
        assert answer.status_code == 422
        assert contract.invoices.last().words()["street"] not in answer.text
    with pytest.raises(PermissionDenied):
        packages.make(file, packages.Wish("A-2", ["en"], ["payment"], {}), people.the(roles.IT_STRATEGY))
    assert not AccessPackage.objects.exists()
    client.force_login(people.the(roles.CFOB))
    assert "Not among them" not in client.get(address).text
    assert contract.invoices.last().words()["street"] in client.post(address, {**chosen, "look": "1"}).text


def test_what_tells_who_charged_can_be_left_out_of_a_package(contract: Contract) -> None:
    made = documents.make(contract.solicitation, "payment", "en")
    assert made is not None
    tables = [block for block in made.blocks if isinstance(block, Table)]
    marked = {run.text: run.about for each in tables for row in each.rows for cell in row for run in cell}
    words = contract.invoices.last().words()
    assert marked[words["name"]] == About.NAME
    assert {marked[words[name]] for name in ("gst_number", "pay_to")} == {About.CONTACT}


def marks_of(file: Solicitation, key: str) -> dict[str, About | None]:
    """What each passage of a document tells of somebody."""
    made = documents.make(file, key, "en")
    assert made is not None
    tables = [block for block in made.blocks if isinstance(block, Table)]
    return {run.text: run.about for each in tables for row in each.rows for cell in row for run in cell}


def test_why_a_supplier_withdrew_or_refused_can_be_left_out_of_a_package(db: None) -> None:
    contract = contracts.under_way()
    client = contracts.client_of(contract.solicitation)
    until = contract.delivery_date + timedelta(days=5)
    asked = talking.ask_for_extension(
        contract, until, "Wait for us.", key=uuid.uuid4(), language="en", user=client
    )
    talking.answer_extension(asked, agreed=False, reason="My exams begin.", language="en")
    proposal = ending.propose(
        contract,
        client,
        EndKind.CONVENIENCE,
        "The need has gone.",
        percentage=30,
        key=uuid.uuid4(),
        language="en",
    )
    ending.answer(proposal, agreed=False, reason="Half is done.", language="en")
    marks = marks_of(contract.solicitation, "contract")
    assert {marks["My exams begin."], marks["Half is done."]} == {About.SUPPLIER}
    assert marks["The need has gone."] is None
    ending.withdraw(contract, "I have fallen ill.", language="en")
    assert marks_of(contract.solicitation, "acceptance")["I have fallen ill."] == About.SUPPLIER


def test_what_the_contractor_wrote_goes_with_a_certificate(contract: Contract) -> None:
    file = contract.solicitation

    def findings() -> set[str]:
        connection.check_constraints()
        outcomes = [carry_out(check, _quietly) for check in checks_of(file)]
        return {finding.sentence for each in outcomes for finding in each.findings}

    before = findings()
    with override_settings(MICROACQ_RETENTION={"applications": timedelta(0), "contract": timedelta(0)}):
        certificate = erasing.erase(file, Category.CONTRACT, authority="2026/001")
    assert certificate.counts["submissions_delivery.locked_words"] == 1
    assert Delivery.objects.get(contract=contract).answers() == {}
    assert not Message.objects.filter(contract=contract).exclude(locked_words="erased").exists()
    assert certificate.counts["submissions_invoice.locked_content"] == 2
    assert certificate.counts["submissions_invoicereturn.locked_reason"] == 1
    for invoice in contract.invoices.all():
        assert (invoice.words(), invoice.name, invoice.has_document) == ({}, "erased", False)
        with pytest.raises(custody.Erased):
            invoice.content()
    assert findings() <= before
    assert contract.payment.reference in said(file, "payment", "en")
    assert contract.acceptance.commit in said(file, "acceptance", "en")


def test_what_was_erased_does_not_stay_in_the_storage(contract: Contract, folder: Path) -> None:
    file = contract.solicitation
    below = folder / bundle.folder_of(file) / attachments.FOLDER
    with override_settings(MICROACQ_RECORDS_LANGUAGES=["en"]):
        services.write(file)
        assert len(list(below.glob("620-invoice-*"))) == 2
        with override_settings(MICROACQ_RETENTION={"applications": timedelta(0), "contract": timedelta(0)}):
            erasing.erase(file, Category.CONTRACT, authority="2026/001")
        services.write(file)
    assert not list(below.iterdir())
    assert not ArchivedDocument.objects.filter(path__contains=attachments.FOLDER).exists()
    sums = (below.parent / bundle.SUMS).read_text()
    assert attachments.FOLDER not in sums and "620-payment.docx" in sums


def test_staff_are_not_shown_what_was_erased(contract: Contract, client: Client) -> None:
    with override_settings(MICROACQ_RETENTION={"applications": timedelta(0), "contract": timedelta(0)}):
        erasing.erase(contract.solicitation, Category.CONTRACT, authority="2026/001")
    client.force_login(people.the(roles.FINANCE))
    shown = client.get(reverse("payments:payment", args=[contract.pk]))
    assert shown.status_code == 200
    document = reverse("payments:document", args=[contract.invoices.last().pk])
    assert document not in shown.content.decode()
    assert client.get(document, follow=True).status_code == 404


def test_an_invoice_that_is_read_again_does_not_make_it_be_kept_for_longer(contract: Contract) -> None:
    before = retention.ended_at(contract.solicitation)
    invoicing.read_document(contract.invoices.last(), people.the(roles.FINANCE))
    connection.check_constraints()
    assert before is not None and retention.ended_at(contract.solicitation) == before


def _quietly(done: int, total: int) -> Any:
    return None
