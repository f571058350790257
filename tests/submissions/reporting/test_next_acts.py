"""What comes next and whose it is, at every step from the opening to the award, as the stages tell it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.waiting import waiting_for
from submissions.awards import confirmations, offers
from submissions.awards.enums import DeclineReason
from submissions.evaluation import assigning, boards, handing_in, judging, results
from submissions.evaluation.models import Assignment, Verdict
from submissions.evaluation.states import SIGN_OFF
from submissions.notices.models import OutgoingMessage
from submissions.reporting import filters, reminders
from submissions.reporting.next_acts import of_groups, of_user, track
from submissions.reporting.tracker import tracked
from submissions.selection import services as selection
from submissions.solicitations.models import Solicitation
from submissions.solicitations.next_acts import groups_with, told
from submissions.solicitations.services import database_clock, transition
from tests.factories import awards, evaluations, people, proposals, selections
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db


def next_of(file: Solicitation) -> tuple[str, str]:
    """What comes next on a file, and whose it is."""
    (row,) = track(list(tracked(Solicitation.objects.filter(pk=file.pk))))
    assert row.act is not None
    return str(row.act.label), str(row.act.who)


def named(person: Any) -> str:
    return str(person.get_full_name() or person.get_username())


def judge(one: Assignment, choice: bool = True) -> None:
    for candidate in boards.read(one.round).candidates:
        for item in boards.criteria_of(one.round):
            judging.judge(
                one, user=one.evaluator, candidate=candidate, item=item, choice=choice, reason="It says so."
            )


def test_the_tracker_names_each_step_of_an_evaluation() -> None:
    file = evaluations.opened(2)
    assert next_of(file) == ("Name evaluators", "IT Strategy")
    anne, bert = evaluations.named(file, "anne", "bert", attested=False)
    both = f"{named(anne.evaluator)}, {named(bert.evaluator)}"
    assert next_of(file) == ("Attest that there is no conflict of interest", both)
    anne, bert = (assigning.attest(one, user=one.evaluator) for one in (anne, bert))
    assert next_of(file) == ("Evaluate the applications", both)
    judge(anne)
    assert next_of(file) == ("Evaluate the applications", named(bert.evaluator))
    judge(bert, choice=False)
    assert next_of(file) == ("Hand the verdicts in", both)
    for one in (anne, bert):
        handing_in.hand_in(one, user=one.evaluator)
    assert next_of(file) == ("Agree on the verdicts", both)
    for candidate in boards.read(anne.round).candidates:
        (item,) = boards.criteria_of(anne.round)
        judging.agree_on(
            anne, user=anne.evaluator, candidate=candidate, item=item, choice=True, reason="Two years."
        )
    handing_in.agree(anne, user=anne.evaluator)
    assert next_of(file) == ("Agree on the verdicts", named(bert.evaluator))
    handing_in.agree(bert, user=bert.evaluator)
    assert next_of(file) == ("Sign the evaluation off", "IT Strategy, CFOB procurement")


def test_the_tracker_names_each_step_of_a_selection() -> None:
    file = selections.evaluated(2)
    assert next_of(file) == ("Freeze the list of those that passed", "IT Strategy")
    selection.freeze(file, selections.drawer())
    label, who = next_of(file)
    assert label.startswith("Wait for the public input, known from")
    assert who == "The clock"
    selections.let_input_be_known(file)
    assert next_of(file)[0] == "Enter the public input"
    first, second = selections.readers()
    selection.enter(file, first, "1 2 3 4 5 6", selections.PAGE)
    assert next_of(file)[0] == "Enter the public input, as a second person"
    selection.enter(file, second, selections.LOTTERY_NUMBERS, selections.PAGE)
    assert next_of(file)[0] == "Enter the public input again: what was entered differs"
    selection.enter(file, first, selections.LOTTERY_NUMBERS, selections.PAGE)
    assert next_of(file) == ("Carry out the random selection", "IT Strategy")


def test_where_nobody_passed_the_file_is_to_be_ended() -> None:
    file = selections.evaluated(0, failing=1)
    assert next_of(file) == ("End without a selection", "IT Strategy")


def test_the_tracker_names_each_step_of_an_award() -> None:
    file = selections.selected(1, failing=0)
    assert next_of(file) == ("Offer the work", "IT Strategy")
    offer = offers.make(file, selections.drawer())
    assert next_of(file) == ("Wait for the supplier’s answer", "The supplier")
    awards.accepted(offer, is_government_employee=True)
    assert next_of(file) == ("Wait for the confirmation of a government employee", "The supplier")
    confirmations.take(
        offer.proposal, name="dg.pdf", content_type="application/pdf", content=awards.PDF, language="en"
    )
    assert next_of(file) == ("Sign for the department", "CFOB procurement")
    offers.decline(offer.proposal, DeclineReason.OTHER)
    assert next_of(file) == ("End without an award", "IT Strategy")


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_which_files_have_passing_applications_is_what_the_boards_say(failing: int) -> None:
    file = evaluations.evaluated(2, failing=failing)
    assert results.files_with_passing([file.pk]) == ({file.pk} if results.passing(file) else set())


def test_what_was_agreed_outweighs_what_each_gave_alone() -> None:
    file = evaluations.opened(1)
    anne, bert = evaluations.named(file, "anne", "bert")
    judge(anne)
    judge(bert, choice=False)
    for one in (anne, bert):
        handing_in.hand_in(one, user=one.evaluator)
    (candidate,) = boards.read(anne.round).candidates
    (item,) = boards.criteria_of(anne.round)
    judging.agree_on(
        anne, user=anne.evaluator, candidate=candidate, item=item, choice=True, reason="Two years."
    )
    for one in (anne, bert):
        handing_in.agree(one, user=one.evaluator)
    transition(file, "sign_off", user=people.the(roles.CFOB))
    assert results.passing(file)
    assert results.files_with_passing([file.pk]) == {file.pk}


def test_asking_takes_as_many_queries_for_many_files(django_assert_max_num_queries: Any) -> None:
    def ask() -> list[Any]:
        return [act.label for act in told(list(Solicitation.objects.all())).values()]

    evaluations.named(evaluations.opened(1), "anne")
    selections.evaluated(1, failing=0)
    selections.frozen(2)
    offers.make(selections.selected(1, failing=0), selections.drawer())
    selections.selected(1, failing=0)
    with django_assert_max_num_queries(30) as few:
        assert len(ask()) == 5
    evaluations.named(evaluations.opened(2), "anne", "bert")
    selections.frozen(2)
    offers.make(selections.selected(1, failing=0), selections.drawer())
    with django_assert_max_num_queries(len(few)):
        assert len(ask()) == 8


def overdue_since_long(file: Solicitation) -> None:
    """Let a file be where it is for a month."""
    kind = ContentType.objects.get_for_model(Solicitation)
    acts = ModelLogEntry.objects.filter(content_type=kind, object_id=str(file.pk), action__startswith="file.")
    with guards_down("wagtailcore_modellogentry"):
        acts.update(timestamp=database_clock() - timedelta(days=30))
    proposals.set_deadline(file, after=-timedelta(days=40))


def test_who_has_to_judge_is_reminded_and_nobody_else(it_strategy: Any) -> None:
    file = evaluations.opened(1)
    (one,) = evaluations.named(file, "anne")
    overdue_since_long(file)
    assert reminders.write() == 1
    letter = OutgoingMessage.objects.get(kind="act_overdue")
    assert letter.idempotency_key.endswith(f":{one.evaluator_id}")
    assert "Evaluate the applications" in letter.subject
    assert not [item for item in waiting_for(it_strategy) if item.kind == "overdue"]


def test_nobody_is_reminded_while_the_supplier_decides() -> None:
    file = selections.selected(1, failing=0)
    offers.make(file, selections.drawer())
    overdue_since_long(file)
    assert reminders.write() == 0


def test_a_verdict_without_a_reason_is_still_to_be_given() -> None:
    file = evaluations.opened(1)
    (one,) = evaluations.named(file, "anne")
    judge(one)
    assert next_of(file)[0] == "Hand the verdicts in"
    Verdict.objects.filter(assignment=one).update(reason="")
    assert next_of(file)[0] == "Evaluate the applications"


def test_the_filters_of_the_tracker_find_what_its_column_says(client: Client) -> None:
    file = evaluations.opened(1)
    selection.commit(file)
    (one,) = evaluations.named(file, "anne")
    team, signer = people.the(roles.IT_STRATEGY), people.the(roles.CFOB)

    def found() -> tuple[set[str], set[str]]:
        """Whose filter *mine* has the file, and which groups have it."""
        mine = {named(person) for person in (one.evaluator, team, signer) if lists(person, {"mine": "yes"})}
        groups = {name for name, _label in filters._groups() if lists(team, {"group": name})}
        return mine, groups

    def lists(person: Any, wanted: dict[str, str]) -> bool:
        client.force_login(person)
        shown = client.get(reverse("microacq_tracker"), wanted).context["object_list"]
        return file.number in [row.file.number for row in shown]

    assert found() == ({named(one.evaluator)}, {roles.EVALUATOR})
    judge(one)
    handing_in.hand_in(one, user=one.evaluator)
    assert found() == ({named(signer), named(team)}, set(groups_with(SIGN_OFF)))
    transition(file, "sign_off", user=signer)
    assert named(team) in found()[0]
    selection.freeze(file, selections.drawer())
    offer = offers.make(file, selections.drawer())
    assert found() == (set(), set())
    awards.accepted(offer)
    assert named(signer) in found()[0]


def test_the_filters_of_the_tracker_ask_no_more_of_many_files(
    django_assert_max_num_queries: Any, it_strategy: Any
) -> None:
    evaluations.named(evaluations.opened(1), "anne")
    files = tracked(Solicitation.objects.all())
    it_strategy.get_all_permissions()
    with django_assert_max_num_queries(12) as few:
        of_user(files, it_strategy), of_groups(files, [roles.EVALUATOR])
    for _number in range(2):
        evaluations.named(evaluations.opened(1), "anne")
    with django_assert_max_num_queries(len(few)):
        of_user(files, it_strategy), of_groups(files, [roles.EVALUATOR])
