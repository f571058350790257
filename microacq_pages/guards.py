"""What the page object itself refuses: one language alone, a public text changed in place, a posted page gone.

Knows no page type and no request. ``publishing.py`` steps through with ``acting``; nobody else does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields
from wagtail.models import Page

from . import pairs
from .blockers import Blocker, PublicationBlocked, publication_blockers

FILE_STAYS = _(
    "The file of a document stays as it is: upload the new file as another document, and choose it on the page."
)

_acting_on: ContextVar[frozenset[UUID]] = ContextVar("microacq_acting_on", default=frozenset())


@contextmanager
def acting(page: Page) -> Iterator[None]:
    token = _acting_on.set(_acting_on.get() | {page.translation_key})
    try:
        yield
    finally:
        _acting_on.reset(token)


def in_pair(page: Page) -> bool:
    """Whether this module is acting on both languages of the page right now."""
    return page.translation_key in _acting_on.get()


def one_language_blocker() -> Blocker:
    return Blocker(
        "one-language",
        _("Both languages are published together, at the end of the workflow: submit it there."),
    )


def require_pair(page: Page) -> None:
    """Refuse to publish one language by itself.

    Raises:
        PublicationBlocked: unless this module is publishing both.
    """
    if not in_pair(page):
        blockers = publication_blockers(page) if page.pk else []
        raise PublicationBlocked(
            [
                one_language_blocker(),
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
    if page.alias_of_id:
        refuse_alias(page)
    if in_pair(page):
        return
    stored = type(page).objects.filter(pk=page.pk).first() if page.pk else None
    if stored is None or not stored.live:
        if page.live and (update_fields is None or "live" in update_fields):
            require_pair(page)
        return
    if page.live and page.live_revision_id != stored.live_revision_id and update_fields is None:
        require_pair(page)
    changed = [*_changed_fields(stored, page), *_changed_children(stored, page)]
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


def refuse_alias(page: Page) -> None:
    """Refuse a page that shows another page's text, which would be in one language only.

    Raises:
        PublicationBlocked: always.
    """
    raise PublicationBlocked(
        [Blocker("alias", _("A page cannot mirror another page: copy it and translate the copy."))]
    )


def refuse_restriction() -> None:
    """Refuse to hide a page, or the documents of a collection, from a part of the public.

    Raises:
        PublicationBlocked: always.
    """
    raise PublicationBlocked([Blocker("restricted", _("Everything public is public to everyone."))])


def refuse_other_file() -> None:
    """Refuse another file under the name of a document, which pages in both languages may offer already.

    Raises:
        PublicationBlocked: always.
    """
    raise PublicationBlocked([Blocker("document-file", FILE_STAYS, field="file")])


def _changed_fields(stored: Page, page: Page) -> list[str]:
    names = [
        field.name
        for field in page._meta.concrete_fields
        if field.name not in pairs.VOLATILE
        and field.editable
        and field.name not in {"go_live_at", "expire_at"}
    ]
    return [name for name in names if _prepared(stored, name) != _prepared(page, name)]


def _changed_children(stored: Page, page: Page) -> list[str]:
    """Relations whose items were changed on the object in memory, to be saved with it."""
    in_memory = getattr(page, "_cluster_related_objects", None) or {}
    names = [relation.get_accessor_name() for relation in get_all_child_relations(type(page))]
    return [
        name
        for name in names
        if name in in_memory
        and name not in pairs.VOLATILE
        and _children(stored, name) != _children(page, name)
    ]


def _children(page: Page, name: str) -> list[dict[str, Any]]:
    return [get_serializable_data_for_fields(child) for child in getattr(page, name).all()]


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
    require_not_live(page)


def require_not_live(page: Page) -> None:
    """Refuse while the page, or one below it, is public.

    Raises:
        PublicationBlocked: with the reason.
    """
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
