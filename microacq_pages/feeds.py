"""A search of the public list to subscribe to: Atom, JSON Feed 1.1 and a calendar of deadlines, in each language.

The parameters are those of the list (``filters``); ``page`` means nothing here. Feeds hold the latest posted; the
calendar holds what closes soonest, and then what closed within a month. Must not import ``submissions``.

Sources: RFC 4287, https://www.jsonfeed.org/version/1.1/, RFC 5545 and RFC 7986.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from wagtail.models import Page

from . import calendars, formats
from .finding.results import nearest_first, search_of
from .finding.words import plain_line
from .furniture import absolute
from .models import ListedText, PublicStatus
from .opportunity_calendar import sequence_of, summary_of, uid_of
from .timetable import Kind

MOST_ENTRIES = 50
MOST_DEADLINES = 100
#: How long a deadline stays in the calendar after it passed.
REMEMBERED = timedelta(days=31)
JSON_TYPE = "application/feed+json"
JSON_VERSION = "https://jsonfeed.org/version/1.1"
SECONDS_KEPT = 300


@dataclass(frozen=True)
class Entry:
    """One opportunity, as feeds tell it."""

    number: str
    language: str
    url: str
    title: str
    teaser: str
    skills: tuple[str, ...]
    state: str
    state_label: str
    price: Any
    posted_at: datetime
    changed_at: datetime
    deadline: datetime
    amendments: int

    @property
    def is_cancelled(self) -> bool:
        return self.state == PublicStatus.State.CANCELLED

    @property
    def tag(self) -> str:
        """The identifier of one language of it, as a tag (RFC 4151)."""
        return f"tag:{_host()},{self.posted_at:%Y-%m-%d}:{self.number}/{self.language}"

    @property
    def words(self) -> str:
        """Everything that decides whether to read on, as plain text."""
        facts = [
            _("State: %(state)s") % {"state": self.state_label},
            _("Deadline to apply: %(deadline)s")
            % {"deadline": formats.eastern(self.deadline, self.language)},
            _("Fixed price: %(price)s, plus tax") % {"price": formats.money(self.price, self.language)},
        ]
        if self.skills:
            facts.append(_("Skills: %(skills)s") % {"skills": ", ".join(self.skills)})
        return "\n".join([self.teaser, *facts])


class Search:
    """One search as feeds tell it.

    Args:
        page: The list in one language.
        request: The request; its parameters are the search.
    """

    def __init__(self, page: Page, request: HttpRequest) -> None:
        self.page = page
        self.language = page.locale.language_code
        self.search = search_of(page, request.GET)
        self.path = request.path

    @property
    def url(self) -> str:
        """The list itself with this search."""
        return f"{absolute(self.page.url)}{self.search.query()}"

    @property
    def own_url(self) -> str:
        return f"{absolute(self.path)}{self.search.query()}"

    @property
    def title(self) -> str:
        title = plain_line(str(self.page.title))
        return f"{title} – {self.search.keywords}" if self.search.keywords else title

    @cached_property
    def latest(self) -> list[Entry]:
        """The latest posted or amended first."""
        return self._entries(
            self.search.qs.order_by(Coalesce("amended_at", "posted_at").desc(), "-pk")[:MOST_ENTRIES]
        )

    @cached_property
    def by_deadline(self) -> list[Entry]:
        """Open ones first, what closes soonest before the rest; then what closed last, without what closed long ago."""
        recent = self.search.qs.filter(deadline__gt=Now() - REMEMBERED)
        return self._entries(nearest_first(recent)[:MOST_DEADLINES])

    def _entries(self, found: Any) -> list[Entry]:
        status = PublicStatus.objects.filter(translation_key=OuterRef("translation_key"))
        amendments = Subquery(status.values("amendments")[:1])
        rows = list(found.annotate(asked_at=Now(), amendments=amendments))
        texts = ListedText.objects.filter(listed__in=[row.pk for row in rows], language=self.language)
        by_row = {text.listed_id: text for text in texts.defer("vector", "plain", "body")}
        pages = Page.objects.live().in_bulk([text.page_id for text in by_row.values()])
        names = self.search.choices["skill"]
        return [
            self._entry(row, text, pages[text.page_id], tuple(names[n] for n in row.skills if n in names))
            for row in rows
            if (text := by_row.get(row.pk)) is not None and text.page_id in pages
        ]

    def _entry(self, row: Any, text: ListedText, page: Page, skills: tuple[str, ...]) -> Entry:
        published = page.last_published_at or row.posted_at
        return Entry(
            number=row.number,
            language=self.language,
            url=absolute(page.url),
            title=plain_line(text.title),
            teaser=plain_line(text.teaser),
            skills=tuple(plain_line(skill) for skill in skills),
            state=row.public_state,
            state_label=PublicStatus.label_of(row.state, row.deadline > row.asked_at),
            price=row.price,
            posted_at=row.posted_at,
            changed_at=max(row.posted_at, row.amended_at or row.posted_at, published).astimezone(UTC),
            deadline=row.deadline.astimezone(UTC),
            amendments=row.amendments or 0,
        )


def _host() -> str:
    return urlsplit(settings.MICROACQ_BASE_URL).hostname or "localhost"


def kept_briefly(answer: Callable[[Page, HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a reader that has the feed already be told so, and everyone keep it for five minutes.

    The parameters are in the answer's own tag, so nothing is kept on the server, whatever is asked.
    """

    def view(page: Page, request: HttpRequest) -> HttpResponse:
        response = answer(page, request)
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
        response["Content-Language"] = page.locale.language_code
        return get_conditional_response(request, etag=response["ETag"], response=response) or response

    return view


