"""Until when personal data of a file is kept: from the day on which the file ended, as long as the settings say.

Owns the reckoning; what is erased stands in ``erasing``. Privacy Regulations (SOR/83-508), section 4: personal
information that was used for an administrative purpose is kept for at least two years after its last use. Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from submissions.audit.models import AuditEntry
from submissions.solicitations.enums import WITHOUT_AWARD, State
from submissions.solicitations.models import Solicitation

from .models import Category, ErasureCertificate

#: Section 4 (1) (a) of the Privacy Regulations (SOR/83-508), in days.
LEAST = timedelta(days=730)
#: States in which nothing is left to be done about a file.
ENDED = WITHOUT_AWARD | {State.COMPLETED}
_USES = ("file.", "debrief.", "contract.", "payment.")
#: Acts that use nobody's data for a decision: they do not make it be kept for longer. The database has the same list.
_NO_USE = (
    "contract.read",
    "contract.evidence_read",
    "contract.history_read",
    "contract.refused",
    "payment.invoice_read",
    "file.personal_data_erased",
    "file.verified",
    "file.decision_refused",
    "file.open_refused",
)


@dataclass(frozen=True)
class Period:
    """How long one kind of personal data of a file is kept.

    Attributes:
        category: Whose data.
        ended_at: When the file ended (UTC); None while it is under way.
        until: From when it may be erased; None while the file is under way.
        erased_at: When it was, for the last time.
    """

    category: Category
    ended_at: datetime | None
    until: datetime | None
    erased_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether it may be erased."""
        return self.until is not None and self.until <= now


def with_end(files: QuerySet[Solicitation]) -> QuerySet[Any]:
    """Files that have ended, with ``last_used``: when each was last used for a decision (UTC).

    A complaint or a disclosure after the end is such a use too.
    """
    used = Q()
    for prefix in _USES:
        used |= Q(action__startswith=prefix)
    acts = AuditEntry.objects.filter(used, file_number=OuterRef("number")).exclude(action__in=_NO_USE)
    newest = acts.order_by("-happened_at").values("happened_at")[:1]
    return files.filter(state__in=ENDED).annotate(last_used=Subquery(newest))


def ended_at(file: Solicitation) -> datetime | None:
    """When a file was last used for a decision (UTC), once it has ended; None while it is under way."""
    found = with_end(Solicitation.objects.filter(pk=file.pk)).first()
    last: datetime | None = found.last_used if found is not None else None
    return last


def periods_of(file: Solicitation) -> list[Period]:
    """How long each kind is kept. There is no contractor where nobody was awarded the work."""
    end = ended_at(file)
    erased: dict[str, datetime] = {}
    for row in ErasureCertificate.objects.filter(solicitation=file).only(
        "category", "made_at", "solicitation"
    ):
        erased[row.category] = row.made_at
    return [
        Period(
            category,
            end,
            end + settings.MICROACQ_RETENTION[category.value] if end else None,
            erased.get(category.value),
        )
        for category in Category
    ]


def reasons_against_reopening(file: Solicitation, user: Any) -> list[str]:
    """A guard: an evaluation whose applications are gone is not begun again."""
    if ErasureCertificate.objects.filter(solicitation=file).exists():
        return [_("The applications were erased when their retention period ended.")]
    return []


def due() -> list[tuple[Solicitation, Category]]:
    """What may be erased now and was not: files and whose data, the oldest first. Two queries."""
    erased = set(ErasureCertificate.objects.values_list("solicitation_id", "category"))
    found = []
    for file in with_end(Solicitation.objects.annotate(now=Now())).order_by("year", "sequence"):
        for category in Category:
            last = file.last_used
            over = last is not None and last + settings.MICROACQ_RETENTION[category.value] <= file.now
            if over and (file.pk, category.value) not in erased:
                found.append((file, category))
    return found
