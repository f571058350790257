"""What the columns of the tracker are filled from: every fact of some rows, read with a constant number of queries.

Owns which event each fact is. Reads only; how a fact is called and written is in ``columns``, who passed in ``passed``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min
from wagtail.models import Page, Revision, WorkflowState

from microacq_pages import roles
from microacq_pages.intake.models import RequestDecision, RequestEffort
from microacq_pages.models import ClientRequest, Opportunity
from microacq_pages.models.reviewing import StepApproval
from submissions.awards.models import Offer
from submissions.contracts.models import Contract
from submissions.contracts.work_models import Delivery
from submissions.proposals.models import Proposal
from submissions.questions.models import Question
from submissions.solicitations.models import Posting, Solicitation
from submissions.solicitations.postings import fact_from

from . import passed, paying, reuse
from .models import TrackerRow

#: What an opportunity says of whose it is.
OF_CLIENT = ("department", "branch", "team", "contact_name", "contact_email")


@dataclass
class Entry:
    """The facts of one row, as far as there are any. Times are UTC.

    Attributes:
        row: The row.
        clock: The database’s clock.
        file: The procurement file.
        request: The request.
        decisions: What was decided about the request, the first first.
        efforts: Hours that were spent on it, with the time of each.
        page: What a draft says, in the reader’s language; empty once posted.
        begun_writing: When the text was first saved.
        submitted: When the text was first sent to review.
        submitted_last: When it was last sent to review before it was posted.
        approved: When each group first approved it, by the name of the group.
        first: What was posted first: dates, by their column.
        words: What the newest posting says of whose it is, in English and in French.
        questions: Questions of suppliers.
        applications: Applications in the competition.
        passed: Applications that passed every criterion; None before the sign-off.
        offer: The last offer.
        contract: The last contract.
        delivered_at: When the work was last delivered.
        listed_on: When the code was entered in the Open Resource Exchange.
        paid_on: The day on which the supplier of that contract was paid.
    """

    row: TrackerRow
    clock: datetime
    file: Solicitation | None
    request: ClientRequest | None
    decisions: list[RequestDecision] = field(default_factory=list)
    efforts: list[tuple[datetime, Decimal]] = field(default_factory=list)
    page: dict[str, Any] = field(default_factory=dict)
    begun_writing: datetime | None = None
    submitted: datetime | None = None
    submitted_last: datetime | None = None
    approved: dict[str, datetime] = field(default_factory=dict)
    first: dict[str, Any] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    questions: int | None = None
    applications: int | None = None
    passed: int | None = None
    offer: Offer | None = None
    contract: Contract | None = None
    delivered_at: datetime | None = None
    listed_on: date | None = None
    paid_on: date | None = None

    def hours_until(self, moment: datetime | None) -> Decimal | None:
        """Hours that IT Strategy recorded until a moment; None where there was no request to record them on."""
        if self.request is None:
            return None
        kept = (hours for spent_at, hours in self.efforts if moment is None or spent_at <= moment)
        return sum(kept, Decimal(0))


def read(rows: Sequence[TrackerRow], language: str) -> list[Entry]:
    """The facts of some rows, in their order.

    Args:
        rows: Read by ``register.listed``, so that they carry file, request and ``clock``.
        language: In which a draft is read, ``en`` or ``fr``.
    """
    found = [Entry(row, row.clock, row.solicitation, row.request) for row in rows]
    by_key = {each.row.translation_key: each for each in found if each.row.translation_key}
    by_file = {each.file.pk: each for each in found if each.file is not None}
    _requests({each.request.pk: each for each in found if each.request is not None})
    _drafts({key: each for key, each in by_key.items() if each.file is None}, language)
    _writing(by_key)
    _postings(by_file)
    _applications(by_file)
    _awards(by_file)
    return found


def _requests(entries: Mapping[int, Entry]) -> None:
    for decision in RequestDecision.objects.filter(request__in=entries).order_by("pk"):
        entries[decision.request_id].decisions.append(decision)
    efforts = RequestEffort.objects.filter(request__in=entries).order_by("pk")
    for pk, moment, hours in efforts.values_list("request_id", "recorded_at", "hours"):
        entries[pk].efforts.append((moment, hours))


def _drafts(entries: Mapping[UUID, Entry], language: str) -> None:
    wanted = ("title", "price", "deadline", "selection_date", "delivery_date", "repository", *OF_CLIENT)
    pages = Opportunity.objects.filter(translation_key__in=entries).order_by("pk")
    for key, code, *values in pages.values_list("translation_key", "locale__language_code", *wanted):
        entry = entries[key]
        said = dict(zip(wanted, values, strict=True))
        # The other language fills in what is not translated yet.
        kept = {name: value for name, value in said.items() if value}
        entry.page = {**entry.page, **kept} if code == language else {**kept, **entry.page}


def _writing(entries: Mapping[UUID, Entry]) -> None:
    keys = {
        str(pk): key
        for pk, key in Page.objects.filter(translation_key__in=entries).values_list("pk", "translation_key")
    }
    saved = Revision.page_revisions.filter(object_id__in=keys).order_by().values_list("object_id")
    for pk, moment in saved.annotate(first=Min("created_at")):
        entry = entries[keys[pk]]
        entry.begun_writing = min(filter(None, [entry.begun_writing, moment]))
    reviews = WorkflowState.objects.filter(object_id__in=keys).order_by("created_at")
    for pk, moment in reviews.values_list("object_id", "created_at"):
        entry = entries[keys[pk]]
        entry.submitted = entry.submitted or moment
        if entry.file is None or moment <= entry.file.posted_at:
            entry.submitted_last = moment
    steps = StepApproval.objects.filter(task_state__workflow_state__object_id__in=keys).order_by("pk")
    for pk, group, moment in steps.values_list(
        "task_state__workflow_state__object_id", "group__name", "approved_at"
    ):
        entries[keys[pk]].approved.setdefault(group, moment)


def _postings(entries: Mapping[int, Entry]) -> None:
    postings = Posting.objects.filter(solicitation__in=entries).order_by("amendment")
    for pk, facts, english, french in postings.values_list(
        "solicitation_id", "text__facts", *(f"text__{code}" for code in ("en", "fr"))
    ):
        entry = entries[pk]
        if not entry.first:
            dates = ("deadline", "selection_date", "delivery_date")
            entry.first = {name: fact_from(name, (facts or {}).get(name, "")) for name in dates}
        entry.words = {"en": english or {}, "fr": french or {}}


def _applications(entries: Mapping[int, Entry]) -> None:
    for entry in entries.values():
        entry.questions = entry.applications = 0
    asked = Question.objects.filter(solicitation__in=entries).order_by().values_list("solicitation_id")
    for pk, count in asked.annotate(count=Count("pk")):
        entries[pk].questions = count
    sent = Proposal.objects.sent().filter(solicitation__in=entries).order_by().values_list("solicitation_id")
    for pk, count in sent.annotate(count=Count("pk")):
        entries[pk].applications = count
    for pk, count in passed.counts(entries).items():
        entries[pk].passed = count


def _awards(entries: Mapping[int, Entry]) -> None:
    offers = Offer.objects.filter(solicitation__in=entries).select_related("acceptance", "award")
    for offer in offers.order_by("pk"):
        entries[offer.solicitation_id].offer = offer
    contracts = Contract.objects.filter(solicitation__in=entries).select_related("acceptance", "end")
    by_contract: dict[int, Entry] = {}
    for contract in contracts.order_by("pk"):
        entry = entries[contract.solicitation_id]
        entry.contract = contract
        by_contract[contract.pk] = entry
    rounds = Delivery.objects.filter(contract__in=by_contract).order_by().values_list("contract_id")
    last: dict[int, datetime] = dict(rounds.annotate(last=Max("delivered_at")))
    for pk, entry in by_contract.items():
        if entry.contract is not None and entry.contract.pk == pk:
            entry.delivered_at = last.get(pk)
    for pk, day in paying.paid_on(by_contract).items():
        if (paid := by_contract[pk].contract) is not None and paid.pk == pk:
            by_contract[pk].paid_on = day
    for pk, day in reuse.listed(entries).items():
        entries[pk].listed_on = day


def of_client(entry: Entry, name: str, language: str) -> str:
    """What the opportunity says of whose it is; before there is one, what the request says."""
    said = entry.words.get(language, {}).get(name) or entry.page.get(name)
    if said or entry.request is None:
        return str(said or "")
    person = entry.request.requester
    return {
        "team": entry.request.team,
        "contact_name": person.get_full_name() or person.get_username(),
        "contact_email": person.email,
    }.get(name, "")


def first_approval(entry: Entry, groups: Iterable[str]) -> datetime | None:
    """When the first of some groups approved the text."""
    return min((entry.approved[name] for name in groups if name in entry.approved), default=None)


IT_STRATEGY = (roles.IT_STRATEGY,)
CFOB = (roles.CFOB,)
