"""Until when something is due in this stage. Reads the rows and the day that it is given."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from microacq_pages.business_days import subtract_business_days
from microacq_pages.formats import EASTERN

from . import results

if TYPE_CHECKING:
    from .models import Contract

#: Business days within which each step of staff should be done.
JUDGE_WITHIN, CONCUR_WITHIN, ANSWER_WITHIN, DECIDE_WITHIN = 5, 2, 2, 3
#: Business days within which a supplier without e-mail is told and asked.
ASK_WITHIN = 1
#: Business days before the due day on which the supplier is reminded.
REMIND_BEFORE = 3


def due_of(contract: Contract) -> date:
    """The day by which the supplier delivers: the agreed date, or a later one by which something is to be mended."""
    judgement = results.last_judgement(contract)
    if judgement is None or judgement.passed or judgement.mend_by is None:
        return contract.delivery_date
    return max(contract.delivery_date, judgement.mend_by)


def today(now: datetime) -> date:
    """The day in Eastern time, on which days of the process begin and end."""
    return now.astimezone(EASTERN).date()


def is_reminder_due(day: date, now: datetime) -> bool:
    """Whether the supplier is reminded now of a day that has not passed."""
    return subtract_business_days(day, REMIND_BEFORE) <= today(now) <= day
