"""What is stored of one file, read once, so that each of its releases says what was true at its act.

Owns the reading. A release that is made late says the same as one that is made at once: what an act brought is looked
up by what its log row names, or by its place among acts of its kind. Draws nothing, writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wagtail.models import ModelLogEntry, Page

from microacq_pages.furniture import absolute
from submissions.awards.models import Award
from submissions.contracts.payment.models import Payment
from submissions.contracts.work_models import WorkAcceptance
from submissions.questions.models import PublishedAnswer
from submissions.selection.models import FrozenList
from submissions.solicitations.models import Posting, Solicitation

if TYPE_CHECKING:
    from .models import Release


@dataclass(frozen=True)
class Act:
    """One row of the log that brings a release.

    Attributes:
        key: Key of the row.
        action: Its name in ``audit.actions``.
        at: When (UTC).
        data: What it recorded.
    """

    key: int
    action: str
    at: datetime
    data: dict[str, Any]

    @classmethod
    def of(cls, row: ModelLogEntry) -> Act:
        """The act that a row of the log tells of."""
        return cls(row.pk, row.action, row.timestamp, row.data or {})


@dataclass
class History:
    """One file with everything that its releases are made from.

    Attributes:
        file: The file.
        ocid: Its open contracting ID.
        urls: Addresses of its pages, by language, with the public host.
        postings: What was posted, by the number of the amendment.
        answers: Published answers, by reference of the question and version.
        lists: Frozen lists, the first first.
        awards: Awards, the first first.
        acceptances: Acceptances of the work, by the key of the offer.
        payments: Payments with their contract, by the number of the invoice.
        earlier: Acts that have their release, with its name, in order.
    """

    file: Solicitation
    ocid: str
    urls: dict[str, str]
    postings: dict[int, Posting]
    answers: dict[tuple[str, int], PublishedAnswer]
    lists: list[FrozenList]
    awards: list[Award]
    acceptances: dict[int, WorkAcceptance]
    payments: dict[str, Payment]
    earlier: list[tuple[str, str]] = field(default_factory=list)

    def count_of(self, action: str) -> int:
        """How many acts of a kind have their release already."""
        return sum(1 for each, _name in self.earlier if each == action)

    def last_name(self, *actions: str) -> str:
        """The name of the last release of one of these acts; empty where there is none."""
        return next((name for action, name in reversed(self.earlier) if action in actions), "")

    def list_at(self, moment: datetime) -> FrozenList | None:
        """The list that was frozen last before a moment."""
        return next((each for each in reversed(self.lists) if each.frozen_at <= moment), None)


def history_of(file: Solicitation, ocid: str, releases: Sequence[Release]) -> History:
    """Read a file, in a number of queries that does not depend on how much happened to it.

    Args:
        file: The file.
        ocid: Its open contracting ID.
        releases: Those that it has, in order.
    """
    answers = PublishedAnswer.objects.filter(record__solicitation=file).select_related("record")
    awards = Award.objects.filter(offer__solicitation=file).order_by("countersigned_at", "pk")
    acceptances = WorkAcceptance.objects.filter(contract__solicitation=file).select_related("contract")
    payments = Payment.objects.filter(contract__solicitation=file).select_related("contract", "invoice")
    pages = Page.objects.live().filter(translation_key=file.translation_key).select_related("locale")
    return History(
        file=file,
        ocid=ocid,
        urls={page.locale.language_code: absolute(page.url) for page in pages if page.url},
        postings={posting.amendment: posting for posting in file.postings.all()},
        answers={(each.record.reference, each.version): each for each in answers},
        lists=list(file.frozen_lists.order_by("frozen_at", "pk")),
        awards=list(awards),
        acceptances={each.contract.offer_id: each for each in acceptances},
        payments={each.invoice.number: each for each in payments.defer("invoice__locked_content")},
        earlier=[(each.action, each.name) for each in releases],
    )
