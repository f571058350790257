"""What the delivery form contributes to a posting: the acceptance checklist and the extra questions.

Owns: the copies, in both languages, that the file keeps (DESIGN rule 4). A file that was posted before there was a form
asks its work acceptance criteria alone. Imports no view and no form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.html import escape

from submissions.proposals.posted import choices_of
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import PostedItem

from .pages import DeliveryFormPage

LANGUAGES = ("en", "fr")


def form_page(language: str) -> DeliveryFormPage | None:
    """The live form of a language."""
    found: DeliveryFormPage | None = (
        DeliveryFormPage.objects.live().filter(locale__language_code=language).first()
    )
    return found


def posting_items() -> list[PostedItem]:
    """What is added to the posting of an opportunity, copied from the delivery form as it is live now."""
    pages = {
        page.locale.language_code: page for page in DeliveryFormPage.objects.live().select_related("locale")
    }
    if set(pages) != set(LANGUAGES):
        return []
    statements = [
        PostedItem(
            kind=ItemKind.DELIVERY,
            identity=english.translation_key,
            position=position,
            text_en=escape(english.statement),
            text_fr=escape(french.statement),
        )
        for position, english, french in _pairs(pages, "statements")
    ]
    return [*statements, *_questions(pages, len(statements))]


def _questions(pages: dict[str, DeliveryFormPage], after: int) -> Iterator[PostedItem]:
    for position, english, french in _pairs(pages, "form_fields"):
        yield PostedItem(
            kind=ItemKind.DELIVERY,
            identity=english.translation_key,
            position=after + position,
            text_en=escape(english.label),
            text_fr=escape(french.label),
            help_en=escape(english.help_text),
            help_fr=escape(french.help_text),
            required=english.required,
            field_type=english.field_type,
            choices_en=choices_of(english),
            choices_fr=choices_of(french),
        )


def _pairs(pages: dict[str, DeliveryFormPage], relation: str) -> Iterator[tuple[int, Any, Any]]:
    french = {row.translation_key: row for row in getattr(pages["fr"], relation).all()}
    for position, row in enumerate(getattr(pages["en"], relation).all(), start=1):
        yield position, row, french[row.translation_key]
