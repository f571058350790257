"""What changed in a pair between two texts: the source with Wagtail's own comparisons, the translation by string.

Knows no task and no permission.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.compare import diff_text
from wagtail.models import Page, Revision
from wagtail.utils.text import text_from_html

from .. import pairs
from ..blockers import field_label
from . import looks

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@dataclass(frozen=True)
class TextChange:
    """One field of the translation, with what went and what came marked up; drawn as Wagtail's comparisons are."""

    field_label: str
    htmldiff: str
    is_field = True


@dataclass
class Changes:
    """What changed since a moment; ``revision`` is None when the earlier text of the source is no longer kept.

    ``texts`` are the translated strings of then; None compares with the public text.
    """

    page: Page
    request: HttpRequest
    since: datetime | None
    revision: Revision | None
    texts: list[list[Any]] | None = None

    @property
    def since_live(self) -> bool:
        return self.texts is None

    @cached_property
    def source(self) -> list[Any]:
        """Every field of the source that differs."""
        if self.revision is None:
            return []
        return self._compared(self.revision.as_object(), pairs.latest(self.page))

    @cached_property
    def translation(self) -> list[Any]:
        """Every field of the translation that differs, in the order of the page."""
        if self.texts is None:
            return self._public_translation()
        before, after = _by_path(self.texts), _by_path(looks.translated_texts(self.page))
        return [
            TextChange(field_label(self.page, path), diff_text(old, new).to_html())
            for path in dict.fromkeys([*after, *before])
            if (old := before.get(path, "")) != (new := after.get(path, ""))
        ]

    @property
    def is_empty(self) -> bool:
        return not self.source and not self.translation

    def _public_translation(self) -> list[Any]:
        target = pairs.counterpart(self.page)
        draft = pairs.draft_in(self.page, target.locale) if target else None
        if target is None or draft is None or target.live_revision is None:
            return []
        return self._compared(target.live_revision.as_object(), draft)

    def _compared(self, before: Page, after: Page) -> list[Any]:
        handler = after.get_edit_handler()
        panel = handler.get_bound_panel(instance=after, request=self.request, form=None)
        compared = (comparison(before, after) for comparison in panel.get_comparison())
        return [each for each in compared if each.has_changed()]


def _by_path(texts: Iterable[list[Any]]) -> dict[str, str]:
    """Plain text by path; a rich text is many strings under one path."""
    found: dict[str, list[str]] = {}
    for path, text in texts:
        found.setdefault(path, []).append(text_from_html(text or ""))
    return {path: "\n".join(lines) for path, lines in found.items()}


def changes_for(
    page: Page, user: AbstractBaseUser, request: HttpRequest, shown: looks.Shown
) -> Changes | None:
    """What changed since this person last saw another text, or else against what is public.

    Args:
        page: The source.
        user: Who reads.
        request: For the panels of the edit handler.
        shown: What is shown now.

    Returns:
        None when the person has seen no other text and nothing is public.
    """
    look = looks.earlier_look(page, user, shown)
    if look is not None:
        return Changes(page, request, look.looked_at, look.revision, look.texts)
    if page.live and page.live_revision is not None:
        return Changes(page, request, page.last_published_at, page.live_revision)
    return None
