"""The parts of the file's page in the Wagtail admin, in the order in which they tell its story.

Each part draws what ``history`` and ``services`` know. Later stages add parts of their own through the
hook ``file_panels``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from microacq_pages import formats
from microacq_pages.models import Opportunity

from . import history, next_acts, services
from .enums import ItemKind, State
from .models import PostedItem, Posting, Solicitation
from .postings import TEXT_FIELDS

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Context = Mapping[str, Any]

#: Where the parts stand. What later stages show comes before the record, unless they name an ``order``.
FACTS, DECISIONS, TIMELINE, LATER, ACTS, POSTED_TEXT = 100, 200, 300, 400, 500, 600


def panels_of(solicitation: Solicitation, pages: list[Page], user: User) -> list[Component]:
    """Every part of the file's page, those of later stages among them.

    Args:
        solicitation: The file, read ``with_clock``.
        pages: Its two pages, English first.
        user: Who looks at it.
    """
    acts = history.acts(solicitation, pages)
    panels: list[Component] = [
        FactsPanel(solicitation, pages),
        DecisionsPanel(solicitation, user),
        TimelinePanel(solicitation, acts),
        ActsPanel(acts),
        PostedTextPanel(solicitation.current_posting),
    ]
    for answer in hooks.get_hooks("file_panels"):
        panels.extend(answer(solicitation, user))
    return sorted(panels, key=lambda panel: getattr(panel, "order", LATER))


def when(value: datetime | date | None) -> str:
    """A date, or an instant in Eastern time with its zone, in the reader's language."""
    language = formats.known_language(get_language())
    if isinstance(value, datetime):
        return formats.eastern(value, language)
    return formats.date_long(value, language)


def money(value: Any) -> str:
    return formats.money(value, formats.known_language(get_language()))


def where(solicitation: Solicitation) -> str:
    """Where a file is, as the stage says that knows it more exactly than the state; else as the public reads it."""
    act = next_acts.told([solicitation]).get(solicitation.pk) if solicitation.state == State.AWARDED else None
    return str((act.where if act is not None else "") or solicitation.public_label)


class FactsPanel(Component):
    """What the file is about, as posted."""

    template_name = "submissions/solicitations/panels/facts.html"
    order = FACTS

    class Media:
        css = {"all": ["submissions/css/file.css"]}

    def __init__(self, solicitation: Solicitation, pages: list[Page]) -> None:
        self.solicitation, self.pages = solicitation, pages

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        solicitation = self.solicitation
        request = (parent_context or {}).get("request")
        return {
            "file": solicitation,
            "state": where(solicitation),
            "price": money(solicitation.price),
            "price_with_highest_tax": money(solicitation.price_with_highest_tax),
            "deadline": when(solicitation.deadline),
            "links": [self._links(page, request) for page in self.pages],
        }

    def _links(self, page: Page, request: Any) -> dict[str, Any]:
        may_edit = request is not None and page.permissions_for_user(request.user).can_edit()
        return {
            "language": history.LANGUAGES[page.locale.language_code],
            "code": page.locale.language_code,
            "title": page.title,
            "public_url": page.get_url(request) if page.live else "",
            "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]) if may_edit else "",
        }


class DecisionsPanel(Component):
    """What this person may do with the file now, or why not yet."""

    template_name = "submissions/solicitations/panels/decisions.html"
    order = DECISIONS

    def __init__(self, solicitation: Solicitation, user: User) -> None:
        self.solicitation, self.user = solicitation, user

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return {
            "reason": self.solicitation.get_state_reason(),
            "decisions": [
                {
                    "label": option.rule.label,
                    "obstacles": option.obstacles,
                    "url": transition_url(self.solicitation, option.rule.name),
                }
                for option in services.options(self.solicitation, self.user)
            ],
        }


def transition_url(solicitation: Solicitation, name: str) -> str:
    """Where a person confirms a transition."""
    return reverse("solicitations:transition", args=[solicitation.pk, name])


class TimelinePanel(Component):
    """Planned and actual dates of every step."""

    template_name = "submissions/solicitations/panels/timeline.html"
    order = TIMELINE

    def __init__(self, solicitation: Solicitation, acts: list[history.Act]) -> None:
        self.solicitation, self.acts = solicitation, acts

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        work = [step for answer in hooks.get_hooks("file_steps") for step in answer(self.solicitation)]
        return {
            "steps": [
                {"label": step.label, "planned": when(step.planned), "actual": when(step.actual)}
                for step in history.timeline(self.solicitation, self.acts, work)
            ]
        }


class ActsPanel(Component):
    """Who did what, the newest last."""

    template_name = "submissions/solicitations/panels/acts.html"
    order = ACTS

    def __init__(self, acts: list[history.Act]) -> None:
        self.acts = acts

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return {
            "acts": [
                {"act": act, "at": when(act.at), "last_at": when(act.last_at) if act.times > 1 else ""}
                for act in self.acts
            ]
        }


class PostedTextPanel(Component):
    """The text as it was copied into the file, both languages side by side."""

    template_name = "submissions/solicitations/panels/posted_text.html"
    order = POSTED_TEXT

    def __init__(self, posting: Posting) -> None:
        self.posting = posting

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        items = list(self.posting.items.all())
        return {
            "posting": self.posting,
            "posted_at": when(self.posting.created_at),
            "fields": [self._field(name) for name in TEXT_FIELDS],
            "groups": [
                {"kind": kind, "label": kind.label, "items": of_kind}
                for kind in ItemKind
                if (of_kind := _of_kind(items, kind))
            ],
        }

    def _field(self, name: str) -> dict[str, Any]:
        field = Opportunity._meta.get_field(name)
        return {
            "label": capfirst(str(field.verbose_name)),
            "is_rich": name in {"background", "work"},
            "en": self.posting.text["en"][name],
            "fr": self.posting.text["fr"][name],
        }


def _of_kind(items: list[PostedItem], kind: ItemKind) -> list[PostedItem]:
    return [item for item in items if item.kind == kind]
