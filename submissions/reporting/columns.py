"""The columns of the tracker: those of the pilot’s, in its order, each with the event that fills it.

Owns the table ``COLUMNS``; the screen, the exports and ``docs/tracker.*.md`` are made of it. Reads nothing: the facts
are in ``entries``. Source of the list: the pilot’s opportunity tracker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import facts
from .entries import CFOB, IT_STRATEGY, Entry, first_approval


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
        facts.number,
    ),
    Fact(
        "title",
        Group.OPPORTUNITY,
        _("Opportunity name"),
        _("The title as posted; before that, of the draft or of the request."),
        facts.title,
    ),
    Fact("fits", Group.OPPORTUNITY, _("Meets the criteria"), _DECISION, facts.fits),
    Fact(
        "price",
        Group.OPPORTUNITY,
        _("Fixed price before tax"),
        _("The file; before the posting, the draft."),
        facts.price,
    ),
    Fact("deadline", Group.OPPORTUNITY, _("Deadline to apply, original"), _FIRST, facts.original("deadline")),
    Fact(
        "deadline_extended",
        Group.OPPORTUNITY,
        _("Deadline to apply, extended"),
        _NOW,
        facts.extended("deadline"),
    ),
    Fact(
        "selection", Group.OPPORTUNITY, _("Supplier selection date"), _FIRST, facts.original("selection_date")
    ),
    Fact(
        "selection_extended",
        Group.OPPORTUNITY,
        _("Supplier selection date, extended"),
        _NOW,
        facts.extended("selection_date"),
    ),
    Fact(
        "delivery",
        Group.OPPORTUNITY,
        _("Deadline to deliver the code"),
        _FIRST,
        facts.original("delivery_date"),
    ),
    Fact(
        "delivery_extended",
        Group.OPPORTUNITY,
        _("Deadline to deliver the code, extended"),
        _(
            "The last contract, after every extension that both sides agreed to; before it, the file as last amended."
        ),
        facts.extended("delivery_date"),
    ),
    Fact("department", Group.CLIENT, _("Department"), _WHOSE, facts.of_client("department")),
    Fact("branch", Group.CLIENT, _("Branch"), _WHOSE, facts.of_client("branch")),
    Fact("team", Group.CLIENT, _("Team"), _WHOSE, facts.of_client("team")),
    Fact("contact_name", Group.CLIENT, _("Name of the contact"), _WHOSE, facts.of_client("contact_name")),
    Fact("contact_email", Group.CLIENT, _("Contact information"), _WHOSE, facts.of_client("contact_email")),
    Fact(
        "stage",
        Group.STATUS,
        _("Stage"),
        _("The state of the file by the database’s clock; before it, of the request or the draft."),
        facts.stage,
    ),
    Fact(
        "posted",
        Group.STATUS,
        _("Posted on the website"),
        _("Whether there is a file: it begins with the posting."),
        facts.posted,
    ),
    Fact(
        "why_not_posted",
        Group.STATUS,
        _("If it meets the criteria and was not posted, why"),
        _("The reason of the last decision on a request that fits and of which nothing came."),
        facts.why_not_posted,
    ),
    Fact("website", Group.STATUS, _("Status on the website"), _("What the public reads now."), facts.website),
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
        facts.chosen,
    ),
    Fact(
        "delivered",
        Group.STATUS,
        _("Work successfully delivered"),
        _("The acceptance of the work, or the end of the contract without it."),
        facts.delivered,
    ),
    Fact(
        "repository",
        Group.STATUS,
        _("Repository of the code"),
        _("The contract; before it, the file or the draft."),
        facts.repository,
    ),
    Fact(
        "exchange",
        Group.STATUS,
        _("In the Open Resource Exchange"),
        _("The entry that was made for it at completion; whether the exchange has taken it in is not known."),
        facts.in_exchange,
    ),
    Fact(
        "paid",
        Group.STATUS,
        _("Payment complete"),
        _("The record of the payment under the last contract."),
        facts.is_paid,
    ),
    Fact(
        "first_contact",
        Group.TIME,
        _("First contact with the client"),
        _(
            "The day on which the request arrived; without a request, the posting, or the last saving of the draft."
        ),
        lambda entry: facts.day(entry.row.begun_at),
    ),
    Fact(
        "drafted",
        Group.TIME,
        _("Started documenting the opportunity"),
        _("The first saving of the text, or the draft made from the request."),
        facts.drafted,
    ),
    Fact(
        "written",
        Group.TIME,
        _("Completed the opportunity statement"),
        _("The day on which the text was first sent to review."),
        lambda entry: facts.day(entry.submitted),
    ),
    Fact(
        "effort",
        Group.TIME,
        _("Hours spent getting the statement ready"),
        _("Hours that IT Strategy recorded on the request until the text was first sent to review."),
        facts.hours_before_review,
    ),
    Fact(
        "to_client",
        Group.TIME,
        _("Final statement sent to the client"),
        _(
            "The first approval of IT Strategy, of which the client is told. There is no separate initiation form."
        ),
        lambda entry: facts.day(first_approval(entry, IT_STRATEGY)),
    ),
    Fact(
        "to_section_32",
        Group.TIME,
        _("Final statement sent under section 32"),
        _("The last sending to review before the posting, with the client’s confirmation under section 32."),
        lambda entry: facts.day(entry.submitted_last),
    ),
    Fact(
        "to_finance",
        Group.TIME,
        _("Statement sent to finance"),
        _("The first approval of IT Strategy: the text goes on to CFOB the same moment."),
        lambda entry: facts.day(first_approval(entry, IT_STRATEGY)),
    ),
    Fact(
        "funds",
        Group.TIME,
        _("Funds reserved"),
        _("The first approval of CFOB, which checks the section 32 reference."),
        lambda entry: facts.day(first_approval(entry, CFOB)),
    ),
    Fact(
        "posted_on",
        Group.TIME,
        _("Posted on the website on"),
        _("The moment at which both languages went live."),
        lambda entry: facts.day(facts.posted_at(entry)),
    ),
    Fact(
        "offered",
        Group.TIME,
        _("Letter to the winning supplier sent"),
        _("The last offer: its letter is queued the same moment."),
        facts.offered,
    ),
    Fact(
        "confirmed",
        Group.TIME,
        _("Supplier confirmed price and delivery date"),
        _("The acceptance of that offer, which confirms both."),
        facts.accepted,
    ),
    Fact(
        "terms",
        Group.TIME,
        _("Supplier signed the terms"),
        _("The same acceptance: the terms are signed with it."),
        facts.accepted,
    ),
    Fact(
        "started",
        Group.TIME,
        _("Supplier started the work"),
        _("The start of the last contract: the second signature. When somebody began to write is not known."),
        lambda entry: facts.day(entry.contract.started_at) if entry.contract else None,
    ),
    Fact(
        "delivered_on",
        Group.TIME,
        _("Supplier delivered the work"),
        _("The last delivery under that contract."),
        lambda entry: facts.day(entry.delivered_at),
    ),
    Fact(
        "ended",
        Group.TIME,
        _("Contract terminated"),
        _("The end of that contract without the whole work."),
        facts.ended,
    ),
    Fact(
        "hours",
        Group.TIME,
        _("Hours in total for the statement"),
        _(
            "Hours that IT Strategy recorded on the request until the posting, review and translation included."
        ),
        facts.hours,
    ),
    Fact(
        "days",
        Group.TIME,
        _("Days of effort in total for the statement"),
        _("The same hours, 7.5 a day."),
        facts.days,
    ),
    Fact(
        "notes",
        Group.TIME,
        _("Notes"),
        _(
            "The reason of the state of the file, of a declined offer, or of the last decision on the request."
        ),
        facts.notes,
    ),
)


def of_groups(groups: set[str]) -> list[Fact]:
    """The columns of some parts, in their order; number and name always."""
    return [column for column in COLUMNS if column.group in groups or column.name in ("number", "title")]
