"""Letters about what happens to a file: to those who applied, asked or follow it, each in their language.

Owns what the letters say; whom they reach is asked of ``recipients``. Called in the transaction of the act. Nothing of
a recipient is logged or recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings

from microacq_pages.formats import eastern
from submissions.notices.services import send_notice

from .recipients import Recipient, recipients_of

if TYPE_CHECKING:
    from .models import Posting, Solicitation

APPLICANT = "applicant"


def tell_of_amendment(file: Solicitation, before: Posting, posting: Posting) -> None:
    """Write to everyone about an amendment; applicants who must act are told what to do, and until when."""
    deadline_moved = before.text.get("facts", {}).get("deadline") != posting.text["facts"]["deadline"]

    def values(recipient: Recipient) -> Callable[[str], dict[str, Any]]:
        return lambda language: {
            **_shared(file, recipient, language),
            "amendment": posting.amendment,
            "summary": posting.get_summary(language),
            "deadline": eastern(file.deadline, language),
            "deadline_moved": deadline_moved,
        }

    for recipient in recipients_of(file):
        must_act = posting.asks_confirmation and recipient.role == APPLICANT
        kind = "confirmation_asked" if must_act else "file_amended"
        _send(kind, file, recipient, values(recipient), about=str(posting.amendment))


def tell_of_cancellation(file: Solicitation) -> None:
    """Write to everyone that the opportunity is cancelled, and why; ``file`` was read ``with_clock``."""
    before_deadline = file.clock < file.deadline

    def values(recipient: Recipient) -> Callable[[str], dict[str, Any]]:
        return lambda language: {
            **_shared(file, recipient, language),
            "reason": file.get_state_reason(language),
            "before_deadline": before_deadline,
        }

    for recipient in recipients_of(file):
        _send("file_cancelled", file, recipient, values(recipient), about="")


def _shared(file: Solicitation, recipient: Recipient, language: str) -> dict[str, Any]:
    return {
        "number": file.number,
        "title": file.get_title(language),
        "url": public_address(file, language),
        "link": recipient.link,
        "is_applicant": recipient.role == APPLICANT,
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
    }


def public_address(file: Solicitation, language: str) -> str:
    """The full address of the opportunity's page in a language; empty for a file without pages."""
    page = file.page(language)
    return f"{settings.MICROACQ_BASE_URL.rstrip('/')}{page.url}" if page is not None else ""


def _send(kind: str, file: Solicitation, recipient: Recipient, values: Any, *, about: str) -> None:
    send_notice(
        kind,
        recipient.address,
        key=":".join(filter(None, (kind, file.number, about, recipient.key))),
        language=recipient.language or None,
        number=file.number,
        unsubscribe=recipient.unsubscribe,
        context=values,
    )