# --- Atom ----------------------------------------------------------------------------------------------------


class _AtomFeed(Atom1Feed):
    """Atom whose entries say their state and deadline beside the categories."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("icon", absolute("/static/microacq_pages/favicon.ico"))


class OpportunityFeed(Feed):
    """Django's syndication over one search."""

    feed_type = _AtomFeed

    def __init__(self, search: Search) -> None:
        self.search = search
        self.language = search.language

    def title(self) -> str:
        return self.search.title

    def subtitle(self) -> str:
        return _("Small, fixed-price pieces of open-source work for the Government of Canada.")

    def link(self) -> str:
        return self.search.url

    def feed_url(self) -> str:
        return self.search.own_url

    def feed_guid(self) -> str:
        return self.search.own_url

    def author_name(self) -> str:
        return str(settings.MICROACQ_DEPARTMENT[self.search.language])

    def items(self) -> list[Entry]:
        return self.search.latest

    def item_title(self, item: Entry) -> str:
        return item.title

    def item_description(self, item: Entry) -> str:
        return item.words

    def item_link(self, item: Entry) -> str:
        return item.url

    def item_guid(self, item: Entry) -> str:
        return item.tag

    def item_pubdate(self, item: Entry) -> datetime:
        return item.posted_at

    def item_updateddate(self, item: Entry) -> datetime:
        return item.changed_at

    def item_categories(self, item: Entry) -> tuple[str, ...]:
        return item.skills


@kept_briefly
def atom(page: Page, request: HttpRequest) -> HttpResponse:
    """The search as Atom."""
    response: HttpResponse = OpportunityFeed(Search(page, request))(request)
    del response["Last-Modified"]  # the state may change later than any entry
    return response


# --- JSON Feed -----------------------------------------------------------------------------------------------


@kept_briefly
def json_feed(page: Page, request: HttpRequest) -> HttpResponse:
    """The search as JSON Feed 1.1."""
    search = Search(page, request)
    feed = {
        "version": JSON_VERSION,
        "title": search.title,
        "home_page_url": search.url,
        "feed_url": search.own_url,
        "language": "fr-CA" if search.language == "fr" else "en-CA",
        "authors": [{"name": str(settings.MICROACQ_DEPARTMENT[search.language])}],
        "items": [_json_item(entry) for entry in search.latest],
    }
    return JsonResponse(feed, content_type=JSON_TYPE, json_dumps_params={"ensure_ascii": False})


def _json_item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.tag,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.teaser,
        "content_text": entry.words,
        "date_published": entry.posted_at.astimezone(UTC).isoformat(timespec="seconds"),
        "date_modified": entry.changed_at.isoformat(timespec="seconds"),
        "tags": list(entry.skills),
        "_microacq": {
            "about": entry.url,
            "number": entry.number,
            "state": entry.state,
            "deadline": entry.deadline.isoformat(timespec="seconds"),
            "price_cad": None if entry.price is None else str(entry.price),
        },
    }


# --- iCalendar -----------------------------------------------------------------------------------------------


@kept_briefly
def calendar(page: Page, request: HttpRequest) -> HttpResponse:
    """The deadlines of the search as iCalendar."""
    search = Search(page, request)
    deadlines = [
        calendars.Event(
            uid=uid_of(entry.number, Kind.DEADLINE),
            start=entry.deadline,
            summary=summary_of(Kind.DEADLINE, entry.title, entry.number),
            description=f"{entry.words}\n{entry.url}",
            url=entry.url,
            changed_at=entry.changed_at,
            sequence=sequence_of(entry.amendments, is_cancelled=entry.is_cancelled),
            is_cancelled=entry.is_cancelled,
            categories=entry.skills,
        )
        for entry in search.by_deadline
    ]
    name = _("Deadlines – %(title)s") % {"title": search.title}
    content = calendars.calendar_of(name, deadlines, search.language, search.own_url)
    return HttpResponse(
        content,
        content_type=calendars.CONTENT_TYPE,
        headers={"Content-Disposition": 'inline; filename="micro-acquisition.ics"'},
    )
