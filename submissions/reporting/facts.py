"""What stands in each column of the tracker, from the facts of one row. Pure; the table of columns is ``columns``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language, gettext, pgettext

from microacq_pages.formats import EASTERN, known_language
from microacq_pages.intake.states import FIT, NOTHING_CAME, REFUSE, VERDICTS, RequestState
from submissions.awards.enums import OfferState
from submissions.contracts.enums import ENDED, ContractState
from submissions.contracts.next_acts import ENDED_EARLY
from submissions.solicitations import states
from submissions.solicitations.enums import AFTER_SELECTION, State

from . import entries
from .entries import Entry
from .phases import phase_of

#: Hours of a working day of the federal public service.
HOURS_A_DAY = Decimal("7.5")


def day(moment: datetime | None) -> date | None:
    return moment.astimezone(EASTERN).date() if moment is not None else None


def language() -> str:
    return known_language(get_language())


def yes(value: bool | None) -> str:
    return "" if value is None else (gettext("Yes") if value else gettext("No"))


# --- the opportunity -----------------------------------------------------------------------------


def number(entry: Entry) -> str:
    if entry.file is not None:
        return entry.file.number
    return (
        pgettext("number of a request", "R-%(number)s") % {"number": entry.request.pk}
        if entry.request
        else ""
    )


def title(entry: Entry) -> str:
    if entry.file is not None:
        return entry.file.get_title()
    return str(entry.page.get("title") or (entry.request.title if entry.request else ""))


def fits(entry: Entry) -> str:
    """Posted, or what IT Strategy found last; unknown while nobody has decided, or it is looked at again."""
    if entry.file is not None:
        return yes(True)
    verdicts = [each.transition for each in entry.decisions if each.transition in VERDICTS]
    return {FIT.name: yes(True), REFUSE.name: yes(False)}.get(verdicts[-1] if verdicts else "", "")


def price(entry: Entry) -> Decimal | None:
    return entry.file.price if entry.file is not None else entry.page.get("price")


def original(name: str) -> Callable[[Entry], Any]:
    def value(entry: Entry) -> Any:
        said = entry.first.get(name) if entry.file is not None else entry.page.get(name)
        if said is None and entry.file is not None:
            said = getattr(entry.file, name)
        return day(said) if isinstance(said, datetime) else said

    return value


def extended(name: str) -> Callable[[Entry], Any]:
    """The date that counts now, where it is another than the one first posted."""

    def value(entry: Entry) -> Any:
        if entry.file is None:
            return None
        now = getattr(entry.file, name)
        if name == "delivery_date" and entry.contract is not None:
            now = entry.contract.delivery_date
        now = day(now) if isinstance(now, datetime) else now
        return now if now != original(name)(entry) else None

    return value


# --- the client ----------------------------------------------------------------------------------


def of_client(name: str) -> Callable[[Entry], str]:
    return lambda entry: entries.of_client(entry, name, language())


# --- the status ----------------------------------------------------------------------------------


def stage(entry: Entry) -> str:
    if entry.file is not None:
        if entry.file.state == State.AWARDED and entry.contract is not None and entry.contract.state in ENDED:
            return str(ENDED_EARLY)
        phase = phase_of(entry.file.state, after_deadline=entry.clock >= entry.file.deadline)
        return str(phase.label)
    if entry.request is not None and entry.request.state != RequestState.DRAFTED:
        return str(entry.request.get_state_display())
    return gettext("In review") if entry.submitted else pgettext("stage of an opportunity", "Draft")


def posted(entry: Entry) -> str:
    return yes(entry.file is not None)


def why_not_posted(entry: Entry) -> str:
    """Why nothing came of a need that fits; while it is on its way to the website, that it is."""
    if entry.file is not None or entry.request is None or fits(entry) != yes(True):
        return ""
    if entry.request.state in NOTHING_CAME:
        return entry.decisions[-1].reason
    return gettext("Not yet: it is being prepared.")


def website(entry: Entry) -> str:
    if entry.file is None:
        return ""
    return states.public_label(entry.file.state, taking_applications=entry.clock < entry.file.deadline)


def chosen(entry: Entry) -> str:
    if entry.file is None:
        return ""
    if entry.file.state in AFTER_SELECTION:
        return yes(True)
    is_over = entry.file.state in (State.NO_PROPOSALS, State.NONE_SUITABLE, State.CANCELLED)
    return yes(False) if is_over else ""


def delivered(entry: Entry) -> str:
    if entry.contract is None:
        return ""
    if entry.contract.state in (ContractState.ACCEPTED, ContractState.PAID):
        return yes(True)
    return yes(False) if not entry.contract.is_active else ""


def repository(entry: Entry) -> str:
    if entry.contract is not None:
        return entry.contract.repository
    return str(entry.file.repository if entry.file is not None else entry.page.get("repository", ""))


def in_exchange(entry: Entry) -> str:
    if entry.contract is None:
        return ""
    if entry.listed_on is not None:
        return yes(True)
    return yes(False) if entry.contract.state in (ContractState.ACCEPTED, ContractState.PAID) else ""


def is_paid(entry: Entry) -> str:
    if entry.contract is None:
        return ""
    return yes(entry.paid_on is not None)


# --- the time ------------------------------------------------------------------------------------


def drafted(entry: Entry) -> date | None:
    moments = [entry.begun_writing, entry.request.drafted_at if entry.request else None]
    return day(min((moment for moment in moments if moment is not None), default=None))


def posted_at(entry: Entry) -> datetime | None:
    return entry.file.posted_at if entry.file is not None else None


def hours_before_review(entry: Entry) -> Decimal | None:
    return entry.hours_until(entry.submitted or posted_at(entry))


def hours(entry: Entry) -> Decimal | None:
    return entry.hours_until(posted_at(entry))


def days(entry: Entry) -> Decimal | None:
    spent = hours(entry)
    return None if spent is None else (spent / HOURS_A_DAY).quantize(Decimal("0.1"), ROUND_HALF_UP)


def offered(entry: Entry) -> date | None:
    return day(entry.offer.made_at) if entry.offer is not None else None


def accepted(entry: Entry) -> date | None:
    acceptance = getattr(entry.offer, "acceptance", None)
    return day(acceptance.accepted_at) if acceptance is not None else None


def ended(entry: Entry) -> date | None:
    end = getattr(entry.contract, "end", None)
    return day(end.ended_at) if end is not None else None


def notes(entry: Entry) -> str:
    """Reasons in words: of the file where it has one, of the last offer that was refused, of the last decision."""
    if entry.file is not None:
        reason = entry.file.get_state_reason()
        if reason:
            return reason
        if entry.offer is not None and entry.offer.state == OfferState.DECLINED:
            return str(entry.offer.get_declined_for_display())
        return ""
    return entry.decisions[-1].reason if entry.decisions else ""
