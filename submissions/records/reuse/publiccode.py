"""``publiccode.yml`` for the repository of bought code, as version 0.7 of the standard (publiccodeyml/publiccode.yml).

Limits of the standard: a short description of at most 150 characters, a long one of 150 to 10,000; a person is named
where somebody maintains the software. Pure, but for the entry that it reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import ore
from .enums import DEVELOPMENT, Languages, Maintenance, SoftwareType, Status
from .models import SHORT

if TYPE_CHECKING:
    from .models import CatalogueEntry

VERSION = "0.7"
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
SHORTEST_LONG, LONGEST = 150, 10_000
#: On which platform people use each type of software; the standard takes other words than its own too.
PLATFORMS = {
    SoftwareType.WEB: ["web"],
    SoftwareType.MOBILE: ["android", "ios"],
    SoftwareType.DESKTOP: ["windows", "mac", "linux"],
}
ANY_PLATFORM = ["linux"]


def long_description(what: str, described: str, number: str, language: str) -> str:
    """At least 150 characters, whatever was written: what it does, its description, and where it comes from."""
    with override(language):
        bought = _(
            "The Government of Canada bought this code as open source by micro-acquisition, under file %(number)s."
        ) % {"number": number}
    text = "\n\n".join(filter(None, (what, described if described != what else "", bought)))
    return Truncator(text).chars(LONGEST) if len(text) >= SHORTEST_LONG else _padded(text, language)


def _padded(text: str, language: str) -> str:
    with override(language):
        reuse = _(
            "Everybody may use it, study it, change it and share it, under the licence that the repository names."
        )
    return f"{text} {reuse}"


def in_short(text: str) -> str:
    """The first sentence on one line, of at most 150 characters."""
    line = " ".join(text.split())
    return Truncator(_END_OF_SENTENCE.split(line, maxsplit=1)[0]).chars(SHORT)


def document(entry: CatalogueEntry, texts: dict[str, tuple[str, list[str]]]) -> str:
    """The file.

    Args:
        entry: Of the catalogue.
        texts: By language, where the need came from, and what was built.
    """
    available = Languages(entry.languages).split()
    data: dict[str, Any] = {
        "publiccodeYmlVersion": VERSION,
        "name": entry.name_en,
        "url": entry.repository,
        "platforms": PLATFORMS.get(SoftwareType(entry.software_type), ANY_PLATFORM),
        "developmentStatus": DEVELOPMENT[Status(entry.status)],
        "softwareType": entry.software_type,
        "intendedAudience": {"countries": ["CA"]},
        "description": {
            language: {
                "localisedName": getattr(entry, f"name_{language}"),
                "shortDescription": in_short(getattr(entry, f"what_{language}")),
                "longDescription": long_description(
                    getattr(entry, f"what_{language}"), texts[language][0], entry.number, language
                ),
                "features": texts[language][1] or [getattr(entry, f"name_{language}")],
            }
            for language in ("en", "fr")
        },
        "legal": {"license": entry.licence},
        "maintenance": _maintenance(entry),
        "localisation": {"localisationReady": len(available) > 1, "availableLanguages": available},
    }
    return ore.write(data)


def _maintenance(entry: CatalogueEntry) -> dict[str, Any]:
    if entry.maintenance == Maintenance.NONE:
        return {"type": "none"}
    return {"type": entry.maintenance, "contacts": [{"name": entry.maintainer}]}
