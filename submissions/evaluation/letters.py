"""What this stage writes to suppliers, in the language that they chose; the words are with all notices.

Who has no e-mail is written to by nobody: staff reach them otherwise. Addresses go nowhere but into the outbox.
Imports no view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from microacq_pages.formats import eastern
from microacq_pages.furniture import absolute
from submissions.notices.services import send_notice
from submissions.proposals.models import Proposal

if TYPE_CHECKING:
    from submissions.proposals.sealing import SupplierLink
    from submissions.solicitations.models import Solicitation

    from .aids import Clarification
    from .models import Round


def ask(asked: Clarification, link: SupplierLink) -> None:
    """Ask a supplier what a passage means, with a link that shows the question and takes the answer."""
    proposal = (
        Proposal.objects.select_related("solicitation").defer("sealed").get(pk=asked.candidate.proposal_id)
    )
    language = proposal.correspondence_language
    with override(language):
        address = reverse("clarification:answer", args=[link.token])
    _send(
        "clarification_asked",
        proposal,
        key=f"clarification_asked:{asked.pk}",
        question=asked.question,
        due=eastern(asked.due_at, language),
        link=f"{settings.MICROACQ_BASE_URL.rstrip('/')}{address}",
    )


def tell_of_reopening(file: Solicitation, round: Round) -> None:
    """Tell everyone whose application is evaluated that the evaluation begins again, and why."""
    for proposal in file.proposals.opened().select_related("solicitation").defer("sealed"):
        language = proposal.correspondence_language
        page = file.page(language)
        _send(
            "evaluation_reopened",
            proposal,
            key=f"evaluation_reopened:{round.pk}:{proposal.receipt_number}",
            reason=file.get_state_reason(language),
            url=absolute(page.url) if page is not None and page.live else settings.MICROACQ_BASE_URL,
        )


def _send(kind: str, proposal: Proposal, *, key: str, **values: Any) -> None:
    address = proposal.address
    if not address:
        return
    language = proposal.correspondence_language
    send_notice(
        kind,
        address,
        key=key,
        language=language,
        number=proposal.solicitation.number,
        context={
            "number": proposal.solicitation.number,
            "title": proposal.solicitation.get_title(language),
            "receipt": proposal.receipt_number,
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
            **values,
        },
    )
