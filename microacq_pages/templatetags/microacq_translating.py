"""Tags of the screens of translators: thin, over ``translating``. Must not import ``submissions``."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import MediaContainer
from wagtail_localize.models import Translation

from microacq_pages.blockers import LANGUAGE_NAMES
from microacq_pages.translating import aside, left, preview, wording

register = template.Library()


@register.simple_tag(takes_context=True)
def translation_aside(context: Context) -> MediaContainer:
    """The panels beside the editor; their ``media`` is that of all of them."""
    request = context["request"]
    panels: MediaContainer | None = getattr(request, "microacq_translation_aside", None)
    if panels is None:
        # Asked for in the head, the body and at the end of the page, answered once.
        panels = MediaContainer(aside.panels_of(context["translation"], request.user))
        request.microacq_translation_aside = panels
    return panels


@register.filter
def without_alias(props: str) -> str:
    """The editor's properties without its offer to convert to an alias."""
    return aside.without_alias(props)


@register.simple_tag
def marked(pieces: Iterable[wording.Piece]) -> SafeString:
    """What changed between two texts, for eyes and for ears: a screen reader says where a change begins and ends."""
    return format_html_join("", "{}", ((_mark(piece),) for piece in pieces))


def _mark(piece: wording.Piece) -> SafeString:
    if piece.kind == wording.SAME:
        return format_html("{}", piece.text)
    removed = piece.kind == wording.REMOVED
    return format_html(
        "<{tag}>{before}{text}{after}</{tag}>",
        tag=mark_safe("del" if removed else "ins"),  # noqa: S308 (one of two words)
        before=_heard(_("[removed:") if removed else _("[added:"), " "),
        text=piece.text,
        after=_heard(_("end]"), ""),
    )


def _heard(words: str, end: str) -> SafeString:
    return format_html('<span class="w-sr-only" lang="{}"> {}{}</span>', get_language() or "en", words, end)


@register.simple_tag(takes_context=True)
def translation_item(context: Context, item: left.Left, translation: Translation) -> SafeString:
    """One text that waits, as part of a form."""
    return mark_safe(  # noqa: S308 (rendered by Django)
        render_to_string(
            "microacq_pages/translating/includes/item.html",
            {
                "item": item,
                "translation": translation,
                "source": translation.source.locale.language_code,
                "target": translation.target_locale.language_code,
                "target_name": language_in_sentence(translation.target_locale.language_code),
                "beside_editor": context.get("beside_editor", False),
            },
        )
    )


@register.filter
def language_in_sentence(code: str) -> str:
    """English or French inside a sentence: French writes it without a capital."""
    return preview.language_in_sentence(code)


@register.filter
def language_name(code: str) -> str:
    """English or French, in the reader's language."""
    return str(LANGUAGE_NAMES.get(code, code))
