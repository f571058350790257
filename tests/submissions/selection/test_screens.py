"""Staff’s screens of a selection: what each shows, what it refuses, that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib import messages
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.waiting import waiting_for
from submissions.selection import panels, services, waiting
from submissions.selection.models import Draw, FrozenList, InputEntry
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from tests.factories import evaluations, people, selections

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

Evaluated = Callable[..., Solicitation]


def screen(act: str, file: Solicitation) -> str:
    return reverse(f"selections:{act}", args=[file.pk])


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def panel_of(file: Solicitation, person: Any) -> dict[str, Any]:
    return panels.SelectionPanel(Solicitation.objects.get(pk=file.pk), person).get_context_data()


def text_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_a_selection_goes_from_the_file_to_its_end_on_the_screens(
    file: Solicitation, drawer: Any, reader: Any
) -> None:
    it, cfob = signed_in(drawer), signed_in(reader)
    file_page = reverse("solicitations:inspect", args=[file.pk])
    assert screen("freeze", file) in it.get(file_page).content.decode()
    shown = text_of(it.get(screen("freeze", file)))
    assert all(receipt in shown for receipt in evaluations.receipts(file)[1:])
    assert evaluations.receipts(file)[0] not in shown

    assert it.post(screen("freeze", file)).status_code == 302
    assert "not known yet" in text_of(it.get(screen("enter", file)))
    selections.let_input_be_known(file)
    for client in (it, cfob):
        typed = {"text": selections.LOTTERY_NUMBERS, "provenance": selections.PAGE}
        assert client.post(screen("enter", file), typed).status_code == 302
    assert selections.PAGE in text_of(it.get(screen("draw", file)))
    assert it.post(screen("draw", file)).status_code == 302

    file.refresh_from_db()
    assert file.state == State.SELECTED
    story = text_of(it.get(file_page))
    assert Draw.objects.get(frozen_list__solicitation=file).order[0] in story
    assert "Carried out the random selection" in story


def test_nothing_happens_by_looking(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    for act in ("freeze", "enter", "draw"):
        signed_in(drawer).get(screen(act, file))
    assert not FrozenList.objects.filter(solicitation=file).exists()


def test_what_was_typed_stays_when_it_is_no_result_of_the_source(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)
    selections.let_input_be_known(file)

    response = signed_in(drawer).post(
        screen("enter", file), {"text": "7 12 18", "provenance": selections.PAGE}
    )

    assert response.status_code == 422
    assert "six different numbers" in text_of(response)
    fields = BeautifulSoup(response.content, "html.parser")
    assert fields.find(id="id_text")["value"] == "7 12 18"  # type: ignore[index]
    assert fields.find(id="id_provenance")["value"] == selections.PAGE  # type: ignore[index]
    assert not InputEntry.objects.filter(frozen_list__solicitation=file).exists()


def test_the_second_reader_does_not_see_what_the_first_entered(
    evaluated: Evaluated, drawer: Any, reader: Any
) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)
    selections.let_input_be_known(file)
    services.enter(file, drawer, selections.LOTTERY_NUMBERS, selections.PAGE)

    assert "07-12-18" not in text_of(signed_in(reader).get(screen("enter", file)))
    # Nor on the file, nor in the record, until both have entered it.
    assert [entry["text"] for entry in panel_of(file, reader)["entries"]] == [""]
    assert [entry["provenance"] for entry in panel_of(file, reader)["entries"]] == [""]
    assert [entry["text"] for entry in panel_of(file, drawer)["entries"]] == ["07-12-18-23-31-46"]
    entered = ModelLogEntry.objects.for_instance(file).get(action="draw.entered")
    assert "07-12-18" not in str(entered.data)
    services.enter(file, reader, selections.LOTTERY_NUMBERS, selections.PAGE)
    assert [entry["text"] for entry in panel_of(file, reader)["entries"]] == ["07-12-18-23-31-46"] * 2


def test_the_words_of_a_witness_are_hidden_from_staff_until_the_draw(drawer: Any, reader: Any) -> None:
    file = selections.evaluated(2, failing=0, source="witnesses")
    services.freeze(file, drawer)
    services.enter(file, drawer, selections.WORDS[0])
    for act in ("enter", "draw"):
        assert "heron" not in text_of(signed_in(reader).get(screen(act, file)))
    services.enter(file, reader, selections.WORDS[1])
    assert "heron" not in text_of(signed_in(drawer).get(screen("draw", file)))
    assert [entry["text"] for entry in panel_of(file, reader)["entries"]] == ["", ""]
    services.carry_out(file, drawer)

    assert [entry["text"] for entry in panel_of(file, reader)["entries"]] == list(selections.WORDS)


@pytest.mark.parametrize(
    "role", [roles.CLIENT, roles.EVALUATOR, roles.FINANCE, roles.AUDITOR, roles.TRANSLATOR]
)
def test_who_may_not_is_led_away_and_the_attempt_is_kept(
    evaluated: Evaluated, role: str, settings: Any
) -> None:
    file, client = evaluated(3), signed_in(people.the(role))

    for act in ("freeze", "enter", "draw"):
        assert client.post(screen(act, file), {"text": "x"}).status_code == 302
    assert not FrozenList.objects.filter(solicitation=file).exists()
    if role in {roles.EVALUATOR, roles.FINANCE, roles.AUDITOR}:
        refused = ModelLogEntry.objects.filter(action="draw.refused", object_id=str(file.pk))
        assert refused.count() == 3


def test_an_act_out_of_turn_is_refused_with_a_sentence_and_changes_nothing(
    evaluated: Evaluated, drawer: Any
) -> None:
    file, client = evaluated(3), signed_in(drawer)

    for act in ("draw", "enter"):
        response = client.post(screen(act, file), {"text": "1 2 3 4 5 6", "provenance": "x"})
        assert response.status_code == 422
        assert "No list is frozen yet" in text_of(response)


def test_a_file_that_does_not_exist_has_no_screen(drawer: Any) -> None:
    for act in ("freeze", "enter", "draw"):
        address = reverse(f"selections:{act}", args=[10**9])
        assert signed_in(drawer).get(address, follow=True).status_code == 404


def test_each_step_waits_for_who_can_do_it(evaluated: Evaluated, drawer: Any, reader: Any) -> None:
    file = evaluated(3)

    def waits(person: Any) -> list[str]:
        fresh = type(person).objects.get(pk=person.pk)
        return [
            str(item.label)
            for item in waiting_for(fresh)
            if item.kind == "selection" and file.number in item.title
        ]

    assert waits(drawer) == ["Begin the selection of a supplier"]
    assert waits(reader) == []
    services.freeze(file, drawer)
    assert waits(drawer) == []
    selections.let_input_be_known(file)
    assert waits(reader) == ["Enter the public input of a random selection"]
    services.enter(file, reader, "1 2 3 4 5 6", selections.PAGE)
    assert waits(reader) == []  # now another person is waited for
    services.enter(file, drawer, selections.LOTTERY_NUMBERS, selections.PAGE)
    assert waits(reader) == waits(drawer) == ["Enter the public input of a random selection"]
    selections.enter_input(file)
    assert waits(drawer) == ["Carry out a random selection"]
    services.carry_out(file, drawer)
    assert waits(drawer) == []


def test_who_evaluated_is_not_waited_for(evaluated: Evaluated) -> None:
    file, evaluator = evaluated(3), evaluations.evaluator()
    evaluator.groups.set([roles.Group.objects.get(name=roles.IT_STRATEGY)])
    evaluator = type(evaluator).objects.get(pk=evaluator.pk)

    assert [item for item in waiting.work_of(evaluator) if file.number in item.title] == []


def test_what_waits_takes_as_many_queries_for_many_files_as_for_one(
    evaluated: Evaluated, drawer: Any, django_assert_max_num_queries: Any
) -> None:
    for passing in (0, 1, 3):
        evaluated(passing)
    services.freeze(evaluated(3), drawer)
    drawer.has_perm("any")

    with django_assert_max_num_queries(8):
        assert len(list(waiting.work_of(drawer))) >= 2


def test_a_list_of_one_is_said_to_be_selected_and_not_to_wait(evaluated: Evaluated, drawer: Any) -> None:
    team = signed_in(drawer)
    for passing, words in ((1, "nothing is drawn"), (3, "The list is frozen, and its digest is public.")):
        response = team.post(screen("freeze", evaluated(passing)))
        *_earlier, said = messages.get_messages(response.wsgi_request)
        assert words in said.message
