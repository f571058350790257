"""When a page may go live, change, come down or move, and how both languages do so together.

One predicate, ``publication_blockers``, is asked by every route. Below it a deferred trigger of the
database holds that both pages of a pair are live or neither. Knows no page type and no request.

Seams for ``submissions`` (Wagtail hooks):
    ``microacq_publication_blockers(page) -> list[Blocker]``: who else has a reason against it?
    ``microacq_pair_published(source, target, user, first)``: both went live, in this transaction.
    ``microacq_pair_unpublished(source, target, user)``: both came down, in this transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import rfc8785
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page

from . import pairs

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from .models import PublicationApproval

LANGUAGE_NAMES = {"en": _("English"), "fr": _("French")}

_acting_on: ContextVar[frozenset[UUID]] = ContextVar("microacq_acting_on", default=frozenset())


@dataclass(frozen=True)
class Blocker:
    """One reason why a page may not go live: a stable code, a sentence that says what to do, where."""

    code: str
    message: Any
    language: str = ""
    field: str = ""

    def __str__(self) -> str:
        message = force_str(self.message)
        if self.language in LANGUAGE_NAMES:
            return gettext("%(language)s: %(message)s") % {
                "language": force_str(LANGUAGE_NAMES[self.language]),
                "message": message,
            }
        return message


def missing(code: str, name: Any, field: str) -> Blocker:
    """The blocker for something that was left blank."""
    return Blocker(code, _("Missing: %(name)s.") % {"name": name}, field=field)


class PublicationBlocked(ValidationError):
    """A page cannot go live, change, come down or move as asked; ``blockers`` says why."""

    def __init__(self, blockers: list[Blocker]) -> None:
        self.blockers = blockers
        # wagtail-localize reads ``error_dict``, so the error must belong to a field.
        super().__init__({"title": [ValidationError(str(b), code="publication-blocked") for b in blockers]})

    def sentences(self) -> list[str]:
        return [str(blocker) for blocker in self.blockers]


# --- the predicate -----------------------------------------------------------------------------


def publication_blockers(page: Page) -> list[Blocker]:
    """Every reason why this page and its counterpart may not go live as last saved.

    Args:
        page: Either language.

    Returns:
        Blockers of the source's own content, of the translation, and of whoever answers
        ``microacq_publication_blockers``. Empty when nothing stands against it.
    """
    source = pairs.latest(pairs.source_of(page))
    blockers = [*translation_blockers(source), *source.content_blockers()]
    for answer in hooks.get_hooks("microacq_publication_blockers"):
        blockers.extend(answer(source))
    return blockers


def translation_blockers(page: Page) -> list[Blocker]:
    """What the other language lacks: the page, the text, or the latest changes of the source."""
    other = pairs.other_locale(page).language_code
    target = pairs.counterpart(page)
    translation = pairs.translation_of(page)
    if target is None or translation is None:
        return [
            Blocker("no-translation", _("The page does not exist in this language: translate it."), other)
        ]
    if not translation.enabled:
        return [
            Blocker(
                "translation-stopped",
                _("The translation was stopped: start the synced translation again."),
                translation.target_locale.language_code,
            )
        ]
    language = translation.target_locale.language_code
    blockers = []
    if pairs.is_outdated(translation):
        blockers.append(
            Blocker(
                "translation-outdated",
                _("The text changed after it was translated: update the translation."),
                language,
            )
        )
    missing_paths = pairs.missing_strings(translation)
    if missing_paths:
        blockers.append(
            Blocker(
                "translation-incomplete",
                _("%(count)d pieces of text are not translated, the first in “%(field)s”: translate them.")
                % {"count": len(missing_paths), "field": _field_label(page, missing_paths[0])},
                language,
                missing_paths[0].split(".")[0],
            )
        )
    if not _parents_correspond(page, target):
        blockers.append(
            Blocker(
                "misplaced",
                _("The two languages are under different pages: move one of them."),
                language,
            )
        )
    return blockers


def _field_label(page: Page, path: str) -> str:
    name = path.split(".", maxsplit=1)[0]
    try:
        field = page._meta.get_field(name)
    except LookupError:
        return name
    label = getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name
    return str(label)


def _parents_correspond(page: Page, target: Page) -> bool:
    ours, theirs = page.get_parent(), target.get_parent()
    return bool(ours.depth == 1 == theirs.depth or ours.translation_key == theirs.translation_key)


def pair_digest(page: Page) -> str:
    """SHA-256 over the source as last saved and every translated string (RFC 8785 form).

    Two savings with the same text in both languages have the same digest.
    """
    source = pairs.source_of(page)
    translation = pairs.translation_of(page)
    content = {
        "source": _stringified(pairs.text_of(pairs.latest(source).to_json())),
        "translation": [list(text) for text in pairs.translated_strings(translation)] if translation else [],
    }
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


# --- approval ----------------------------------------------------------------------------------


def authors_of(page: Page) -> set[int]:
    """Users who wrote the text that is now to be approved, in either language.

    The owner, and everyone who saved a revision or translated a string since both last went live.
    """
    source = pairs.source_of(page)
    target = pairs.counterpart(source)
    authors: set[int] = {source.owner_id} if source.owner_id else set()
    for side in (source, target):
        if side is None:
            continue
        revisions = side.revisions.all()
        if side.live_revision_id:
            revisions = revisions.filter(created_at__gt=side.live_revision.created_at)
        if side is target:
            revisions = revisions.exclude(pk=side.revisions.order_by("created_at", "pk").values("pk")[:1])
        authors.update(revisions.exclude(user=None).values_list("user_id", flat=True))
    return authors | pairs.translators_since(source, _went_live_at(source))


def _went_live_at(page: Page) -> datetime | None:
    return page.live_revision.created_at if page.live_revision_id else None


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
        approved_by=user,
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
    approval = PublicationApproval.objects.filter(translation_key=source.translation_key).first()
    if approval is None:
        return [Blocker("not-approved", _("Nobody has approved it: submit it to the workflow."))]
    if approval.revision_id != source.latest_revision_id or approval.digest != pair_digest(source):
        return [
            Blocker(
                "approval-void", _("The text changed after it was approved: submit it for approval again.")
            )
        ]
    return []


# --- acting on both languages ------------------------------------------------------------------


@contextmanager
def _acting(page: Page) -> Iterator[None]:
    token = _acting_on.set(_acting_on.get() | {page.translation_key})
    try:
        yield
    finally:
        _acting_on.reset(token)


def in_pair(page: Page) -> bool:
    """Whether this module is acting on both languages of the page right now."""
    return page.translation_key in _acting_on.get()


@transaction.atomic
def publish_pair(
    page: Page,
    *,
    user: AbstractBaseUser | None,
    log_action: str | bool = True,
    at_planned_time: bool = False,
) -> tuple[Page, Page]:
    """Publish both languages in one transaction, or plan both when ``go_live_at`` is in the future.

    Args:
        page: Either language; what is published is the source as last saved and its translation.
        user: The approver, named in the history of both pages.
        log_action: As in Wagtail's own publish action.
        at_planned_time: The time that was planned has come, so it is not asked again.

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
    if blockers:
        raise PublicationBlocked(blockers)
    translation = pairs.translation_of(source)
    first = source.first_published_at is None
    with _acting(source):
        target = translation.source.get_ephemeral_translated_instance(translation.target_locale)
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
    with _acting(source):
        for side in (source, target):
            if side is not None and side.live:
                side.unpublish(user=user, set_expired=set_expired, log_action=log_action)
    for announce in hooks.get_hooks("microacq_pair_unpublished"):
        announce(source, target, user)
    PublicVersion.bump()


