"""A page as it will read in the other language, also while text is missing.

Text without a translation is shown in the language in which it was written, and marked with it for those who listen.
wagtail-localize builds the page; what is untranslated travels through the page's template between two characters that
no text holds, because plain fields cannot carry markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, NavigableString
from bs4.element import PreformattedString, Script, Stylesheet, TemplateString
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, ngettext, override
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import Page
from wagtail_localize.fields import copy_synchronised_fields
from wagtail_localize.models import StringSegment, Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.ingest import ingest_segments
from wagtail_localize.strings import StringValue

from microacq_pages.blockers import LANGUAGE_NAMES

#: Of the private use area: in no text, not special in HTML, dropped from addresses.
OPEN, CLOSE = "\ue100", "\ue101"
#: Paths of addresses, which are no text.
ADDRESSES = frozenset({"slug"})
#: What holds no text for readers.
_SILENT = (PreformattedString, Script, Stylesheet, TemplateString)


@dataclass(frozen=True)
class Draft:
    """A page in the language of the translation, unsaved, and how many of its texts are not translated."""

    page: Page
    missing: int


def build(translation: Translation) -> Draft:
    """The page in the language of the translation; what is missing is in the source's language, between marks."""
    source, locale = translation.source, translation.target_locale
    missing = set(
        StringSegment.objects.filter(source=source)
        .annotate_translation(locale)
        .filter(translation__isnull=True)
        .values_list("context__path", "order")
    )
    original, target = source.as_instance(), source.get_translated_instance(locale)
    copy_synchronised_fields(original, target)
    segments = [
        _between_marks(segment) if _is_missing(segment, missing) else segment
        for segment in source._get_segments_for_translation(locale, fallback=True)
    ]
    ingest_segments(original, target, source.locale, locale, segments)
    return Draft(target, len(missing))


def respond(translation: Translation, request: HttpRequest, language: str) -> HttpResponse:
    """The preview as a page of the site.

    Args:
        translation: Of a page.
        request: Of the translator.
        language: In which the translator reads the notice about what is missing.
    """
    draft = build(translation)
    response: HttpResponse = draft.page.make_preview_request(request, draft.page.default_preview_mode)
    if hasattr(response, "render"):
        response.render()
    if draft.missing and response.headers.get("Content-Type", "").startswith("text/html"):
        source = translation.source.locale.language_code
        # The page was drawn in its own language, which is still active.
        with override(language):
            message = notice(draft.missing, source)
        html = mark(response.content.decode(response.charset), source, message, language)
        response.content = html.encode(response.charset)
        response.headers.pop("Content-Length", None)
    return response


def notice(missing: int, source: str) -> str:
    """What a translator reads above the page."""
    return ngettext(
        "Preview: %(count)d piece of text is not translated yet and is shown in %(language)s.",
        "Preview: %(count)d pieces of text are not translated yet and are shown in %(language)s.",
        missing,
    ) % {"count": missing, "language": language_in_sentence(source)}


def language_in_sentence(source: str) -> str:
    """The name of a language inside a sentence: French writes it without a capital."""
    name = str(LANGUAGE_NAMES[source])
    return name.lower() if get_language() == "fr" else name


def mark(html: str, source: str, message: str = "", language: str = "en") -> str:
    """Turn the marks into the language of what stands between them; they leave attributes and titles.

    Args:
        html: A whole page.
        source: Language of what stands between marks.
        message: Shown at the top of the page's body, if any.
        language: Language of the message.
    """
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(True):
        for name, value in list(tag.attrs.items()):
            tag.attrs[name] = _bare(value)
    inside = False
    for text in list(soup.find_all(string=True)):
        if OPEN not in text and CLOSE not in text and not inside:
            continue
        if isinstance(text, _SILENT) or text.find_parent(["title", "textarea", "option"]):
            text.replace_with(type(text)(_bare(text)))
            continue
        inside = _mark_text(soup, text, source, inside)
    if message and soup.body is not None:
        bar = soup.new_tag(
            "p", attrs={"class": "microacq-preview-notice", "role": "status", "lang": language}
        )
        bar.string = message
        soup.body.insert(0, bar)
        style = {"rel": "stylesheet", "href": versioned_static("microacq_pages/css/preview.css")}
        (soup.head or soup.body).append(soup.new_tag("link", attrs=style))
    return str(soup)


def _mark_text(soup: BeautifulSoup, text: NavigableString, source: str, inside: bool) -> bool:
    """Wrap what stands between marks; the answer is whether a mark is still open after this text."""
    pieces: list[Any] = []
    run = ""

    def close() -> None:
        nonlocal run
        if inside and run.strip():
            span = soup.new_tag("span", attrs={"lang": source, "class": "microacq-untranslated"})
            span.string = run
            pieces.append(span)
        elif run:
            pieces.append(NavigableString(run))
        run = ""

    for character in str(text):
        if character in (OPEN, CLOSE):
            close()
            inside = character == OPEN
        else:
            run += character
    close()
    for piece in pieces:
        text.insert_before(piece)
    text.extract()
    return inside


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(item) for item in value]
    return value.replace(OPEN, "").replace(CLOSE, "") if isinstance(value, str) else value


def _is_missing(segment: Any, missing: set[tuple[str, int]]) -> bool:
    return (
        isinstance(segment, StringSegmentValue)
        and segment.path not in ADDRESSES
        and (segment.path, segment.order) in missing
    )


def _between_marks(segment: StringSegmentValue) -> StringSegmentValue:
    return StringSegmentValue(
        segment.path,
        StringValue(f"{OPEN}{segment.string.data}{CLOSE}"),
        attrs=segment.attrs,
        order=segment.order,
    )
