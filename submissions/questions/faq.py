"""Sends a general question to a page of frequently asked questions: into its draft, never to the public.

The page then goes through its own workflow, review and translation as any change of its text does. Knows no request.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from microacq_pages import pairs
from microacq_pages.models import ContentPage

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class CannotBeAdded(Exception):
    """The page takes nothing now; the message says why."""


def pages_for(user: User) -> list[ContentPage]:
    """Content pages that this person may edit, each in the language in which it is written."""
    sources = [page for page in ContentPage.objects.order_by("path") if not pairs.is_target(page)]
    return [page for page in sources if page.permissions_for_user(user).can_edit()]


def suggested(pages: list[ContentPage]) -> ContentPage | None:
    """The first page that holds questions already."""
    return next((page for page in pages if _has_questions(page)), None)


def _has_questions(page: ContentPage) -> bool:
    return any(block.block_type == "questions" for block in pairs.latest(page).body)


def add(page: ContentPage, *, question: str, answer: str, user: User) -> ContentPage:
    """Append question and answer to the draft of a page, in the language in which the page is written.

    Raises:
        PermissionDenied: the person may not edit the page.
        CannotBeAdded: it is locked, or in a review that this person may not change.
    """
    # Read again under a lock: somebody else may be adding to the same draft.
    source = ContentPage.objects.select_for_update(of=("self",)).get(pk=pairs.source_of(page).pk)
    tester = source.permissions_for_user(user)
    if not tester.can_edit():
        raise PermissionDenied(_("You may not edit this page."))
    if tester.page_locked():
        raise CannotBeAdded(
            _("The page is locked or in a review that is not yours: wait until that is finished.")
        )
    draft: ContentPage = pairs.latest(source)
    item = {
        "type": "item",
        "id": str(uuid4()),
        "value": {"question": question, "answer": _paragraphs(answer)},
    }
    raw: list[Any] = json.loads(draft._meta.get_field("body").value_to_string(draft))
    last = next((block for block in reversed(raw) if block["type"] == "questions"), None)
    if last is None:
        last = {"type": "questions", "id": str(uuid4()), "value": {"questions": []}}
        raw.append(last)
    last["value"]["questions"].append(item)
    draft.body = draft._meta.get_field("body").to_python(json.dumps(raw))
    draft.save_revision(user=user, log_action=True)
    pairs.keep_in_step(draft, user)
    return source


def _paragraphs(text: str) -> str:
    """Plain text as the rich text of a block: nothing in it is markup."""
    parts = [part.strip() for part in text.split("\n\n")]
    return "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br/>')}</p>" for part in parts if part)
