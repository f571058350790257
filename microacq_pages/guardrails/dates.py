"""What the rules look for in the dates of an opportunity, counted in business days and Eastern time.

Imports no page type.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microacq_pages import business_days
from microacq_pages.formats import EASTERN, clock, date_long, eastern, known_language

from . import money
from .checks import Found

if TYPE_CHECKING:
    from .subject import Subject

#: Fewest business days between posting and the deadline. Source: the pilot’s process.
NOTICE = 10
#: A date that is further from the posting is a slip of the pen; nothing is counted with it.
FAR_OFF = timedelta(days=5 * 365)

PROVINCE_NAMES = {
    "NL": _("Newfoundland and Labrador"),
    "PE": _("Prince Edward Island"),
    "NS": _("Nova Scotia"),
    "NB": _("New Brunswick"),
    "QC": _("Quebec"),
    "ON": _("Ontario"),
    "MB": _("Manitoba"),
    "SK": _("Saskatchewan"),
    "AB": _("Alberta"),
    "BC": _("British Columbia"),
    "YT": _("Yukon"),
    "NT": _("Northwest Territories"),
    "NU": _("Nunavut"),
}


class Day:
    """A date or an instant, written in the language of whoever reads the sentence."""

    def __init__(self, value: date) -> None:
        self.value = value

    def __str__(self) -> str:
        language = known_language(get_language())
        is_moment = isinstance(self.value, datetime)
        return eastern(self.value, language) if is_moment else date_long(self.value, language)  # type: ignore[arg-type]


def expires(subject: Subject) -> Iterator[Found]:
    if subject.opportunity.expire_at:
        yield Found()


def far_off(subject: Subject) -> Iterator[Found]:
    page = subject.opportunity
    for name, value in (
        ("deadline", subject.deadline),
        ("selection_date", page.selection_date),
        ("delivery_date", page.delivery_date),
    ):
        if value and not _is_near(subject, value):
            yield Found(field=name)


def _is_near(subject: Subject, value: date) -> bool:
    day = value.astimezone(EASTERN).date() if isinstance(value, datetime) else value
    return abs(day - subject.posting_moment.astimezone(EASTERN).date()) <= FAR_OFF


def deadline_passed(subject: Subject) -> Iterator[Found]:
    deadline = subject.deadline
    if deadline and deadline <= subject.posting_moment:
        yield Found()


def deadline_too_soon(subject: Subject) -> Iterator[Found]:
    """Fewer than ten business days after the day of posting; one that has passed is told elsewhere."""
    deadline, posting = subject.deadline, subject.posting_moment
    if not deadline or deadline <= posting or not _is_near(subject, deadline):
        return
    if business_days.business_days_between(posting, deadline) < NOTICE:
        earliest = business_days.add_business_days(posting.astimezone(EASTERN).date(), NOTICE)
        yield Found({"days": NOTICE, "earliest": Day(earliest)})


def deadline_on_weekend(subject: Subject) -> Iterator[Found]:
    if subject.deadline and business_days.is_weekend(subject.deadline):
        yield Found()


def deadline_on_federal_holiday(subject: Subject) -> Iterator[Found]:
    if subject.deadline and business_days.is_federal_holiday(subject.deadline):
        yield Found()


def deadline_on_provincial_holiday(subject: Subject) -> Iterator[Found]:
    deadline = subject.deadline
    if not deadline or business_days.is_federal_holiday(deadline) or business_days.is_weekend(deadline):
        return
    if places := business_days.provinces_off(deadline):
        yield Found({"places": ", ".join(str(PROVINCE_NAMES[code]) for code in places)})


def deadline_on_friday(subject: Subject) -> Iterator[Found]:
    if subject.deadline and business_days.is_friday(subject.deadline):
        yield Found()


def deadline_at_another_hour(subject: Subject) -> Iterator[Found]:
    hours = settings.MICROACQ_DEADLINE_TIMES
    if subject.deadline and f"{subject.deadline.astimezone(EASTERN):%H:%M}" not in hours:
        yield Found({"hours": Hours(hours)})


class Hours:
    """Times of day, such as ``23:59``, written in the language of whoever reads the sentence."""

    def __init__(self, hours: list[str]) -> None:
        self.hours = hours

    def __str__(self) -> str:
        language = known_language(get_language())
        return (" ou " if language == "fr" else " or ").join(
            clock(time.fromisoformat(hour), language) for hour in self.hours
        )


def selection_before_deadline(subject: Subject) -> Iterator[Found]:
    deadline, selection = subject.deadline, subject.opportunity.selection_date
    if deadline and selection and selection < deadline.astimezone(EASTERN).date():
        yield Found()


def delivery_before_selection(subject: Subject) -> Iterator[Found]:
    selection, delivery = subject.opportunity.selection_date, subject.opportunity.delivery_date
    if selection and delivery and delivery <= selection:
        yield Found()


def delivery_too_soon(subject: Subject) -> Iterator[Found]:
    """More than 37.5 hours of work a week between selection and delivery."""
    page = subject.opportunity
    selection, delivery, hours = page.selection_date, page.delivery_date, page.estimated_hours
    if not selection or not delivery or hours is None or delivery <= selection:
        return
    if not (_is_near(subject, selection) and _is_near(subject, delivery)):
        return
    needed = int((hours / money.HOURS_A_DAY).to_integral_value(ROUND_CEILING))
    if business_days.business_days_between(selection, delivery) < needed:
        earliest = business_days.add_business_days(selection, needed)
        yield Found({"days": needed, "earliest": Day(earliest)})
