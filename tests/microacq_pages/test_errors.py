"""Failures are told in the language of the address, and in both where it has none."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest
from django.template import loader
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.users.models import UserProfile

from microacq_pages import errors, roles
from tests.factories import people


def get(path: str) -> HttpRequest:
    return RequestFactory().get(path)


@pytest.mark.parametrize(
    ("path", "languages"),
    [
        ("/en/opportunities/x/", ("en",)),
        ("/fr/opportunites/x/", ("fr",)),
        ("/en", ("en",)),
        ("/documents/9/", ("en", "fr")),
        ("/", ("en", "fr")),
        ("/english/", ("en", "fr")),
    ],
)
def test_the_address_gives_the_language(path: str, languages: tuple[str, ...]) -> None:
    assert errors.languages_of(get(path)) == languages


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_missing_page_is_told_in_the_language_of_its_address(client: Client, language: str) -> None:
    response = client.get(f"/{language}/nothing-here/")
    html = response.content.decode()
    assert response.status_code == 404
    assert response["Content-Language"] == language
    assert f'<html lang="{language}">' in html
    assert f'<section lang="{language}">' in html
    assert html.count("<section lang=") == 1
    assert f'href="/{"fr" if language == "en" else "en"}/nothing-here/"' in html


@pytest.mark.django_db
def test_a_missing_file_is_told_in_both_languages(client: Client) -> None:
    response = client.get("/documents/999999/nothing.pdf")
    html = response.content.decode()
    assert response.status_code == 404
    assert '<section lang="en">' in html
    assert '<section lang="fr">' in html
    assert html.count("<h1>") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_refusal_gives_its_reason(language: str) -> None:
    request = get(f"/{language}/x/")
    response = errors.permission_denied(request, PermissionDenied("The file is <sealed>."))
    assert response.status_code == 403
    assert "The file is &lt;sealed&gt;." in response.content.decode()
    assert f'<html lang="{language}">' in response.content.decode()


@pytest.mark.django_db
def test_a_refusal_without_reason_says_what_may_be_wrong() -> None:
    html = errors.permission_denied(get("/en/x/"), PermissionDenied()).content.decode()
    assert "no longer valid" in html


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_form_that_expired_says_that_nothing_was_sent(language: str) -> None:
    response = errors.csrf_failure(get(f"/{language}/x/"), reason="CSRF cookie not set.")
    assert response.status_code == 403
    assert f'<html lang="{language}">' in response.content.decode()
    assert "CSRF" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "there", "absent"),
    [
        ("/en/x/", "We have a problem", "Nous éprouvons un problème"),
        ("/fr/x/", "Nous éprouvons un problème", "We have a problem"),
    ],
)
def test_a_failure_of_the_server_is_told_without_the_database(path: str, there: str, absent: str) -> None:
    response = errors.server_error(get(path))
    assert response.status_code == 500
    assert there in response.content.decode()
    assert absent not in response.content.decode()


def post(path: str, **headers: str) -> HttpRequest:
    typed = {"answer_1": "<b>Two lines,\nand a third.", "check_1": ["on", "off"]}
    return RequestFactory(headers={"host": "localhost", **headers}).post(path, typed)


@pytest.mark.parametrize(
    ("path", "words"),
    [("/en/x/?a=1", "Send it again"), ("/fr/x/?a=1", "Envoyer de nouveau"), ("/admin/x/", "Send it again")],
)
def test_what_was_typed_is_in_the_page_of_a_failure_and_is_sent_again_with_its_button(
    path: str, words: str
) -> None:
    soup = BeautifulSoup(errors.server_error(post(path, origin="http://localhost")).content, "html.parser")
    form = soup.select_one("form[method=post]")
    assert form is not None and form["action"] == path
    again = [(field["name"], field.text.removeprefix("\n")) for field in form.select("[hidden] textarea")]
    assert again == [("answer_1", "<b>Two lines,\nand a third."), ("check_1", "on"), ("check_1", "off")]
    assert words in form.text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/x/?a=1", "/admin/x/"])
def test_a_form_whose_token_is_stale_is_sent_again_with_a_fresh_one_and_without_passwords(path: str) -> None:
    request = post(path, origin="http://localhost")
    request.POST = request.POST.copy()  # type: ignore[assignment]
    request.POST.update({"csrfmiddlewaretoken": "old", "password1": "secret"})
    answer = errors.csrf_failure(request)
    form = BeautifulSoup(answer.content, "html.parser").select_one("main form[method=post]")
    assert form is not None and form["action"] == path
    assert [field.text.removeprefix("\n") for field in form.select("textarea[name=answer_1]")] == [
        "<b>Two lines,\nand a third."
    ]
    tokens = [field["value"] for field in form.select("[name=csrfmiddlewaretoken]")]
    assert len(tokens) == 1 and tokens != ["old"]
    assert "secret" not in answer.content.decode()
    assert "private" in answer["Cache-Control"]
    elsewhere = errors.csrf_failure(post(path, origin="https://elsewhere.example"))
    assert "Two lines" not in elsewhere.content.decode()


@pytest.mark.parametrize(
    "request_",
    [post("/en/x/", origin="https://elsewhere.example"), get("/en/x/?answer_1=a")],
)
def test_nothing_is_sent_again_from_another_site_or_where_nothing_was_sent(
    request_: HttpRequest,
) -> None:
    assert b"<form" not in errors.server_error(request_).content


def test_a_database_that_cannot_be_reached_is_a_matter_of_a_moment() -> None:
    try:
        raise OperationalError("the database system is starting up")
    except OperationalError:
        response = errors.server_error(get("/en/x/"))
    assert (response.status_code, response["Retry-After"]) == (503, "10")


def test_the_page_of_server_failures_needs_no_context() -> None:
    html = loader.render_to_string("500.html")
    assert "We have a problem" in html
    assert "Nous éprouvons un problème" in html
    assert html.count("<h1>") == 1


def test_a_failure_of_that_page_itself_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> str:
        raise OSError("no templates")

    monkeypatch.setattr(errors.loader, "render_to_string", fail)
    response = errors.server_error(get("/en/x/"))
    assert response.status_code == 500
    assert "Nous éprouvons un problème" in response.content.decode()


@pytest.mark.django_db
def test_the_site_uses_these_answers() -> None:
    from django.urls import get_resolver

    resolver = get_resolver()
    assert resolver.resolve_error_handler(403) is errors.permission_denied
    assert resolver.resolve_error_handler(404) is errors.page_not_found
    assert resolver.resolve_error_handler(500) is errors.server_error


@pytest.mark.django_db
def test_staff_read_that_they_have_no_permission_in_their_own_language(client: Client) -> None:
    staff = people.make_user(roles.CLIENT, "francophone")
    UserProfile.objects.create(user=staff, preferred_language="fr")
    client.force_login(staff)
    # The browser asks for English; Wagtail has left the person's language when it refuses.
    response = client.get(reverse("wagtailusers_users:index"), headers={"accept-language": "en"})
    assert response.status_code == 302
    (said,) = get_messages(response.wsgi_request)
    assert "Désolé" in str(said)
