"""A file whose work is under way: signed, talked about, delivered once, to be mended, and a later date asked for.

What is left to do by hand is the client’s answer about the date, so that whoever tries it sees both sides of the story.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import override

from submissions.awards import offers
from submissions.awards import results as awards
from submissions.awards.enums import OfferState
from submissions.contracts import delivering, judging, letters, results, talking
from submissions.contracts.enums import CheckKind, MessageKind
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.services import database_clock

from .accounts import person

if TYPE_CHECKING:
    from submissions.contracts.models import Contract
    from submissions.contracts.work_models import Delivery
    from submissions.solicitations.models import Solicitation

COMMIT = "9f3c1e7ab2d04865c7710f3a9be2d6148c05a7e3"
JUNIT = b"""<testsuites><testsuite name="tests"><testcase name="downloads a table"/>
<testcase name="labels in both languages"/><testcase name="suppressed values are missing"><failure/></testcase>
</testsuite></testsuites>"""
SARIF = json.dumps(
    {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "semgrep"}}, "results": [{"level": "warning"}]}],
    }
).encode()

WORDS = {
    "en": {
        "progress": "The download and the tidy names are done. The indicators come next week.",
        "answer": "Thank you. The reference values are in the folder of the tests.",
        "met": "The function and its example are in the pull request, with a test.",
        "note": "One test fails still: I would like to hear whether the suppressed total is as you want it.",
        "none": "The work has no interface of its own.",
        "yes": "The example runs as described.",
        "no": "A suppressed value is read as zero in the total of a province.",
        "mend": "Leave suppressed values out of provincial totals, and say in the result how many there were.",
        "later": "My examinations end a week after the date. The correction itself is small.",
    },
    "fr": {
        "progress": "Le téléchargement et les noms normalisés sont faits. Les indicateurs suivront bientôt.",
        "answer": "Merci. Les valeurs de référence se trouvent dans le dossier des tests.",
        "met": "La fonction et son exemple se trouvent dans la demande de tirage, avec un test.",
        "note": "Un test échoue encore : j’aimerais savoir si le total supprimé est comme vous le voulez.",
        "none": "Les travaux n’ont pas d’interface propre.",
        "yes": "L’exemple fonctionne comme décrit.",
        "no": "Une valeur supprimée est lue comme zéro dans le total d’une province.",
        "mend": "Écartez les valeurs supprimées des totaux provinciaux, et dites combien il y en avait.",
        "later": "Mes examens finissent une semaine après la date. La correction elle-même est petite.",
    },
}


@transaction.atomic
def begin(file: Solicitation) -> str:
    """Sign the award and go through one round of work; what somebody has begun is left alone.

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
    words = WORDS[language]
    with override(language):
        _talk(contract, language, words)
        _judge(_deliver(contract, language, words), words)
        until = contract.delivery_date + timedelta(days=10)
        talking.ask_for_extension(contract, until, words["later"], key=uuid.uuid4(), language=language)
    file.refresh_from_db()
    return str(file.state)


def _talk(contract: Contract, language: str, words: dict[str, str]) -> None:
    talking.write(contract, words["progress"], key=uuid.uuid4(), language=language, kind=MessageKind.PROGRESS)
    client = contract.solicitation.client or person("it-strategy")
    talking.write(contract, words["answer"], key=uuid.uuid4(), language=language, user=client)


def _deliver(contract: Contract, language: str, words: dict[str, str]) -> Delivery:
    criteria = delivering.items_of(contract, ItemKind.ACCEPTANCE)
    return delivering.deliver(
        contract,
        delivering.Delivered(
            requests=[f"{contract.repository}/pull/12"],
            commit=COMMIT,
            licence=contract.solicitation.licence,
            answers={
                **{str(item.identity): words["met"] for item in criteria},
                f"no_{CheckKind.ACCESSIBILITY}": words["none"],
                "note": words["note"],
            },
            confirmed=[
                str(item.identity)
                for item in delivering.items_of(contract, ItemKind.DELIVERY)
                if not item.field_type
            ],
            language=language,
            key=uuid.uuid4(),
            attached=[
                delivering.Attached(CheckKind.TESTS, name="junit.xml", content=JUNIT),
                delivering.Attached(CheckKind.SECURITY, name="semgrep.sarif", content=SARIF),
            ],
        ),
    )


def _judge(delivery: Delivery, words: dict[str, str]) -> None:
    """The client finds one criterion not met; IT Strategy concurs."""
    criteria = judging.criteria_of(delivery)
    last = criteria[-1].pk
    given = {
        item.pk: judging.Given(item.pk != last, words["no" if item.pk == last else "yes"])
        for item in criteria
    }
    by = (database_clock() + timedelta(days=14)).date()
    client = delivery.contract.solicitation.client or person("it-lead")
    outcome = judging.Outcome(mend=words["mend"], mend_by=by)
    judgement = judging.judge(delivery, client, given, outcome)
    judging.concur(judgement, person("it-strategy"), agreed=True)
