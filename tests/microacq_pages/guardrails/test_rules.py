"""Each rule on both sides of its edge, in both languages, as code asks it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microacq_pages import business_days, guardrails, pairs, publishing, roles
from microacq_pages.blockers import Level
from microacq_pages.formats import EASTERN
from microacq_pages.guardrails import RULES, Occasion, Subject
from microacq_pages.guardrails.subject import Passage
from microacq_pages.models import Opportunity, Skill
from tests.factories import pages, people

pytestmark = pytest.mark.django_db

#: A Monday on which the opportunity is posted. Ten business days later, over Remembrance Day, is November 17.
POSTING = datetime(2026, 11, 2, 15, tzinfo=UTC)


def at(day: date, hour: str = "23:59") -> datetime:
    return datetime.combine(day, datetime.strptime(hour, "%H:%M").time(), tzinfo=EASTERN)


class Undo(Exception):
    """Takes back what the tests of this module share."""


@pytest.fixture(scope="module")
def stored(django_db_setup: None, django_db_blocker: Any) -> Iterator[Opportunity]:
    """Made once for all tests of this module, each of which takes back what it does to it."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield pages.make_opportunity(people.make_user(roles.CLIENT, "writer"))
                raise Undo
        except Undo:
            pass


@pytest.fixture
def opportunity(stored: Opportunity, db: None) -> Opportunity:
    """Complete, in English, with dates around ``POSTING``."""
    page = Opportunity.objects.get(pk=stored.pk)
    page.deadline = at(date(2026, 11, 17))
    page.selection_date = date(2026, 11, 20)
    page.delivery_date = date(2027, 1, 15)
    return page


def codes(page: Opportunity, level: Level | None = None, now: datetime = POSTING) -> set[str]:
    found = guardrails.findings(Subject(page, now=now))
    return {finding.code for finding in found if level in (None, finding.level)}


def languages(page: Opportunity, code: str) -> set[str]:
    return {f.language for f in guardrails.findings(Subject(page, now=POSTING)) if f.code == code}


def test_a_complete_opportunity_has_nothing_against_it(opportunity: Opportunity) -> None:
    assert codes(opportunity, Level.BLOCKER) == set()


def test_codes_are_unique_and_every_rule_says_where_it_comes_from() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.source, rule.code
        assert rule.occasions, rule.code


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sentence_and_source_is_there_in_both_languages(language: str) -> None:
    names = "limit name title lowest highest worth licence hosts domains days earliest places hours words excerpt fault"
    values: dict[str, Any] = dict.fromkeys([*names.split(), "beginning", "count", "statement"], 3)
    with translation.override("en"):
        english = [(str(rule.sentence % values), str(rule.source)) for rule in RULES]
    with translation.override(language):
        here = [(str(rule.sentence % values), str(rule.source)) for rule in RULES]
    same = [pair for pair, other in zip(here, english, strict=True) if set(pair) & set(other)]
    assert (same == []) is (language == "fr"), same


