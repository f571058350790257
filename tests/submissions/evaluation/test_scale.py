"""500 applications to one file: every screen of its evaluation answers in half a second (issue 5)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from microacq_pages import roles
from submissions.evaluation import boards, services
from submissions.solicitations.models import Solicitation
from tests.factories import evaluations, people
from tests.submissions.evaluation.test_screens import browser, url

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

#: Seconds on the machine that runs the tests, the fastest of three; the screens take a third of it.
LIMIT = 0.5


def seconds(client: Any, address: str) -> float:
    measured = []
    for _attempt in range(3):
        started = time.perf_counter()
        assert client.get(address).status_code == 200, address
        measured.append(time.perf_counter() - started)
    return min(measured)


def test_every_screen_of_500_applications_answers_in_half_a_second(db: None) -> None:
    file: Solicitation = evaluations.crowd(500)
    first, second = evaluations.named(file, "anne", "bert")
    for one in (first, second):
        evaluations.judge_in_bulk(one)
    desk, team = browser(first.evaluator), browser(people.the(roles.IT_STRATEGY))
    measured = {
        name: seconds(client, address)
        for name, client, address in (
            ("evaluation", desk, url("file", file)),
            ("criterion", desk, url("criterion", file, 1)),
            ("last page of a criterion", desk, url("criterion", file, 2) + "?p=25"),
            ("application", desk, url("application", file, 250)),
            ("names", team, url("names", file)),
        )
    }
    for one in (first, second):
        services.hand_in(one, user=one.evaluator)
    signer = browser(people.the(roles.CFOB))
    measured |= {
        name: seconds(signer, url(name, file, *args))
        for name, args in (("verdicts", ()), ("reasons", (250,)), ("sign-off", ()))
    }
    assert boards.read(first.round).digest()
    assert {name: taken for name, taken in measured.items() if taken > LIMIT} == {}, measured
