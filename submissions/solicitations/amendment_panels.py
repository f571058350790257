"""Parts of staff screens about amendments: on the file’s page, and beside the editor and the review of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from microacq_pages import formats
from microacq_pages.blockers import LANGUAGE_NAMES

from . import again, amendments, changes
from .models import Solicitation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Context = Mapping[str, Any]


def told(solicitation: Solicitation, language: str) -> list[dict[str, Any]]:
    """Each amendment of a file as a reader meets it, the newest first."""
    return [
        {
            "posting": posting,
            "number": posting.amendment,
            "at": posting.created_at,
            "summary": posting.get_summary(language),
            "changes": changes.changes_between(before.text, posting.text, language),
        }
        for before, posting in amendments.amended(solicitation)
    ]


class AmendmentsPanel(Component):
    """Every amendment of a file: number, date, who, summary, before and after."""

    template_name = "submissions/solicitations/panels/amendments.html"
    order = 550  # before the posted text

    def __init__(self, solicitation: Solicitation) -> None:
        self.solicitation = solicitation

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return {"amendments": told(self.solicitation, formats.known_language(get_language()))}


class PostAgainPanel(Component):
    """What an ended opportunity was posted again as, and the way to do it."""

    template_name = "submissions/solicitations/panels/post_again.html"
    order = 260

    def __init__(self, solicitation: Solicitation, user: User) -> None:
        self.solicitation, self.user = solicitation, user

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        file = self.solicitation
        offered = not again.obstacle(file) and again.may_post_again(file, self.user)
        return {
            "file": file,
            "follows": file.follows,
            "followed_by": list(file.followed_by.order_by("pk")),
            "unfinished": again.unfinished(file) if offered else None,
            "url": reverse("solicitations:again", args=[file.pk]) if offered else "",
        }


class AmendmentDraftPanel(Component):
    """What the last saved text changes of what is posted, in both languages."""

    template_name = "submissions/solicitations/panels/amendment_draft.html"
    order = 350

    class Media:
        css = {"all": ["submissions/css/amendments.css"]}

    def __init__(self, page: Page) -> None:
        self.page = page

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return draft_context(self.page)


def draft_context(page: Page) -> dict[str, Any]:
    """What is shown of the amendment that a page’s draft would become."""
    file = amendments.file_of(page)
    draft = amendments.draft_of(page, file) if file is not None and file.is_taking_applications else None
    return {
        "file": file,
        "draft": draft,
        "number": draft.before.amendment + 1 if draft else None,
        "sides": [(LANGUAGE_NAMES[code], code, draft.changes(code)) for code in ("en", "fr")]
        if draft
        else [],
    }
