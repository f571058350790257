"""The self-check of eligibility: a plain answer, nothing stored, no question twice."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from submissions.audit.models import AuditEntry
from submissions.proposals.draft_models import Draft
from submissions.proposals.enums import Status
from tests.factories import proposals
from tests.submissions.proposals.test_applying import ADDRESSES, address

pytestmark = pytest.mark.django_db

YES = {"en": "Yes, you can apply", "fr": "Oui, vous pouvez présenter une demande"}
NO = {"en": "No, you cannot apply", "fr": "Non, vous ne pouvez pas présenter de demande"}


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def check(client: Client, file: Any, language: str, **answers: str) -> Any:
    page = client.get(f"{address(file, language)}check/")
    token = BeautifulSoup(page.content, "html.parser").find(attrs={"name": "csrfmiddlewaretoken"})
    assert token is not None
    data = {"csrfmiddlewaretoken": token["value"], **answers}
    return client.post(f"{address(file, language)}check/", data)


@pytest.mark.parametrize("status", Status.values)
def test_who_may_apply_is_told_so(supplier: Client, file: Any, language: str, status: str) -> None:
    page = check(supplier, file, language, age_and_capacity="yes", status=status)
    assert page.status_code == 200
    assert YES[language] in page.content.decode()


@pytest.mark.parametrize(
    ("answers", "reasons"),
    [
        ({"age_and_capacity": "no", "status": "metis"}, 1),
        ({"age_and_capacity": "yes", "status": "none"}, 1),
        ({"age_and_capacity": "no", "status": "none"}, 2),
    ],
)
def test_who_may_not_apply_is_told_why(
    supplier: Client, file: Any, language: str, answers: dict[str, str], reasons: int
) -> None:
    page = check(supplier, file, language, **answers)
    assert page.status_code == 200
    shown = BeautifulSoup(page.content, "html.parser")
    assert shown.title.text.startswith(NO[language])
    assert shown.h1.text.strip().startswith(NO[language])
    assert len(shown.find(class_="notice--danger").find_all("p")) == reasons
    assert YES[language] not in page.content.decode()


@pytest.mark.parametrize(
    "answers",
    [{}, {"status": "metis"}, {"age_and_capacity": "perhaps", "status": "metis"}, {"status": "\x00"}],
)
def test_an_answer_that_is_missing_is_asked_for(
    supplier: Client, file: Any, language: str, answers: dict[str, str]
) -> None:
    page = check(supplier, file, language, **answers)
    assert page.status_code == 422
    assert BeautifulSoup(page.content, "html.parser").find(class_="error-summary") is not None


def test_the_answers_go_along_into_the_form(supplier: Client, file: Any, language: str, form_of: Any) -> None:
    answered = check(supplier, file, language, age_and_capacity="yes", status="work_permit")
    start = BeautifulSoup(answered.content, "html.parser").find(
        "form", method="post", action=address(file, language)
    )
    data = {field["name"]: field["value"] for field in start.find_all(["input", "button"])}
    page = supplier.post(start["action"], data)
    assert page.status_code == 200
    form = form_of(page)
    assert (form.data["age_and_capacity"], form.data["status"]) == ("on", "work_permit")
    assert form.soup.find(class_="error-summary") is None
    assert form.soup.find("form", attrs={"data-unsaved": True}) is None
    answer = supplier.post(start["action"], form.fill(status="work_permit").data)
    assert answer.status_code == 303


def test_nothing_of_it_is_stored(supplier: Client, file: Any) -> None:
    before = AuditEntry.objects.count()
    check(supplier, file, "en", age_and_capacity="no", status="none")
    assert not Draft.objects.exists()
    assert AuditEntry.objects.count() == before
    page = check(supplier, file, "en", age_and_capacity="yes", status="metis")
    assert "no-store" in page["Cache-Control"]


def test_it_is_not_asked_once_the_deadline_has_passed(client: Client, file: Any, language: str) -> None:
    proposals.set_deadline(file)
    page = client.get(f"{address(file, language)}check/")
    assert page.status_code == 410


def test_a_stale_csrf_token_keeps_the_answers(supplier: Client, file: Any) -> None:
    page = supplier.post(f"{address(file)}check/", {"age_and_capacity": "yes", "status": "inuit"})
    assert page.status_code == 403
    chosen = BeautifulSoup(page.content, "html.parser").find_all("input", checked=True)
    assert [field["value"] for field in chosen] == ["yes", "inuit"]


def test_an_unknown_number_leads_to_a_friendly_404(client: Client, file: Any) -> None:
    assert client.get(f"{ADDRESSES['en']}MA-2026-9999/check/").status_code == 404
