"""Contracts and the way to each of their ends, as tests of this and later stages need them."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from microacq_pages import roles
from submissions.awards import offers
from submissions.awards.models import Offer
from submissions.contracts import delivering, ending, judging, results, timing
from submissions.contracts.enums import CheckKind, EndKind
from submissions.contracts.models import Contract, ContractEnd
from submissions.contracts.payment import invoicing, paying
from submissions.contracts.payment.models import Invoice, Payment
from submissions.contracts.work_models import Delivery, Judgement, WorkAcceptance
from submissions.proposals.came import Came
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from tests.factories import awards, evaluations, people, proposals, selections

COMMIT = "0123abcd" * 5
JUNIT = b"""<testsuites><testsuite name="all"><testcase name="a"/><testcase name="b"><skipped/></testcase>
<testcase name="c"><failure message="no"/></testcase></testsuite></testsuites>"""
SARIF = json.dumps(
    {
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "bandit"}},
                "results": [
                    {"level": "error"},
                    {},
                    {"level": "note", "suppressions": [{"kind": "inSource"}]},
                ],
            }
        ],
    }
).encode()
AXE = json.dumps(
    {"violations": [{"impact": "serious", "nodes": [{}, {}]}], "passes": [{}, {}], "incomplete": [{}]}
).encode()


def client_of(file: Solicitation) -> Any:
    """Who does the client’s part: the client of the file, else a second person of IT Strategy."""
    return file.client or _of_it_strategy("stands-in-for-client")


def concurring() -> Any:
    """Who concurs: IT Strategy, who judged nothing."""
    return _of_it_strategy("concurs")


def _of_it_strategy(username: str) -> Any:
    return User.objects.filter(username=username).first() or people.make_user(roles.IT_STRATEGY, username)


def under_way(file: Solicitation | None = None, *, passing: int = 2) -> Contract:
    """A contract that began with its award."""
    return under_way_of(awards.accepted(awards.offered(file, passing=passing)))


def under_way_of(offer: Offer) -> Contract:
    """The contract of an offer that its supplier has accepted, once the department signs."""
    award = awards.awarded(offer)
    contract = results.contract_of(Solicitation.objects.get(pk=award.offer.solicitation_id))
    assert contract is not None
    return contract


def sent(contract: Contract, **changes: Any) -> delivering.Delivered:
    """What a supplier sends who delivers everything."""
    criteria = delivering.items_of(contract, ItemKind.ACCEPTANCE)
    statements = delivering.items_of(contract, ItemKind.DELIVERY)
    values: dict[str, Any] = {
        "requests": ["https://git.example.org/project/pull/7"],
        "commit": COMMIT,
        "licence": contract.solicitation.licence,
        "answers": {str(item.identity): "See the tests." for item in criteria},
        "confirmed": [str(item.identity) for item in statements],
        "language": "en",
        "key": uuid.uuid4(),
        "attached": [
            delivering.Attached(CheckKind.TESTS, name="junit.xml", content=JUNIT),
            delivering.Attached(CheckKind.SECURITY, link="https://git.example.org/project/security"),
        ],
    }
    return delivering.Delivered(**{**values, **changes})


def delivered(contract: Contract | None = None, **changes: Any) -> Delivery:
    """Work that waits to be judged."""
    contract = contract or under_way()
    return delivering.deliver(contract, sent(contract, **changes))


def judged(delivery: Delivery | None = None, *, passed: bool = True, user: Any = None) -> Judgement:
    """A judgement that waits for concurrence; where not all is met, the first criterion is not."""
    delivery = delivery or delivered()
    criteria = judging.criteria_of(delivery)
    given = {
        item.pk: judging.Given(passed or number > 0, "As the tests show.")
        for number, item in enumerate(criteria)
    }
    day = (database_clock() + timedelta(days=14)).date()
    outcome = judging.Outcome(commit=COMMIT, mend="Mend the first criterion.", mend_by=day)
    return judging.judge(delivery, user or client_of(delivery.contract.solicitation), given, outcome)


def accepted(judgement: Judgement | None = None) -> WorkAcceptance:
    """Work that was accepted: judged by the client, concurred with by IT Strategy."""
    judgement = judgement or judged()
    judging.concur(judgement, concurring(), agreed=True)
    return WorkAcceptance.objects.select_related("contract__solicitation").get(judgement=judgement)


def not_accepted(delivery: Delivery | None = None) -> Delivery:
    """A round that is over: something is to be mended."""
    judgement = judged(delivery, passed=False)
    judging.concur(judgement, concurring(), agreed=True)
    return judgement.delivery


def ended(
    contract: Contract | None = None, kind: EndKind = EndKind.DEFAULT, *, percentage: int = 50
) -> ContractEnd:
    """A contract that ended without the whole work."""
    contract = contract or under_way()
    if kind == EndKind.WITHDRAWN:
        return ending.withdraw(contract, "I found other work.", language="en")
    proposal = ending.propose(
        contract,
        client_of(contract.solicitation),
        kind,
        "Nothing was delivered." if kind == EndKind.DEFAULT else "The need has gone.",
        percentage=percentage,
        key=uuid.uuid4(),
        language="en",
    )
    confirms = concurring() if kind == EndKind.DEFAULT else None
    ending.answer(proposal, agreed=True, language="en", user=confirms)
    return ContractEnd.objects.select_related("contract__solicitation").get(contract=contract)


def charge(contract: Contract, **changes: Any) -> invoicing.Charge:
    """What a supplier in Ontario says for an invoice that is made here."""
    values: dict[str, Any] = {
        "name": contract.supplier,
        "street": "1 Main Street",
        "city": "Sudbury",
        "province": "ON",
        "postal_code": "P3E 1A1",
        "gst_number": "123456782 RT0001",
        "provincial_number": "",
        "pay_to": "supplier@example.org",
        "language": "en",
        "key": uuid.uuid4(),
    }
    return invoicing.Charge(**{**values, **changes})


def came(contract: Contract) -> Came:
    """How something came that staff enter for a supplier: by telephone, when the work began."""
    return Came("telephone", contract.started_at, "The supplier called from the number of the application.")


def came_typed(moment: datetime) -> dict[str, str]:
    """The same as the forms of staff take it, at a moment (UTC)."""
    local = timezone.localtime(moment).replace(second=0, microsecond=0)
    said = "The supplier called from the number of the application."
    return {"entered_how": "telephone", "taken_at": f"{local:%Y-%m-%d %H:%M}", "statement": said}


def by_telephone(staff: Any) -> Contract:
    """Work under way of the only one who passed, whose application a member of staff entered."""
    file = proposals.make_file()
    proposals.enter(file, staff)
    selections.services.commit(file)
    evaluations.evaluated(0, failing=0, file=file)
    selections.services.freeze(file, selections.drawer())
    return under_way_of(awards.accepted(offers.make(file, selections.drawer())))


def invoiced(contract: Contract | None = None, **changes: Any) -> Invoice:
    """An invoice that waits for its approval."""
    contract = contract or accepted().contract
    return invoicing.send(contract, charge(contract, **changes))


def approved(invoice: Invoice | None = None) -> Invoice:
    """An invoice that waits for its payment: approved by CFOB."""
    invoice = invoice or invoiced()
    paying.approve(invoice, people.the(roles.CFOB), "600012345")
    return invoice


def payment(invoice: Invoice | None = None, *, user: Any = None, **changes: Any) -> Payment:
    """An invoice that finance has paid, today."""
    invoice = invoice or approved()
    values: dict[str, Any] = {
        "method": "paypal",
        "reference": "8AC38461KX771552M",
        "sap_document": "1900004711",
        "paid_on": timing.today(database_clock()),
    }
    return paying.pay(invoice, user or people.the(roles.FINANCE), **{**values, **changes})


def paid(acceptance: WorkAcceptance | None = None) -> Contract:
    """A contract that finance has paid; its file is complete."""
    acceptance = acceptance or accepted()
    done = payment(approved(invoiced(acceptance.contract)))
    return Contract.objects.get(pk=done.contract_id)