# Field -> a value that is right, one that is not, and what is said of it.
FACTS: list[tuple[str, Any, Any, str]] = [
    ("teaser", "Words", "", "missing-teaser"),
    ("background", "<p>Words</p>", "<p> </p>", "missing-background"),
    ("work", "<p>Words</p>", "<p></p>", "missing-work"),
    ("contact_name", "Team", "", "missing-contact-name"),
    ("section_32_reference", "S32", "", "missing-section-32"),
    *((field, True, False, field.replace("_", "-")) for field, _statement in guardrails.CONFIRMATIONS),
    ("price", Decimal("8695.65"), Decimal("8695.66"), "price-over-cap"),
    ("price", Decimal("0.01"), None, "missing-price"),
    ("licence", "MIT", "", "missing-licence"),
    ("licence", "Apache-2.0", "Apache", "licence-unknown"),
    ("licence", "EUPL-1.2", "CC-BY-4.0", "licence-not-osi"),
    ("repository", "https://github.com/a/b", "http://github.com/a/b", "repository-not-https"),
    ("repository", "https://gitlab.com/a/b", "https://gitlab.example.org/a/b", "repository-host"),
    ("repository", "https://www.github.com/a", "https://github.com/", "repository-host"),
    ("repository", "https://codeberg.org/a/b", "https://github.com@evil.example/a", "repository-host"),
    ("repository", "https://github.com:443/a", "https://[broken/a", "repository-host"),
    ("contact_email", "team@gc.ca", "team@gmail.com", "contact-elsewhere"),
    ("contact_email", "team@esdc.gc.ca", "team@notgc.ca", "contact-elsewhere"),
    ("title", "x" * 100, "x" * 101, "title-too-long"),
    ("expire_at", None, POSTING, "expires"),
    ("deadline", at(date(2026, 11, 17)), at(date(2026, 11, 16)), "deadline-too-soon"),
    ("deadline", POSTING + timedelta(minutes=1), POSTING, "deadline-passed"),
    ("deadline", at(date(2026, 11, 23)), at(date(2026, 11, 22)), "deadline-on-weekend"),
    ("deadline", at(date(2026, 12, 24)), at(date(2026, 12, 25)), "deadline-on-federal-holiday"),
    ("deadline", at(date(2027, 2, 16)), at(date(2027, 2, 15)), "deadline-on-provincial-holiday"),
    ("deadline", at(date(2026, 11, 19)), at(date(2026, 11, 20)), "deadline-on-friday"),
    ("deadline", at(date(2026, 11, 17), "14:00"), at(date(2026, 11, 17), "13:59"), "deadline-hour"),
    ("deadline", at(date(2031, 10, 30)), at(date(2031, 11, 4)), "date-far-off"),
    ("selection_date", date(2026, 11, 17), date(2026, 11, 16), "selection-before-deadline"),
    ("delivery_date", date(2026, 11, 21), date(2026, 11, 20), "delivery-before-selection"),
    # 70 hours are ten business days of 7.5 hours.
    ("delivery_date", date(2026, 12, 4), date(2026, 12, 3), "delivery-too-soon"),
    ("estimated_hours", Decimal("277.5"), Decimal("277.6"), "delivery-too-soon"),
    ("estimated_hours", Decimal("70"), None, "no-estimate"),
    ("hourly_rate", Decimal("60"), Decimal("59.99"), "rate-unusual"),
    ("hourly_rate", Decimal("100"), Decimal("100.01"), "rate-unusual"),
    # By the estimate it is worth 6,400.
    ("price", Decimal("7040"), Decimal("7040.01"), "price-not-as-estimated"),
    ("price", Decimal("5760"), Decimal("5759.99"), "price-not-as-estimated"),
]


@pytest.mark.parametrize(
    ("field", "right", "wrong", "code"),
    FACTS,
    ids=[f"{fact[0]}-{fact[3]}-{n}" for n, fact in enumerate(FACTS)],
)
def test_a_fact_is_refused_on_one_side_of_the_edge_only(
    opportunity: Opportunity, field: str, right: Any, wrong: Any, code: str
) -> None:
    setattr(opportunity, field, right)
    assert code not in codes(opportunity)
    setattr(opportunity, field, wrong)
    assert code in codes(opportunity)


TEXTS = [
    ("work", "<p>PROTECTED B</p>", "marking", Level.BLOCKER),
    ("work", "<p>PROTÉGÉ B</p>", "marking", Level.BLOCKER),
    ("background", "<p>No Protected B data.</p>", "security-level", Level.WARNING),
    ("work", "<p>You have five years of experience.</p>", "years-of-experience", Level.WARNING),
    ("work", "<p>Vous avez cinq ans d’expérience.</p>", "years-of-experience", Level.WARNING),
    ("work", "<p>A security clearance is needed.</p>", "security-clearance", Level.WARNING),
    ("work", "<p>Une cote de sécurité est exigée.</p>", "security-clearance", Level.WARNING),
    ("teaser", "For pre-qualified suppliers.", "pre-qualification", Level.WARNING),
    ("teaser", "Pour les fournisseurs préqualifiés.", "pre-qualification", Level.WARNING),
    ("work", "<p>In the National Capital Region.</p>", "place", Level.WARNING),
    ("work", "<p>Dans la région de la capitale nationale.</p>", "place", Level.WARNING),
    ("background", f"<p>{' '.join(['Word'] * 26)}.</p>", "long-sentence", Level.WARNING),
]


@pytest.mark.parametrize(("field", "text", "code", "level"), TEXTS)
def test_a_text_is_told_from_its_words_in_the_source(
    opportunity: Opportunity, field: str, text: str, code: str, level: Level
) -> None:
    assert code not in codes(opportunity)
    setattr(opportunity, field, text)
    assert code in codes(opportunity, level)
    assert languages(opportunity, code) == {"en"}


