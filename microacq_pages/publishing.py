"""How both languages of a page go live together, and come down together.

Each function is one transaction. What stands against it is asked of ``blockers`` and ``approvals``; the page
object refuses every other way (``guards``); below them a deferred trigger of the database holds that both
pages of a pair are live or neither. Knows no page type and no request.

Seams for ``submissions`` (Wagtail hooks):
    ``microacq_pair_published(source, target, user, first)``: both went live, in this transaction.
    ``microacq_pair_unpublished(source, target, user)``: both came down, in this transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Page

from . import pairs
from .approvals import (
    approval_blockers,
    approve,
    approve_installation,
    authors_of,
    own_text_blocker,
    pair_digest,
)
from .blockers import (
    Blocker,
    Level,
    PublicationBlocked,
    missing,
    publication_blockers,
    publication_findings,
    translation_blockers,
)
from .guards import (
    acting,
    in_pair,
    one_language_blocker,
    refuse_alias,
    refuse_change_of_live_page,
    refuse_other_file,
    refuse_restriction,
    require_deletable,
    require_movable,
    require_not_live,
    require_pair,
    require_withdrawable,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

__all__ = [
    "Blocker",
    "Level",
    "PublicationBlocked",
    "acting",
    "approval_blockers",
    "approve",
    "approve_installation",
    "authors_of",
    "cancel_plan",
    "in_pair",
    "missing",
    "one_language_blocker",
    "own_text_blocker",
    "pair_digest",
    "publication_blockers",
    "publication_findings",
    "publish_pair",
    "refuse_alias",
    "refuse_change_of_live_page",
    "refuse_other_file",
    "refuse_restriction",
    "require_deletable",
    "require_movable",
    "require_not_live",
    "require_pair",
    "require_withdrawable",
    "translation_blockers",
    "unpublish_pair",
    "unpublish_tree",
]


@transaction.atomic
def publish_pair(
    page: Page,
    *,
    user: AbstractBaseUser | None,
    log_action: str | bool = True,
) -> tuple[Page, Page]:
    """Publish both languages in one transaction, or plan both when ``go_live_at`` is in the future.

    Args:
        page: Either language; what is published is the source as last saved and its translation.
        user: The approver, named in the history of both pages.
        log_action: As in Wagtail's own publish action.

    Returns:
        The source and its translation.

    Raises:
        PublicationBlocked: with every reason; nothing is changed.
    """
    from .models import PublicVersion

    source = pairs.source_of(page)
    rows = Page.objects.select_for_update().filter(translation_key=source.translation_key)
    list(rows.order_by("pk"))
    blockers = [*publication_blockers(source), *approval_blockers(source)]
    translation = pairs.translation_of(source)
    if blockers or translation is None:
        raise PublicationBlocked(blockers)
    first = source.first_published_at is None
    with acting(source):
        target = translation.source.get_ephemeral_translated_instance(translation.target_locale)
        # A translator may have saved a string between the check above and this reading.
        if late := approval_blockers(source):
            raise PublicationBlocked(late)
        latest = pairs.latest(source)
        target.go_live_at, target.expire_at = latest.go_live_at, latest.expire_at
        target_revision = target.save_revision(user=user, changed=True)
        for revision in (target_revision, source.get_latest_revision()):
            revision.publish(user=user, skip_permission_checks=True, log_action=log_action)
    source, target = _reread(source), _reread(target)
    if source.live and not _is_planned(source):
        for announce in hooks.get_hooks("microacq_pair_published"):
            announce(source, target, user, first)
    PublicVersion.bump()
    return source, target


def _reread(page: Page) -> Page:
    fresh: Page = Page.objects.get(pk=page.pk).specific
    return fresh


def _is_planned(page: Page) -> bool:
    return bool(page.revisions.filter(approved_go_live_at__gt=timezone.now()).exists())


@transaction.atomic
def unpublish_pair(
    page: Page,
    *,
    user: AbstractBaseUser | None,
    set_expired: bool = False,
    log_action: str | bool = True,
) -> None:
    """Take both languages down in one transaction.

    Raises:
        PublicationBlocked: when the page is posted or structural.
    """
    from .models import PublicVersion

    require_withdrawable(page)
    source = pairs.source_of(page)
    target = pairs.counterpart(source)
    rows = Page.objects.select_for_update().filter(translation_key=source.translation_key)
    list(rows.order_by("pk"))
    with acting(source):
        for side in (source, target):
            if side is not None and side.live:
                side.unpublish(user=user, set_expired=set_expired, log_action=log_action)
    for announce in hooks.get_hooks("microacq_pair_unpublished"):
        announce(source, target, user)
    PublicVersion.bump()


@transaction.atomic
def unpublish_tree(page: Page, *, user: AbstractBaseUser | None) -> int:
    """Take down a page and every public page below it, in both languages.

    Returns:
        How many pairs came down.

    Raises:
        PublicationBlocked: when one of them is posted or structural; nothing is changed.
    """
    pages = [page, *page.get_descendants().live().specific()]
    for each in pages:
        unpublish_pair(each, user=user)
    return len(pages)


@transaction.atomic
def cancel_plan(page: Page) -> None:
    """Forget the planned time of going live, in both languages."""
    for side in (pairs.source_of(page), pairs.counterpart(page), page):
        if side is not None:
            side.revisions.exclude(approved_go_live_at=None).update(approved_go_live_at=None)
