"""Which text a person has seen: an approval counts only for exactly that text.

Owns the digests of what is shown and the rows that remember it. Knows no page type and no request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.models import Page

from .. import pairs
from ..approvals import digests, pair_digest, source_digest

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from ..models import ReviewLook

#: How many earlier texts are remembered of each person and page.
KEPT = 3


@dataclass(frozen=True)
class Shown:
    """The text of a pair as it is now: digests of the source alone and of both languages."""

    source_digest: str
    digest: str

    def digest_for(self, with_translation: bool) -> str:
        """What an approval is given for: both languages, or the source while the other is being translated."""
        return self.digest if with_translation else self.source_digest


def shown_now(page: Page) -> Shown:
    return Shown(*digests(page))


def translated_texts(page: Page) -> list[list[Any]]:
    """The translated strings as [path, translation], in the order of the page."""
    translation = pairs.translation_of(page)
    if translation is None:
        return []
    return [[path, text] for path, _source, text in pairs.translated_strings(translation)]


def record_look(page: Page, user: AbstractBaseUser, shown: Shown | None = None) -> Shown:
    """Remember that this person is shown the text as it is now.

    Args:
        page: Either language.
        user: Who reads.
        shown: What ``shown_now`` has just said, if it was asked.

    Returns:
        The digests of what is shown; an approval must carry them.
    """
    from ..models import ReviewLook

    source = pairs.source_of(page)
    shown = shown or shown_now(source)
    ReviewLook.objects.update_or_create(
        user_id=user.pk,
        translation_key=source.translation_key,
        digest=shown.digest,
        defaults={
            "source_digest": shown.source_digest,
            "revision_id": source.latest_revision_id,
            "texts": translated_texts(source),
            "looked_at": timezone.now(),
        },
    )
    looks = ReviewLook.objects.filter(user_id=user.pk, translation_key=source.translation_key)
    looks.exclude(pk__in=list(looks.values_list("pk", flat=True)[:KEPT])).delete()
    return shown


def has_seen(page: Page, user: AbstractBaseUser, *, with_translation: bool) -> bool:
    """Whether this person was shown exactly the text as it is now."""
    from ..models import ReviewLook

    source = pairs.source_of(page)
    looks = ReviewLook.objects.filter(user_id=user.pk, translation_key=source.translation_key)
    if with_translation:
        return bool(looks.filter(digest=pair_digest(source)).exists())
    return bool(looks.filter(source_digest=source_digest(source)).exists())


def earlier_look(page: Page, user: AbstractBaseUser, shown: Shown) -> ReviewLook | None:
    """The last text that this person saw and that is not the one of now."""
    from ..models import ReviewLook

    source = pairs.source_of(page)
    looks = ReviewLook.objects.filter(user_id=user.pk, translation_key=source.translation_key)
    return looks.exclude(digest=shown.digest).select_related("revision").first()
