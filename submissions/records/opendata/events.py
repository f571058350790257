"""Which acts bring a release, and what each says: one table. Pure: what is stored in, data out.

A release tells what its act brought; merged in order they are the whole story. Bids are told as numbers alone, and not
before they were opened; a supplier is named with the award, by the name that the award notice shows. Imports no view.

Source of tags and codes: https://standard.open-contracting.org/1.1/en/schema/codelists/
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from microacq_pages.furniture import absolute

from . import awarding, tender, wording
from .history import Act, History
from .standard import ocid_of
from .tender import ACTIVE, CANCELLED, UNSUCCESSFUL
from .wording import both, instant, pair

Section = dict[str, Any]
#: Makes the sections of a release: of the file, for the act, under the name that the release will have.
Teller = Callable[[History, Act, str], Section]

POSTED, AMENDED, EXTENDED = "file.posted", "file.amended", "file.extended"


@dataclass(frozen=True)
class Event:
    """One kind of act that brings a release.

    Attributes:
        tags: What the standard calls it.
        tell: Makes its sections.
    """

    tags: tuple[str, ...]
    tell: Teller


def _posted(history: History, act: Act, name: str) -> Section:
    follows = history.file.follows
    related = {
        "relatedProcesses": [
            {
                "id": "1",
                "relationship": ["unsuccessfulProcess"],
                "scheme": "ocid",
                "identifier": ocid_of(follows.number),
            }
        ]
        if follows is not None
        else []
    }
    return {
        "parties": [tender.department("buyer", "procuringEntity")],
        "buyer": tender.buyer(),
        "tender": tender.tender_of(history, history.postings[0]),
        **{key: value for key, value in related.items() if value},
    }


def _amended(history: History, act: Act, name: str) -> Section:
    posting = history.postings[int(act.data["amendment"])]
    amendment = {
        "id": str(posting.amendment),
        "date": instant(act.at),
        **pair("rationale", posting.summary_en, posting.summary_fr),
        "amendsReleaseID": history.last_name(POSTED, AMENDED, EXTENDED),
        "releaseID": name,
    }
    return {
        "parties": [tender.department("buyer", "procuringEntity")],
        "tender": {**tender.tender_of(history, posting), "amendments": [amendment]},
    }


def _answered(history: History, act: Act, name: str) -> Section:
    published = history.answers[str(act.data["question"]), int(act.data["version"])]
    enquiry = {
        "id": str(act.data["question"]),
        **pair("description", published.question_en, published.question_fr),
        **pair("answer", published.answer_en, published.answer_fr),
        "dateAnswered": instant(act.at),
    }
    return _tender(history, hasEnquiries=True, enquiries=[enquiry])


def _opened(history: History, act: Act, name: str) -> Section:
    bids = int(act.data.get("count", 0)) + len(act.data.get("set_aside", ()))
    return {
        **_tender(history, status=ACTIVE if bids else UNSUCCESSFUL, numberOfTenderers=bids),
        "bids": {"statistics": [_statistic("bids", bids, act)]},
    }


def _evaluated(history: History, act: Act, name: str) -> Section:
    return _tender(history, status=ACTIVE)


def _reopened(history: History, act: Act, name: str) -> Section:
    told = history.list_at(act.at)
    sections = _tender(history, status=ACTIVE)
    if told is not None:
        counted = _statistic("validBids", len(told.candidates), act)
        sections["bids"] = {"statistics": [{**counted, **both("notes", wording.REOPENED)}]}
    return sections


def _selected(history: History, act: Act, name: str) -> Section:
    """How many passed is public with the list that was frozen."""
    frozen = history.list_at(act.at)
    documents = tender.selection_documents(_selection_addresses(history))
    sections = _tender(history, status=ACTIVE, documents=documents)
    if frozen is not None:
        sections["bids"] = {"statistics": [_statistic("validBids", len(frozen.candidates), act)]}
    return sections


def _none_suitable(history: History, act: Act, name: str) -> Section:
    return {
        **_tender(history, status=UNSUCCESSFUL),
        "bids": {"statistics": [_statistic("validBids", 0, act)]},
    }


def _unsuccessful(history: History, act: Act, name: str) -> Section:
    return _tender(history, status=UNSUCCESSFUL)


def _cancelled(history: History, act: Act, name: str) -> Section:
    english, french = str(act.data.get("reason", "")), str(act.data.get("reason_fr", ""))
    cancellation = {
        "id": "cancellation",
        "date": instant(act.at),
        **both("description", wording.CANCELLED),
        **pair("rationale", english, french),
        "amendsReleaseID": history.last_name(POSTED, AMENDED, EXTENDED),
        "releaseID": name,
    }
    return _tender(history, status=CANCELLED, amendments=[cancellation])


def _tender(history: History, **fields: Any) -> Section:
    return {"tender": {"id": history.file.number, **fields}}


def _statistic(measure: str, value: int, act: Act) -> dict[str, Any]:
    return {"id": measure, "measure": measure, "value": value, "date": instant(act.at)}


def _selection_addresses(history: History) -> dict[str, str]:
    addresses = {}
    for language in wording.LANGUAGES:
        with override(language):
            addresses[language] = absolute(reverse("selection:page", args=[history.file.number]))
    return addresses


EVENTS: dict[str, Event] = {
    POSTED: Event(("tender",), _posted),
    AMENDED: Event(("tenderAmendment",), _amended),
    EXTENDED: Event(("tenderAmendment",), _amended),
    "question.published": Event(("tenderUpdate",), _answered),
    "file.opened": Event(("tenderUpdate",), _opened),
    "file.ended_empty": Event(("tenderUpdate",), _opened),
    "file.evaluated": Event(("tenderUpdate",), _evaluated),
    "file.evaluation_reopened": Event(("tenderUpdate",), _reopened),
    "file.selected": Event(("tenderUpdate",), _selected),
    "file.none_suitable": Event(("tenderUpdate",), _none_suitable),
    "file.ended_unaccepted": Event(("tenderUpdate",), _unsuccessful),
    "file.cancelled": Event(("tenderCancellation",), _cancelled),
    awarding.AWARDED: Event(("award", "contract"), awarding.awarded),
    "contract.extension_agreed": Event(("contractAmendment",), awarding.extended),
    "file.work_accepted": Event(("implementation",), awarding.accepted),
    "payment.recorded": Event(("implementationUpdate",), awarding.paid),
    "file.completed": Event(("implementationUpdate",), awarding.completed),
    "contract.ended_default": Event(("contractTermination",), awarding.ended),
    "contract.ended_convenience": Event(("contractTermination",), awarding.ended),
    "contract.withdrawn": Event(("contractTermination",), awarding.ended),
    "file.passed_on": Event(("tenderUpdate",), awarding.passed_on),
    "file.terminated": Event(("tenderUpdate",), awarding.terminated),
}
"""By the name of the act in ``audit.actions``."""
