"""Why a passage is left out: the sections of the Access to Information Act (R.S.C. 1985, c. A-1) that files meet.

Knows nothing of files. A department adds a section here, with its citation in both languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microacq_pages import formats


@dataclass(frozen=True)
class Section:
    """One reason.

    Attributes:
        key: As the Act numbers it.
        citation: How it is cited, by language.
        label: What it is about.
    """

    key: str
    citation: dict[str, str]
    label: Any


def _section(key: str, english: str, french: str, label: Any) -> Section:
    return Section(key, {"en": english, "fr": french}, label)


SECTIONS: dict[str, Section] = {
    section.key: section
    for section in (
        _section("13(1)", "section 13(1)", "paragraphe 13(1)", _("Information obtained in confidence")),
        _section(
            "16(2)",
            "section 16(2)",
            "paragraphe 16(2)",
            _("Information that could help to commit an offence"),
        ),
        _section("19(1)", "section 19(1)", "paragraphe 19(1)", _("Personal information")),
        _section("20(1)(a)", "section 20(1)(a)", "alinéa 20(1)a)", _("Trade secrets of a third party")),
        _section(
            "20(1)(b)",
            "section 20(1)(b)",
            "alinéa 20(1)b)",
            _(
                "Financial, commercial, scientific or technical information that a third party gave in confidence"
            ),
        ),
        _section(
            "20(1)(c)",
            "section 20(1)(c)",
            "alinéa 20(1)c)",
            _("Information whose disclosure could harm a third party or its competitive position"),
        ),
        _section(
            "20(1)(d)",
            "section 20(1)(d)",
            "alinéa 20(1)d)",
            _("Information whose disclosure could interfere with negotiations of a third party"),
        ),
        _section("21(1)(a)", "section 21(1)(a)", "alinéa 21(1)a)", _("Advice or recommendations")),
        _section(
            "21(1)(b)", "section 21(1)(b)", "alinéa 21(1)b)", _("Account of consultations or deliberations")
        ),
        _section("23", "section 23", "article 23", _("Legal advice")),
    )
}
PERSONAL, THIRD_PARTY = "19(1)", "20(1)(b)"


def choices() -> list[tuple[str, Any]]:
    """The sections as a person chooses among them, numbered as the language of the reader cites them."""
    language = formats.known_language(get_language())
    return [
        (section.key, f"{section.citation[language].partition(' ')[2]} – {section.label}")
        for section in SECTIONS.values()
    ]
