"""Who approved what: an approval holds for exactly one text in both languages, and never for one’s own.

Knows no page type and no request; whether anything is missing is asked of ``blockers``.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import rfc8785
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageLogEntry

from . import pairs
from .blockers import Blocker, PublicationBlocked, publication_blockers

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from .models import PublicationApproval


#: Wagtail's own acts by which text comes to a page.
WRITING = ("wagtail.create", "wagtail.edit", "wagtail.revert", "wagtail.copy")


def pair_digest(page: Page) -> str:
    """SHA-256 over the source as last saved and every translated string (RFC 8785 form).

    Two savings with the same text in both languages have the same digest.
    """
    return digests(page)[1]


def source_digest(page: Page) -> str:
    """SHA-256 over the text as last saved in the language in which it is written (RFC 8785 form)."""
    return _digest(_source_text(pairs.source_of(page)))


def digests(page: Page) -> tuple[str, str]:
    """``source_digest`` and ``pair_digest``, with one reading of the source."""
    with pairs.reading():
        text = _source_text(pairs.source_of(page))
        translation = pairs.translation_of(page)
        strings = [list(each) for each in pairs.translated_strings(translation)] if translation else []
    return _digest(text), _digest({"source": text, "translation": strings})


def _source_text(source: Page) -> Any:
    return _stringified(pairs.text_of(pairs.latest(source).to_json()))


def _digest(content: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def _stringified(value: Any) -> Any:
    """Numbers beyond what RFC 8785 can hold, and all others, as text."""
    if isinstance(value, dict):
        return {key: _stringified(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_stringified(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return str(value)


def authors_of(page: Page) -> set[int]:
    """Users who wrote the text that is now to be approved, in either language.

    The owner, and everyone who saved the source or translated a string since both last went live. Revisions of
    the translation are made by publication itself and carry no text of their own.
    """
    source = pairs.source_of(page)
    authors: set[int] = {source.owner_id} if source.owner_id else set()
    since = source.live_revision.created_at if source.live_revision_id else None
    revisions = source.revisions.exclude(user=None)
    # The history survives what the revisions do not: they may be purged.
    edits = PageLogEntry.objects.filter(page_id=source.pk, action__in=WRITING).exclude(user=None)
    if since is not None:
        revisions, edits = revisions.filter(created_at__gt=since), edits.filter(timestamp__gt=since)
    authors.update(revisions.values_list("user_id", flat=True))
    authors.update(edits.values_list("user_id", flat=True))
    return authors | pairs.translators_since(source, since)


def approve(page: Page, user: AbstractBaseUser) -> PublicationApproval:
    """Record that a person approves both languages exactly as they are now.

    Raises:
        PublicationBlocked: when anything is missing, or the person wrote the text (DESIGN rule 8).
    """
    from .models import PublicationApproval

    blockers = publication_blockers(page)
    if user.pk in authors_of(page):
        blockers.insert(0, own_text_blocker())
    if blockers:
        raise PublicationBlocked(blockers)
    source = pairs.source_of(page)
    return PublicationApproval.objects.create(
        translation_key=source.translation_key,
        revision=source.get_latest_revision(),
        digest=pair_digest(source),
        approved_by_id=user.pk,
    )


def own_text_blocker() -> Blocker:
    return Blocker("own-text", _("You wrote this text: another person must approve it."))


def approve_installation(page: Page) -> PublicationApproval:
    """Approval of a page that the site itself brings; for ``setup_site`` alone, before it is ever live.

    Raises:
        PublicationBlocked: when the page was live before, or anything is missing.
    """
    from .models import PublicationApproval

    source = pairs.source_of(page)
    blockers = publication_blockers(source)
    if source.first_published_at:
        blockers.append(
            Blocker("not-new", _("Only a page that was never public can be published by installation."))
        )
    if blockers:
        raise PublicationBlocked(blockers)
    return PublicationApproval.objects.create(
        translation_key=source.translation_key,
        revision=source.get_latest_revision(),
        digest=pair_digest(source),
        by_installation=True,
    )


def approval_blockers(page: Page) -> list[Blocker]:
    """Whether the two languages are still exactly what was approved."""
    from .models import PublicationApproval

    source = pairs.source_of(page)
    # The newest by its key: hosts may disagree about the time.
    rows = PublicationApproval.objects.filter(translation_key=source.translation_key)
    approval = rows.order_by("-pk").first()
    if approval is None:
        return [Blocker("not-approved", _("Nobody has approved it: submit it to the workflow."))]
    if approval.revision_id != source.latest_revision_id or approval.digest != pair_digest(source):
        return [
            Blocker(
                "approval-void", _("The text changed after it was approved: submit it for approval again.")
            )
        ]
    return []
