"""The screens of requests: who reaches which, what a person fills in, what the report counts and exports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from microacq_pages import roles
from microacq_pages.intake import drafting, services
from microacq_pages.intake.models import ClientRequest
from microacq_pages.intake.states import RequestState
from microacq_pages.models import Opportunity
from tests.factories import people
from tests.factories.requests import decided, make_request, request_fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter() -> Callable[[Any], Client]:
    """A browser in which a person is signed in."""

    def sign_in(person: Any) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return sign_in


def posted_form(**fields: Any) -> dict[str, Any]:
    return {name: str(value) for name, value in request_fields(**fields).items()}


def text_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


# --- making one --------------------------------------------------------------------------------


def test_a_client_makes_a_request_on_one_screen(author: Any, enter: Any) -> None:
    response = enter(author).post(reverse("requests:add"), posted_form(), follow=True)

    request = ClientRequest.objects.get()
    assert (request.requester, request.state) == (author, RequestState.RECEIVED)
    assert response.redirect_chain == [(reverse("requests:inspect", args=[request.pk]), 302)]
    assert "was sent to IT Strategy" in text_of(response)


def test_the_form_knows_the_language_and_the_team_of_the_person(author: Any, enter: Any) -> None:
    make_request(author, team="Une équipe")
    form = enter(author).get(reverse("requests:add")).context["form"]

    assert (form["language"].value(), form["team"].value()) == ("en", "Une équipe")
    assert "requester" not in form.fields


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "a" * 101),
        ("title", "nul\x00"),
        ("description", ""),
        ("description", "a" * 2001),
        ("team", ""),
        ("needed_by", ""),
        ("needed_by", "31/02/2027"),
        ("needed_by", str(timezone.localdate())),
        ("rough_hours", "0"),
        ("rough_hours", "0.4"),
        ("rough_hours", "100000"),
        ("rough_hours", "NaN"),
        ("language", "de"),
    ],
)
def test_what_cannot_be_a_request_is_explained_and_nothing_typed_is_lost(
    field: str, value: str, author: Any, enter: Any
) -> None:
    sent = {**posted_form(), field: value}
    response = enter(author).post(reverse("requests:add"), sent)

    form = response.context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in sent} == sent
    assert not ClientRequest.objects.exists()


def test_a_client_cannot_make_a_request_in_the_name_of_another(author: Any, enter: Any) -> None:
    other = people.make_user(roles.CLIENT, "other")
    enter(author).post(reverse("requests:add"), {**posted_form(), "requester": other.pk})
    assert ClientRequest.objects.get().requester == author


def test_it_strategy_writes_down_a_request_that_came_by_telephone(
    author: Any, it_strategy: Any, enter: Any
) -> None:
    enter(it_strategy).post(reverse("requests:add"), {**posted_form(), "requester": author.pk})
    assert ClientRequest.objects.get().requester == author


def test_only_those_who_can_write_opportunities_are_offered_as_clients(it_strategy: Any, enter: Any) -> None:
    finance = people.make_user(roles.FINANCE)
    response = enter(it_strategy).post(reverse("requests:add"), {**posted_form(), "requester": finance.pk})
    assert list(response.context["form"].errors) == ["requester"]


# --- seeing and deciding -----------------------------------------------------------------------


def test_a_client_sees_their_own_requests_and_no_others(author: Any, enter: Any) -> None:
    own, others = make_request(author, title="Mine"), make_request(people.make_user(roles.CLIENT, "other"))
    browser = enter(author)

    listed = browser.get(reverse("requests:index"))
    assert [request.pk for request in listed.context["object_list"]] == [own.pk]
    assert browser.get(reverse("requests:inspect", args=[own.pk])).status_code == 200
    for name, args in (
        ("inspect", [others.pk]),
        ("decide", [others.pk, "withdraw"]),
        ("effort", [others.pk]),
    ):
        assert browser.get(reverse(f"requests:{name}", args=args)).status_code == 302
        browser.post(reverse(f"requests:{name}", args=args), {"reason": "Mine now.", "hours": "1"})
    assert ClientRequest.objects.get(pk=others.pk).state == RequestState.RECEIVED


def test_a_decision_needs_its_reason_and_shows_it_to_the_client(
    author: Any, it_strategy: Any, enter: Any
) -> None:
    request = make_request(author)
    address = reverse("requests:decide", args=[request.pk, "refuse"])
    browser = enter(it_strategy)

    assert "no decision without one" in text_of(browser.post(address, {"reason": " "}))
    browser.post(address, {"reason": "We buy only open-source code."})

    page = text_of(enter(author).get(reverse("requests:inspect", args=[request.pk])))
    assert "Does not fit" in page and "We buy only open-source code." in page


def test_a_decision_that_came_too_late_keeps_what_was_typed(
    author: Any, it_strategy: Any, enter: Any
) -> None:
    request = decided(make_request(author), it_strategy, "refuse")
    response = enter(it_strategy).post(
        reverse("requests:decide", args=[request.pk, "fit"]), {"reason": "It fits well."}
    )
    assert "can no longer be done" in text_of(response)
    assert "It fits well." in response.content.decode()


@pytest.mark.parametrize("who", ["author", "it_strategy"])
def test_the_draft_is_made_with_one_act_and_a_second_click_leads_to_the_same(
    who: str, author: Any, it_strategy: Any, enter: Any
) -> None:
    request = decided(make_request(author), it_strategy, "fit")
    browser = enter({"author": author, "it_strategy": it_strategy}[who])
    address = reverse("requests:decide", args=[request.pk, "draft"])

    first, second = browser.post(address), browser.post(address)

    page = drafting.page_of(ClientRequest.objects.get())
    assert Opportunity.objects.count() == 2  # both languages
    assert {first.url, second.url} == {reverse("wagtailadmin_pages:edit", args=[page.pk])}


def test_looking_at_an_act_does_nothing(author: Any, it_strategy: Any, enter: Any) -> None:
    request = decided(make_request(author), it_strategy, "fit")
    for name in ("draft", "refuse", "close"):
        assert enter(it_strategy).get(reverse("requests:decide", args=[request.pk, name])).status_code == 200
    assert ClientRequest.objects.get().state == RequestState.FITS


def test_the_editor_of_the_draft_leads_back_to_the_request(author: Any, it_strategy: Any, enter: Any) -> None:
    request = decided(make_request(author), it_strategy, "fit", "draft")
    page = drafting.page_of(request)
    back = reverse("requests:inspect", args=[request.pk])
    assert back in enter(author).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_hours_are_recorded_by_it_strategy_and_not_shown_to_the_client(
    author: Any, it_strategy: Any, enter: Any
) -> None:
    request = make_request(author)
    address = reverse("requests:effort", args=[request.pk])
    browser = enter(it_strategy)

    browser.post(address, {"hours": "1.25", "note": "First call"})
    assert "below zero" in text_of(browser.post(address, {"hours": "-2", "note": "Typed twice"}))
    assert browser.post(address, {"hours": "0"}).context["form"].errors
    enter(author).post(address, {"hours": "1"})

    assert ClientRequest.objects.for_report().get().effort == Decimal("1.25")
    inspect = reverse("requests:inspect", args=[request.pk])
    assert "First call" in text_of(browser.get(inspect))
    assert "First call" not in text_of(enter(author).get(inspect))


def test_addresses_of_nothing_are_not_found(it_strategy: Any, author: Any, enter: Any) -> None:
    browser, request = enter(it_strategy), make_request(author)
    assert browser.get("/admin/requests/999999/", follow=True).status_code == 404
    assert browser.get(f"/admin/requests/{request.pk}/decide/promote/", follow=True).status_code == 404
    for path in ("edit/{pk}/", "delete/{pk}/", "{pk}/edit/", "{pk}/delete/"):
        assert browser.get(f"/admin/requests/{path.format(pk=request.pk)}", follow=True).status_code == 404


def test_the_dashboard_leads_to_a_new_request_and_tells_what_became_of_the_last(
    author: Any, it_strategy: Any, enter: Any
) -> None:
    decided(make_request(author), it_strategy, "refuse")
    page = enter(author).get(reverse("wagtailadmin_home"))
    assert reverse("requests:add") in page.content.decode()
    assert "Does not fit" in text_of(page)
    assert (
        reverse("requests:add")
        not in enter(people.make_user(roles.FINANCE)).get(reverse("wagtailadmin_home")).content.decode()
    )


# --- the report --------------------------------------------------------------------------------


@pytest.fixture
def outcomes(author: Any, it_strategy: Any) -> None:
    """One request of every outcome."""
    make_request(author, title="New")
    for title, steps in (
        ("Fits", ["fit"]),
        ("Drafted", ["fit", "draft"]),
        ("No", ["refuse"]),
        ("Lost", ["fit", "close"]),
    ):
        request = decided(make_request(author, title=title), it_strategy, *steps)
        services.record_effort(request, hours=Decimal("2"), note="", user=it_strategy)
    decided(make_request(author, title="=SUM(A1)"), author, "withdraw")


def test_the_report_counts_every_outcome_and_what_came_to_nothing(outcomes: None, enter: Any) -> None:
    auditor = enter(people.make_user(roles.AUDITOR))
    summary = auditor.get(reverse("microacq_requests_report")).context["summary"]

    assert [count for _label, count in summary["counts"]] == [1] * len(RequestState)
    assert (summary["nothing"], summary["nothing_effort"], summary["effort"]) == (3, 4, 8)
    assert summary["days_to_draft"] == 0 and summary["days_to_posting"] is None

    some = auditor.get(reverse("microacq_requests_report"), {"state": ["withdrawn", "fits"]})
    assert {row.title for row in some.context["object_list"]} == {"=SUM(A1)", "Fits"}
    assert some.context["summary"]["total"] == 2


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_report_is_exported_without_formulas(form: str, outcomes: None, enter: Any) -> None:
    response = enter(people.make_user(roles.AUDITOR)).get(
        reverse("microacq_requests_report"), {"export": form}
    )
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert content
    if form == "csv":
        lines = content.decode().splitlines()
        assert len(lines) == 7
        assert any("'=SUM(A1)" in line for line in lines)


def test_list_report_and_page_cost_the_same_whatever_their_number(
    author: Any, it_strategy: Any, enter: Any, django_assert_max_num_queries: Any
) -> None:
    browser = enter(it_strategy)

    def counted() -> list[int]:
        found = []
        for address in (
            reverse("requests:index"),
            reverse("microacq_requests_report"),
            reverse("wagtailadmin_home"),
        ):
            with django_assert_max_num_queries(80) as captured:
                assert browser.get(address).status_code == 200
            found.append(len(captured))
        return found

    make_request(author)
    make_request(it_strategy)
    counted()
    few = counted()
    for number in range(12):
        decided(
            make_request(author, title=f"Request {number}"),
            it_strategy,
            "fit",
            *(["draft"] if number < 2 else []),
        )
        make_request(it_strategy)
    assert counted() == few


def test_a_date_in_the_past_in_the_filter_is_no_error(author: Any, it_strategy: Any, enter: Any) -> None:
    make_request(author)
    yesterday = timezone.localdate() - timedelta(days=1)
    for query in (
        {"received_at_to": str(yesterday)},
        {"received_at_from": "nonsense"},
        {"p": "99"},
        {"state": "x"},
    ):
        assert enter(it_strategy).get(reverse("microacq_requests_report"), query).status_code in (200, 404)
