"""From the link to the sums, and what somebody with the whole database could learn on the way."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from submissions.gate.models import Passage
from submissions.survey import answering, pool, tokens
from submissions.survey.enums import CLOSING, Cohort
from submissions.survey.models import HeldAnswers, SpentRight, SurveySum
from tests.support.threads import Parallel

#: Today: what is held waits by year, and the pages take theirs from the clock.
DAY = timezone.localdate()
ANSWER = {"size": "2-4", "office": "ca", "postal": "K1A", "ownership": ["women"]}


@pytest.fixture(autouse=True, scope="module")
def _database(committed_database: str) -> None:
    """Everything of this module is committed."""


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    HeldAnswers.objects.all().delete()
    yield
    HeldAnswers.objects.all().delete()


def link(cohort: Cohort = Cohort.APPLIED, language: str = "en") -> str:
    path = {"en": "en/survey", "fr": "fr/sondage"}[language]
    return f"/{path}/{tokens.make(cohort, timezone.localdate())}/"


def row(table: str, column: str = "*") -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [line[0] for line in cursor.fetchall()]


def held_answers(cohort: Cohort = Cohort.APPLIED) -> list[Any]:
    held = HeldAnswers.objects.filter(cohort=cohort).first()
    return pool._open(held.locked) if held else []


@pytest.mark.parametrize(("language", "words"), [("en", "Thank you"), ("fr", "Merci de vos réponses")])
def test_an_answer_is_taken_once_in_each_language(language: str, words: str) -> None:
    client, address = Client(), link(language=language)
    assert client.get(address).status_code == 200
    answer = client.post(address, ANSWER)
    assert answer.status_code == 303
    assert tokens.read.__name__ and address.split("/")[-2] not in answer["Location"]
    assert words in client.get(answer["Location"]).content.decode()
    for again in (client.get(address), client.post(address, ANSWER)):
        assert again.status_code == 410
    assert len(held_answers()) == 1


def test_no_page_of_the_survey_is_kept_by_a_cache_or_told_to_others() -> None:
    answer = Client().get(link())
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_no_cookie_is_set_and_none_is_needed() -> None:
    client, address = Client(enforce_csrf_checks=True), link()
    assert client.get(address).cookies == {}
    assert client.post(address, ANSWER).status_code == 303


def test_a_link_that_was_never_given_out_leads_nowhere() -> None:
    assert Client().get(f"/en/survey/{'A' * 43}/").status_code == 404
    assert Client().post(f"/fr/sondage/{'A' * 43}/", ANSWER).status_code == 404


@pytest.mark.parametrize("cohort", sorted(CLOSING))
def test_links_of_the_closing_surveys_tell_nothing_to_whoever_guesses(cohort: Cohort) -> None:
    client, address = Client(), link(cohort)
    form = client.get(address).context["form"]
    answer = {name: field.choices[0][0] for name, field in form.fields.items() if hasattr(field, "choices")}
    prefix, token, _end = address.rsplit("/", 2)
    last_month = replace(tokens.make(cohort, timezone.localdate()), last_month=12 * 2020)
    other = Cohort.CLIENT if cohort == Cohort.SUPPLIER else Cohort.SUPPLIER
    forged = str(replace(tokens.read(token, timezone.localdate()), cohort=other))[:22] + token[22:]
    wrong = (
        f"{'A' if token[0] != 'A' else 'B'}{token[1:]}",
        token[:-1],
        f"{token}=",
        f"{token}A",
        token[::-1],
        forged,
        str(last_month),
        "%00" * 43,
        "é" * 43,
        "A" * 5000,
    )
    pages = set()
    for text in wrong:
        for got in (client.get(f"{prefix}/{text}/"), client.post(f"{prefix}/{text}/", answer)):
            assert got.status_code == 404, text
            pages.add(got.content.decode().replace(text, ""))
    # What was never given out, belongs to others or is over gives one page: nobody learns which it is.
    assert len({re.sub(r'(nonce|content|href|value|action)="[^"]*"', "", page) for page in pages}) == 1
    assert client.put(address).status_code == client.delete(address).status_code == 405
    assert client.post(address, {**answer, "ownership": "women", "postal": "\0" * 9999}).status_code in (
        303,
        422,
    )
    client.post(address, answer)
    for again in (client.get(address), client.post(address, answer), client.head(address)):
        assert again.status_code == 410
    assert len(held_answers(cohort)) == 1


def test_a_mistake_loses_nothing_and_spends_nothing() -> None:
    before = SpentRight.objects.count()
    answer = Client().post(link(), {**ANSWER, "postal": "nonsense"})
    assert answer.status_code == 422
    assert 'value="nonsense"' in answer.content.decode()
    assert SpentRight.objects.count() == before


def test_the_right_and_the_answer_are_stored_in_different_transactions() -> None:
    address = link()
    Client().post(address, ANSWER)
    token = tokens.read(address.split("/")[-2], timezone.localdate())
    (spent,) = row(f"submissions_spentright WHERE digest = '{token.digest}'", "xmin::text")
    assert spent not in row("submissions_heldanswers", "xmin::text")


def test_answering_refuses_to_be_part_of_a_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        answering.take(tokens.make(Cohort.APPLIED, DAY), {"size": ["1"]})


def test_an_answer_leaves_no_act_and_no_trace_of_a_network() -> None:
    logs = (ModelLogEntry, PageLogEntry, Passage)
    before = [model.objects.count() for model in logs]
    Client().post(link(), ANSWER)
    assert [model.objects.count() for model in logs] == before
    assert row("submissions_auditentry WHERE payload LIKE '%survey.answer%'") == []


def test_what_is_held_shows_neither_how_many_nor_when_nor_what() -> None:
    Client().post(link(), ANSWER)
    first = HeldAnswers.objects.get(cohort=Cohort.APPLIED)
    Client().post(link(), ANSWER)
    second = HeldAnswers.objects.get(cohort=Cohort.APPLIED)
    assert len(first.locked) == len(second.locked)
    assert "ownership" not in second.locked
    # The second in which a Fernet token was made stands in its bytes 1 to 8; here always 1970.
    assert second.locked.startswith("gAAAAAAAAAAA")
    assert [field.name for field in HeldAnswers._meta.fields] == [
        "id",
        "year",
        "cohort",
        "locked",
        "looked_on",
    ]


def test_four_answers_wait_and_five_are_added_at_once() -> None:
    for _number in range(4):
        Client().post(link(Cohort.AWARDED), ANSWER)
    assert pool.release(DAY) == []
    assert SurveySum.objects.filter(cohort=Cohort.AWARDED).count() == 0
    Client().post(link(Cohort.AWARDED), ANSWER)
    assert pool.release(DAY) == [], "looked at twice in a day, so that no addition tells when an answer came"
    year = timezone.localdate().year
    assert pool.release(DAY + timedelta(days=1)) == [(year, Cohort.AWARDED, 5)]
    sums = SurveySum.objects.filter(cohort=Cohort.AWARDED)
    assert sums.get(question="people").count == 5
    assert sums.get(question="office", choice="ca-K1A").count == 5
    assert held_answers(Cohort.AWARDED) == []
    assert len(set(row("submissions_surveysum WHERE cohort = 'awarded'", "xmin::text"))) == 1


def test_answers_of_a_year_that_stayed_few_are_counted_with_the_next() -> None:
    pool.hold({"size": ["1"]}, Cohort.APPLIED, 2031)
    assert pool.release(date(2032, 3, 31)) == []
    assert len(pool._open(HeldAnswers.objects.get(year=2031).locked)) == 1
    pool.release(date(2032, 4, 1))
    assert pool._open(HeldAnswers.objects.get(year=2031).locked) == []
    assert pool._open(HeldAnswers.objects.get(year=2032).locked) == [{"size": ["1"]}]


def test_two_who_use_one_link_at_once_are_one_answer() -> None:
    token = tokens.make(Cohort.APPLIED, DAY)
    parallel, barrier = Parallel(), threading.Barrier(2)

    def answer() -> None:
        barrier.wait()
        answering.take(token, {"size": ["1"]})

    for _number in range(2):
        parallel.start(answer)
    outcomes = parallel.join()
    assert [type(outcome) for outcome in outcomes].count(answering.AlreadyAnswered) == 1
    assert len(held_answers()) == 1


def test_when_holding_fails_the_right_is_given_back(monkeypatch: Any) -> None:
    token = tokens.make(Cohort.APPLIED, DAY)
    Client().post(link(), ANSWER)
    with monkeypatch.context() as patch, pytest.raises(pool.CannotRead):
        patch.setattr(pool, "_keys", lambda: (_ for _ in ()).throw(pool.CannotRead()))
        answering.take(token, {"size": ["1"]})
    answering.take(token, {"size": ["1"]})
    assert len(held_answers()) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO submissions_surveysum (year, cohort, question, choice, count)"
        " VALUES (2040, 'applied', 'people', '', 4)",
        "UPDATE submissions_surveysum SET count = count + 1 WHERE question = 'people'",
        "UPDATE submissions_surveysum SET count = count - 1",
        "UPDATE submissions_surveysum SET shown = shown - 5",
        "UPDATE submissions_surveysum SET shown = count + 5",
        "INSERT INTO submissions_surveysum (year, cohort, question, choice, count, shown)"
        " VALUES (2040, 'applied', 'again', '', 9, 4)",
        "DELETE FROM submissions_surveysum",
        "TRUNCATE submissions_surveysum",
        "UPDATE submissions_spentright SET digest = 'x'",
    ],
)
def test_the_database_refuses_what_would_single_somebody_out(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        pool.add_to_sums(Cohort.APPLIED, 2041, [{"size": ["1"]}] * 5)
        SpentRight.objects.create(digest="d", until=DAY)
        with connection.cursor() as cursor:
            cursor.execute(statement)
