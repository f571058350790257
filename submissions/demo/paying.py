"""A file that went through everything: delivered once, accepted, invoiced, approved by CFOB, paid by finance, reusable.

So whoever looks sees a catalogue with an entry, a list of payments with a line, and every step on the file’s page.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import override

from submissions.awards import offers
from submissions.awards import results as awards
from submissions.awards.enums import OfferState
from submissions.contracts import delivering, judging, letters, results, timing
from submissions.contracts.enums import CheckKind
from submissions.contracts.payment import invoicing, paying
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.services import database_clock

from .accounts import person

if TYPE_CHECKING:
    from submissions.contracts.models import Contract
    from submissions.solicitations.models import Solicitation

COMMIT = "41d7c09be8a2f6035cd91b7e60f4a8c2d3157e9b"
JUNIT = b"""<testsuites><testsuite name="rules"><testcase name="French examples"/><testcase name="English examples"/>
</testsuite></testsuites>"""
WORDS = {
    "en": {
        "met": "See the pull request and its tests.",
        "none": "Not needed for a library without a screen.",
    },
    "fr": {
        "met": "Voir la demande de tirage et ses tests.",
        "none": "Inutile pour une bibliothèque sans écran.",
    },
}


@transaction.atomic
def finish(file: Solicitation) -> str:
    """Sign the award and go to the end; what somebody has begun is left alone.

    Returns:
        Where the file stands then.
    """
    offer = awards.current_offer(file)
    if offer is None or offer.state != OfferState.ACCEPTED:
        return str(file.state)
    with override("en"):
        offers.countersign(offer, person("cfob"))
    contract = results.contract_of(file)
    if contract is None:
        return str(file.state)
    language = letters.language_of_supplier(contract)
    with override(language):
        _accept(contract, language)
        _pay(contract, language)
    file.refresh_from_db()
    return str(file.state)


def _accept(contract: Contract, language: str) -> None:
    words = WORDS[language]
    criteria = delivering.items_of(contract, ItemKind.ACCEPTANCE)
    nothing = {f"no_{kind}": words["none"] for kind in (CheckKind.SECURITY, CheckKind.ACCESSIBILITY)}
    delivery = delivering.deliver(
        contract,
        delivering.Delivered(
            requests=[f"{contract.repository}/pull/31"],
            commit=COMMIT,
            licence=contract.solicitation.licence,
            answers={**{str(item.identity): words["met"] for item in criteria}, **nothing},
            confirmed=[
                str(item.identity)
                for item in delivering.items_of(contract, ItemKind.DELIVERY)
                if not item.field_type
            ],
            language=language,
            key=uuid.uuid4(),
            attached=[delivering.Attached(CheckKind.TESTS, name="junit.xml", content=JUNIT)],
        ),
    )
    given = {item.pk: judging.Given(True, words["met"]) for item in judging.criteria_of(delivery)}
    client = contract.solicitation.client or person("it-lead")
    judgement = judging.judge(delivery, client, given, judging.Outcome(commit=COMMIT))
    judging.concur(judgement, person("it-strategy"), agreed=True)


def _pay(contract: Contract, language: str) -> None:
    contract.refresh_from_db()
    invoice = invoicing.send(
        contract,
        invoicing.Charge(
            name=contract.supplier,
            street="118, rue des Cèdres",
            city="Rimouski",
            province="QC",
            postal_code="G5L 4B4",
            gst_number="123456782 RT0001",
            provincial_number="1234567890 TQ0001",
            pay_to="anouk.delisle@example.org",
            language=language,
        ),
    )
    paying.approve(invoice, person("cfob"), "600043917")
    paying.pay(
        invoice,
        person("finance"),
        method="paypal",
        reference="5TY05013RG002845M",
        sap_document="1900087215",
        paid_on=timing.today(database_clock()),
    )
