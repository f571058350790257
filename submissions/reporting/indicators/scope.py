"""What of the database a period is about, read once for all indicators. Reads only.

Owns which event puts a thing into a period: a request its arrival, an opportunity its posting, applications the
deadline of a file that was opened, an award the second signature, work its acceptance, a payment its day. What tells of
people is read of whole years, whatever days are asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum

from microacq_pages.formats import EASTERN
from microacq_pages.intake.states import FIT, VERDICTS
from microacq_pages.models import ClientRequest, RequestDecision, SplittingJustification
from submissions.awards.models import Acceptance, Award
from submissions.contracts.work_models import WorkAcceptance
from submissions.notices.subscribing.models import Subscription
from submissions.proposals.models import Proposal
from submissions.records.reuse.models import CatalogueEntry
from submissions.reporting.models import KnownSupplier, Observation
from submissions.reporting.paying import Paid, payments
from submissions.solicitations.enums import AFTER_OPENING, State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from submissions.survey import sums as survey
from submissions.survey.sums import Counts

from .period import EARLIEST, FIRST_MONTH, Period

#: Files about which it is decided whether a supplier is chosen.
DECIDED = AFTER_OPENING - {State.OPENED, State.EVALUATED, State.SELECTED} | {State.NO_PROPOSALS}


def began() -> date:
    """The day of the first posting or request; today, where there is none."""
    posted = Solicitation.objects.aggregate(first=Min("posted_at"))["first"]
    asked = ClientRequest.objects.aggregate(first=Min("received_at"))["first"]
    first = min((moment for moment in (posted, asked) if moment), default=database_clock())
    return max(EARLIEST, first.astimezone(EASTERN).date())


def _closed_in(start: datetime, end: datetime) -> QuerySet[Solicitation]:
    return Solicitation.objects.filter(
        deadline__gte=start, deadline__lt=end, state__in=AFTER_OPENING | {State.NO_PROPOSALS}
    ).order_by()


class Scope:
    """A period and what happened in it; ``is_public`` where anybody may read every day what is said of it."""

    def __init__(self, period: Period, *, is_public: bool = False) -> None:
        self.period, self.is_public = period, is_public

    # --- querysets: what each indicator is a function of -------------------------------------------

    @cached_property
    def requests(self) -> QuerySet[ClientRequest]:
        start, end = self.period.within
        return ClientRequest.objects.filter(received_at__gte=start, received_at__lt=end)

    @cached_property
    def posted(self) -> QuerySet[Solicitation]:
        start, end = self.period.within
        return Solicitation.objects.filter(posted_at__gte=start, posted_at__lt=end).order_by()

    @cached_property
    def closed(self) -> QuerySet[Solicitation]:
        """Whose applications were opened, or that ended without any; nothing is told of what is sealed."""
        return _closed_in(*self.period.within)

    @cached_property
    def closed_of_fiscal_years(self) -> QuerySet[Solicitation]:
        """The same of every fiscal year that the period touches, whole."""
        years = self.period.fiscal_years
        begin, end = (datetime(year, FIRST_MONTH, 1, tzinfo=EASTERN) for year in (years[0], years[-1] + 1))
        return _closed_in(begin, end)

    @cached_property
    def awards(self) -> QuerySet[Award]:
        start, end = self.period.within
        rows: QuerySet[Award] = Award.objects.filter(countersigned_at__gte=start, countersigned_at__lt=end)
        return rows.order_by()

    @cached_property
    def accepted(self) -> QuerySet[WorkAcceptance]:
        start, end = self.period.within
        rows: QuerySet[WorkAcceptance] = WorkAcceptance.objects.filter(
            accepted_at__gte=start, accepted_at__lt=end
        )
        return rows.order_by()

    # --- sums, each one query ----------------------------------------------------------------------

    @cached_property
    def request_states(self) -> Counter[str]:
        """Requests by state; those that were last found to fit, whatever came of them, under ``fits``."""
        verdicts = RequestDecision.objects.filter(request=OuterRef("pk"), transition__in=VERDICTS)
        last = Subquery(verdicts.order_by("-pk").values("transition")[:1])
        rows = self.requests.order_by().annotate(last=last).values_list("state", "last")
        return Counter("fits" if last == FIT.name else state for state, last in rows)

    @cached_property
    def posted_states(self) -> Counter[str]:
        """Files by state."""
        return Counter(dict(self.posted.values_list("state").annotate(count=Count("pk"))))

    @cached_property
    def signed_and_delivered(self) -> tuple[int, int, int, int]:
        """Of the files posted: decided, of those signed by a supplier, over, of those delivered."""
        signed = Acceptance.objects.filter(offer__solicitation=OuterRef("pk"))
        worked = WorkAcceptance.objects.filter(contract__solicitation=OuterRef("pk"))
        over = DECIDED - {State.AWARDED}
        counted = self.posted.annotate(signed=Exists(signed), worked=Exists(worked)).aggregate(
            decided=Count("pk", filter=Q(state__in=DECIDED)),
            signed_=Count("pk", filter=Q(state__in=DECIDED, signed=True)),
            over=Count("pk", filter=Q(state__in=over)),
            worked_=Count("pk", filter=Q(state__in=over, worked=True)),
        )
        return counted["decided"], counted["signed_"], counted["over"], counted["worked_"]

    @cached_property
    def applications(self) -> tuple[int, int]:
        """Applications, and opportunities they could be for."""
        sent = Proposal.objects.sent().filter(solicitation__in=self.closed)
        return sent.order_by().count(), self.closed.count()

    @cached_property
    def suppliers(self) -> dict[int, list[bool]]:
        """Of each fiscal year that the period touches: whether each unique supplier was new, in the order of counting.

        Whole years, because two periods that differ by one file would tell whether its few suppliers were known.
        """
        years = self.period.fiscal_years
        rows = KnownSupplier.objects.filter(
            is_new_in_year=True, fiscal_year__gte=years[0], fiscal_year__lte=years[-1]
        )
        found: dict[int, list[bool]] = defaultdict(list)
        for year, is_new in rows.order_by("pk").values_list("fiscal_year", "is_new"):
            found[year].append(is_new)
        return dict(sorted(found.items()))

    @cached_property
    def applicants(self) -> dict[int, list[tuple[int, bool]]]:
        """Of the same years, of each applicant: the file, and whether the year had not counted them yet."""
        years = self.period.fiscal_years
        rows = KnownSupplier.objects.filter(fiscal_year__gte=years[0], fiscal_year__lte=years[-1]).order_by(
            "pk"
        )
        found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for year, file, is_new in rows.values_list("fiscal_year", "solicitation_id", "is_new_in_year"):
            found[year].append((file, is_new))
        return dict(sorted(found.items()))

    @cached_property
    def awarded(self) -> tuple[int, Decimal]:
        """Contracts, and what they are worth before tax."""
        counted = self.awards.aggregate(count=Count("pk"), total=Sum("value"))
        return counted["count"], counted["total"] or Decimal(0)

    @cached_property
    def completed(self) -> tuple[int, Decimal, int]:
        """Contracts whose work was accepted, what they are worth before tax, and their repositories."""
        counted = self.accepted.aggregate(
            count=Count("pk"),
            total=Sum("contract__price"),
            repositories=Count("contract__repository", distinct=True),
        )
        return counted["count"], counted["total"] or Decimal(0), counted["repositories"]

    @cached_property
    def listed(self) -> int:
        """Entries for the Open Resource Exchange that were made in the period."""
        start, end = self.period.within
        return CatalogueEntry.objects.filter(completed_at__gte=start, completed_at__lt=end).count()

    @cached_property
    def flagged(self) -> tuple[int, int]:
        """Files posted of which contract splitting was found after the posting, and those that CFOB cleared of it."""
        found = SplittingJustification.objects.filter(
            translation_key=OuterRef("translation_key"), written_at__gt=OuterRef("posted_at")
        )
        rows = self.posted.annotate(last=Subquery(found.order_by("-pk").values("decision")[:1]))
        decided = Counter(rows.exclude(last=None).values_list("last", flat=True))
        cleared = decided.pop(SplittingJustification.Decision.ACCEPTED, 0)
        return decided.total(), cleared

    @cached_property
    def paid(self) -> list[Paid]:
        """Payments of the period."""
        return payments(paid_on__gte=self.period.first, paid_on__lte=self.period.last)

    @cached_property
    def paid_by_year(self) -> dict[int, list[Paid]]:
        """Payments of each calendar year that the period touches, whole, in the order in which they were recorded."""
        years = self.period.years
        found: dict[int, list[Paid]] = defaultdict(list)
        rows = payments(paid_on__year__gte=years[0], paid_on__year__lte=years[-1])
        for row in sorted(rows, key=lambda row: row.pk):
            found[row.paid_on.year].append(row)
        return dict(sorted(found.items()))

    @cached_property
    def observations(self) -> dict[str, Observation]:
        """The newest number read elsewhere of each kind, until the end of the period."""
        rows = Observation.objects.filter(observed_on__lte=self.period.last).order_by("observed_on", "pk")
        return {row.kind: row for row in rows}

    @cached_property
    def stories(self) -> Decimal | None:
        """Stories that were entered as of the period."""
        rows = Observation.objects.filter(
            kind=Observation.Kind.STORIES,
            observed_on__gte=self.period.first,
            observed_on__lte=self.period.last,
        )
        total: Decimal | None = rows.aggregate(total=Sum("value"))["total"]
        return total

    @cached_property
    def subscribers(self) -> int:
        """Addresses on the mailing list now: who leaves it leaves no row."""
        return Subscription.objects.confirmed().count()

    @cached_property
    def sums(self) -> Counts:
        """The sums of the surveys of the years that the period touches, by year and cohort, as they may be read."""
        return survey.counts(self.period.years)
