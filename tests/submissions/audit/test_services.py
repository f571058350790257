"""What is recorded, by whom, and what never is."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from wagtail import hooks
from wagtail.log_actions import LogContext, log, registry
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from submissions.audit.actions import ACTS, REFUSALS, register_acts
from submissions.audit.services import record, record_refusal, salted_digest

BOTH_CONNECTIONS = pytest.mark.django_db(databases=["default", "refusals"])


@pytest.mark.django_db
def test_an_act_names_its_person_and_its_object(person: Any) -> None:
    entry = record(person, "file.opened", user=person, data={"number": "MA-2026-0001", "count": 3})
    assert (entry.user, entry.object_id, entry.action) == (person, str(person.pk), "file.opened")
    assert entry.message == "Opened the applications to MA-2026-0001: 3"


@pytest.mark.django_db
def test_an_act_of_a_visitor_names_nobody(person: Any) -> None:
    assert record(person, "proposal.received", user=AnonymousUser()).user_id is None


@pytest.mark.django_db
def test_an_act_without_a_person_is_that_of_the_active_context(person: Any) -> None:
    with LogContext(user=person) as context:
        entry = record(person, "roles.applied")
    assert (entry.user, entry.uuid) == (person, context.uuid)


@pytest.mark.django_db
def test_an_act_that_nobody_registered_is_not_recorded(person: Any) -> None:
    with pytest.raises(ValidationError):
        record(person, "nobody.knows")
    with pytest.raises(ValidationError):
        record_refusal(person, "nobody.knows", user=person)


@pytest.mark.django_db
def test_addresses_never_reach_the_log(person: Any) -> None:
    entry = record(
        person,
        "file.cancelled",
        data={"number": "MA-2026-0001", "why": ["asked by marie@example.org", {"who": "<jo.d@example.ca>"}]},
    )
    assert entry.data["why"] == ["asked by m•••@•••.org", {"who": "<j•••@•••.ca>"}]


@BOTH_CONNECTIONS
def test_a_refusal_is_recorded_on_its_own_connection(person: Any, refusals: Any) -> None:
    record_refusal(person, "proposal.read_refused", user=person, data={"number": "MA-2026-0001"})
    assert not ModelLogEntry.objects.filter(action="proposal.read_refused").exists()
    entry = refusals.get()
    assert (entry.user_id, entry.object_id) == (person.pk, str(person.pk))
    assert entry.data == {"number": "MA-2026-0001"}


@BOTH_CONNECTIONS
def test_a_refusal_about_a_page_is_recorded_with_the_page(person: Any, refusals: Any) -> None:
    page = Page.get_first_root_node()
    record_refusal(page, "publication.refused", user=person, data={"reasons": "the French is missing"})
    entry = PageLogEntry.objects.using("refusals").get(action="publication.refused")
    assert (entry.page_id, entry.user_id) == (page.pk, person.pk)
    assert "the French is missing" in entry.message


@BOTH_CONNECTIONS
def test_a_lower_floor_reports_a_refusal_through_the_hook(person: Any, refusals: Any) -> None:
    for keep in hooks.get_hooks("microacq_refused"):
        keep(person, "approval.refused", person, {"reasons": "you wrote it"})
    assert refusals.get().action == "approval.refused"


@pytest.mark.django_db
def test_a_refusal_about_something_without_a_key_is_an_error(person: Any) -> None:
    with pytest.raises(ValueError, match="has a key"):
        record_refusal(type(person)(), "approval.refused", user=person)


def test_a_digest_depends_on_its_salt() -> None:
    assert salted_digest("marie@example.org", "a") == salted_digest("marie@example.org", b"a")
    assert salted_digest("marie@example.org", "a") != salted_digest("marie@example.org", "b")


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_every_act_can_be_put_into_words(act: Any, person: Any) -> None:
    log(instance=person, action=act.name, data={})
    entry = ModelLogEntry.objects.for_instance(person).get(action=act.name)
    assert str(entry.formatter.label)
    assert "%(" not in str(entry.message)


def test_names_of_acts_are_unique_and_registered_once() -> None:
    names = [act.name for act in ACTS]
    assert len(names) == len(set(names))
    choices = registry.get_choices().copy()
    register_acts(registry)
    assert registry.get_choices() == choices
    assert set(REFUSALS) < {name for name, _label in choices}
