"""The application form of the demonstration: its introduction, checklist, extra questions and terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from microacq_pages import pairs
from submissions.proposals.pages import ChecklistStatement, ExtraQuestion, ProposalFormPage

from . import files, pages
from .accounts import ADMIN, person


@transaction.atomic
def load() -> Iterator[str]:
    """Give the form page its text, unless somebody has changed what the site brings."""
    stored = ProposalFormPage.objects.get(locale__language_code="en")
    if stored.revisions.exclude(user=None).exists():
        return
    page = pairs.latest(stored)
    text, known = files.load("form.yaml"), pages.known_pages()
    for name, value in _fields(text["en"], known).items():
        setattr(page, name, value)
    page.checklist = [
        ChecklistStatement(locale=page.locale, statement=statement, sort_order=order)
        for order, statement in enumerate(text["en"]["checklist"])
    ]
    page.form_fields = [
        ExtraQuestion(
            locale=page.locale,
            sort_order=order,
            field_type=question["type"],
            required=question["required"],
            **_words(question),
        )
        for order, question in enumerate(text["en"]["questions"])
    ]
    page.save_revision(user=person(ADMIN))
    twin = pairs.latest(page)
    for name, value in _fields(text["fr"], known).items():
        setattr(twin, name, value)
    for row, statement in zip(_ordered(twin.checklist), text["fr"]["checklist"], strict=True):
        row.statement = statement
    for row, question in zip(_ordered(twin.form_fields), text["fr"]["questions"], strict=True):
        for name, value in _words(question).items():
            setattr(row, name, value)
    pages.finish(page, twin)
    yield f"page {page.title}"


def _fields(text: dict[str, Any], known: dict[str, int]) -> dict[str, str]:
    return {
        "title": text["title"],
        "slug": text["slug"],
        "search_description": text["seo_description"],
        "introduction": pages.html(text["introduction"], known),
        "terms": pages.html(text["terms"]["html"], known),
    }


def _words(question: dict[str, Any]) -> dict[str, str]:
    return {
        "label": question["label"],
        "help_text": question["help"],
        "choices": ", ".join(question.get("choices", ())),
    }


def _ordered(rows: Any) -> list[Any]:
    return sorted(rows.all(), key=lambda row: row.sort_order or 0)
