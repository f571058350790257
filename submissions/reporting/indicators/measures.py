"""How each indicator is computed: functions from a ``Scope`` to a ``Value``. The table of indicators is ``metrics``."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from statistics import fmean

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microacq_pages.formats import EASTERN, date_long, known_language
from submissions.reporting.models import Observation
from submissions.survey.enums import Cohort
from submissions.survey.questions import NO_ANSWER, NONE_OF, OWNERSHIP, Question

from .groups import of_survey
from .scope import Scope
from .values import Unit, Value, formatted, known, share, unknown

#: Days until a usual invoice is paid, where the department has entered none (performance plan, last row).
USUAL_DAYS = Decimal(30)

Kind = Observation.Kind


# --- is this a service that people want? ---------------------------------------------------------


def applications_per_opportunity(scope: Scope) -> Value:
    """Applications that count, over the opportunities that were opened or ended without any."""
    applications, opportunities = scope.applications
    return known(Decimal(applications) / opportunities if opportunities else None, Unit.MEAN)


def entered(kind: Observation.Kind, unit: Unit = Unit.COUNT) -> Callable[[Scope], Value]:
    """The newest number read elsewhere of a kind."""

    def compute(scope: Scope) -> Value:
        row = scope.observations.get(kind)
        if row is None:
            return unknown(NOT_ENTERED[kind])
        language = known_language(get_language())
        return known(
            row.value, unit, note=f"{row.get_source(language)}, {date_long(row.observed_on, language)}"
        )

    return compute


NOT_ENTERED = {
    Kind.FOLLOWERS: _("Social media are not asked by this site, and nobody has entered what they show."),
    Kind.REPOSTS: _("Social media are not asked by this site, and nobody has entered what they show."),
    Kind.FORKS: _("Hosts of code are not asked by this site, and nobody has entered what they show."),
    Kind.USUAL_HOURS: _(
        "How many hours a procurement officer spends on a usual small contract is recorded nowhere "
        "here, and nobody has "
        "entered it."
    ),
}


def requests_fitting(scope: Scope) -> Value:
    """Requests that were found to fit, of all that arrived."""
    states = scope.request_states
    return share(states["fits"], states.total())


def signed(scope: Scope) -> Value:
    """Opportunities posted in the period and decided, in which a supplier accepted the terms."""
    decided, accepted, _over, _delivered = scope.signed_and_delivered
    return share(accepted, decided)


def delivered(scope: Scope) -> Value:
    """Opportunities posted in the period and over, whose work was accepted."""
    _decided, _signed, over, accepted = scope.signed_and_delivered
    return share(accepted, over)


def flagged(scope: Scope) -> Value:
    """Opportunities posted in the period that had to be justified after that, unless CFOB accepted why."""
    found, cleared = scope.flagged
    note = _("CFOB looked at %(cleared)s more and accepted why they are no contract splitting.")
    said = {"note": note % {"cleared": cleared}} if cleared else {}
    return share(found, scope.posted_states.total(), **said)


def survey(cohort: Cohort, question: Question, *answers: str) -> Callable[[Scope], Value]:
    """The share of a cohort that gave one of some answers."""
    return lambda scope: of_survey(scope, cohort, question, answers)


# --- were the goals met? -------------------------------------------------------------------------

#: The performance plan speaks of under-represented groups; every group of the survey is one.
GROUPS_OF_OWNERS = tuple(name for name, _label in OWNERSHIP.choices if name not in (NONE_OF, NO_ANSWER))
#: Fewer than 100 people (Innovation, Science and Economic Development Canada: small business).
SMALL = ("1", "2-4", "5-19", "20-99")


def listed(scope: Scope) -> Value:
    """Entries for the Open Resource Exchange that were made in the period."""
    return known(scope.listed)


def hours_saved(scope: Scope) -> Value:
    """Hours that a usual contract takes a procurement officer: here they have none to write."""
    found = entered(Kind.USUAL_HOURS, Unit.HOURS)(scope)
    if found.number is None:
        return found
    contracts, _value = scope.awarded
    language = known_language(get_language())
    note = _(
        "%(hours)s hours in total for %(contracts)s contracts. What CFOB spends on approvals here is not recorded."
    )
    return known(
        found.number,
        Unit.HOURS,
        note=note
        % {"hours": formatted(found.number * contracts, Unit.MEAN, language), "contracts": contracts},
    )


def stories(scope: Scope) -> Value:
    """Stories that staff entered."""
    if scope.stories is None:
        return unknown(
            _(
                "The surveys ask for no sentence, because a sentence can name its writer, and nobody "
                "has entered a story."
            )
        )
    return known(scope.stories)


def days_to_pay(scope: Scope) -> Value:
    """Calendar days from acceptance to payment, of the payments of the period."""
    return known(fmean(row.days for row in scope.paid) if scope.paid else None, Unit.DAYS)


def payment_decrease(scope: Scope) -> Value:
    """How much sooner invoices are paid than usual."""
    if not scope.paid:
        return known(None)
    days = fmean((row.paid_on - row.invoiced_at.astimezone(EASTERN).date()).days for row in scope.paid)
    row = scope.observations.get(Kind.USUAL_DAYS)
    usual = row.value if row is not None and row.value else USUAL_DAYS
    note = (
        _("Compared with the number of days that was entered: %(days)s.")
        if row is not None
        else _("Compared with 30 days, because nobody has entered what is usual.")
    )
    decrease = (usual - Decimal(days)) / usual * 100
    return known(decrease, Unit.PERCENT, note=note % {"days": usual})
