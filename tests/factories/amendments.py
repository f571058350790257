"""Amendments as tests need them: a changed draft of a posted opportunity, translated, published."""

from __future__ import annotations

from typing import Any

from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import pairs
from microacq_pages.models import Opportunity
from submissions.solicitations.models import Posting, Solicitation
from tests.factories import pages

SUMMARY = "The labels are part of the work, because testers could not find the fields."


def page_of(file: Solicitation) -> Opportunity:
    """The source page of a file, as the database has it."""
    page: Opportunity = pairs.source_of(Opportunity.objects.filter(translation_key=file.translation_key)[0])
    return page


def change(file: Solicitation, author: Any, **fields: Any) -> Opportunity:
    """Save a draft of the page with other values, and the summary unless it is given, as the editor does."""
    draft = pairs.latest(page_of(file))
    for name, value in {"amendment_summary": SUMMARY, **fields}.items():
        setattr(draft, name, value)
    draft.save_revision(user=author)
    page = page_of(file)
    pairs.keep_in_step(page, author)
    return page


def translate(page: Opportunity, user: Any = None) -> list[str]:
    """Translate what is not translated yet; the texts that a translator had to."""
    translation = pairs.translation_of(page)
    assert translation is not None
    language = translation.target_locale.language_code
    missing = (
        StringSegment.objects.filter(source=translation.source)
        .annotate_translation(translation.target_locale)
        .filter(translation__isnull=True)
        .select_related("string", "context")
        .order_by("order", "pk")
    )
    done = []
    for segment in missing:
        StringTranslation.objects.create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            data=f"[{language}] {segment.string.data}",
            last_translated_by=user,
        )
        done.append(segment.string.data)
    return done


def amend(file: Solicitation, author: Any, approver: Any, **fields: Any) -> Posting:
    """An amendment that was written, translated, approved and published."""
    page = change(file, author, **fields)
    translate(page)
    pages.publish(page, approver)
    return file.current_posting
