"""Whose approval a page needs is data, whatever steps somebody leaves in the workflow."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Task, WorkflowTask

from microacq_pages import roles
from microacq_pages.publishing import PublicationBlocked
from microacq_pages.review import ReviewTask
from microacq_pages.site_setup import OPPORTUNITY_WORKFLOW
from tests.factories import pages, people
from tests.microacq_pages.routes.world import languages_live

pytestmark = [
    pytest.mark.django_db(databases=["default", "refusals"]),
    pytest.mark.usefixtures("project_once"),
]

CFOB_STEP = "CFOB review / Examen par la DGDPF"


def remove_step(name: str) -> None:
    WorkflowTask.objects.filter(workflow__name=OPPORTUNITY_WORKFLOW, task__name=name).delete()


def translated(author: Any, translator: Any) -> Any:
    page = pages.make_opportunity(author)
    pages.translate(page, translator)
    return page


@pytest.mark.parametrize("superuser", [False, True])
def test_an_opportunity_whose_workflow_lost_the_step_of_procurement_is_not_published(
    author: Any, it_strategy: Any, translator: Any, user_in: Any, superuser: bool
) -> None:
    remove_step(CFOB_STEP)
    publisher = user_in(None) if superuser else people.make_user(roles.IT_STRATEGY, "publisher")
    page = pages.run_workflow(translated(author, translator), author, it_strategy, translator)

    with pytest.raises(PublicationBlocked) as refusal:
        pages.approve_step(page, publisher)

    assert [b.code for b in refusal.value.blockers] == ["approval-missing"]
    assert "CFOB procurement" in refusal.value.sentences()[0]
    assert languages_live(page) == []


def test_a_step_that_was_switched_off_is_missed_as_well(
    author: Any, it_strategy: Any, translator: Any
) -> None:
    Task.objects.get(name=CFOB_STEP).deactivate()
    page = pages.run_workflow(translated(author, translator), author, it_strategy, translator)

    with pytest.raises(PublicationBlocked) as refusal:
        pages.approve_step(page, it_strategy)

    assert "approval-missing" in [b.code for b in refusal.value.blockers]


def test_the_step_of_procurement_given_to_another_group_does_not_count_as_procurement(
    author: Any, it_strategy: Any, translator: Any
) -> None:
    step = ReviewTask.objects.get(name=CFOB_STEP)
    step.groups.set(roles.Group.objects.filter(name=roles.IT_STRATEGY))
    page = pages.run_workflow(translated(author, translator), author, it_strategy, it_strategy, translator)

    with pytest.raises(PublicationBlocked) as refusal:
        pages.approve_step(page, it_strategy)

    assert "approval-missing" in [b.code for b in refusal.value.blockers]


def test_the_workflow_finished_in_code_asks_for_the_approvals_too(
    author: Any, it_strategy: Any, translator: Any
) -> None:
    remove_step(CFOB_STEP)
    page = pages.run_workflow(translated(author, translator), author, it_strategy, translator)
    WorkflowTask.objects.filter(workflow__name=OPPORTUNITY_WORKFLOW).delete()

    with pytest.raises(PublicationBlocked) as refusal:
        page.current_workflow_state.finish(user=it_strategy)

    assert "approval-missing" in [b.code for b in refusal.value.blockers]
    assert languages_live(page) == []


def test_with_every_step_the_opportunity_goes_live_in_both_languages(
    author: Any, it_strategy: Any, cfob: Any, translator: Any
) -> None:
    page = translated(author, translator)
    page = pages.run_workflow(page, author, it_strategy, cfob, translator, it_strategy)

    assert languages_live(page) == ["en", "fr"]


def test_other_pages_need_it_strategy_alone(it_strategy: Any, translator: Any) -> None:
    owner = people.make_user(roles.IT_STRATEGY, "owner")
    page = pages.make_content_page(owner)
    pages.translate(page, translator)
    page = pages.run_workflow(page, owner, it_strategy, translator, it_strategy)

    assert languages_live(page) == ["en", "fr"]
    assert roles.needed_approvals("contentpage") == (roles.IT_STRATEGY,)
