"""What reporting asks of reuse, of many files at once: the entries that were made for the Open Resource Exchange.
Reads only.

An entry is made at completion; whether the exchange has taken the department's file in is known to nobody here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from microacq_pages.formats import EASTERN
from submissions.records.reuse.models import CatalogueEntry


def listed(files: Iterable[int]) -> dict[int, date]:
    """The day of the entry, by the key of the file."""
    rows = CatalogueEntry.objects.filter(contract__solicitation__in=list(files)).order_by("completed_at")
    return {
        pk: moment.astimezone(EASTERN).date()
        for pk, moment in rows.values_list("contract__solicitation_id", "completed_at")
    }
