"""Until when questions about a file are taken: one rule, from the file's deadline and the database's clock.

The time is computed and stored nowhere, so that it follows every change of the deadline. A trigger holds the floor
below it: nothing is asked less than two days before the deadline, however this module is gone around.

Source: DESIGN section 5 (two business days before the deadline), with the holidays of the federal public service.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from microacq_pages.business_days import subtract_business_days
from submissions.solicitations.enums import State

if TYPE_CHECKING:
    from microacq_pages.models import PublicStatus
    from submissions.solicitations.models import Solicitation

BUSINESS_DAYS = 2
#: How many business days before questions close staff are warned of those that wait.
WARNING_DAYS = 1


def closes_at(deadline: datetime) -> datetime:
    """The moment from which questions are no longer taken (UTC), two business days before a deadline."""
    return subtract_business_days(deadline, BUSINESS_DAYS)


def warns_from(deadline: datetime) -> datetime:
    """The moment from which unanswered questions are pointed out as urgent."""
    return subtract_business_days(deadline, BUSINESS_DAYS + WARNING_DAYS)


def takes_questions(file: Solicitation | PublicStatus, now: datetime) -> bool:
    """Whether a question that arrives at ``now`` (of the database) is taken, by a file or what is public of it."""
    return file.state == State.POSTED and now < closes_at(file.deadline)
