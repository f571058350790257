"""The file of the demonstration whose supplier is selected."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from microacq_pages import roles
from submissions.contracts import desk, proving
from submissions.contracts import results as contracts
from submissions.demo import selections as demo
from submissions.demo.tasks import select_when_opened, speak_when_opened
from submissions.selection import results, services, sources
from submissions.solicitations import proofs
from submissions.solicitations.enums import State
from tests.factories import evaluations, people, proposals

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("source", "said"), [(sources.WORDS, State.AWARDED), (sources.LOTTO, State.EVALUATED)]
)
def test_an_opened_file_is_evaluated_and_goes_as_far_as_its_source_lets_it(
    settings: Any, source: str, said: str
) -> None:
    settings.MICROACQ_DRAW_SOURCE = source
    people.the(roles.EVALUATOR)
    people.make_user(roles.CFOB, "cfob")
    people.make_user(roles.IT_STRATEGY, "it-lead")
    file = evaluations.opened(2)
    services.commit(file)

    assert select_when_opened.call(file.pk) == f"{file.number}: {said}"
    assert select_when_opened.call(file.pk) == f"{file.number}: {said}"
    file.refresh_from_db()
    assert len(results.order_of(file)) == (2 if said == State.AWARDED else 0)
    assert len(demo.WORDS) == 2


def test_while_the_file_is_not_opened_it_is_looked_at_again_later(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    file = proposals.make_file()

    assert "not opened yet" in select_when_opened.call(file.pk)
    (again,) = DBTaskResult.objects.filter(task_path="submissions.demo.tasks.select_when_opened")
    assert again.args_kwargs["args"][0] == file.pk


def test_staff_speak_for_a_supplier_without_email_until_the_work_is_under_way(settings: Any) -> None:
    settings.MICROACQ_DRAW_SOURCE = sources.WORDS
    people.the(roles.EVALUATOR)
    people.make_user(roles.CFOB, "cfob")
    file = proposals.make_file()
    services.commit(file)
    proposals.enter(file, people.the(roles.IT_STRATEGY), correspondence_language="fr")
    evaluations.opened(0, file=file)

    assert speak_when_opened.call(file.pk) == f"{file.number}: {State.AWARDED}"
    assert speak_when_opened.call(file.pk) == f"{file.number}: {State.AWARDED}"
    file.refresh_from_db()
    contract = contracts.contract_of(file)
    assert contract is not None and desk.is_for_staff(contract)
    message = contract.messages.get()
    assert (message.language, message.side, message.entered_for.entered_how) == (
        "fr",
        "supplier",
        "telephone",
    )
    connection.check_constraints()
    outcomes = [proofs.carry_out(check, lambda _done, _all: None) for check in proving.checks(file)]
    assert [each.sentence for one in outcomes for each in one.findings] == []
