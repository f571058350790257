"""Stores paired texts where wagtail-localize keeps translations, so that a translator can go on from there.

Owns what becomes a translated string, a translated link, or nothing. Does not decide which texts belong
together (``alignment`` does) and touches no page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
)
from wagtail_localize.segments.extract import quote_path_component
from wagtail_localize.strings import StringValue, extract_strings

from microacq_pages.importing.richtext import Leaf

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

TOOL = "import_opportunity"
Attributes = dict[str, dict[str, str]]


@dataclass(frozen=True)
class LeafTranslation:
    """The translation of one text: the source string, its translation, and the links that lead elsewhere."""

    source: str
    data: str
    links: dict[str, str]


class UnmatchedLinksError(ValueError):
    """The links of two texts cannot be told apart, so the texts cannot be stored as a translation."""


def translate_leaf(source: Leaf, target: Leaf) -> LeafTranslation:
    """Express one text as the translation of another, in the form that wagtail-localize stores.

    Raises:
        UnmatchedLinksError: it is not clear which link of the source a link of the translation is.
    """
    source_string, source_attrs = _extract(source)
    target_string, target_attrs = _extract(target)
    mapping = _match_links(source_attrs, target_attrs)
    data = target_string.data
    # Two steps, so that a number given away is not taken for one still to be changed.
    for ours in mapping:
        data = data.replace(f'<a id="{ours}">', f'<a id="#{ours}">')
    for ours, theirs in mapping.items():
        data = data.replace(f'<a id="#{ours}">', f'<a id="{theirs}">')
    links = {source_attrs[theirs]["href"]: target_attrs[ours]["href"] for ours, theirs in mapping.items()}
    return LeafTranslation(source_string.data, data, links)


def _extract(leaf: Leaf) -> tuple[StringValue, Attributes]:
    _template, strings = extract_strings(f"<p>{leaf.html}</p>")
    string, attrs = strings[0]
    return string, attrs


def _match_links(source: Attributes, target: Attributes) -> dict[str, str]:
    """For each link of the translation, the link of the source that it is."""
    mapping: dict[str, str] = {}
    free = list(source)
    for ours, attributes in target.items():
        same = [theirs for theirs in free if source[theirs]["href"] == attributes["href"]]
        if same:
            mapping[ours] = same[0]
            free.remove(same[0])
    left = [ours for ours in target if ours not in mapping]
    hosts = [urlsplit(target[ours]["href"]).netloc for ours in left]
    if len(left) != len(free) and left:
        raise UnmatchedLinksError(_("its links are not those of the other language"))
    if len(left) > 1 and hosts != [urlsplit(source[theirs]["href"]).netloc for theirs in free]:
        raise UnmatchedLinksError(_("its links stand in another order"))
    mapping.update(zip(left, free, strict=False))
    return mapping


@dataclass
class Outcome:
    """What storing did: how many strings were written, and what to tell the reader."""

    written: int = 0
    replaced: list[str] = field(default_factory=list)
    conflicts: list[tuple[Leaf, str]] = field(default_factory=list)


class TranslationWriter:
    """Writes the translations of one page into one language."""

    def __init__(self, translation: Translation, user: AbstractBaseUser | None) -> None:
        self.translation = translation
        self.locale = translation.target_locale
        self.user = user
        self.outcome = Outcome()
        self._segments: dict[tuple[str, str], StringSegment] = {}
        segments = StringSegment.objects.filter(source=translation.source).select_related("string", "context")
        for segment in segments:
            self._segments[segment.context.path, segment.string.data] = segment
        self._links = {
            link.context.path: link
            for link in OverridableSegment.objects.filter(source=translation.source).select_related("context")
        }
        self._done: dict[tuple[str, str], str] = {}

    def write_text(self, path: str, text: str) -> None:
        """Store the translation of a field of plain text."""
        for segment_path, source in list(self._segments):
            if segment_path == path:
                self._write(path, source, StringValue.from_plaintext(text).data)

    def write_leaves(self, path: str, pairs: Iterable[tuple[Leaf, Leaf]]) -> None:
        """Store the translations of the texts of one rich text field."""
        for source, target in pairs:
            try:
                leaf = translate_leaf(source, target)
            except UnmatchedLinksError as error:
                self.outcome.conflicts.append((target, str(error)))
                continue
            if (path, leaf.source) not in self._segments:
                self.outcome.conflicts.append((target, _("the page has another text there now")))
            elif self._done.get((path, leaf.source), leaf.data) != leaf.data:
                message = _("the same text stands twice in this field and can have one translation only")
                self.outcome.conflicts.append((target, message))
            elif self._links_conflict(path, leaf):
                message = _("the same link of this field leads to another address elsewhere")
                self.outcome.conflicts.append((target, message))
            else:
                self._write(path, leaf.source, leaf.data)
                for href, translated in leaf.links.items():
                    self._write_link(path, href, translated)

    def _links_conflict(self, path: str, leaf: LeafTranslation) -> bool:
        return any(
            self._done.get((_link_path(path, href), ""), translated) != translated
            for href, translated in leaf.links.items()
        )

    def _write(self, path: str, source: str, data: str) -> None:
        self._done[path, source] = data
        segment = self._segments[path, source]
        existing = StringTranslation.objects.filter(
            translation_of=segment.string, locale=self.locale, context=segment.context
        ).first()
        if existing is not None and existing.data == data and not existing.has_error:
            return
        if existing is not None and existing.tool_name != TOOL:
            self.outcome.replaced.append(existing.data)
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=self.locale,
            context=segment.context,
            defaults={
                "data": data,
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "tool_name": TOOL,
                "last_translated_by": self.user,
                "has_error": False,
                "field_error": "",
            },
        )
        self.outcome.written += 1

    def _write_link(self, path: str, href: str, translated: str) -> None:
        link_path = _link_path(path, href)
        self._done[link_path, ""] = translated
        segment = self._links.get(link_path)
        if segment is None:
            return
        overrides = SegmentOverride.objects.filter(locale=self.locale, context=segment.context)
        existing: Any = overrides.first()
        if href == translated:
            self.outcome.written += overrides.delete()[0]
        elif existing is None or existing.data != translated:
            SegmentOverride.objects.update_or_create(
                locale=self.locale,
                context=segment.context,
                defaults={
                    "data_json": json.dumps(translated),
                    "last_translated_by": self.user,
                    "has_error": False,
                },
            )
            self.outcome.written += 1


def _link_path(path: str, href: str) -> str:
    return f"{path}.{quote_path_component(href)}"
