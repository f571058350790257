"""The way from a field or a finding of the admin to the page of the client's guide that explains it.

Two ways, by what is at hand: ``guidance_url`` is the address of the page itself; ``explained`` and the template tag
``guidance_link`` use one address a topic that never changes, and ask the database only when somebody follows it.
Imports no page type before it is asked.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from .formats import known_language


def guidance_urls(language: str) -> dict[str, str]:
    """The addresses of every topic's page in a language, in one query."""
    from .models import GuidancePage

    pages = (
        GuidancePage.objects.live().exclude(topic="").filter(locale__language_code=known_language(language))
    )
    return {page.topic: page.get_url() or "" for page in pages.defer_streamfields()}


def guidance_url(slug: str, language: str | None = None) -> str:
    """The address of the page that explains a topic.

    Args:
        slug: One of ``models.guidance.Topic``.
        language: The reader's; the one in force when it is not given.

    Returns:
        The address, or an empty text when no such page is published.
    """
    return guidance_urls(language or get_language() or "en").get(slug, "")


def guidance_link(slug: str) -> str:
    """The address in the admin that leads to a topic's page in the reader's language; asks no database."""
    return reverse("microacq_guidance", args=[slug]) if slug else ""


def follow(request: HttpRequest, topic: str) -> HttpResponse:
    """Lead a person in the admin to the page of a topic; to the guide's first page while it is not published."""
    from .models.guidance import GuidanceIndex, Topic

    if topic not in Topic.values:
        raise Http404
    address = guidance_url(topic)
    if not address:
        index = (
            GuidanceIndex.objects.live().filter(locale__language_code=known_language(get_language())).first()
        )
        address = (index.get_url() if index else "") or ""
    if not address:
        raise Http404
    return redirect(address)


def _explained(text: Any, topic: str) -> SafeString:
    from .models.guidance import Topic

    return format_html(
        '{} <a class="w-underline" href="{}" target="_blank" rel="noopener">{}</a>',
        text,
        guidance_link(topic),
        gettext("Guide: %(topic)s (opens in a new tab)") % {"topic": Topic(topic).label},
    )


#: A help text that ends with a link to the guide, in the language in which the form is shown.
explained = lazy(_explained, SafeString)
