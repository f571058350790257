"""What this stage writes, to those who asked, applied or follow, and to staff when questions wait too long.

Owns who is told what, once; the words are with all notices. Addresses go nowhere but into the outbox.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import override

from microacq_pages.formats import eastern
from microacq_pages.furniture import absolute
from submissions.notices.models import OutgoingMessage
from submissions.notices.services import send_notice
from submissions.solicitations.recipients import Recipient, recipients_of

from . import states
from .enums import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from submissions.solicitations.models import Solicitation

    from .models import PublishedAnswer, Question

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def askers_of(file: Solicitation) -> list[Recipient]:
    """Those who asked about a file and left an address; not those whose question was turned away."""
    asked = file.asked_questions.exclude(contact="").exclude(state=State.REJECTED).order_by("number")
    return [
        Recipient(
            address=question.address,
            language=question.correspondence_language,
            key=f"asker:{question.reference}",
            role="asker",
        )
        for question in asked
    ]


def public_address(file: Solicitation, language: str) -> str:
    """Where the questions of a file stand in a language."""
    page = file.page(language)
    return f"{absolute(page.url)}#questions" if page is not None and page.live else settings.MICROACQ_BASE_URL


def announce(question: Question, published: PublishedAnswer) -> None:
    """Tell everyone who is told about the file what was answered, or how an answer was corrected."""
    file = question.solicitation
    kind = "question_published" if published.version == 1 else "question_corrected"
    for recipient in recipients_of(file):
        send_notice(
            kind,
            recipient.address,
            key=f"{kind}:{question.reference}:{published.version}:{recipient.key}",
            language=recipient.language or None,
            number=file.number,
            context=_by_language(question, published, recipient.link),
            unsubscribe=recipient.unsubscribe,
        )


def _by_language(
    question: Question, published: PublishedAnswer, link: str = ""
) -> Callable[[str], dict[str, str]]:
    """The values of a letter about an answer, for whichever languages it is written in."""

    def values(language: str) -> dict[str, str]:
        return {
            **_shared(question, language),
            "question": getattr(published, f"question_{language}"),
            "answer": getattr(published, f"answer_{language}"),
            "link": link,
        }

    return values


def tell_asker_of_answer(question: Question, published: PublishedAnswer) -> None:
    """Tell whoever asked what is answered already."""
    if not question.contact:
        return
    language = question.correspondence_language
    send_notice(
        "question_published",
        question.address,
        key=f"question_published:{question.reference}:merged",
        language=language,
        number=question.solicitation.number,
        context=_by_language(question, published),
    )


def tell_asker_of_end(question: Question, reason: Any) -> None:
    """Tell whoever asked that the question is not published on the opportunity, and why.

    Args:
        question: With the state that it has now.
        reason: Words that are put into the asker's language when the letter is written.
    """
    if not question.contact:
        return
    language = question.correspondence_language
    with override(language):
        sentence = str(reason)
    send_notice(
        "question_not_published",
        question.address,
        key=f"question_not_published:{question.reference}",
        language=language,
        number=question.solicitation.number,
        context={**_shared(question, language), "reference": question.reference, "reason": sentence},
    )


def _shared(question: Question, language: str) -> dict[str, str]:
    file = question.solicitation
    return {
        "number": file.number,
        "title": file.get_title(language),
        "url": public_address(file, language),
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
    }


def responsible_for(file: Solicitation) -> Iterable[Any]:
    """Staff who can do something about the questions of a file: those who sort them, and its client."""
    everyone = get_user_model()._default_manager
    sorting = everyone.with_perm(states.TRIAGE, backend=_BACKEND, include_superusers=False)
    found = everyone.filter(Q(pk__in=sorting) | Q(pk=file.client_id), is_active=True).exclude(email="")
    return found.select_related("wagtail_userprofile").order_by("pk")


def warn_staff(file: Solicitation, waiting: int, closes_at: datetime) -> int:
    """Write once, for this deadline, to those responsible that questions wait.

    Returns:
        How many were written to now.
    """
    people = {
        f"questions_waiting:{file.number}:{file.deadline:%Y%m%d%H%M}:{person.pk}": person
        for person in responsible_for(file)
    }
    told = set(
        OutgoingMessage.objects.filter(idempotency_key__in=people).values_list("idempotency_key", flat=True)
    )
    for key, person in people.items():
        if key in told:
            continue
        profile = getattr(person, "wagtail_userprofile", None)
        language = (profile.preferred_language if profile else "")[:2] or settings.LANGUAGE_CODE
        send_notice(
            "questions_waiting",
            person.email,
            key=key,
            language=language,
            number=file.number,
            context={
                "number": file.number,
                "title": file.get_title(language),
                "count": waiting,
                "closes_at": eastern(closes_at, language),
                "deadline": eastern(file.deadline, language),
                "url": absolute(reverse("solicitations:inspect", args=[file.pk])),
            },
        )
    return len(people) - len(told)
