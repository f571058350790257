"""Recording where an opportunity was announced, striking out a mistake, and the facts that the texts are made from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page

from microacq_pages.furniture import absolute
from submissions.audit.services import record, record_refusal
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import Actor, database_clock

from . import texts
from .models import Mention
from .texts import Facts, Ready

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ANNOUNCE = "submissions.announce_solicitation"


def require_permission(file: Solicitation, user: Actor) -> None:
    """Refuse, and record, who may not write where an opportunity was announced.

    Raises:
        PermissionDenied: the user may not.
    """
    if not user.has_perm(ANNOUNCE):
        record_refusal(
            file,
            "file.decision_refused",
            user=user,
            data={"number": file.number, "act": "file.announced", "reasons": ANNOUNCE},
        )
        raise PermissionDenied


@transaction.atomic
def announce(
    file: Solicitation, user: User, *, channel: str, place: str, announced_on: date, address: str = ""
) -> Mention:
    """Record that an opportunity was announced somewhere.

    Args:
        file: Its file.
        user: Who records it.
        channel: A name in ``texts.CHANNELS``.
        place: Where, in words.
        announced_on: The day.
        address: Where it can be read, if anywhere.

    Raises:
        PermissionDenied: the user may not.
    """
    require_permission(file, user)
    mention = Mention.objects.create(
        solicitation=file,
        channel=channel,
        place=place,
        announced_on=announced_on,
        address=address,
        recorded_by=user,
    )
    record(file, "file.announced", user=user, data={"number": file.number, "channel": channel})
    return mention


@transaction.atomic
def strike_out(mention: Mention, user: User) -> bool:
    """Say that a mention was a mistake; it stays on record.

    Returns:
        Whether it still stood.

    Raises:
        PermissionDenied: the user may not.
    """
    file = mention.solicitation
    require_permission(file, user)
    struck = Mention.objects.standing().filter(pk=mention.pk)
    if not struck.update(struck_by=user, struck_at=database_clock()):
        return False
    data = {"number": file.number, "channel": mention.channel}
    record(file, "file.announcement_struck", user=user, data=data)
    return True


def ready_texts(file: Solicitation) -> list[tuple[texts.Channel, list[Ready]]]:
    """The texts of every channel in both languages; none unless the opportunity takes applications now.

    Args:
        file: The file, read ``with_clock``.
    """
    if not file.is_taking_applications:
        return []
    facts = facts_of(file)
    return [(channel, [texts.written(channel, each) for each in facts]) for channel in texts.WRITTEN]


def facts_of(file: Solicitation) -> list[Facts]:
    """What the texts tell of a file, as posted or last amended, in each language in which its page is public."""
    words = file.current_posting.text
    pages = Page.objects.live().filter(translation_key=file.translation_key).select_related("locale")
    by_language = {page.locale.language_code: page for page in pages}
    return [
        Facts(
            language=language,
            number=file.number,
            title=" ".join(words[language]["title"].split()),
            teaser=" ".join(words[language]["teaser"].split()),
            skills=words[language]["opportunity_skills"],
            price=file.price,
            licence=file.licence,
            deadline=file.deadline,
            department=str(words[language]["department"] or settings.MICROACQ_DEPARTMENT[language]),
            url=absolute(by_language[language].url),
        )
        for language in texts.LANGUAGES
        if language in by_language
    ]
