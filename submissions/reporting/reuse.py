"""What reporting asks of payment and of reuse, of many files at once. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from submissions.contracts.enums import ContractState
from submissions.contracts.models import Contract


def paid(files: Iterable[int]) -> dict[int, datetime]:
    """When the contract of a file was paid, by the key of the file (UTC)."""
    rows = Contract.objects.filter(solicitation__in=files, state=ContractState.PAID).order_by()
    return dict(rows.values_list("solicitation_id", "changed_at"))


def listed(files: Iterable[int]) -> dict[int, date]:
    """When the code of a file was entered in the Open Resource Exchange, by the key of the file."""
    return {}
