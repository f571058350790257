"""What Wagtail saves by itself while somebody types: rows that are only begun, and what cannot be saved."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from microacq_pages import pairs
from microacq_pages.models import Opportunity, Skill
from tests.factories import pages
from tests.microacq_pages.routes.world import filled_form

pytestmark = [
    pytest.mark.django_db(databases=["default", "refusals"]),
    pytest.mark.usefixtures("project_once"),
]

RICH = '{"blocks":[{"key":"a","text":"%s","type":"unstyled","depth":0}],"entityMap":{}}'


@pytest.fixture
def opportunity(author: Any) -> Opportunity:
    return pages.make_opportunity(author)


@pytest.fixture
def client(author: Any) -> Client:
    entered = Client()
    entered.force_login(author)
    return entered


def with_row(data: dict[str, Any], relation: str, **values: Any) -> dict[str, Any]:
    """The form with one more row in a list, as its button “Add” makes it."""
    number = int(data[f"{relation}-TOTAL_FORMS"])
    row = {f"{relation}-{number}-{name}": value for name, value in values.items()}
    return {**data, **row, f"{relation}-{number}-ORDER": number + 1, f"{relation}-TOTAL_FORMS": number + 1}


def saved(client: Client, page: Opportunity, data: dict[str, Any]) -> Any:
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), data, headers={"accept": "application/json"}
    )


def judged(client: Client, page: Opportunity, data: dict[str, Any]) -> dict[str, str]:
    answer: dict[str, str] = client.post(reverse("microacq_findings_of_page", args=[page.pk]), data).json()
    return answer


@pytest.mark.parametrize(
    ("relation", "values"),
    [
        ("opportunity_skills", {"skill": "", "id": ""}),
        ("criteria", {"statement": RICH % "", "word_limit": 250, "standard": "", "id": ""}),
        ("acceptance_criteria", {"statement": RICH % "", "standard": "", "id": ""}),
        ("attachments", {"title": "", "document_en": "", "document_fr": "", "id": ""}),
    ],
)
def test_a_row_that_is_only_begun_does_not_stop_the_saving(
    client: Client, opportunity: Opportunity, relation: str, values: dict[str, Any]
) -> None:
    data = with_row({**filled_form(client, opportunity), "teaser": "Typed just now."}, relation, **values)
    answer = saved(client, opportunity, data)
    assert answer.status_code == 200, answer.content
    assert pairs.latest(Opportunity.objects.get(pk=opportunity.pk)).teaser == "Typed just now."


def test_a_skill_that_was_chosen_is_kept_beside_a_blank_row(client: Client, opportunity: Opportunity) -> None:
    skill = Skill.objects.create(name="Rust", locale=Locale.objects.get(language_code="en"))
    data = filled_form(client, opportunity)
    data = with_row(
        with_row(data, "opportunity_skills", skill=skill.pk, id=""), "opportunity_skills", skill=""
    )
    assert saved(client, opportunity, data).status_code == 200
    latest = pairs.latest(Opportunity.objects.get(pk=opportunity.pk))
    assert [link.skill.name for link in latest.opportunity_skills.all()][-1] == "Rust"


@pytest.mark.parametrize(
    ("relation", "values", "told"),
    [
        ("criteria", {"statement": RICH % "Show it.", "word_limit": "", "standard": ""}, "2. Word limit"),
        ("criteria", {"statement": RICH % "Show it.", "word_limit": 5, "standard": ""}, "2. Word limit"),
    ],
)
def test_what_cannot_be_saved_is_named_with_its_row(
    client: Client, opportunity: Opportunity, relation: str, values: dict[str, Any], told: str
) -> None:
    data = with_row(filled_form(client, opportunity), relation, **values)
    answer = saved(client, opportunity, data)
    assert answer.status_code == 400
    found = judged(client, opportunity, data)
    assert told in found["findings"]
    assert "1 thing must be changed" in found["summary"] or "things must be changed" in found["summary"]


def test_the_summary_counts_everything_that_the_panel_lists(client: Client, author: Any) -> None:
    opportunity = pages.make_opportunity(author, justified=False)
    data = filled_form(client, opportunity)
    answer = judged(client, opportunity, data)
    listed = answer["findings"].count("<li>") + answer["around"].count("<li>")
    assert "not translated" in answer["around"]
    assert sum(int(count) for count in re.findall(r"\d+", answer["summary"])) == listed


def test_what_is_quoted_in_the_other_language_says_so(client: Client, opportunity: Opportunity) -> None:
    long_sentence = "This sentence " + "goes on and on " * 10 + "to its end."
    data = {**filled_form(client, opportunity), "teaser": long_sentence}
    assert 'lang="en"' not in judged(client, opportunity, data)["findings"]
    profile = UserProfile.get_for_user(opportunity.owner)
    profile.preferred_language = "fr"
    profile.save()
    assert '<span lang="en">This sentence goes' in judged(client, opportunity, data)["findings"]


def test_a_skill_is_found_by_a_part_of_its_name(client: Client) -> None:
    for name in ("Python", "Rust", "TypeScript"):
        pages.make_skill(name)
    namespace = Skill.snippet_viewset.get_chooser_admin_url_namespace()
    for view in ("choose", "choose_results"):
        answer = client.get(reverse(f"{namespace}:{view}"), {"q": "scri"})
        html = answer.json()["html"] if view == "choose" else answer.content.decode()
        assert "TypeScript" in html, view
        assert "Rust" not in html, view
