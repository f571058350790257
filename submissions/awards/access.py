"""Which application a link is about that a supplier opens after the deadline, and the links that letters carry.

Owns: both. The supplier’s own link does, and so does one that a letter of this stage carries: the server keeps no own
link that it could mail again. Neither reads an application here. Imports no view.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from submissions.proposals import custody, links
from submissions.proposals.enums import LinkKind
from submissions.proposals.models import MailedLink, Proposal
from submissions.proposals.sealing import InvalidLink, SupplierLink


def make_address(proposal: Proposal, language: str, view: str = "result:page") -> str:
    """The full address of a fresh link to what became of an application; it cannot be had again.

    Args:
        proposal: Whose.
        language: Of the page.
        view: Name of the page below such a link; later stages have theirs.
    """
    link = SupplierLink.generate()
    MailedLink.objects.create(kind=LinkKind.RESULT, proposal=proposal, digest=link.digest)
    with override(language):
        return f"{settings.MICROACQ_BASE_URL.rstrip('/')}{reverse(view, args=[link.token])}"


def proposal_of(token: str) -> Proposal | None:
    """The application in the competition that a link is about, with its file; None for any other link."""
    try:
        link = SupplierLink.from_token(token)
    except InvalidLink:
        return None
    mailed = links.found(LinkKind.RESULT, link)
    sent = Proposal.objects.sent().without_text().select_related("solicitation", "opened")
    found = sent.filter(pk=mailed.proposal_id) if mailed is not None else sent.of_link(link)
    return found.exclude(contact=custody.ERASED).first()
