"""The heading of an admin screen of ours: Wagtail joins title and subtitle with an English colon in every language.

Imports nothing of the project.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext


class HeadingMixin:
    """Before a Wagtail view: what is done and to what, with the colon of the reader's language."""

    def get_header_title(self: Any) -> str:
        title, subtitle = self.get_page_title(), self.get_page_subtitle()
        if not subtitle:
            return str(title)
        return gettext("%(title)s: %(subtitle)s") % {"title": title, "subtitle": subtitle}
