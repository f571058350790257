"""Who may import, submit and publish: exactly who may do it on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from microacq_pages import roles
from microacq_pages.models import Opportunity
from microacq_pages.reviewing import looks

from .conftest import Texts, changed
from .running import Paths, counts, french_version, imported, refused, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("skills_and_project")]


@pytest.mark.parametrize(
    "role", [roles.CFOB, roles.TRANSLATOR, roles.EVALUATOR, roles.FINANCE, roles.AUDITOR]
)
def test_who_may_not_write_opportunities_does_not_import_them(
    paths: Paths, user_in: Callable[..., Any], role: str
) -> None:
    user = user_in(role)
    before = counts()
    assert "may not write opportunities" in refused(paths(), "--as", user.username)
    assert counts() == before


def test_another_client_cannot_change_the_draft(
    paths: Paths, texts: Texts, author: Any, user_in: Callable[..., Any]
) -> None:
    run(paths(), "--as", author.username)
    other = user_in(roles.CLIENT, username="other-client")
    english = changed(texts[0], "title: Find", "title: Seek")
    assert "may not edit" in refused(paths(english), "--as", other.username)


def test_the_translation_alone_is_changed_only_by_its_author_or_a_translator(
    paths: Paths, texts: Texts, author: Any, translator: Any, user_in: Callable[..., Any]
) -> None:
    run(paths(), "--as", author.username, "--submit")
    files = paths(None, changed(texts[1], "Équipe des guides", "Équipe chargée des guides"))
    before = counts()
    for user in (author, user_in(roles.EVALUATOR)):
        assert "only its translators may change" in refused(files, "--as", user.username)
    assert counts() == before
    run(files, "--as", translator.username)
    assert french_version(imported()).team == "Équipe chargée des guides"


def test_a_person_must_be_known_and_is_needed_to_submit_or_publish(paths: Paths) -> None:
    assert "no active account called “nobody”" in refused(paths(), "--as", "nobody")
    assert "Only a person can submit or publish" in refused(paths(), "--submit")
    assert "Only a person can submit or publish" in refused(paths(), "--publish")


def test_submitting_starts_the_workflow_and_locks_the_draft(paths: Paths, texts: Texts, author: Any) -> None:
    assert "Submitted for review." in run(paths(), "--as", author.username, "--submit")
    page = imported()
    assert page.current_workflow_state.requested_by == author
    assert "is under review already" in refused(paths(), "--as", author.username, "--submit")
    english = changed(texts[0], "title: Find", "title: Seek")
    message = refused(paths(english), "--as", author.username)
    assert "only who reviews it may change it" in message or "may not edit" in message
    assert "only who reviews it" in refused(paths(english))


def test_what_was_sent_back_is_changed_and_submitted_again(
    paths: Paths, texts: Texts, author: Any, it_strategy: Any
) -> None:
    run(paths(), "--as", author.username, "--submit")
    state = imported().current_workflow_task_state
    state.task.specific.on_action(state, it_strategy, "reject", comment="Say which systems.")
    english = changed(texts[0], "title: Find", "title: Seek")
    run(paths(english), "--as", author.username, "--submit")
    page = imported()
    assert page.workflow_in_progress
    assert page.workflow_states.count() == 1
    assert page.current_workflow_task_state.revision_id == page.latest_revision_id


def test_publishing_what_is_missing_something_names_each_thing_and_writes_nothing(
    paths: Paths, texts: Texts, it_strategy: Any
) -> None:
    before = counts()
    english = changed(changed(texts[0], "licence: MIT\n", ""), "branch: Communications\n", "")
    message = refused(paths(english), "--as", it_strategy.username, "--publish")
    assert "Missing: the licence." in message
    assert "Missing: the branch." in message
    assert "You wrote this text: another person must approve it." in message
    assert counts() == before


@pytest.mark.parametrize("role", [roles.CLIENT, roles.CFOB, roles.TRANSLATOR, roles.EVALUATOR])
def test_who_may_not_publish_does_not_publish_by_import(
    paths: Paths, author: Any, user_in: Callable[..., Any], role: str
) -> None:
    run(paths(), "--as", author.username)
    user = author if role == roles.CLIENT else user_in(role)
    assert "may not publish" in refused(paths(), "--as", user.username, "--publish")


def test_a_superuser_who_imported_it_does_not_publish_it_alone(paths: Paths, admin: Any) -> None:
    message = refused(paths(), "--as", admin.username, "--publish")
    assert "You wrote this text" in message
    assert "Nobody has approved it" in message


def test_at_the_end_of_the_workflow_the_person_who_may_publishes_both_languages(
    paths: Paths, author: Any, it_strategy: Any, cfob: Any, translator: Any, skills_and_project: Any
) -> None:
    run(paths(), "--as", author.username, "--submit")
    page = _reviewed(it_strategy, cfob, translator)
    assert "Published in both languages." in run(paths(), "--as", it_strategy.username, "--publish")
    connection.check_constraints()
    assert list(
        Opportunity.objects.filter(translation_key=page.translation_key).values_list("live", flat=True)
    ) == [
        True,
        True,
    ]
    assert "is posted" in refused(paths(), "--as", author.username)


def _reviewed(*people: Any) -> Opportunity:
    for person in people:
        page = Opportunity.objects.get(locale__language_code="en")
        looks.record_look(page, person)
        state = page.current_workflow_task_state
        state.task.specific.on_action(state, person, "approve")
    return Opportunity.objects.get(locale__language_code="en")
