"""The columns of the tracker: those of the pilot’s, in its order, each with the event that fills it.

Owns the table ``COLUMNS``; the screen, the exports and ``docs/tracker.*.md`` are made of it. Reads nothing: the facts
are in ``entries``. Source of the list: the pilot’s opportunity tracker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from microacq_pages.formats import EASTERN, known_language
from microacq_pages.intake.states import RequestState
from submissions.awards.enums import OfferState
from submissions.contracts.enums import ContractState
from submissions.solicitations import states
from submissions.solicitations.enums import AFTER_SELECTION, State

from .entries import CFOB, IT_STRATEGY, Entry, first_approval, of_client
from .phases import phase_of

#: Hours of a working day of the federal public service.
HOURS_A_DAY = Decimal("7.5")


class Group(StrEnum):
    """The parts of the tracker."""

    OPPORTUNITY = "opportunity"
    CLIENT = "client"
    STATUS = "status"
    TIME = "time"


GROUPS: dict[Group, Any] = {
    Group.OPPORTUNITY: _("Opportunity"),
    Group.CLIENT: _("Client"),
    Group.STATUS: pgettext_lazy("part of the tracker", "Status"),
    Group.TIME: _("Time taken"),
}


@dataclass(frozen=True)
class Fact:
    """One column.

    Attributes:
        name: In addresses and exports.
        group: The part of the tracker that it belongs to.
        label: Its heading.
        source: The event that fills it, as a sentence.
        value: What stands in it: text, a number, a day, or whether something is so; None where there is nothing.
    """

    name: str
    group: Group
    label: Any
    source: Any
    value: Callable[[Entry], Any]


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(EASTERN).date() if moment is not None else None


def _language() -> str:
    return known_language(get_language())


def _yes(value: bool | None) -> str:
    return "" if value is None else (gettext("Yes") if value else gettext("No"))


# --- the opportunity -----------------------------------------------------------------------------


def _number(entry: Entry) -> str:
    if entry.file is not None:
        return entry.file.number
    return (
        pgettext("number of a request", "R-%(number)s") % {"number": entry.request.pk}
        if entry.request
        else ""
    )


def _title(entry: Entry) -> str:
    if entry.file is not None:
        return entry.file.get_title()
    return str(entry.page.get("title") or (entry.request.title if entry.request else ""))


def _fits(entry: Entry) -> str:
    """Posted, or decided to fit; unknown while nobody has decided."""
    if entry.file is not None:
        return _yes(True)
    if entry.request is None or entry.request.state in (RequestState.RECEIVED, RequestState.WITHDRAWN):
        return ""
    return _yes(entry.request.state != RequestState.DOES_NOT_FIT)


def _price(entry: Entry) -> Decimal | None:
    return entry.file.price if entry.file is not None else entry.page.get("price")


def _original(name: str) -> Callable[[Entry], Any]:
    def value(entry: Entry) -> Any:
        said = entry.first.get(name) if entry.file is not None else entry.page.get(name)
        if said is None and entry.file is not None:
            said = getattr(entry.file, name)
        return _day(said) if isinstance(said, datetime) else said

    return value


def _extended(name: str) -> Callable[[Entry], Any]:
    """The date that counts now, where it is another than the one first posted."""

    def value(entry: Entry) -> Any:
        if entry.file is None:
            return None
        now = getattr(entry.file, name)
        if name == "delivery_date" and entry.contract is not None:
            now = entry.contract.delivery_date
        now = _day(now) if isinstance(now, datetime) else now
        return now if now != _original(name)(entry) else None

    return value


# --- the client ----------------------------------------------------------------------------------


def _of_client(name: str) -> Callable[[Entry], str]:
    return lambda entry: of_client(entry, name, _language())


# --- the status ----------------------------------------------------------------------------------


def _stage(entry: Entry) -> str:
    if entry.file is not None:
        phase = phase_of(entry.file.state, after_deadline=entry.clock >= entry.file.deadline)
        return str(phase.label)
    if entry.request is not None and entry.request.state != RequestState.DRAFTED:
        return str(entry.request.get_state_display())
    return gettext("In review") if entry.submitted else pgettext("stage of an opportunity", "Draft")


def _posted(entry: Entry) -> str:
    return _yes(entry.file is not None)


def _why_not_posted(entry: Entry) -> str:
    if entry.file is not None or entry.request is None or entry.request.state == RequestState.DOES_NOT_FIT:
        return ""
    return entry.decisions[-1].reason if entry.decisions else ""


def _website(entry: Entry) -> str:
    if entry.file is None:
        return ""
    return states.public_label(entry.file.state, taking_applications=entry.clock < entry.file.deadline)


def _chosen(entry: Entry) -> str:
    if entry.file is None:
        return ""
    if entry.file.state in AFTER_SELECTION:
        return _yes(True)
    is_over = entry.file.state in (State.NO_PROPOSALS, State.NONE_SUITABLE, State.CANCELLED)
    return _yes(False) if is_over else ""


def _delivered(entry: Entry) -> str:
    if entry.contract is None:
        return ""
    if entry.contract.state in (ContractState.ACCEPTED, ContractState.PAID):
        return _yes(True)
    return _yes(False) if not entry.contract.is_active else ""


def _repository(entry: Entry) -> str:
    if entry.contract is not None:
        return entry.contract.repository
    return str(entry.file.repository if entry.file is not None else entry.page.get("repository", ""))


def _in_exchange(entry: Entry) -> str:
    if entry.contract is None:
        return ""
    if entry.listed_on is not None:
        return _yes(True)
    return _yes(False) if entry.contract.state in (ContractState.ACCEPTED, ContractState.PAID) else ""


def _is_paid(entry: Entry) -> str:
    if entry.contract is None:
        return ""
    return _yes(entry.contract.state == ContractState.PAID or entry.paid_on is not None)


# --- the time ------------------------------------------------------------------------------------


def _drafted(entry: Entry) -> date | None:
    moments = [entry.begun_writing, entry.request.drafted_at if entry.request else None]
    return _day(min((moment for moment in moments if moment is not None), default=None))


def _posted_at(entry: Entry) -> datetime | None:
    return entry.file.posted_at if entry.file is not None else None


def _hours_before_review(entry: Entry) -> Decimal | None:
    return entry.hours_until(entry.submitted or _posted_at(entry))


def _hours(entry: Entry) -> Decimal | None:
    return entry.hours_until(_posted_at(entry))


def _days(entry: Entry) -> Decimal | None:
    hours = _hours(entry)
    return None if hours is None else (hours / HOURS_A_DAY).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _offered(entry: Entry) -> date | None:
    return _day(entry.offer.made_at) if entry.offer is not None else None


def _accepted(entry: Entry) -> date | None:
    acceptance = getattr(entry.offer, "acceptance", None)
    return _day(acceptance.accepted_at) if acceptance is not None else None


def _ended(entry: Entry) -> date | None:
    end = getattr(entry.contract, "end", None)
    return _day(end.ended_at) if end is not None else None


def _notes(entry: Entry) -> str:
    """Reasons in words: of the file where it has one, of the last offer that was refused, of the last decision."""
    if entry.file is not None:
        reason = entry.file.get_state_reason()
        if reason:
            return reason
        if entry.offer is not None and entry.offer.state == OfferState.DECLINED:
            return str(entry.offer.get_declined_for_display())
        return ""
    return entry.decisions[-1].reason if entry.decisions else ""


_DECISION = _("The decision of IT Strategy on the request; what is posted fits.")
_FIRST = _("The text as it was first posted; before that, the draft.")
_NOW = _("The file as last amended, where that is another day.")
_WHOSE = _("The newest posted text; before that, the draft, or the request.")

COLUMNS: tuple[Fact, ...] = (
    Fact(
        "number",
        Group.OPPORTUNITY,
        _("No."),
        _("Given at the posting; before that, the number of the request."),
        _number,
    ),
    Fact(
        "title",
        Group.OPPORTUNITY,
        _("Opportunity name"),
        _("The title as posted; before that, of the draft or of the request."),
        _title,
    ),
    Fact("fits", Group.OPPORTUNITY, _("Meets the criteria"), _DECISION, _fits),
    Fact(
        "price",
        Group.OPPORTUNITY,
        _("Fixed price before tax"),
        _("The file; before the posting, the draft."),
        _price,
    ),
    Fact("deadline", Group.OPPORTUNITY, _("Deadline to apply, original"), _FIRST, _original("deadline")),
    Fact(
        "deadline_extended", Group.OPPORTUNITY, _("Deadline to apply, extended"), _NOW, _extended("deadline")
    ),
    Fact("selection", Group.OPPORTUNITY, _("Supplier selection date"), _FIRST, _original("selection_date")),
    Fact(
        "selection_extended",
        Group.OPPORTUNITY,
        _("Supplier selection date, extended"),
        _NOW,
        _extended("selection_date"),
    ),
    Fact(
        "delivery", Group.OPPORTUNITY, _("Deadline to deliver the code"), _FIRST, _original("delivery_date")
    ),
    Fact(
        "delivery_extended",
        Group.OPPORTUNITY,
        _("Deadline to deliver the code, extended"),
        _(
            "The last contract, after every extension that both sides agreed to; before it, the file as last amended."
        ),
        _extended("delivery_date"),
    ),
    Fact("department", Group.CLIENT, _("Department"), _WHOSE, _of_client("department")),
    Fact("branch", Group.CLIENT, _("Branch"), _WHOSE, _of_client("branch")),
    Fact("team", Group.CLIENT, _("Team"), _WHOSE, _of_client("team")),
    Fact("contact_name", Group.CLIENT, _("Name of the contact"), _WHOSE, _of_client("contact_name")),
    Fact("contact_email", Group.CLIENT, _("Contact information"), _WHOSE, _of_client("contact_email")),
    Fact(
        "stage",
        Group.STATUS,
        _("Stage"),
        _("The state of the file by the database’s clock; before it, of the request or the draft."),
        _stage,
    ),
    Fact(
        "posted",
        Group.STATUS,
        _("Posted on the website"),
        _("Whether there is a file: it begins with the posting."),
        _posted,
    ),
    Fact(
        "why_not_posted",
        Group.STATUS,
        _("If it meets the criteria and was not posted, why"),
        _("The reason of the last decision on the request."),
        _why_not_posted,
    ),
    Fact("website", Group.STATUS, _("Status on the website"), _("What the public reads now."), _website),
    Fact(
        "questions",
        Group.STATUS,
        _("Questions from suppliers"),
        _("Questions that were received, duplicates included."),
        lambda entry: entry.questions,
    ),
    Fact(
        "applications",
        Group.STATUS,
        _("Applications"),
        _("Applications that count: neither replaced nor withdrawn."),
        lambda entry: entry.applications,
    ),
    Fact(
        "passed",
        Group.STATUS,
        _("Suppliers who passed every criterion"),
        _("The evaluation that was signed off; nothing before."),
        lambda entry: entry.passed,
    ),
    Fact(
        "chosen",
        Group.STATUS,
        _("Supplier chosen"),
        _("The selection that counts, or the end of the file without one."),
        _chosen,
    ),
    Fact(
        "delivered",
        Group.STATUS,
        _("Work successfully delivered"),
        _("The acceptance of the work, or the end of the contract without it."),
        _delivered,
    ),
    Fact(
        "repository",
        Group.STATUS,
        _("Repository of the code"),
        _("The contract; before it, the file or the draft."),
        _repository,
    ),
    Fact(
        "exchange",
        Group.STATUS,
        _("In the Open Resource Exchange"),
        _("The entry that was made for it at completion; whether the exchange has taken it in is not known."),
        _in_exchange,
    ),
    Fact("paid", Group.STATUS, _("Payment complete"), _("The record of the payment."), _is_paid),
    Fact(
        "first_contact",
        Group.TIME,
        _("First contact with the client"),
        _(
            "The day on which the request arrived; without a request, the posting, or the last saving of the draft."
        ),
        lambda entry: _day(entry.row.begun_at),
    ),
    Fact(
        "drafted",
        Group.TIME,
        _("Started documenting the opportunity"),
        _("The first saving of the text, or the draft made from the request."),
        _drafted,
    ),
    Fact(
        "written",
        Group.TIME,
        _("Completed the opportunity statement"),
        _("The day on which the text was first sent to review."),
        lambda entry: _day(entry.submitted),
    ),
    Fact(
        "effort",
        Group.TIME,
        _("Hours spent getting the statement ready"),
        _("Hours that IT Strategy recorded on the request until the text was first sent to review."),
        _hours_before_review,
    ),
    Fact(
        "to_client",
        Group.TIME,
        _("Final statement sent to the client"),
        _(
            "The first approval of IT Strategy, of which the client is told. There is no separate initiation form."
        ),
        lambda entry: _day(first_approval(entry, IT_STRATEGY)),
    ),
    Fact(
        "to_section_32",
        Group.TIME,
        _("Final statement sent under section 32"),
        _("The last sending to review before the posting, with the client’s confirmation under section 32."),
        lambda entry: _day(entry.submitted_last),
    ),
    Fact(
        "to_finance",
        Group.TIME,
        _("Statement sent to finance"),
        _("The first approval of IT Strategy: the text goes on to CFOB the same moment."),
        lambda entry: _day(first_approval(entry, IT_STRATEGY)),
    ),
    Fact(
        "funds",
        Group.TIME,
        _("Funds reserved"),
        _("The first approval of CFOB, which checks the section 32 reference."),
        lambda entry: _day(first_approval(entry, CFOB)),
    ),
    Fact(
        "posted_on",
        Group.TIME,
        _("Posted on the website on"),
        _("The moment at which both languages went live."),
        lambda entry: _day(_posted_at(entry)),
    ),
    Fact(
        "offered",
        Group.TIME,
        _("Letter to the winning supplier sent"),
        _("The last offer: its letter is queued the same moment."),
        _offered,
    ),
    Fact(
        "confirmed",
        Group.TIME,
        _("Supplier confirmed price and delivery date"),
        _("The acceptance of that offer, which confirms both."),
        _accepted,
    ),
    Fact(
        "terms",
        Group.TIME,
        _("Supplier signed the terms"),
        _("The same acceptance: the terms are signed with it."),
        _accepted,
    ),
    Fact(
        "started",
        Group.TIME,
        _("Supplier started the work"),
        _("The start of the last contract: the second signature. When somebody began to write is not known."),
        lambda entry: _day(entry.contract.started_at) if entry.contract else None,
    ),
    Fact(
        "delivered_on",
        Group.TIME,
        _("Supplier delivered the work"),
        _("The last delivery under that contract."),
        lambda entry: _day(entry.delivered_at),
    ),
    Fact(
        "ended",
        Group.TIME,
        _("Contract terminated"),
        _("The end of that contract without the whole work."),
        _ended,
    ),
    Fact(
        "hours",
        Group.TIME,
        _("Hours in total for the statement"),
        _(
            "Hours that IT Strategy recorded on the request until the posting, review and translation included."
        ),
        _hours,
    ),
    Fact(
        "days",
        Group.TIME,
        _("Days of effort in total for the statement"),
        _("The same hours, 7.5 a day."),
        _days,
    ),
    Fact(
        "notes",
        Group.TIME,
        _("Notes"),
        _(
            "The reason of the state of the file, of a declined offer, or of the last decision on the request."
        ),
        _notes,
    ),
)


def of_groups(groups: set[str]) -> list[Fact]:
    """The columns of some parts, in their order; number and name always."""
    return [column for column in COLUMNS if column.group in groups or column.name in ("number", "title")]
