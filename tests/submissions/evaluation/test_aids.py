"""Beside judging: names in the texts, questions to a supplier by the own link, working translations."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.evaluation import asking, boards, handing_in, reading, services
from submissions.evaluation.aids import Clarification, Recognition, Redaction, WorkingTranslation
from submissions.evaluation.models import Assignment, Candidate
from submissions.notices import crypto, envelope
from submissions.notices.models import OutgoingMessage
from submissions.proposals.models import OpenedProposal
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import evaluations, people, proposals
from tests.submissions.evaluation.test_screens import browser, text_of, url

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

TOLD = "I am Camille Tremblay of Boréalis; see https://forge.example.org/ctremblay and my friend Luc."


@pytest.fixture(scope="module")
def _told(module_transaction: None) -> tuple[int, str]:
    """A file with one application whose text tells who sent it, and its own link."""
    file = proposals.make_file()
    name = proposals.answers(file)
    field = next(key for key, value in name.items() if value == "I built a keyboard-accessible date picker.")
    _proposal, link = proposals.send(file, business_name="Boréalis", **{field: TOLD})
    return evaluations.opened(1, file=file).pk, link.token


@pytest.fixture
def file(_told: tuple[int, str], db: None) -> Solicitation:
    return Solicitation.objects.get(pk=_told[0])


@pytest.fixture
def link(_told: tuple[int, str]) -> SupplierLink:
    return SupplierLink.from_token(_told[1])


@pytest.fixture
def own(file: Solicitation) -> Assignment:
    return evaluations.named(file)[0]


@pytest.fixture
def candidate(own: Assignment, link: SupplierLink) -> Candidate:
    found: Candidate = Candidate.objects.select_related("proposal").get(
        round=own.round, proposal__link_digest=link.digest
    )
    return found


def shown(own: Assignment, candidate: Candidate) -> str:
    text = reading.read(own.round, [candidate], boards.criteria_of(own.round), user=own.evaluator)[
        candidate.pk
    ]
    return " ".join(
        "".join("█" if piece.hidden else piece.text for piece in answer.pieces)
        for answer in text.answers.values()
    )


def ask(own: Assignment, candidate: Candidate, question: str = "Which part did you write?") -> Clarification:
    return asking.ask_supplier(
        own,
        user=own.evaluator,
        candidate=candidate,
        item=boards.criteria_of(own.round)[0],
        question=question,
    )


def page_of(token: str, language: str = "en") -> str:
    with override(language):
        return reverse("clarification:answer", args=[token])


# --- names -------------------------------------------------------------------------------------


def test_a_text_that_tells_who_sent_it_is_read_without_that(own: Assignment, candidate: Candidate) -> None:
    assert shown(own, candidate) == "I am █ of █; see https://forge.example.org/ctremblay and my friend Luc."


def test_it_strategy_hides_the_rest_and_the_original_stays(
    file: Solicitation, own: Assignment, candidate: Candidate
) -> None:
    team = browser(people.the(roles.IT_STRATEGY))
    listed = team.get(url("names", file))
    assert f"/names/{candidate.label}/" in listed.content.decode()
    assert "1 other application has nothing to look at." in text_of(listed)
    address = url("hide", file, candidate.label)
    page = team.get(address)
    assert "my friend Luc" in text_of(page)
    field = BeautifulSoup(page.content, "html.parser").find("textarea")["name"]
    absent = team.post(address, {field: "my enemy"})
    assert absent.status_code == 422
    assert "does not stand in the answer" in text_of(absent)
    typed = {field: "https://forge.example.org/ctremblay\nmy friend Luc"}
    assert "2 passages are hidden from now on." in text_of(team.post(address, typed, follow=True))
    assert shown(own, candidate) == "I am █ of █; see █ and █."
    assert OpenedProposal.objects.get(proposal=candidate.proposal_id).text()["name"] == "Camille Tremblay"
    looked = ModelLogEntry.objects.filter(action="evaluation.names_looked_at")
    assert {entry.data["labels"] for entry in looked} == {"1–2", str(candidate.label)}
    entry = ModelLogEntry.objects.get(action="evaluation.hidden")
    assert entry.data["count"] == 2
    assert "Luc" not in str(entry.data)
    assert "No passage is hidden by hand." in text_of(team.post(address, {field: ""}, follow=True))
    assert "my friend Luc" in shown(own, candidate)
    assert Redaction.objects.count() == 2


@pytest.mark.parametrize("role", [roles.CFOB, roles.EVALUATOR, roles.AUDITOR, roles.TRANSLATOR])
def test_nobody_else_sees_or_hides_names(
    file: Solicitation, own: Assignment, user_in: Any, role: str
) -> None:
    person = user_in(role, "somebody")
    for name, args in (("names", ()), ("hide", (1,))):
        response = browser(person).get(url(name, file, *args))
        assert response.status_code in (302, 403)
        assert "Camille" not in response.content.decode()
    with pytest.raises(PermissionDenied):
        asking.hide(own.round, user=person, candidate=own.round.candidates.first(), passages={})


def test_an_evaluator_who_recognizes_somebody_says_so_and_it_is_looked_at(
    file: Solicitation, own: Assignment, candidate: Candidate
) -> None:
    desk, team = browser(own.evaluator), browser(people.the(roles.IT_STRATEGY))
    for _twice in range(2):
        desk.post(url("recognize", file, candidate.label))
    assert Recognition.objects.count() == 1
    assert reading.recognized(own.round) == {candidate.pk: 1}
    assert "You said that this text tells" in text_of(desk.get(url("application", file, candidate.label)))
    team.post(url("hide", file, candidate.label), {})
    connection.check_constraints()
    assert Redaction.objects.exists()


def test_nothing_is_hidden_once_it_was_submitted(
    file: Solicitation, own: Assignment, candidate: Candidate
) -> None:
    evaluations.judge_all(own)
    handing_in.hand_in(own, user=own.evaluator)
    own.round.refresh_from_db()
    with pytest.raises(services.Refused):
        asking.hide(own.round, user=people.the(roles.IT_STRATEGY), candidate=candidate, passages={})


# --- questions to a supplier -------------------------------------------------------------------


def test_a_supplier_is_asked_by_mail_and_answers_once_by_the_link_in_it(
    file: Solicitation, own: Assignment, candidate: Candidate
) -> None:
    item = boards.criteria_of(own.round)[0]
    desk = browser(own.evaluator)
    address = url("ask", file, candidate.label, item.position)
    assert desk.post(address, {"question": " "}).status_code == 422
    desk.post(address, {"question": "Which part did you write?"})
    letter = OutgoingMessage.objects.get(kind="clarification_asked")
    asked = Clarification.objects.get()
    assert asked.due_at - asked.asked_at >= timedelta(days=3)
    visitor = Client()
    token = _token_of(letter)
    page = visitor.get(page_of(token))
    assert "Which part did you write?" in text_of(page)
    assert page["Cache-Control"].find("no-store") >= 0
    data = {"question": str(asked.pk), f"q{asked.pk}-answer": ""}
    assert visitor.post(page_of(token), data).status_code == 422
    data[f"q{asked.pk}-answer"] = "All of it. Camille Tremblay"
    assert visitor.post(page_of(token), data).status_code == 303
    assert "You answered on" in text_of(visitor.get(page_of(token)))
    data[f"q{asked.pk}-answer"] = "Something else."
    late = visitor.post(page_of(token), data)
    assert late.status_code == 409
    assert "was not taken" in text_of(late)
    told = text_of(desk.get(url("application", file, candidate.label)))
    assert "All of it." in told
    assert "Camille" not in told
    assert "All of it" not in Clarification.objects.get().locked_answer


def _token_of(letter: OutgoingMessage) -> str:
    found = re.search(r"clarification/([a-z0-9]+)/", envelope.make_again(crypto.decrypt(letter.payload)).body)
    assert found
    return found.group(1)


def test_the_own_link_shows_the_question_in_both_languages(
    own: Assignment, candidate: Candidate, link: SupplierLink
) -> None:
    asked = ask(own, candidate)
    for language, words in (
        ("en", "Questions about your application"),
        ("fr", "Questions sur votre demande"),
    ):
        page = text_of(Client().get(page_of(link.token, language)))
        assert asked.question in page
        assert words in page
        with override(language):
            own_page = proposals.form_page(language).address_of("link", link.token)
            response = Client().get(own_page)
        assert asked.question in text_of(response)
        assert page_of(link.token, language) in response.content.decode()


def test_any_other_link_shows_nothing(own: Assignment, candidate: Candidate) -> None:
    ask(own, candidate)
    other = Candidate.objects.exclude(pk=candidate.pk).get(round=own.round)
    assert other
    for token in (SupplierLink.generate().token, "nonsense", "x" * 500):
        response = Client().get(page_of(token))
        assert response.status_code == 404
        assert "Which part" not in response.content.decode()


def test_no_answer_is_taken_after_its_time_or_after_the_submission(
    own: Assignment, candidate: Candidate
) -> None:
    asked = ask(own, candidate)
    evaluations.judge_all(own)
    handing_in.hand_in(own, user=own.evaluator)
    with pytest.raises(asking.TooLate):
        asking.answer(asked, "Too late.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Clarification.objects.filter(pk=asked.pk).update(locked_answer="x", answered_at=asked.asked_at)


def test_nobody_asks_before_attesting_or_for_another(file: Solicitation) -> None:
    (own,) = evaluations.named(file, attested=False)
    candidate = own.round.candidates.first()
    assert candidate is not None
    with pytest.raises(services.Refused):
        ask(own, candidate)
    assert browser(evaluations.evaluator("other")).get(url("ask", file, 1, 1)).status_code in (302, 403)


def test_an_unlawful_question_or_answer_is_refused_by_the_database_too(
    own: Assignment, candidate: Candidate
) -> None:
    asked = ask(own, candidate)
    asking.answer(asked, "All of it.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Clarification.objects.filter(pk=asked.pk).update(question="Another?")
    with pytest.raises(DatabaseError), transaction.atomic():
        Clarification.objects.filter(pk=asked.pk).update(locked_answer="y")


# --- working translations ----------------------------------------------------------------------


def test_a_translator_translates_without_names_what_an_evaluator_asks_for(
    file: Solicitation, own: Assignment, candidate: Candidate
) -> None:
    desk, translator = browser(own.evaluator), browser(people.the(roles.TRANSLATOR))
    for _twice in range(2):
        desk.post(url("request-translation", file, candidate.label))
    wanted = WorkingTranslation.objects.get()
    assert wanted.language == "fr"
    address = reverse("evaluation:translate", args=[wanted.pk])
    page = translator.get(address)
    assert "my friend Luc" in text_of(page)
    assert "Camille" not in page.content.decode()
    field = BeautifulSoup(page.content, "html.parser").find("textarea")["name"]
    assert translator.post(address, {field: " "}).status_code == 422
    translator.post(address, {field: "Je suis [masqué]; voyez la forge."})
    told = text_of(desk.get(url("application", file, candidate.label)))
    assert "Je suis [masqué]" in told
    assert "The original alone counts." in told
    assert "stays as it is" in text_of(translator.get(address))
    with pytest.raises(services.Refused):
        asking.translate(wanted, user=people.the(roles.TRANSLATOR), texts={})
    assert "masqué" not in WorkingTranslation.objects.get().locked_texts


@pytest.mark.parametrize(
    "role", [roles.CLIENT, roles.CFOB, roles.IT_STRATEGY, roles.EVALUATOR, roles.AUDITOR]
)
def test_nobody_else_translates(own: Assignment, candidate: Candidate, user_in: Any, role: str) -> None:
    wanted = asking.ask_translation(own, user=own.evaluator, candidate=candidate)
    response = browser(user_in(role, "somebody")).get(reverse("evaluation:translate", args=[wanted.pk]))
    assert response.status_code in (302, 403)
    assert "my friend Luc" not in response.content.decode()


def test_translation_waits_for_translators(own: Assignment, candidate: Candidate) -> None:
    from microacq_pages.waiting import waiting_for

    asking.ask_translation(own, user=own.evaluator, candidate=candidate)
    items = waiting_for(people.the(roles.TRANSLATOR))
    assert [str(item.label) for item in items if item.kind == "evaluation"] == ["Write a working translation"]


# --- reopening ---------------------------------------------------------------------------------


def test_those_who_applied_are_told_of_a_reopening_in_their_language(
    file: Solicitation, own: Assignment
) -> None:
    evaluations.judge_all(own)
    handing_in.hand_in(own, user=own.evaluator)
    transition(file, "sign_off", user=people.the(roles.CFOB))
    transition(file, "reopen", user=people.the(roles.CFOB), reason="Wrong.", reason_fr="Erroné.")
    assert OutgoingMessage.objects.filter(kind="evaluation_reopened").count() == 2


@pytest.mark.parametrize("model", [Redaction, Recognition, Clarification, WorkingTranslation])
def test_nothing_is_deleted(file: Solicitation, own: Assignment, candidate: Candidate, model: Any) -> None:
    ask(own, candidate)
    asking.ask_translation(own, user=own.evaluator, candidate=candidate)
    asking.recognize(own, user=own.evaluator, candidate=candidate)
    asking.hide(own.round, user=people.the(roles.IT_STRATEGY), candidate=candidate, passages={})
    assert model.objects.exists()
    for statement in ("DELETE FROM", "TRUNCATE"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} {model._meta.db_table}")
