"""Texts that tell of an opportunity: they fit, and never lose the address or the deadline."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages import formats
from submissions.records.communications.texts import (
    ELLIPSIS,
    WRITTEN,
    Channel,
    Facts,
    Part,
    cut,
    fitted,
    written,
)

DEADLINE = datetime(2026, 12, 2, 4, 59, tzinfo=UTC)
URL = "https://micro-acquisition.example.ca/en/opportunities/accessible-date-picker/"


def facts(language: str = "en", **changes: object) -> Facts:
    values: dict[str, object] = {
        "language": language,
        "number": "MA-2026-0001",
        "title": "Accessible date picker",
        "teaser": "A date picker that works with a keyboard, a screen reader and by voice.",
        "skills": "JavaScript, Accessibility",
        "price": Decimal("6500"),
        "licence": "MIT",
        "deadline": DEADLINE,
        "department": "Department of Community Programs",
        "url": URL,
    }
    return Facts(**{**values, **changes})  # type: ignore[arg-type]


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40)
sentences = st.lists(words, max_size=20).map(lambda some: " ".join(" ".join(some).split()))


@given(
    channel=st.sampled_from(WRITTEN),
    language=st.sampled_from(["en", "fr"]),
    title=sentences.map(lambda text: text[:100].strip() or "Title"),
    teaser=sentences.map(lambda text: text[:500]),
    skills=sentences.map(lambda text: text[:300]),
    slug=st.integers(0, 90),
)
def test_every_text_fits_its_channel_and_keeps_address_and_deadline(
    channel: Channel, language: str, title: str, teaser: str, skills: str, slug: int
) -> None:
    url = f"https://example.ca/{'a' * slug}/"
    ready = written(channel, facts(language, title=title, teaser=teaser, skills=skills, url=url))
    assert channel.limit is not None
    assert ready.length <= channel.limit
    assert url in ready.text
    assert formats.eastern(DEADLINE, language) in ready.text


@pytest.mark.parametrize("channel", WRITTEN, ids=lambda each: each.name)
def test_a_usual_opportunity_is_told_whole(channel: Channel) -> None:
    for language in ("en", "fr"):
        text = written(channel, facts(language)).text
        assert "Accessible date picker" in text
        assert formats.money(Decimal("6500"), language) in text
        assert ELLIPSIS not in text


def test_each_language_has_its_own_words() -> None:
    for channel in WRITTEN:
        with override("en"):
            assert written(channel, facts("fr")).text != written(channel, facts("en")).text


def test_what_is_least_needed_goes_first() -> None:
    parts = [Part("title"), Part("more words", 1), Part("#tag", 2), Part("address")]
    assert fitted(parts, 100) == "title more words #tag address"
    assert fitted(parts, 24) == "title more words address"
    assert fitted(parts, 13) == "title address"


@given(text=sentences, length=st.integers(0, 60))
def test_a_cut_text_is_a_beginning_of_at_most_its_length(text: str, length: int) -> None:
    short = cut(text, length)
    assert len(short) <= max(length, 0) or short == text
    assert text.startswith(short.removesuffix(ELLIPSIS))
