"""What the watch over contract splitting says: findings, refusals, acts of the log. Imports no model."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogFormatter

from .blockers import Blocker
from .formats import known_language, money
from .splitting import AUTHORS_TURN, Found, Standing

if TYPE_CHECKING:
    from wagtail.models import Page

    from .splitting_records import Assessment

SOURCE = _("Directive on the Management of Procurement: contracts are not split to stay under a limit.")

NOT_YOURS_TO_WRITE = _("Only those who may edit this opportunity can write its justification.")
NOTHING_TO_JUSTIFY = _("Nothing needs a justification: the sum stays within the cap.")
ALREADY_JUSTIFIED = _("A justification waits for CFOB, or was accepted: there is nothing more to write.")
FOUND_CHANGED = _("Something else was found meanwhile: compare again, then send your justification.")
NOT_YOURS_TO_DECIDE = _("Only CFOB accepts or refuses a justification.")
NOTHING_TO_DECIDE = _("No justification waits for a decision: it was replaced, decided, or more was found.")
YOUR_OWN = _("You wrote this opportunity or its justification: another person must decide.")
REASON_MISSING = _("Write the reason: no decision without one.")

#: What each standing says to the author; those that are not here need nothing.
SENTENCES: dict[Standing, Any] = {
    Standing.NEEDED: _(
        "Contract splitting: together with the opportunities that it resembles, this one comes to %(sum)s with tax, "
        "over the cap. Compare them side by side and write why it is not part of a larger need."
    ),
    Standing.WAITING: _(
        "Contract splitting: CFOB has not decided on the justification yet. Wait for the decision."
    ),
    Standing.REFUSED: _(
        "Contract splitting: CFOB refused the justification, with this reason: %(reason)s Write another, or change "
        "the opportunity."
    ),
    Standing.VOID: _(
        "Contract splitting: more was found after the justification was written; the sum is now %(sum)s with tax. "
        "Compare again and write another."
    ),
}


def finding(standing: Standing, found: Found, reason: str = "") -> Blocker | None:
    """What stands against posting, if anything."""
    sentence = SENTENCES.get(standing)
    if sentence is None:
        return None
    values = {
        "sum": money(found.total_with_tax, known_language(get_language())),
        "reason": reason,
    }
    return Blocker(f"splitting-{standing.value}", sentence % values, source=SOURCE, guidance="splitting")


def blockers(assessment: Assessment) -> list[Blocker]:
    """What stands against posting."""
    reason = assessment.justification.reason if assessment.justification else ""
    found = finding(assessment.standing, assessment.judged, reason)
    return [found] if found else []


def submission_blockers(page: Page) -> list[Blocker]:
    """What stands against submitting to review: a justification has to be written; it may wait for CFOB."""
    from .splitting_records import assess

    assessment = assess(page)
    return blockers(assessment) if assessment.standing in AUTHORS_TURN else []


def count_of_others(count: int) -> str:
    return ngettext("%(count)d opportunity", "%(count)d opportunities", count) % {"count": count}


ACTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "microacq.splitting_justified": (
        _("Contract splitting justified"),
        _("Justified a sum of %(sum)s with %(others)s other opportunities (%(digest)s)"),
    ),
    "microacq.splitting_accepted": (
        _("Justification of contract splitting accepted"),
        _("Accepted the justification of a sum of %(sum)s: %(reason)s"),
    ),
    "microacq.splitting_refused": (
        _("Justification of contract splitting refused"),
        _("Refused the justification of a sum of %(sum)s: %(reason)s"),
    ),
}


class ActFormatter(LogFormatter):
    """One act of the watch in words."""

    def __init__(self, name: str) -> None:
        self.label, self.sentence = ACTS[name]

    def format_message(self, log_entry: Any) -> str | Promise:
        """The sentence of the act, or its label when the row lacks a value."""
        try:
            amount = money(Decimal(log_entry.data["sum"]), get_language() or "en")
            return str(self.sentence) % {**log_entry.data, "sum": amount}
        except (ArithmeticError, KeyError, TypeError, ValueError):
            return self.label
