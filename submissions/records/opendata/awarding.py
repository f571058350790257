"""The sections of a release that tell of awards and contracts. Pure: what is stored in, data out.

The supplier is named as the award notice names it, and known by a number of this file alone, so that no list of one
person's contracts follows from it. What is paid is told before tax, as the price is: the tax would tell in which
province the supplier lives, and whether it is registered.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from microacq_pages.formats import EASTERN
from submissions.solicitations.enums import State

from . import tender, wording
from .history import Act, History
from .wording import both, instant, money

Section = dict[str, Any]

AWARDED = "file.awarded"


def award_id(history: History, place: int) -> str:
    """The identifier of one award of a file, from 1."""
    return f"{history.file.number}-award-{place}"


def contract_id(history: History, place: int) -> str:
    """The identifier of the contract that an award made."""
    return f"{history.file.number}-contract-{place}"


def awarded(history: History, act: Act, name: str) -> Section:
    """Both have signed: the award is a contract at once."""
    place = history.count_of(AWARDED) + 1
    award = history.awards[place - 1]
    posting = max(
        (each for each in history.postings.values() if each.created_at <= act.at),
        key=lambda each: each.amendment,
    )
    supplier = _supplier(history, place)
    titles = {
        key: text for key, text in tender.tender_of(history, posting).items() if key.startswith("title")
    }
    period = {"startDate": instant(award.countersigned_at), "endDate": tender.end_of(award.delivery_date)}
    signed, value = instant(award.countersigned_at), money(award.value)
    return {
        "parties": [{**supplier, "roles": ["supplier"]}],
        "tender": {"id": history.file.number, "status": tender.COMPLETE},
        "awards": [
            {
                "id": award_id(history, place),
                **titles,
                "status": "active",
                "date": signed,
                "value": value,
                "suppliers": [supplier],
                "items": [tender.work_of(posting)],
                "contractPeriod": period,
            }
        ],
        "contracts": [
            {
                "id": contract_id(history, place),
                "awardID": award_id(history, place),
                **titles,
                "status": "active",
                "period": period,
                "value": value,
                "items": [tender.work_of(posting)],
                "dateSigned": signed,
            }
        ],
    }


def extended(history: History, act: Act, name: str) -> Section:
    """Both sides agreed to a later delivery date; why stays between them."""
    until = date.fromisoformat(str(act.data["until"]))
    amendment = {
        "id": f"delivery-{until.isoformat()}",
        "date": instant(act.at),
        **both("description", wording.EXTENDED),
        "releaseID": name,
    }
    return _contract(history, period={"endDate": tender.end_of(until)}, amendments=[amendment])


def accepted(history: History, act: Act, name: str) -> Section:
    """The work met every acceptance criterion, as merged in one commit of the repository."""
    acceptance = history.acceptances[history.awards[_place(history) - 1].offer_id]
    milestone = {
        "id": "acceptance",
        **both("title", wording.ACCEPTANCE),
        **both("description", wording.MERGED, commit=acceptance.commit),
        "type": "delivery",
        "status": "met",
        "dateMet": instant(act.at),
    }
    code = {
        "id": "code",
        "documentType": "physicalProgressReport",
        **both("title", wording.CODE),
        **both("description", wording.MERGED, commit=acceptance.commit),
        "url": acceptance.contract.repository,
        "datePublished": instant(act.at),
        "format": "text/html",
    }
    documents = {"documents": [code]} if code["url"] else {}
    return _contract(history, implementation={"milestones": [milestone], **documents})


def paid(history: History, act: Act, name: str) -> Section:
    """What was due was paid: for accepted work, or the share of it on which both sides agreed when they ended it."""
    payment = history.payments[str(act.data["invoice"])]
    offers = [award.offer_id for award in history.awards]
    place = offers.index(payment.contract.offer_id) + 1
    supplier = _supplier(history, place)
    transaction = {
        "id": f"{history.file.number}-payment-{place}",
        "date": instant(datetime.combine(payment.paid_on, time(), tzinfo=EASTERN)),
        "value": money(payment.invoice.subtotal),
        "payer": tender.buyer(),
        "payee": supplier,
    }
    return {
        "parties": [
            tender.department("buyer", "procuringEntity", "payer"),
            {**supplier, "roles": ["supplier", "payee"]},
        ],
        **_contract(history, place, implementation={"transactions": [transaction]}),
    }


def completed(history: History, act: Act, name: str) -> Section:
    """The work was paid: the contract has come to its close."""
    return _contract(history, status="terminated")


def ended(history: History, act: Act, name: str) -> Section:
    """The contract ended without the whole work. Whose decision it was, and why, is told to nobody else."""
    return _contract(history, status="terminated")


def passed_on(history: History, act: Act, name: str) -> Section:
    """The next in the drawn order is asked."""
    return {"tender": {"id": history.file.number, "status": tender.ACTIVE}}


def terminated(history: History, act: Act, name: str) -> Section:
    """The file ends with its last contract, or because nobody else in the order took the work."""
    nobody_left = act.data.get("before") == State.SELECTED
    status = tender.UNSUCCESSFUL if nobody_left else tender.COMPLETE
    return {"tender": {"id": history.file.number, "status": status}}


def _contract(history: History, place: int = 0, **fields: Any) -> Section:
    place = place or _place(history)
    known = {"id": contract_id(history, place), "awardID": award_id(history, place)}
    return {"contracts": [{**known, **fields}]}


def _place(history: History) -> int:
    return history.count_of(AWARDED)


def _supplier(history: History, place: int) -> dict[str, str]:
    return {"id": f"{history.file.number}-supplier-{place}", "name": history.awards[place - 1].supplier}
