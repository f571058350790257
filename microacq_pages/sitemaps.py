"""The sitemap: every public page of both language trees, each with its counterpart (``hreflang``).

Must not import ``submissions``; a page type leaves itself out with ``get_sitemap_urls``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Q
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Locale, Page, PageQuerySet

from .furniture import LANGUAGES, absolute


class BilingualSitemap(Sitemap):
    """Wagtail's sitemap, over both trees, with the alternates that search engines need."""

    def items(self) -> PageQuerySet:
        homes = self.get_wagtail_site().root_page.get_translations(inclusive=True)
        below = Q(pk__in=[])
        for path in homes.values_list("path", flat=True):
            below |= Q(path__startswith=path)
        return Page.objects.live().public().filter(below).order_by("path").defer_streamfields().specific()

    def location(self, obj: Page) -> str:
        return absolute(obj.get_url(self.request))

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, Any]]:
        codes = dict(Locale.objects.values_list("pk", "language_code"))
        shown = list(self.paginator.page(page).object_list)
        addresses: dict[UUID, dict[str, str]] = defaultdict(dict)
        for item in shown:
            addresses[item.translation_key][codes[item.locale_id]] = self.location(item)
        urls = []
        for item in shown:
            for info in item.get_sitemap_urls(self.request):
                if info["location"] == item.get_full_url(self.request):
                    info["location"] = self.location(item)
                    info["alternates"] = self._alternates(addresses[item.translation_key])
                urls.append(info)
        stamps = {info.get("lastmod") for info in urls}
        if stamps and None not in stamps:
            self.latest_lastmod = max(stamps)
        return urls

    @staticmethod
    def _alternates(addresses: dict[str, str]) -> list[dict[str, str]]:
        found = [{"lang_code": code, "location": addresses[code]} for code in LANGUAGES if code in addresses]
        if "en" in addresses:
            found.append({"lang_code": "x-default", "location": addresses["en"]})
        return found
