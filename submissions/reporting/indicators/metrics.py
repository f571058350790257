"""Every metric of the pilot's performance plan and of its close-out report, in their order, with targets and sources.

Owns the table ``INDICATORS``. Each computes its value from a ``Scope``: querysets in, a value out. What cannot be known
says so and why. Source of metrics and targets: the pilot's *Performance Measurement Plan* and close-out report, 3.1.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from submissions.contracts.payment.results import target_days
from submissions.reporting.models import Observation
from submissions.survey.enums import Cohort
from submissions.survey.questions import AGAIN, BUY_AGAIN, CONTRACTS, OWNERSHIP, PIECES, SIZE

from . import measures
from .groups import first_time_suppliers, outside_capital, unique_suppliers
from .measures import GROUPS_OF_OWNERS, SMALL, entered, survey
from .values import Indicator, Target, Unit, known

SUPPLIERS, CLIENTS, VEHICLE = "suppliers", "clients", "vehicle"
ACCESS, OPENNESS, WORKLOAD, AGILE, SPEED = "access", "openness", "workload", "agile", "speed"

#: The parts of the report: is this a service that people want, and were the goals met.
GROUPS = {
    SUPPLIERS: _("Demand from suppliers"),
    CLIENTS: _("Demand from clients"),
    VEHICLE: _("Success as a way to buy"),
    ACCESS: _("Access for people who would not normally bid"),
    OPENNESS: _("Work in the open"),
    WORKLOAD: _("Less work for procurement officers"),
    AGILE: _("Work in smaller pieces"),
    SPEED: _("Suppliers are paid sooner"),
}

_ENTERED = _("Entered by staff under “Numbers read elsewhere”, with the place where it was read.")
_SURVEY = _("The survey of suppliers, as sums of those who answered it, by calendar year.")
_CLOSING = _("The short survey at the end of a contract, as sums of those who answered it, by calendar year.")

Kind = Observation.Kind


def _more(number: int | str) -> Target:
    return Target(">", Decimal(number))


def _least(number: int | str) -> Target:
    return Target(">=", Decimal(number))


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "applications_per_opportunity",
        SUPPLIERS,
        _("Applications per opportunity"),
        Unit.MEAN,
        _("Applications that count, to opportunities whose deadline is in the period and that were opened."),
        measures.applications_per_opportunity,
        _more(1),
    ),
    Indicator(
        "unique_suppliers",
        SUPPLIERS,
        _("Unique suppliers who applied"),
        Unit.COUNT,
        _(
            "A keyed digest of the address of each applicant, made when the evaluation is signed off; by fiscal year "
            "of the deadline. The public number grows in steps of at least five files, five new suppliers and five "
            "who had applied before, so it may be behind."
        ),
        unique_suppliers,
        _more(10),
    ),
    Indicator(
        "first_time_suppliers",
        SUPPLIERS,
        _("Suppliers who applied here for the first time"),
        Unit.PERCENT,
        _(
            "The same digests: those that no application had that was counted before. By fiscal year, in steps of at "
            "least five suppliers on either side, so the last ones may not be in it yet."
        ),
        first_time_suppliers,
    ),
    Indicator(
        "followers",
        SUPPLIERS,
        _("Followers on social media"),
        Unit.COUNT,
        _ENTERED,
        entered(Kind.FOLLOWERS),
        _more(100),
    ),
    Indicator(
        "subscribers",
        SUPPLIERS,
        _("Subscribers of the mailing list now"),
        Unit.COUNT,
        _(
            "Confirmed addresses on the list today: an address that leaves is deleted, so earlier days cannot be known."
        ),
        lambda scope: known(scope.subscribers),
        _more(100),
    ),
    Indicator(
        "reposts",
        SUPPLIERS,
        _("Reposts of announcements per opportunity"),
        Unit.MEAN,
        _ENTERED,
        entered(Kind.REPOSTS),
        _more(1),
    ),
    Indicator(
        "requests",
        CLIENTS,
        _("Requests for opportunities"),
        Unit.COUNT,
        _("Requests that arrived in the period, those that came to nothing included."),
        lambda scope: known(scope.request_states.total()),
    ),
    Indicator(
        "requests_fitting",
        CLIENTS,
        _("Requests that meet the criteria"),
        Unit.PERCENT,
        _("Requests that IT Strategy found to fit, of all that arrived in the period."),
        measures.requests_fitting,
    ),
    Indicator(
        "posted",
        CLIENTS,
        _("Opportunities posted"),
        Unit.COUNT,
        _("Opportunities that went live in both languages in the period."),
        lambda scope: known(scope.posted_states.total()),
        _least(10),
    ),
    Indicator(
        "signed",
        VEHICLE,
        _("Opportunities in which a supplier was chosen and signed the terms"),
        Unit.PERCENT,
        _(
            "Of the opportunities posted in the period about which it is decided; cancelled ones are not counted."
        ),
        measures.signed,
        _least(100),
    ),
    Indicator(
        "delivered",
        VEHICLE,
        _("Opportunities whose work was delivered"),
        Unit.PERCENT,
        _(
            "Work that was accepted, of the opportunities posted in the period that are over; "
            "cancelled ones are not counted."
        ),
        measures.delivered,
        _least(100),
    ),
    Indicator(
        "clients_again",
        VEHICLE,
        _("Clients who would buy this way again"),
        Unit.PERCENT,
        _CLOSING,
        survey(Cohort.CLIENT, BUY_AGAIN, "yes"),
        _least(80),
    ),
    Indicator(
        "suppliers_again",
        VEHICLE,
        _("Suppliers who would apply again"),
        Unit.PERCENT,
        _SURVEY,
        survey(Cohort.APPLIED, AGAIN, "yes"),
        _least(70),
    ),
    Indicator(
        "contractors_again",
        VEHICLE,
        _("Suppliers with a contract who would apply again"),
        Unit.PERCENT,
        _CLOSING,
        survey(Cohort.SUPPLIER, AGAIN, "yes"),
        _least(70),
    ),
    Indicator(
        "splitting",
        VEHICLE,
        _("Opportunities flagged as contract splitting after the posting"),
        Unit.PERCENT,
        _(
            "Opportunities posted for which a justification had to be written after the posting, and which CFOB has "
            "not accepted."
        ),
        measures.flagged,
        Target("<=", Decimal(0)),
    ),
    Indicator(
        "contracts",
        VEHICLE,
        _("Contracts"),
        Unit.COUNT,
        _("Awards that were signed by both in the period."),
        lambda scope: known(scope.awarded[0]),
    ),
    Indicator(
        "awarded",
        VEHICLE,
        _("Value of all contracts before tax"),
        Unit.MONEY,
        _("The same awards."),
        lambda scope: known(scope.awarded[1], Unit.MONEY),
    ),
    Indicator(
        "completed",
        VEHICLE,
        _("Value of the contracts whose work was accepted, before tax"),
        Unit.MONEY,
        _("Acceptances of work in the period."),
        lambda scope: known(scope.completed[1], Unit.MONEY),
    ),
    Indicator(
        "never_worked_awarded",
        ACCESS,
        _("Successful suppliers who never had a contract of the government"),
        Unit.PERCENT,
        _SURVEY,
        survey(Cohort.AWARDED, CONTRACTS, "bid", "never"),
        _least(80),
    ),
    Indicator(
        "never_worked_applied",
        ACCESS,
        _("Applicants who never had a contract of the government"),
        Unit.PERCENT,
        _SURVEY,
        survey(Cohort.APPLIED, CONTRACTS, "bid", "never"),
        _least(80),
    ),
    Indicator(
        "outside_capital",
        ACCESS,
        _("Paid suppliers outside the National Capital Region"),
        Unit.PERCENT,
        _(
            "The address on the invoice. By calendar year of payment, in steps of at least five suppliers on either "
            "side, so the last ones may not be in it yet."
        ),
        outside_capital,
        _least(80),
    ),
    Indicator(
        "under_represented",
        ACCESS,
        _("Successful suppliers of under-represented groups"),
        Unit.PERCENT,
        _SURVEY,
        survey(Cohort.AWARDED, OWNERSHIP, *GROUPS_OF_OWNERS),
        _least(80),
    ),
    Indicator(
        "small",
        ACCESS,
        _("Successful suppliers that are small or work alone"),
        Unit.PERCENT,
        _SURVEY,
        survey(Cohort.AWARDED, SIZE, *SMALL),
        _least(80),
    ),
    Indicator(
        "repositories",
        OPENNESS,
        _("Repositories with bought code"),
        Unit.COUNT,
        _(
            "Different repositories of contracts whose work was accepted in the period; whether each "
            "is new is not known."
        ),
        lambda scope: known(scope.completed[2]),
        _more(5),
    ),
    Indicator(
        "exchange",
        OPENNESS,
        _("Entries of the Open Resource Exchange"),
        Unit.COUNT,
        _("Entries made at completion in the period; whether the exchange has taken them in is not known."),
        measures.listed,
        _least(10),
    ),
    Indicator(
        "forks", OPENNESS, _("Forks of bought code"), Unit.COUNT, _ENTERED, entered(Kind.FORKS), _more(1)
    ),
    Indicator(
        "hours_saved",
        WORKLOAD,
        _("Hours saved for procurement officers, per contract"),
        Unit.HOURS,
        _("The hours of a usual small contract, as entered by staff: here an officer writes none."),
        measures.hours_saved,
        _more(5),
    ),
    Indicator(
        "stories",
        AGILE,
        _("Stories of teams that broke work into smaller pieces"),
        Unit.COUNT,
        _ENTERED,
        measures.stories,
        _more(1),
    ),
    Indicator(
        "pieces",
        AGILE,
        _("Clients whom it helped to break work into smaller pieces"),
        Unit.PERCENT,
        _CLOSING,
        survey(Cohort.CLIENT, PIECES, "yes"),
    ),
    Indicator(
        "payment_decrease",
        SPEED,
        _("Decrease in the time to pay suppliers"),
        Unit.PERCENT,
        _(
            "Calendar days from the invoice to the payment, of the payments of the period, against what is usual."
        ),
        measures.payment_decrease,
        _least(50),
    ),
    Indicator(
        "days_to_pay",
        SPEED,
        _("Days from acceptance to payment"),
        Unit.DAYS,
        _("Calendar days, the mean of the payments of the period."),
        measures.days_to_pay,
        Target("<=", Decimal(target_days())),
    ),
)
