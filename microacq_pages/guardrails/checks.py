"""What the rules look for in the facts and texts of an opportunity. Each check gives what it finds, and no sentence.

The dates are in ``dates``; codes, sentences and levels are in ``rules``. Imports no page type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import strip_tags

from microacq_pages import pairs, typography
from microacq_pages.formats import known_language
from microacq_pages.formats import money as money_text

from . import licences, money, wording
from .subject import PROSE, Passage, Subject, rows

#: Most long sentences that are shown one by one in a language; people mend some and ask again.
SENTENCES_SHOWN = 12
#: Words of a long sentence by which its author finds it.
WORDS_SHOWN = 10
#: How far a price may be from what the estimate is worth before it is pointed out.
TOLERANCE = Decimal("0.10")


@dataclass(frozen=True)
class Found:
    """One thing that a check found.

    Attributes:
        values: What the sentence of the rule is filled with.
        language: Code of the language that it concerns, when only one.
        field: Field to go to, when it is not the rule’s own.
    """

    values: dict[str, Any] = field(default_factory=dict)
    language: str = ""
    field: str = ""

    @property
    def quote(self) -> str:
        """What the sentence quotes of the text, when it is about one language."""
        quoted = (self.values.get(name) for name in ("beginning", "excerpt", "words"))
        return next((text for text in quoted if self.language and isinstance(text, str)), "")


Check = Callable[[Subject], Iterator[Found]]


def blank(name: str) -> Check:
    """Finds that a field is empty, a rich text without words included."""

    def check(subject: Subject) -> Iterator[Found]:
        value = getattr(subject.opportunity, name)
        if not (strip_tags(value).strip() if isinstance(value, str) else value):
            yield Found()

    return check


def no_rows(relation: str) -> Check:
    """Finds that nothing was added to a list."""

    def check(subject: Subject) -> Iterator[Found]:
        if not getattr(subject.opportunity, relation).count():
            yield Found()

    return check


def without_standard(relation: str, standard: str) -> Check:
    """Finds that a list has no statement of a standard kind with words in it."""

    def check(subject: Subject) -> Iterator[Found]:
        existing = rows(subject.opportunity, relation)
        if existing and not any(
            row.standard == standard and wording.passages(row.statement) for row in existing
        ):
            yield Found()

    return check


def title_too_long(subject: Subject) -> Iterator[Found]:
    limit = subject.opportunity.TITLE_LIMIT
    for passage in subject.passages_in("title"):
        if len(passage.text) > limit:
            language = "" if passage.language == subject.language else passage.language
            yield Found({"limit": limit}, language)


def skill_in_one_language(subject: Subject) -> Iterator[Found]:
    for link in subject.opportunity.opportunity_skills.all():
        if link.skill_id and (language := link.skill.language_without_name()):
            yield Found({"name": link.skill.name}, language)


def attachment_in_one_language(subject: Subject) -> Iterator[Found]:
    for attachment in subject.opportunity.attachments.all():
        for language, document in (("en", attachment.document_en_id), ("fr", attachment.document_fr_id)):
            if not document:
                yield Found({"title": attachment.title}, language)


# --- money ------------------------------------------------------------------------------------------


def price_over_cap(subject: Subject) -> Iterator[Found]:
    price = subject.opportunity.price
    if price is not None and price > money.PRICE_LIMIT:
        yield Found()


def rate_unusual(subject: Subject) -> Iterator[Found]:
    estimate = subject.estimate
    if not estimate.rate_is_usual:
        yield Found({"lowest": Money(estimate.lowest_rate), "highest": Money(estimate.highest_rate)})


def price_not_as_estimated(subject: Subject) -> Iterator[Found]:
    estimate = subject.estimate
    worth = estimate.worth
    if estimate.price is None or worth is None:
        return
    if abs(estimate.price - worth) > worth * TOLERANCE:
        yield Found({"worth": Money(worth)})


def no_estimate(subject: Subject) -> Iterator[Found]:
    page = subject.opportunity
    if page.estimated_hours is None:
        yield Found(field="estimated_hours")
    elif page.hourly_rate is None:
        yield Found(field="hourly_rate")


class Money:
    """An amount in CAD, written in the language of whoever reads the sentence."""

    def __init__(self, amount: Decimal) -> None:
        self.amount = amount

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return money_text(self.amount, known_language(get_language()))


# --- licence, repository, contact -------------------------------------------------------------------


def licence_unknown(subject: Subject) -> Iterator[Found]:
    licence = subject.opportunity.licence
    if licence and not licences.is_spdx_expression(licence):
        yield Found()


def licence_not_approved(subject: Subject) -> Iterator[Found]:
    licence = subject.opportunity.licence
    if licences.is_spdx_expression(licence) and not licences.is_osi_approved(licence):
        yield Found({"licence": licence})


def repository_not_https(subject: Subject) -> Iterator[Found]:
    address = subject.opportunity.repository
    if address and not address.lower().startswith("https://"):
        yield Found()


def repository_not_on_a_host(subject: Subject) -> Iterator[Found]:
    address = subject.opportunity.repository
    if not address:
        return
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
        plain = parts.port in (None, 443) and not parts.username
    except ValueError:
        host, plain, parts = "", False, urlsplit("")
    if host not in settings.MICROACQ_CODE_HOSTS or not plain or not parts.path.strip("/"):
        yield Found({"hosts": ", ".join(settings.MICROACQ_CODE_HOSTS)})


def contact_elsewhere(subject: Subject) -> Iterator[Found]:
    address = subject.opportunity.contact_email
    domain = address.rpartition("@")[2].lower()
    allowed = settings.MICROACQ_CONTACT_DOMAINS
    if address and not any(domain == name or domain.endswith(f".{name}") for name in allowed):
        yield Found({"domains": ", ".join(allowed)})


# --- words ------------------------------------------------------------------------------------------


def spoken_of(pattern: re.Pattern[str], *fields: str) -> Check:
    """Finds words in the texts of some fields, or of all, in both languages."""

    def check(subject: Subject) -> Iterator[Found]:
        for passage in subject.passages_in(*fields) if fields else subject.passages:
            for words in wording.found(pattern, passage.text):
                yield _in(passage, words=words)

    return check


def marked(subject: Subject) -> Iterator[Found]:
    for passage in subject.passages:
        for words in wording.markings(passage.text):
            yield _in(passage, words=words)


def level_spoken_of(subject: Subject) -> Iterator[Found]:
    for passage in subject.passages:
        for words in wording.mentions_of_levels(passage.text):
            yield _in(passage, words=words)


def other_skills_refused(subject: Subject) -> Iterator[Found]:
    """The standard criterion without “or similar ones”, in either language."""
    numbers = {
        number
        for number, row in enumerate(rows(subject.opportunity, "criteria"), start=1)
        if row.standard == "skills"
    }
    by_language: dict[str, list[str]] = {}
    for passage in subject.passages_in("criteria"):
        if passage.row in numbers:
            by_language.setdefault(passage.language, []).append(passage.text)
    for language, texts in by_language.items():
        if not wording.SIMILAR_SKILLS.search(" ".join(texts)):
            yield Found(language=language)


def long_sentences(subject: Subject) -> Iterator[Found]:
    for passage, sentence, words in _long_sentences(subject, shown=True):
        yield _in(passage, words=words, beginning=_beginning(sentence), limit=wording.LONGEST_SENTENCE)


def more_long_sentences(subject: Subject) -> Iterator[Found]:
    counts: dict[str, int] = {}
    for passage, _sentence, _words in _long_sentences(subject, shown=False):
        counts[passage.language] = counts.get(passage.language, 0) + 1
    for language, count in counts.items():
        yield Found({"count": count, "limit": wording.LONGEST_SENTENCE}, language)


def typography_faults(subject: Subject) -> Iterator[Found]:
    """Once for each language: how many places break its rules of typography, and the first."""
    for language in pairs.LANGUAGES:
        faults = [
            (passage, fault)
            for passage in subject.passages_in(*PROSE, "title")
            if passage.language == language
            for fault in typography.findings(passage.text, language)
        ]
        if faults:
            passage, fault = faults[0]
            yield _in(passage, count=len(faults), excerpt=fault.excerpt, fault=fault.message)


def _long_sentences(subject: Subject, *, shown: bool) -> Iterator[tuple[Passage, str, int]]:
    counts: dict[str, int] = {}
    for passage in subject.passages_in(*PROSE):
        for sentence, words in wording.long_sentences(passage.text):
            counts[passage.language] = counts.get(passage.language, 0) + 1
            if (counts[passage.language] <= SENTENCES_SHOWN) is shown:
                yield passage, sentence, words


def _beginning(sentence: str) -> str:
    return " ".join(sentence.split(" ")[:WORDS_SHOWN]) + " …"


def _in(passage: Passage, **values: Any) -> Found:
    return Found(values, passage.language, passage.field)
