"""That several contracts were awarded to one supplier: a sign of contract splitting, known after the award alone.

Answers the hook ``microacq_splitting_evidence``. Only awarded contracts are compared, so nothing of an application that
was not awarded, let alone of a sealed one, can be told. Suppliers are matched by the keyed digest of the address, as in
``history``; no name is read. Imports no view.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from wagtail.models import Page

from microacq_pages import splitting_records
from microacq_pages.splitting import Evidence
from submissions.proposals.services import address_digest
from submissions.solicitations.models import Solicitation

from .models import Contract

#: Opportunities that lie further apart are never counted together.
APART = timedelta(days=367)


def evidence_of(page: Page) -> list[Evidence]:
    """Other opportunities that were awarded to a supplier of this one.

    Args:
        page: Either language.
    """
    own = list(
        Contract.objects.filter(solicitation__translation_key=page.translation_key)
        .select_related("solicitation", "offer__proposal")
        .defer("offer__proposal__sealed")
    )
    if not own:
        return []
    file = own[0].solicitation
    addresses = {contract.offer.proposal.address for contract in own} - {""}
    others = (
        Contract.objects.exclude(solicitation=file)
        .filter(solicitation__posted_at__range=(file.posted_at - APART, file.posted_at + APART))
        .select_related("solicitation", "offer__proposal")
        .defer("offer__proposal__sealed")
    )
    # The digest is another one in each file, so that nobody can link applications across files at rest.
    found: set[UUID] = {
        other.solicitation.translation_key
        for other in others
        if any(
            other.offer.proposal.address_digest == address_digest(other.solicitation, address)
            for address in addresses
        )
    }
    return [Evidence(key) for key in sorted(found)]


def note(file: Solicitation) -> None:
    """Keep what an award changed of that, for the report."""
    page = file.page("en")
    if page is not None:
        splitting_records.refresh(page)
