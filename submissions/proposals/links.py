"""Links that are given out besides the supplier’s own: their secret is mailed or handed over, and only a digest stays.

Owns: making one, finding it again, its full address. What each may do is in ``second`` and ``recovery``. Imports no
view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps

from submissions.proposals.enums import LinkKind
from submissions.proposals.models import MailedLink, Proposal
from submissions.proposals.sealing import SupplierLink

if TYPE_CHECKING:
    from submissions.proposals.pages import ProposalFormPage

#: The address of the form page that a link of each kind opens.
ROUTES = {LinkKind.COUNT: "count", LinkKind.RECOVER: "link"}


def make(kind: LinkKind, proposal: Proposal, *, beside: str = "") -> str:
    """A fresh link about a proposal.

    Args:
        kind: What it is for.
        proposal: What it is about.
        beside: The full address of the supplier’s own link as it is mailed, where it is known: it leads to the same
            page, which need not be asked for.

    Returns:
        Its full address, in the language in which the supplier is written to. It cannot be had again.
    """
    link = SupplierLink.generate()
    MailedLink.objects.create(kind=kind, proposal=proposal, digest=link.digest)
    page, found, _token = beside.rpartition(f"/{ROUTES[LinkKind.RECOVER]}/")
    if found:
        return f"{page}/{ROUTES[kind]}/{link.token}/"
    return full_address(ROUTES[kind], link, proposal.correspondence_language)


def found(kind: LinkKind, link: SupplierLink) -> MailedLink | None:
    """The link that a token names, with what it is about."""
    return (
        MailedLink.objects.filter(kind=kind, digest=link.digest)
        .select_related("proposal__solicitation", "proposal__posting")
        .defer("proposal__sealed")
        .first()
    )


def unused_recovery(link: SupplierLink) -> MailedLink | None:
    """A link that stands for a lost one, until something is sent with it: from then on it is a link like any other."""
    recovered = found(LinkKind.RECOVER, link)
    if recovered is None or Proposal.objects.of_link(link).exists():
        return None
    return recovered


def current_of_recovery(recovered: MailedLink) -> Proposal | None:
    """What a link that stands for a lost one may replace or withdraw: what its address has in the competition."""
    lost = recovered.proposal
    return (
        Proposal.objects.sent()
        .of_address(lost.solicitation_id, lost.address_digest)
        .select_related("solicitation", "posting")
        .without_text()
        .first()
    )


def full_address(route: str, link: SupplierLink, language: str) -> str:
    """The full address of a link on the form page of a language."""
    return form_page(language).full_address_of(route, link.token)


def form_page(language: str) -> ProposalFormPage:
    """The form page of a language."""
    # By name: the page’s module imports what answers its addresses, which imports this one.
    page: ProposalFormPage = (
        apps.get_model("submissions", "ProposalFormPage")
        .objects.select_related("locale")
        .filter(locale__language_code=language)
        .order_by("-live", "pk")
        .first()
    )
    return page