# --- guards for the page object ----------------------------------------------------------------


def require_pair(page: Page) -> None:
    """Refuse to publish one language by itself.

    Raises:
        PublicationBlocked: unless this module is publishing both.
    """
    if not in_pair(page):
        blockers = publication_blockers(page) if page.pk else []
        raise PublicationBlocked(
            [
                Blocker(
                    "one-language",
                    _("Both languages are published together, at the end of the workflow: submit it there."),
                ),
                *blockers,
            ]
        )


def refuse_change_of_live_page(page: Page, update_fields: Iterable[str] | None = None) -> None:
    """Refuse to make one language live, or to change the text of a live page, by saving its row.

    Args:
        page: What is about to be saved.
        update_fields: The columns that will be written, when not all.

    Raises:
        PublicationBlocked: unless this module is acting on both languages.
    """
    if in_pair(page):
        return
    stored = type(page).objects.filter(pk=page.pk).first() if page.pk else None
    if stored is None or not stored.live:
        if page.live and (update_fields is None or "live" in update_fields):
            require_pair(page)
        return
    changed = _changed_fields(stored, page)
    if update_fields is not None:
        changed = [name for name in changed if name in update_fields]
    if changed:
        raise PublicationBlocked(
            [
                Blocker(
                    "live-text",
                    _(
                        "The page is public. Changes are kept as a draft and go live in both languages together."
                    ),
                    field=changed[0],
                )
            ]
        )


def _changed_fields(stored: Page, page: Page) -> list[str]:
    names = [
        field.name
        for field in page._meta.concrete_fields
        if field.name not in pairs.VOLATILE
        and field.editable
        and field.name not in {"go_live_at", "expire_at"}
    ]
    return [name for name in names if _prepared(stored, name) != _prepared(page, name)]


def _prepared(page: Page, name: str) -> Any:
    field = page._meta.get_field(name)
    return field.get_prep_value(field.value_from_object(page))


def require_withdrawable(page: Page) -> None:
    """Refuse to take down what suppliers rely on.

    Raises:
        PublicationBlocked: for a posted opportunity (it can only be cancelled) or a structural page.
    """
    specific = page.specific
    if specific.is_posted:
        raise PublicationBlocked(
            [
                Blocker(
                    "posted",
                    _(
                        "The opportunity is posted: it cannot be taken down, moved or deleted, only cancelled."
                    ),
                )
            ]
        )
    if specific.is_structural:
        raise PublicationBlocked(
            [Blocker("structural", _("The site needs this page: it cannot be taken down, moved or deleted."))]
        )


def require_movable(page: Page) -> None:
    """Refuse to move a live or structural page.

    Raises:
        PublicationBlocked: with the reason.
    """
    require_withdrawable(page)
    if page.get_descendants(inclusive=True).live().exists():
        raise PublicationBlocked(
            [
                Blocker(
                    "live",
                    _("The page is public: take it down in both languages before you move or delete it."),
                )
            ]
        )


def require_deletable(page: Page) -> None:
    """Refuse to delete a live, posted or structural page.

    Raises:
        PublicationBlocked: with the reason.
    """
    require_movable(page)
