"""Two people at once, on connections of their own that really commit, never do an act twice or lose one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.evaluation import assigning, boards, handing_in, judging, services
from submissions.evaluation.enums import RoundState
from submissions.evaluation.models import Assignment, Round, Verdict
from submissions.solicitations.services import TransitionRefused, transition
from tests.factories import evaluations, people
from tests.support.threads import Parallel


@pytest.fixture(autouse=True, scope="module")
def _committed(committed_database: str) -> None:
    people.the(roles.IT_STRATEGY)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    parallel = Parallel()
    for act in acts:
        parallel.start(act)
    return parallel.join()


def test_two_sign_offs_at_once_are_one() -> None:
    file = evaluations.opened(1)
    evaluations.submitted(file)
    signers = [people.make_user(roles.CFOB, f"signer-{number}") for number in range(2)]
    outcomes = at_once(*[lambda user=user: transition(file, "sign_off", user=user) for user in signers])
    assert len([one for one in outcomes if isinstance(one, TransitionRefused)]) == 1
    assert ModelLogEntry.objects.for_instance(file).filter(action="file.evaluated").count() == 1
    assert Round.objects.get(solicitation=file).state == RoundState.SIGNED


def test_signing_and_sending_back_at_once_leave_one_of_both() -> None:
    file = evaluations.opened(1)
    round = evaluations.submitted(file)
    signer = people.make_user(roles.CFOB, "signer-a")
    sender = people.make_user(roles.CFOB, "sender-a")
    outcomes = at_once(
        lambda: transition(file, "sign_off", user=signer),
        lambda: handing_in.send_back(round, user=sender, reason="Say more."),
    )
    refused = [one for one in outcomes if isinstance(one, services.Refused | TransitionRefused)]
    assert len(refused) == 1, outcomes
    file.refresh_from_db()
    state = Round.objects.get(solicitation=file).state
    assert (file.state, state) in (("evaluated", RoundState.SIGNED), ("opened", RoundState.WORKING))


def test_naming_the_same_person_twice_at_once_names_them_once() -> None:
    file = evaluations.opened(1)
    person, team = evaluations.evaluator("named-twice"), people.the(roles.IT_STRATEGY)
    outcomes = at_once(*[lambda: assigning.assign(file, person, user=team)] * 3)
    assert len([one for one in outcomes if isinstance(one, Assignment)]) == 1, outcomes
    assert Round.objects.filter(solicitation=file).count() == 1


def test_the_last_two_to_hand_in_at_once_move_the_round_once() -> None:
    file = evaluations.opened(1)
    both = evaluations.named(file, "hands-in-1", "hands-in-2")
    for one in both:
        evaluations.judge_all(one)
    outcomes = at_once(*[lambda one=one: handing_in.hand_in(one, user=one.evaluator) for one in both])
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert Round.objects.get(solicitation=file).state == RoundState.SUBMITTED
    submitted = ModelLogEntry.objects.for_instance(file).filter(action="evaluation.submitted")
    assert submitted.count() == 1


def test_a_verdict_saved_while_handing_in_is_in_it_or_refused() -> None:
    file = evaluations.opened(1)
    (own,) = evaluations.named(file, "types-on")
    evaluations.judge_all(own)
    board = boards.read(own.round)
    saved, handed = at_once(
        lambda: judging.judge(
            own,
            user=own.evaluator,
            candidate=board.candidates[0],
            item=board.items[0],
            choice=False,
            reason="Changed my mind.",
            seen=1,
        ),
        lambda: handing_in.hand_in(own, user=own.evaluator),
    )
    assert isinstance(handed, Assignment)
    kept = Verdict.objects.get(assignment=own)
    assert kept.passed is (not isinstance(saved, Verdict))
    digest = ModelLogEntry.objects.for_instance(file).get(action="evaluation.submitted").data["digest"]
    assert digest == boards.read(Round.objects.get(solicitation=file)).digest()


def test_two_windows_that_are_the_first_at_once_keep_one_verdict() -> None:
    file = evaluations.opened(1)
    (own,) = evaluations.named(file, "two-windows")
    board = boards.read(own.round)

    def save(reason: str) -> Verdict:
        return judging.judge(
            own,
            user=own.evaluator,
            candidate=board.candidates[0],
            item=board.items[0],
            choice=True,
            reason=reason,
        )

    outcomes = at_once(lambda: save("One."), lambda: save("Two."))
    assert Verdict.objects.filter(assignment=own).count() == 1
    kept = [one for one in outcomes if isinstance(one, Verdict)]
    lost = [one for one in outcomes if isinstance(one, judging.ChangedMeanwhile)]
    assert (len(kept), len(lost)) == (1, 1), outcomes
