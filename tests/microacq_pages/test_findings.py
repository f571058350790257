"""The guardrails as people meet them: in the editor while they write, at submission, for reviewers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, WorkflowState
from wagtail.users.models import UserProfile

from microacq_pages import findings, pairs, roles
from microacq_pages.blockers import PublicationBlocked
from microacq_pages.models import Opportunity, OpportunityIndex, ProjectIndex
from tests.factories import pages
from tests.microacq_pages.routes.world import filled_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drafted_once")]


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def judged(client: Client, page: Page, **typed: Any) -> dict[str, str]:
    data = {**filled_form(client, page), **typed}
    response = client.post(reverse("microacq_findings_of_page", args=[page.pk]), data)
    assert response.status_code == 200
    answer: dict[str, str] = response.json()
    return answer


@pytest.fixture
def opportunity(author: Any) -> Opportunity:
    return pages.the_opportunity(author)


# --- while one writes -----------------------------------------------------------------------------------


def test_what_is_typed_is_judged_and_nothing_is_saved(author: Any, opportunity: Opportunity) -> None:
    client = signed_in(author)
    before = opportunity.revisions.count()
    assert "Must be changed" not in judged(client, opportunity)["findings"]
    answer = judged(client, opportunity, licence="CC-BY-4.0", section_32_reference="")
    assert "3 things must be changed." in answer["summary"]  # with the translation, which is not done
    assert "not approved by the Open Source Initiative" in answer["findings"]
    assert 'href="#field-licence"' in answer["findings"]
    assert opportunity.revisions.count() == before
    assert Opportunity.objects.get(pk=opportunity.pk).licence == "MIT"


def test_typed_criteria_are_judged_too(author: Any, opportunity: Opportunity) -> None:
    client = signed_in(author)
    row = opportunity.criteria.first()
    statement = (
        '{"blocks":[{"key":"a","text":"Up to 10 points for each example.","type":"unstyled","depth":0,'
        '"inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}'
    )
    answer = judged(client, opportunity, **{"criteria-0-statement": statement, "criteria-0-id": row.pk})
    assert "answered with pass or fail" in answer["findings"]


def test_the_estimate_follows_what_is_typed(author: Any, opportunity: Opportunity) -> None:
    answer = judged(signed_in(author), opportunity, price="8000", estimated_hours="50", hourly_rate="90")
    for part in ("$90 × (50 + 10) = $5,400", "$3,600 to $6,000", "$695.65", "$8,400", "$9,200", "Quebec"):
        assert part in answer["estimate"], part


def test_a_value_that_is_no_value_is_told_beside_the_rest(author: Any, opportunity: Opportunity) -> None:
    answer = judged(signed_in(author), opportunity, price="much", selection_date="tomorrow", teaser="")
    assert "Enter a number." in answer["findings"]
    assert "Enter a valid date." in answer["findings"]
    assert "Missing: the short description." in answer["findings"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reader_is_answered_in_their_language(
    author: Any, opportunity: Opportunity, language: str
) -> None:
    profile = UserProfile.get_for_user(author)
    profile.preferred_language = language
    profile.save()
    answer = judged(signed_in(author), opportunity, teaser="", price="9000")
    assert ("À changer" in answer["findings"]) is (language == "fr")
    assert ("Terre-Neuve-et-Labrador" in answer["estimate"]) is (language == "fr")


def test_a_new_opportunity_is_judged_before_it_exists(author: Any) -> None:
    parent = pages.index(OpportunityIndex)
    client = signed_in(author)
    page = client.get(reverse("wagtailadmin_pages:add", args=["microacq_pages", "opportunity", parent.pk]))
    address = reverse("microacq_findings_of_new", args=[parent.pk])
    assert address in page.content.decode()
    answer = client.post(address, {"title": "A need", "work": "null", "price": "100"})
    assert answer.status_code == 200
    assert "Missing: the description of the work." in answer.json()["findings"]
    assert not Opportunity.objects.filter(title="A need").exists()


def test_only_who_may_edit_is_answered(user_in: Any, author: Any, opportunity: Opportunity) -> None:
    address = reverse("microacq_findings_of_page", args=[opportunity.pk])
    new = reverse("microacq_findings_of_new", args=[pages.index(OpportunityIndex).pk])
    for role in (roles.EVALUATOR, roles.FINANCE, roles.AUDITOR, roles.TRANSLATOR):
        client = signed_in(user_in(role))
        assert client.post(address, {}).status_code in (302, 403), role
        assert client.post(new, {}).status_code in (302, 403), role
    assert Client().post(address, {}).status_code == 302
    assert signed_in(author).get(address).status_code == 405


def test_what_is_no_opportunity_or_too_much_is_refused(author: Any, opportunity: Opportunity) -> None:
    client = signed_in(author)
    other = pages.index(ProjectIndex).pk
    for name in ("microacq_findings_of_page", "microacq_findings_of_new"):
        # What is not found is looked for under the reader's language before it is refused.
        assert client.post(reverse(name, args=[other]), {}, follow=True).status_code == 404
    address = reverse("microacq_findings_of_page", args=[opportunity.pk])
    answer = client.post(address, {"work": "x" * (findings.LARGEST + 1)})
    assert answer.status_code == 413
    assert client.post(address, {"criteria-TOTAL_FORMS": "x"}).status_code == 200
    for broken in ("{", "[]", '{"blocks": 3}', "5"):
        assert client.post(address, {"work": broken}).status_code == 400, broken


def test_the_editor_shows_the_state_as_last_saved(author: Any) -> None:
    page = pages.make_opportunity(author, section_32_reference="", background="<p>PROTECTED B</p>")
    html = signed_in(author).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Missing: the section 32 reference." in html
    assert "is a security marking" in html
    assert 'id="field-section_32_reference"' in html
    assert 'id="field-criteria"' in html
    assert "$6,400" in html


def test_reviewers_see_the_estimate(opportunity: Opportunity) -> None:
    from wagtail import hooks

    shown = [
        panel
        for answer in hooks.get_hooks("microacq_review_panels")
        for panel in answer(opportunity, opportunity.owner)
        if isinstance(panel, findings.EstimateComponent)
    ]
    (panel,) = shown
    assert "$6,400" in panel.render_html({})


# --- when it is submitted -------------------------------------------------------------------------------


def test_an_unfinished_text_is_not_submitted_in_the_editor_and_nothing_typed_is_lost(author: Any) -> None:
    page = pages.make_opportunity(author, section_32_reference="", price=None)
    client = signed_in(author)
    data = {**filled_form(client, page), "teaser": "Typed a moment ago.", "action-submit": "1"}
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)
    html = answer.content.decode()
    assert "It was not submitted for review" in html
    assert "Missing: the section 32 reference." in html
    assert "Missing: the fixed price." in html
    assert not WorkflowState.objects.exists()
    assert pairs.latest(Opportunity.objects.get(pk=page.pk)).teaser == "Typed a moment ago."


def test_a_new_unfinished_text_is_saved_as_a_draft_when_it_is_submitted(author: Any) -> None:
    parent = pages.index(OpportunityIndex)
    client = signed_in(author)
    address = reverse("wagtailadmin_pages:add", args=["microacq_pages", "opportunity", parent.pk])
    bound = client.get(address).context["form"]
    data: dict[str, Any] = {"title": "A new need", "work": "null", "background": "null"}
    for formset in bound.formsets.values():
        data |= {f"{formset.prefix}-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM")}
    answer = client.post(address, {**data, "action-submit": "1"}, follow=True)
    assert "It was not submitted for review" in answer.content.decode()
    assert Opportunity.objects.filter(title="A new need").count() == 2  # and its translation
    assert not WorkflowState.objects.exists()


def test_code_cannot_submit_an_unfinished_text(author: Any) -> None:
    page = pages.make_opportunity(author, licence="Proprietary")
    with pytest.raises(PublicationBlocked) as refusal:
        page.get_workflow().start(page, author)
    assert [blocker.code for blocker in refusal.value.blockers] == ["licence-unknown"]


def test_a_text_that_was_sent_back_and_broken_is_not_submitted_again(author: Any, it_strategy: Any) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    state = page.current_workflow_task_state
    state.specific.task.specific.on_action(state.specific, it_strategy, "reject", comment="Please mend it.")
    draft = pairs.latest(page)
    draft.section_32_reference = ""
    draft.save_revision(user=author)
    page = Opportunity.objects.get(pk=page.pk)
    with pytest.raises(PublicationBlocked):
        page.current_workflow_state.resume(author)


def test_reviewers_can_go_on_though_the_notice_has_run_out_meanwhile(
    author: Any, it_strategy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    monkeypatch.setattr("microacq_pages.guardrails.dates.NOTICE", 40)
    first = page.current_workflow_task_state.task_id
    page = pages.approve_step(page, it_strategy)
    assert page.current_workflow_task_state.task_id != first