@pytest.mark.parametrize(("field", "text", "code", "level"), TEXTS)
def test_a_text_is_told_from_its_words_in_the_translation(
    opportunity: Opportunity, field: str, text: str, code: str, level: Level
) -> None:
    pages.translate(opportunity)
    found = pairs.translation_of(opportunity)
    segment = found.source.stringsegment_set.filter(context__path=field).first()
    plain = text.replace("<p>", "").replace("</p>", "")
    segment.string.translations.update(data=plain)
    assert languages(opportunity, code) == {"fr"}
    assert code in codes(opportunity, level)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("<p>Up to 10 points for each.</p>", "criterion-scored"),
        ("<p>La connaissance de React est un atout.</p>", "criterion-scored"),
        ("<p>Show strong knowledge of CSS.</p>", "criterion-vague"),
        ("<p>Démontrez une bonne connaissance de CSS.</p>", "criterion-vague"),
    ],
)
def test_a_criterion_that_cannot_be_passed_or_failed_is_found(
    opportunity: Opportunity, statement: str, code: str
) -> None:
    assert code not in codes(opportunity)
    opportunity.criteria.first().statement = statement
    row = opportunity.criteria.all()[0]
    row.statement = statement
    opportunity.criteria.set([row])
    assert code in codes(opportunity)


@pytest.mark.parametrize("standard", ["licence", "requirements", "tests"])
def test_each_standard_statement_of_acceptance_must_be_there(opportunity: Opportunity, standard: str) -> None:
    rows = list(opportunity.acceptance_criteria.all())
    opportunity.acceptance_criteria.set([row for row in rows if row.standard != standard])
    assert f"no-standard-{standard}" in codes(opportunity, Level.BLOCKER)
    (row,) = (row for row in rows if row.standard == standard)
    row.statement = "<p></p>"
    opportunity.acceptance_criteria.set(rows)
    assert f"no-standard-{standard}" in codes(opportunity, Level.BLOCKER)


def test_the_standard_statement_about_skills_must_be_there_and_accept_similar_ones(
    opportunity: Opportunity,
) -> None:
    (row,) = opportunity.criteria.all()
    assert "similar-skills" in codes(opportunity, Level.WARNING)
    row.statement = "<p>Show that you know Python, or similar skills.</p>"
    opportunity.criteria.set([row])
    assert codes(opportunity) & {"similar-skills", "no-standard-skills"} == set()
    row.standard = ""
    opportunity.criteria.set([row])
    assert "no-standard-skills" in codes(opportunity, Level.BLOCKER)


def test_the_standard_statements_themselves_pass_the_rules() -> None:
    from microacq_pages.guardrails import wording
    from microacq_pages.panels import standard_statements

    for language in ("en", "fr"):
        for rows in standard_statements(language).values():
            for row in rows:
                for passage in wording.passages(row["statement"]):
                    assert wording.long_sentences(passage) == [], passage
                    assert not list(wording.found(wording.SCORING, passage)), passage
                    assert not list(wording.found(wording.VAGUE, passage)), passage
        (skills,) = standard_statements(language)["criteria"]
        assert wording.SIMILAR_SKILLS.search(skills["statement"])


def test_the_usual_rate_is_that_of_the_required_skills(opportunity: Opportunity) -> None:
    skill = Skill.objects.get(pk=opportunity.opportunity_skills.first().skill_id)
    skill.lowest_rate, skill.highest_rate = Decimal("85"), Decimal("120")
    skill.save()
    twin = Skill.objects.filter(translation_key=skill.translation_key).exclude(pk=skill.pk).get()
    assert (twin.lowest_rate, twin.highest_rate) == (Decimal("85"), Decimal("120"))
    page = Opportunity.objects.get(pk=opportunity.pk)
    assert "rate-unusual" in codes(page)  # 80
    page.hourly_rate = Decimal("85")
    assert "rate-unusual" not in codes(page)


def test_many_long_sentences_are_counted_instead_of_listed(opportunity: Opportunity) -> None:
    opportunity.background = "".join(f"<p>{' '.join(['Word'] * 30)}.</p>" for _ in range(40))
    found = guardrails.findings(Subject(opportunity, now=POSTING))
    sentences = [finding for finding in found if finding.code == "long-sentence"]
    (more,) = (finding for finding in found if finding.code == "long-sentences-more")
    assert len(sentences) == 12
    assert "28" in str(more)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Le portail\u00a0: trois écrans à 6\u00a0500\u00a0$.", 0),
        ("Le portail: trois écrans ; rien d’autre.", 2),
    ],
)
def test_the_typography_of_each_language_is_pointed_out_once(
    opportunity: Opportunity, text: str, count: int
) -> None:
    subject = Subject(opportunity, now=POSTING)
    subject.passages = [Passage("fr", "work", text)]
    found = [str(f) for f in guardrails.findings(subject) if f.code == "typography"]
    assert len(found) == bool(count)
    assert not found or f"in {count} places" in found[0]


