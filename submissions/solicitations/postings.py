"""The text of a posting: put together from the two pages, kept in the file as one whole (DESIGN rule 4).

Owns what is copied and in which form. What changes it is ``services`` (the first posting), ``amendments`` and
``outage``. Imports no later stage.

Seam for later stages (Wagtail hook): ``posting_items(page_en, page_fr) -> list[PostedItem]``: what else is copied into
the file?
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import rfc8785
from django.utils.dateparse import parse_date, parse_datetime
from wagtail import hooks

from .enums import ItemKind
from .models import PostedItem, Posting, Solicitation

if TYPE_CHECKING:
    from microacq_pages.models import Opportunity

FACT_FIELDS = ("price", "licence", "repository", "deadline", "selection_date", "delivery_date")
TEXT_FIELDS = ("title", "teaser", "background", "work", "department", "branch", "team")
#: What the public reads beside the text; kept so that no change of it goes unseen.
SURROUNDING_FIELDS = (
    "project",
    "opportunity_skills",
    "contact_name",
    "contact_email",
    "attachments",
    "slug",
    "seo_title",
    "search_description",
)
#: What is copied from the application form at the first posting, and stays for all amendments of the file.
FORM_KINDS = frozenset({ItemKind.CHECKLIST, ItemKind.DELIVERY, ItemKind.QUESTION, ItemKind.TERMS})

_ITEM_VALUES = (
    "position",
    "text_en",
    "text_fr",
    "help_en",
    "help_fr",
    "word_limit",
    "required",
    "field_type",
    "choices_en",
    "choices_fr",
)


@dataclass(frozen=True)
class Composed:
    """A text that could be posted."""

    text: dict[str, Any]
    items: list[PostedItem]


def facts_of(english: Opportunity, french: Opportunity) -> dict[str, Any]:
    """The columns of the file that its pages decide."""
    return {
        "title_en": english.title,
        "title_fr": french.title,
        **{name: getattr(english, name) for name in FACT_FIELDS},
    }


def compose(english: Opportunity, french: Opportunity, before: Posting | None = None) -> Composed:
    """What the two pages, as they are given, would be posted as.

    Args:
        english: The English page, live or a draft.
        french: The French page.
        before: The posting that this one amends: what was asked on the application form stays.
    """
    items = [
        *_criteria(ItemKind.EVALUATION, english.criteria, french.criteria),
        *_criteria(ItemKind.ACCEPTANCE, english.acceptance_criteria, french.acceptance_criteria),
    ]
    for answer in hooks.get_hooks("posting_items"):
        items.extend(answer(english, french))
    if before is not None:
        items = [item for item in items if item.kind not in FORM_KINDS]
        items += [_again(item) for item in before.items.all() if item.kind in FORM_KINDS]
    text: dict[str, Any] = {
        "en": _words(english),
        "fr": _words(french),
        "items": [plain(item) for item in items],
        "facts": {name: _fact(getattr(english, name)) for name in FACT_FIELDS},
    }
    return Composed(text, items)


def moved(before: Posting, file: Solicitation, facts: dict[str, Any]) -> Composed:
    """A posting again, with other dates: every word stays but what the form says of the dates.

    Args:
        before: The posting that counts until now.
        file: Its file.
        facts: The new dates, by their column.
    """
    dated = _Dated(price=file.price, delivery_date=facts["delivery_date"])
    said = {
        item.identity: item
        for answer in hooks.get_hooks("posting_items")
        for item in answer(dated, dated)
        if item.kind == ItemKind.CONFIRMATION
    }
    items = [_again(item) for item in before.items.all()]
    for item in items:
        if item.kind == ItemKind.CONFIRMATION and item.identity in said:
            item.text_en, item.text_fr = said[item.identity].text_en, said[item.identity].text_fr
    text = {
        **before.text,
        "items": [plain(item) for item in items],
        "facts": {
            **{name: _fact(getattr(file, name)) for name in FACT_FIELDS},
            **{name: _fact(value) for name, value in facts.items()},
        },
    }
    return Composed(text, items)


@dataclass(frozen=True)
class _Dated:
    """As much of a page as the confirmations of the form speak of."""

    price: Decimal
    delivery_date: date


def keep(solicitation: Solicitation, composed: Composed, **details: Any) -> Posting:
    """Store a posting with its items; ``details`` are its other columns."""
    posting = Posting.objects.create(
        solicitation=solicitation,
        text=composed.text,
        digest=hashlib.sha256(rfc8785.dumps(composed.text)).hexdigest(),
        **details,
    )
    for item in composed.items:
        item.posting = posting
    PostedItem.objects.bulk_create(composed.items)
    return posting


def fact_from(name: str, stored: str) -> Decimal | date | datetime | str | None:
    """A fact as the posting's text holds it, in its own type."""
    if not stored:
        return None
    if name == "price":
        return Decimal(stored)
    if name == "deadline":
        return parse_datetime(stored)
    return parse_date(stored) if name.endswith("_date") else stored


def _fact(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _words(page: Opportunity) -> dict[str, str]:
    project = page.localized_project
    return {
        **{name: getattr(page, name) for name in TEXT_FIELDS},
        "project": project.title if project else "",
        "opportunity_skills": ", ".join(page.localized_skills),
        "contact_name": page.contact_name,
        "contact_email": page.contact_email,
        "attachments": "\n".join(_attachment(row) for row in page.attachments.all()),
        "slug": page.slug,
        "seo_title": page.seo_title,
        "search_description": page.search_description,
    }


def _attachment(row: Any) -> str:
    document = row.document
    return f"{row.title} ({document.filename})" if document else str(row.title)


def _criteria(kind: ItemKind, english: Any, french: Any) -> list[PostedItem]:
    in_french = {criterion.translation_key: criterion for criterion in french.all()}
    return [
        PostedItem(
            kind=kind,
            identity=criterion.translation_key,
            position=position,
            text_en=criterion.statement,
            # A draft may have a criterion whose translation was not begun.
            text_fr=getattr(in_french.get(criterion.translation_key), "statement", ""),
            word_limit=getattr(criterion, "word_limit", None),
        )
        for position, criterion in enumerate(english.all(), start=1)
    ]


def _again(item: PostedItem) -> PostedItem:
    return PostedItem(
        kind=item.kind, identity=item.identity, **{name: getattr(item, name) for name in _ITEM_VALUES}
    )


def plain(item: PostedItem) -> dict[str, Any]:
    """An item as the posted text holds it, and its digest proves."""
    values = {name: getattr(item, name) for name in _ITEM_VALUES}
    return {"kind": str(item.kind), "identity": str(item.identity), **values}
