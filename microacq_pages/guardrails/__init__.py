"""What a complete and lawful opportunity is.

One table of rules about the author's own text and facts (``rules``), asked while it is written, when it is submitted,
imported, reviewed and published. ``subject`` reads the opportunity, ``checks`` and ``dates`` look for what the rules
name, ``wording``, ``licences`` and ``money`` know words, licences and amounts. Imports no page type: it is given the
page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from microacq_pages.blockers import Blocker, Level

from .licences import is_osi_approved, is_spdx_expression
from .money import (
    CAP,
    HIGHEST_TAX,
    PRICE_LIMIT,
    TAXES,
    USUAL_RATES,
    Estimate,
    with_highest_tax,
    with_tax,
)
from .rules import CONFIRMATIONS, RULES, Rule
from .subject import Occasion, Subject

if TYPE_CHECKING:
    from microacq_pages.models import Opportunity

__all__ = [
    "CAP",
    "CONFIRMATIONS",
    "HIGHEST_TAX",
    "PRICE_LIMIT",
    "RULES",
    "TAXES",
    "USUAL_RATES",
    "Estimate",
    "Occasion",
    "Rule",
    "Subject",
    "deadline_findings",
    "findings",
    "is_osi_approved",
    "is_spdx_expression",
    "opportunity_blockers",
    "opportunity_findings",
    "submission_blockers",
    "waiving",
    "with_highest_tax",
    "with_tax",
]

_waived: ContextVar[frozenset[str]] = ContextVar("microacq_waived_rules", default=frozenset())


@contextmanager
def waiving(*codes: str) -> Iterator[None]:
    """Leave out some rules while the demonstration is loaded, which shows deadlines that pass while one watches.

    Raises:
        ImproperlyConfigured: where this is no demonstration.
    """
    if not settings.MICROACQ_DEMO:
        raise ImproperlyConfigured("Rules are waived for the demonstration only.")
    token = _waived.set(_waived.get() | set(codes))
    try:
        yield
    finally:
        _waived.reset(token)


def findings(subject: Subject, rules: Iterable[Rule] = RULES) -> list[Blocker]:
    """What the rules find about an opportunity, in the order of the table.

    Args:
        subject: The opportunity, saved or not, and the occasion.
        rules: Those that are asked.
    """
    waived = _waived.get()
    return [
        Blocker(
            rule.code,
            rule.sentence % found.values,
            language=found.language,
            field=found.field or rule.field,
            level=rule.level,
            source=rule.source,
            guidance=rule.guidance,
            quote=found.quote,
        )
        for rule in rules
        if subject.occasion in rule.occasions and rule.code not in waived
        for found in rule.check(subject)
    ]


def opportunity_findings(opportunity: Opportunity) -> list[Blocker]:
    """Everything that the rules find about this opportunity as it is in memory, warnings included."""
    return findings(Subject.of(opportunity))


def opportunity_blockers(opportunity: Opportunity) -> list[Blocker]:
    """Everything that this opportunity lacks before it may be posted."""
    return [finding for finding in opportunity_findings(opportunity) if finding.level == Level.BLOCKER]


def submission_blockers(opportunity: Opportunity) -> list[Blocker]:
    """What the author has to mend before others begin to read: nothing that a translator will do."""
    subject = Subject.of(opportunity)
    rules = [rule for rule in RULES if rule.of_author and rule.level == Level.BLOCKER]
    return [finding for finding in findings(subject, rules) if finding.language in ("", subject.language)]


def deadline_findings(opportunity: Opportunity, deadline: datetime) -> list[Blocker]:
    """What the rules say of another deadline for a posted opportunity: the day and the hour, not the notice.

    Args:
        opportunity: The posted page.
        deadline: The deadline that somebody would like (UTC).
    """
    subject = Subject(opportunity)
    subject.deadline = deadline
    codes = {"deadline-on-weekend", "deadline-on-federal-holiday", "deadline-on-provincial-holiday"}
    codes |= {"deadline-on-friday", "deadline-hour"}
    return findings(subject, [rule for rule in RULES if rule.code in codes])
