"""What surrounds the content of every public page: menu, breadcrumb trail, the page in the other language.

Owns the questions that ``base.html`` asks, so that each is asked of the database once a page. Must not
import ``submissions``: a view without a page of its own says in its context what these cannot know
(``language_url``, ``breadcrumb_trail``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language_info
from wagtail.models import Page, Site

from . import canada_ca
from .formats import known_language

LANGUAGES = ("en", "fr")
_KEPT = "_microacq_furniture"


class Crumb(NamedTuple):
    """A step of the breadcrumb trail, or an entry of the menu."""

    title: str
    url: str
    is_current: bool = False


class Alternate(NamedTuple):
    """One language in which a page can be had."""

    code: str
    url: str


@dataclass
class Furniture:
    """The surroundings of one answer; each question is asked at most once.

    Args:
        request: The request, or None when a template is rendered without one.
        page: The Wagtail page shown, if any.
        language: Language of the answer.
    """

    request: HttpRequest | None
    page: Page | None
    language: str

    @property
    def other_language(self) -> str:
        return LANGUAGES[1 - LANGUAGES.index(self.language)]

    @property
    def other_language_name(self) -> str:
        return get_language_info(self.other_language)["name_local"].capitalize()

    @cached_property
    def _tops(self) -> list[Page]:
        """The home page in this language, then the pages of the menu."""
        site = Site.find_for_request(self.request) if self.request is not None else None
        if site is None:
            return []
        home = site.root_page
        return list(
            Page.objects.live()
            .filter(locale__language_code=self.language)
            .filter(Q(translation_key=home.translation_key) | Q(depth=home.depth + 1, show_in_menus=True))
            .order_by("depth", "path")
        )

    @cached_property
    def home(self) -> Crumb:
        """The home page in this language; its plain address where there is none yet."""
        if self._tops and self._tops[0].depth == 2:
            return self._crumb(self._tops[0])
        return Crumb(settings.WAGTAIL_SITE_NAME, f"/{self.language}/")

    @property
    def menu(self) -> list[Crumb]:
        return [self._crumb(page) for page in self._tops if page.depth > 2]

    def _crumb(self, page: Page) -> Crumb:
        url = page.get_url(self.request) or ""
        here = self.request.path if self.request is not None else ""
        # Home is an ancestor of everything: only itself is "here".
        is_current = here == url if page.depth == 2 else bool(url) and here.startswith(url)
        return Crumb(page.title, url, is_current)

    def trail(self, extra: Sequence[tuple[str, str]] = ()) -> list[Crumb]:
        """Where this is, from Canada.ca to the page above it.

        Args:
            extra: Further steps, as (title, address), of a view that is not itself a page.
        """
        canada = canada_ca.HOME.localized(self.language)
        crumbs = [Crumb(canada["text"], canada["url"])]
        if self.page is not None and self.page.pk:
            ancestors = self.page.get_ancestors().filter(depth__gt=1)
            crumbs += [Crumb(page.title, page.get_url(self.request) or "") for page in ancestors]
            if self._below:
                crumbs.append(Crumb(self.page.title, self.page.get_url(self.request) or ""))
        else:
            crumbs.append(self.home)
        return crumbs + [Crumb(title, url) for title, url in extra]

    @cached_property
    def _counterpart(self) -> Page | None:
        if self.page is None or not self.page.pk:
            return None
        return (
            Page.objects.filter(translation_key=self.page.translation_key)
            .exclude(pk=self.page.pk)
            .order_by("pk")
            .first()
        )

    def language_url(self) -> str:
        """The same page in the other language; below a page, the same address below its counterpart."""
        if self.request is None:
            return f"/{self.other_language}/"
        if self.page is None:
            return self._translated_address(self.request)
        other = self._counterpart.get_url(self.request) if self._counterpart is not None else None
        if not other:
            return f"/{self.other_language}/"
        return f"{other}{self._below}"

    @property
    def _below(self) -> str:
        """What the address has below that of the page: the part that belongs to a view of the page."""
        own = self.page.get_url(self.request) if self.page is not None else None
        path = self.request.path if self.request is not None else ""
        return path[len(own) :] if own and path.startswith(own) else ""

    def _translated_address(self, request: HttpRequest) -> str:
        if not request.path.startswith(f"/{self.language}/"):
            return f"/{self.other_language}/"
        return translate_url(request.get_full_path(), self.other_language)

    def alternates(self) -> list[Alternate]:
        """The public addresses of this page in each language; empty unless it is public in both.

        What lies below a page is not told: such an address may be one person's own.
        """
        other = self._counterpart
        if self.page is None or not self.page.live or other is None or not other.live or self._below:
            return []
        addresses = (self.page.get_url(self.request), other.get_url(self.request))
        found = dict(zip((self.language, self.other_language), map(absolute, addresses), strict=True))
        return [Alternate(code, found[code]) for code in LANGUAGES]

    def canonical(self) -> str:
        """The one public address of this page, without what a visitor added to it."""
        if self.page is not None and self.page.live and not self._below:
            return absolute(self.page.get_url(self.request))
        return ""


def absolute(url: str | None) -> str:
    """An address with the public host, whatever host was asked."""
    if not url or "://" in url:
        return url or ""
    return f"{settings.MICROACQ_BASE_URL.rstrip('/')}{url}"


def furniture_of(request: HttpRequest | None, page: Any, language: str | None) -> Furniture:
    """The furniture of the answer being rendered, kept on its request.

    Args:
        request: The request, if any.
        page: What the template knows as ``page``; anything but a Wagtail page counts as none.
        language: The language in force.
    """
    page = page if isinstance(page, Page) else None
    code = known_language(language)
    kept: Furniture | None = getattr(request, _KEPT, None)
    if kept is not None and kept.page is page and kept.language == code:
        return kept
    made = Furniture(request, page, code)
    if request is not None:
        setattr(request, _KEPT, made)
    return made
