"""Which contract a link of a supplier is about. The link itself is that of ``awards``. Imports no view."""

from __future__ import annotations

from submissions.awards import access

from . import standing
from .models import Contract


def contract_of(token: str) -> Contract | None:
    """The contract of the supplier whose link this is, with where it stands; None for any other link."""
    proposal = access.proposal_of(token)
    if proposal is None:
        return None
    found: Contract | None = (
        standing.read(Contract.objects.filter(offer__proposal=proposal)).order_by("-pk").first()
    )
    return found
