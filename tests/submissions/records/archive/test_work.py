"""The work is written down: contract, deliveries, judgements, acceptance; and is erased with a certificate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from submissions.contracts.models import Contract, Message
from submissions.contracts.work_models import Delivery
from submissions.records.archive import documents, erasing
from submissions.records.archive import docx as drawing
from submissions.records.archive.models import Category
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import carry_out, checks_of
from tests.factories import contracts
from tests.submissions.records.archive.test_documents import text_of


@pytest.fixture(scope="module")
def _paid_of_module(module_transaction: None) -> int:
    contract = contracts.paid()
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
    assert findings() <= before
    assert contract.acceptance.commit in said(file, "acceptance", "en")


def _quietly(done: int, total: int) -> Any:
    return None