def test_at_an_amendment_the_dates_of_posting_are_not_asked(opportunity: Opportunity) -> None:
    opportunity.price = Decimal("9000")
    late = POSTING + timedelta(days=300)
    found = guardrails.findings(Subject(opportunity, Occasion.AMENDMENT, now=late))
    asked = {finding.code for finding in found}
    assert "price-over-cap" in asked
    assert not {code for code in asked if code.startswith("deadline")}


def test_another_deadline_of_a_posted_file_is_asked_for_its_day_and_hour(opportunity: Opportunity) -> None:
    friday = at(date(2026, 11, 20), "11:00")
    assert {f.code for f in guardrails.deadline_findings(opportunity, friday)} == {
        "deadline-on-friday",
        "deadline-hour",
    }


def test_a_planned_posting_is_what_the_notice_is_counted_from(opportunity: Opportunity) -> None:
    opportunity.go_live_at = POSTING + timedelta(days=1)
    assert "deadline-too-soon" in codes(opportunity)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(days=st.integers(0, 90))
def test_the_notice_is_ten_business_days_from_whatever_day(opportunity: Opportunity, days: int) -> None:
    opportunity.deadline = at(date(2026, 11, 3) + timedelta(days=days))
    counted = business_days.business_days_between(POSTING, opportunity.deadline)
    assert ("deadline-too-soon" in codes(opportunity)) is (counted < 10)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(hours=st.decimals(Decimal("0.5"), Decimal("400"), places=1), days=st.integers(1, 120))
def test_no_week_has_more_than_its_hours(opportunity: Opportunity, hours: Decimal, days: int) -> None:
    opportunity.estimated_hours = hours
    opportunity.delivery_date = opportunity.selection_date + timedelta(days=days)
    working = business_days.business_days_between(opportunity.selection_date, opportunity.delivery_date)
    assert ("delivery-too-soon" in codes(opportunity)) is (hours > working * Decimal("7.5"))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_date_that_makes_no_sense_breaks_nothing(opportunity: Opportunity, day: date) -> None:
    for name in ("selection_date", "delivery_date"):
        setattr(opportunity, name, day)
        assert "date-far-off" in codes(opportunity)
    opportunity.deadline = datetime(9999, 12, 30, tzinfo=UTC)
    assert "date-far-off" in codes(opportunity)


def test_what_the_translator_does_does_not_hold_up_the_author(opportunity: Opportunity) -> None:
    assert guardrails.submission_blockers(opportunity) == guardrails.opportunity_blockers(opportunity)
    pages.translate(opportunity)
    translation_found = pairs.translation_of(opportunity)
    segment = translation_found.source.stringsegment_set.filter(context__path="work").first()
    segment.string.translations.update(data="PROTÉGÉ B")
    page = pages.make_opportunity(opportunity.owner, slug="other")
    assert "marking" in {b.code for b in guardrails.opportunity_blockers(opportunity)}
    assert "marking" not in {b.code for b in guardrails.submission_blockers(opportunity)}
    assert guardrails.submission_blockers(page) == []


def test_findings_cost_the_same_for_few_and_many_criteria(author: Any) -> None:
    counts = []
    for number, slug in ((1, "few"), (12, "many")):
        page = Opportunity.objects.get(pk=pages.make_opportunity(author, criteria=number, slug=slug).pk)
        with CaptureQueriesContext(connection) as queries:
            guardrails.opportunity_findings(page)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 32


def test_rules_are_waived_for_the_demonstration_only(opportunity: Opportunity, settings: Any) -> None:
    opportunity.deadline = timezone.now() + timedelta(hours=1)
    with pytest.raises(ImproperlyConfigured), guardrails.waiving("deadline-too-soon"):
        pass
    settings.MICROACQ_DEMO = True
    with guardrails.waiving("deadline-too-soon"):
        assert "deadline-too-soon" not in codes(opportunity, now=timezone.now())
    assert "deadline-too-soon" in codes(opportunity, now=timezone.now())


def test_warnings_do_not_stop_publication(author: Any, it_strategy: Any) -> None:
    page = pages.make_opportunity(author, slug="warned", background=f"<p>{' '.join(['Word'] * 40)}.</p>")
    pages.translate(page)
    found = {finding.code for finding in publishing.publication_findings(page)}
    assert "long-sentence" in found
    assert publishing.publication_blockers(page) == []
    pages.publish(page, it_strategy)
    assert Opportunity.objects.get(pk=page.pk).live
