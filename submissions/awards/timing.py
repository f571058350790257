"""Until when something is due: computed from settings, by business days. Reads the clock that it is given."""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings

from microacq_pages.business_days import add_business_days, subtract_business_days
from microacq_pages.formats import EASTERN

#: Time limits end with the day in Eastern time, as deadlines do.
END_OF_DAY = time(23, 59)


def limit_of_offer(now: datetime) -> datetime:
    """Until when a supplier may accept an offer made now: the end of so many business days later, in Eastern time."""
    today = now.astimezone(EASTERN).date()
    last = add_business_days(today, int(getattr(settings, "MICROACQ_OFFER_DAYS", 5)))
    return datetime.combine(last, END_OF_DAY, tzinfo=EASTERN)


def reminder_of_offer(expires_at: datetime) -> datetime:
    """From when a supplier who has not answered is reminded: a business day before the limit."""
    return subtract_business_days(expires_at, 1)


def answer_due(topic: str, received_at: datetime) -> date:
    """The day by which staff should have answered."""
    received = received_at.astimezone(EASTERN).date()
    return add_business_days(received, int(settings.MICROACQ_DEBRIEF_TARGET_DAYS[topic]))
