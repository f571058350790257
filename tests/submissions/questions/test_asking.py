"""The public form: taken while questions are open, refused after, and never a word lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from submissions.gate import limits, looking
from submissions.notices.models import OutgoingMessage
from submissions.questions import closing
from submissions.questions.models import Question
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from tests.factories import proposals, questions
from tests.submissions.questions.conftest import fields_of

pytestmark = pytest.mark.django_db

TEXT = "Which browsers must it support?"


def address(file: Solicitation, language: str = "en") -> str:
    return questions.questions_page(language).address_of("ask", file.number)


def send(visitor: Client, file: Solicitation, language: str = "en", **changes: str) -> Any:
    data = fields_of(visitor.get(address(file, language)))
    return visitor.post(address(file, language), {**data, "question": TEXT, **changes})


def text_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_anyone_asks_in_either_language_and_gets_a_reference(
    posted: Solicitation, visitor: Client, language: str
) -> None:
    response = send(visitor, posted, language)

    question = Question.objects.get()
    assert response.status_code == 303
    shown = visitor.get(response["Location"])
    assert question.reference in text_of(shown)
    assert TEXT not in text_of(shown)
    assert shown["Cache-Control"].count("no-store")
    assert (question.language, question.state, question.number) == (language, "received", 1)
    assert question.original_text() == TEXT
    assert TEXT not in question.original


def test_the_address_is_kept_encrypted_and_nobody_is_written_to_yet(
    posted: Solicitation, visitor: Client
) -> None:
    OutgoingMessage.objects.all().delete()

    send(visitor, posted, email="asker@example.org")

    question = Question.objects.get()
    assert "asker" not in question.contact
    assert question.address == "asker@example.org"
    assert not OutgoingMessage.objects.exists()


def test_sending_the_same_form_twice_asks_once(posted: Solicitation, visitor: Client) -> None:
    data = {**fields_of(visitor.get(address(posted))), "question": TEXT}

    first, second = (visitor.post(address(posted), data) for _n in range(2))

    assert first["Location"] == second["Location"]
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"question": ""}, "Write your question."),
        ({"question": "x" * 2001}, "This has 2001 characters; the limit is 2000."),
        ({"question": "a\x07b"}, "characters that cannot be read"),
        ({"email": "nobody"}, "Write an e-mail address in the form"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "Write this on one line."),
        ({looking.BAIT: "https://example.org"}, "A field that people do not see was filled in"),
        ({"stamp": "forged"}, "The page was not sent whole."),
        ({"stamp": ""}, "The page was not sent whole."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    posted: Solicitation, visitor: Client, changes: dict[str, str], sentence: str
) -> None:
    typed = {"question": TEXT, "email": "asker@example.org", **changes}

    response = send(visitor, posted, **typed)

    assert response.status_code == 422
    assert sentence in text_of(response)
    again = fields_of(response)
    assert again["question"] == typed["question"]
    assert again[looking.BAIT] == ""
    assert not Question.objects.exists()


def test_a_form_that_comes_back_at_once_is_asked_for_again_and_then_taken(
    posted: Solicitation, visitor: Client, settings: Any
) -> None:
    settings.MICROACQ_SHORTEST_VISIT = 3
    response = send(visitor, posted)

    assert response.status_code == 422
    assert "quicker than a person writes" in text_of(response)
    assert fields_of(response)["question"] == TEXT
    assert visitor.post(address(posted), fields_of(response)).status_code == 303


def test_a_form_without_its_cookie_comes_back_with_what_was_typed(posted: Solicitation) -> None:
    visitor = Client(enforce_csrf_checks=True)

    response = visitor.post(address(posted), {"question": TEXT, "email": "asker@example.org"})

    assert response.status_code == 403
    assert "browser refused a cookie" in text_of(response)
    assert fields_of(response)["question"] == TEXT
    assert not Question.objects.exists()


def test_another_site_cannot_make_a_browser_ask(posted: Solicitation) -> None:
    visitor = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})

    response = visitor.post(address(posted), {"question": TEXT})

    assert response.status_code == 403
    assert TEXT not in response.content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_after_the_closing_time_nothing_is_taken_and_what_was_typed_is_shown(
    posted: Solicitation, visitor: Client, language: str
) -> None:
    data = fields_of(visitor.get(address(posted, language)))
    proposals.set_deadline(posted, after=timedelta(days=1))

    response = visitor.post(address(posted, language), {**data, "question": TEXT})

    assert response.status_code == 410
    assert TEXT in text_of(response)
    assert not Question.objects.exists()
    assert visitor.get(address(posted, language)).status_code == 410


@pytest.mark.parametrize(("seconds", "status"), [(60, 303), (-1, 410), (0, 410)])
def test_the_closing_time_counts_to_the_second_by_the_clock_of_the_database(
    posted: Solicitation, visitor: Client, monkeypatch: pytest.MonkeyPatch, seconds: int, status: int
) -> None:
    data = {**fields_of(visitor.get(address(posted))), "question": TEXT}
    moment = database_clock() + timedelta(seconds=seconds)
    monkeypatch.setattr(closing, "subtract_business_days", lambda deadline, days: moment)

    assert visitor.post(address(posted), data).status_code == status


def test_a_cancelled_opportunity_takes_no_questions(
    posted: Solicitation, visitor: Client, it_strategy: Any
) -> None:
    from submissions.solicitations import services as files

    files.transition(
        posted, "cancel", user=it_strategy, reason="The need is gone.", reason_fr="Le besoin n’existe plus."
    )

    response = visitor.get(address(posted))

    assert response.status_code == 410
    assert "was cancelled and takes no questions" in text_of(response)
    assert "This opportunity takes no more questions." in text_of(visitor.get(posted.page("en").url))


def test_one_network_asks_only_so_much_within_an_hour(
    posted: Solicitation, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUESTIONS_OF_NETWORK", limits.Limit("question/network", 2))
    for number in range(2):
        assert send(visitor, posted, question=f"Question {number}?").status_code == 303

    response = send(visitor, posted)

    assert response.status_code == 429
    assert "send it again in 1 hour" in text_of(response)
    assert 3500 < int(response["Retry-After"]) <= 3600
    assert fields_of(response)["question"] == TEXT
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert send(elsewhere, posted).status_code == 303


def test_one_file_takes_only_so_much_within_an_hour(
    posted: Solicitation, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUESTIONS_ABOUT_FILE", limits.Limit("question/file", 2))
    for _number in range(2):
        questions.ask(posted)

    assert send(visitor, posted).status_code == 429


@pytest.mark.parametrize("language", ["en", "fr"])
def test_guessed_addresses_tell_nothing(posted: Solicitation, visitor: Client, language: str) -> None:
    question = questions.ask(posted)
    page = questions.questions_page(language)
    other = proposals.make_file()

    for path in (
        page.address_of("ask", "MA-1999-0001"),
        page.address_of("received", posted.number, "Q-AAAA-AAAA"),
        page.address_of("received", other.number, question.reference),
        page.address_of("received", posted.number, "x" * 300),
    ):
        assert visitor.get(path).status_code == 404, path


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(posted: Solicitation, method: str) -> None:
    assert getattr(Client(), method)(address(posted)).status_code == 405


def test_the_index_lists_what_takes_questions_now(posted: Solicitation, visitor: Client) -> None:
    late = proposals.make_file(days=1)

    shown = text_of(visitor.get(questions.questions_page().url))

    assert posted.number in shown
    assert late.number not in shown


def test_forms_are_never_kept_for_others(posted: Solicitation, visitor: Client) -> None:
    response = visitor.get(address(posted))

    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_an_address_that_no_text_of_the_database_can_hold_is_a_page_that_is_not_there(
    posted: Solicitation, visitor: Client
) -> None:
    base = questions.questions_page().url
    for path in ("%00/", "%00/%00/", f"{posted.number}/%00/", "MA%00/Q-2222-2222/"):
        assert visitor.get(f"{base}{path}").status_code == 404
