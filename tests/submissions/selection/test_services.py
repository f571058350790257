"""Freezing, entering, drawing, voiding: what is done, what is refused, and that it is on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import override_settings
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.models import PublicStatus
from submissions.evaluation import results as evaluation_results
from submissions.selection import draw, results, services, sources
from submissions.selection.models import Draw, DrawCommitment, FrozenList, VoidedList
from submissions.selection.services import SelectionRefused
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import TransitionRefused, transition
from tests.factories import evaluations, people, proposals, selections

pytestmark = pytest.mark.django_db

Evaluated = Callable[..., Solicitation]
REASON = {
    "reason": "A verdict was given to another application.",
    "reason_fr": "Un verdict portait sur une autre demande.",
}


def acts(file: Solicitation, action: str) -> int:
    return ModelLogEntry.objects.for_instance(file).filter(action=action).count()


def reopen(file: Solicitation) -> None:
    transition(file, "reopen", user=people.the(roles.CFOB), **REASON)


# --- commitment --------------------------------------------------------------------------------


def test_posting_commits_to_a_secret_that_nobody_can_read(posted_once: Solicitation) -> None:
    commitment = DrawCommitment.objects.get(solicitation=posted_once)

    assert commitment.digest == draw.commitment(commitment.secret())
    assert commitment.secret() not in commitment.locked_secret
    assert commitment.source_key == sources.LOTTO
    assert commitment.made_at >= posted_once.posted_at
    assert acts(posted_once, "draw.committed") == 1
    recorded = ModelLogEntry.objects.for_instance(posted_once).get(action="draw.committed").data
    assert commitment.secret() not in str(recorded)


def test_committing_again_keeps_the_commitment_that_is_still_to_be_used() -> None:
    file = proposals.make_file()

    assert services.commit(file) == services.commit(file)
    assert DrawCommitment.objects.filter(solicitation=file).count() == 1


def test_files_from_before_get_their_commitment_from_the_tick() -> None:
    from submissions.selection.hooks import commit_for_older_files

    file = proposals.make_file()
    told = commit_for_older_files()

    assert told is not None
    assert file.draw_commitments.count() == 1
    assert commit_for_older_files() is None


# --- freeze ------------------------------------------------------------------------------------


def test_freezing_fixes_exactly_what_passed_and_what_input_will_count(
    evaluated: Evaluated, drawer: Any
) -> None:
    file = evaluated(3)

    frozen = services.freeze(file, drawer)

    assert frozen.candidates == evaluation_results.passing(file)
    assert len(frozen.candidates) == 3
    assert frozen.digest == draw.sha256(frozen.canonical)
    assert frozen.round.digest in frozen.canonical
    assert frozen.occurs_at is not None
    assert frozen.occurs_at - frozen.frozen_at >= sources.BEFORE_LOTTERY
    assert file.state == State.EVALUATED
    assert results.order_of(file) == []
    assert acts(file, "draw.frozen") == 1


def test_a_list_is_frozen_once(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)

    with pytest.raises(SelectionRefused, match="cannot be frozen again"):
        services.freeze(file, drawer)
    assert FrozenList.objects.filter(solicitation=file).count() == 1


def test_nothing_is_frozen_before_the_evaluation_is_signed_off(drawer: Any) -> None:
    file = evaluations.opened(2)
    services.commit(file)
    evaluations.submitted(file)

    with pytest.raises(SelectionRefused, match="signed off"):
        services.freeze(file, drawer)


def test_a_single_application_is_selected_without_a_draw(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(1)

    frozen = services.freeze(file, drawer)

    assert file.state == State.SELECTED
    assert results.order_of(file) == frozen.candidates
    assert results.draw_of(file) is None
    assert results.selected_at(file) == frozen.frozen_at
    assert results.who_selected(file) == {drawer.pk}
    recorded = ModelLogEntry.objects.for_instance(file).get(action="file.selected").data
    assert recorded["drawn"] is False
    with pytest.raises(SelectionRefused):
        services.carry_out(file, drawer)


def test_without_a_passing_application_the_file_ends_publicly(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(0)
    with pytest.raises(SelectionRefused, match="nothing to select from"):
        services.freeze(file, drawer)

    transition(file, "find_none", user=drawer)

    assert file.state == State.NONE_SUITABLE
    assert PublicStatus.objects.get(number=file.number).state == State.NONE_SUITABLE
    assert results.order_of(file) == []


def test_a_file_with_a_passing_application_cannot_end_without_a_selection(
    evaluated: Evaluated, drawer: Any
) -> None:
    with pytest.raises(TransitionRefused, match="freeze the list"):
        transition(evaluated(1), "find_none", user=drawer)


def test_nobody_is_selected_by_the_transition_alone(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)

    with pytest.raises(TransitionRefused, match="frozen and drawn"):
        transition(file, "select", user=drawer)


# --- the public input and the draw -------------------------------------------------------------


def test_nothing_is_entered_before_the_source_has_spoken(
    evaluated: Evaluated, drawer: Any, reader: Any
) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)

    with pytest.raises(SelectionRefused, match="not known yet"):
        services.enter(file, reader, selections.LOTTERY_NUMBERS, selections.PAGE)


def test_the_draw_is_octo_41_over_what_was_published(evaluated: Evaluated, drawer: Any, reader: Any) -> None:
    file = evaluated(3)
    frozen = services.freeze(file, drawer)
    selections.let_input_be_known(file)
    # Each types it as they like: the source says how it is written.
    services.enter(file, drawer, "46, 31, 23, 18, 12, 7", selections.PAGE)
    services.enter(file, reader, "07 12 18 23 31 46", "The newspaper of the next morning")

    drawn = services.carry_out(file, drawer)

    frozen.refresh_from_db()
    assert drawn.public_input == f"lotto-649 {frozen.occurrence} 07-12-18-23-31-46"
    assert drawn.public_text == "/".join(
        ["v1", file.number, frozen.digest, frozen.commitment.secret(), drawn.public_input]
    )
    assert drawn.order == [ranked.name for ranked in draw.order(frozen.candidates, drawn.public_text)]
    assert file.state == State.SELECTED
    assert results.order_of(file) == drawn.order
    assert results.draw_of(file) == drawn
    assert results.who_selected(file) == {drawer.pk}
    assert acts(file, "file.selected") == 1


def test_one_person_alone_cannot_enter_the_input(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)
    selections.let_input_be_known(file)
    services.enter(file, drawer, selections.LOTTERY_NUMBERS, selections.PAGE)
    services.enter(file, drawer, selections.LOTTERY_NUMBERS, selections.PAGE)

    with pytest.raises(SelectionRefused, match="Two people"):
        services.carry_out(file, drawer)


def test_two_people_who_read_differently_draw_nothing_until_they_agree(
    evaluated: Evaluated, drawer: Any, reader: Any
) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)
    selections.let_input_be_known(file)
    services.enter(file, drawer, "1 2 3 4 5 6", selections.PAGE)
    services.enter(file, reader, selections.LOTTERY_NUMBERS, selections.PAGE)
    with pytest.raises(SelectionRefused, match="differs"):
        services.carry_out(file, drawer)

    services.enter(file, drawer, selections.LOTTERY_NUMBERS, selections.PAGE)
    drawn = services.carry_out(file, drawer)

    assert drawn.public_input.endswith("07-12-18-23-31-46")
    assert drawn.frozen_list.entries.count() == 3  # the mistake stays on record


@pytest.mark.parametrize(
    "typed", ["", "1 2 3 4 5", "1 2 3 4 5 50", "0 1 2 3 4 5", "1 1 2 3 4 5", "1 2 3 4 5 6 7", "x", "\x00"]
)
def test_what_no_lottery_gives_is_refused_with_a_sentence(
    evaluated: Evaluated, drawer: Any, typed: str
) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)
    selections.let_input_be_known(file)

    with pytest.raises(SelectionRefused, match="six different numbers"):
        services.enter(file, drawer, typed, selections.PAGE)


def test_where_it_was_read_is_part_of_the_input(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)
    selections.let_input_be_known(file)

    with pytest.raises(SelectionRefused, match="where you read it"):
        services.enter(file, drawer, selections.LOTTERY_NUMBERS, " ")


def test_two_witnesses_speak_once_each_and_neither_twice(drawer: Any, reader: Any) -> None:
    file = selections.evaluated(2, failing=0, source=sources.WORDS)
    services.freeze(file, drawer)
    services.enter(file, drawer, "Blue heron’s  early flight")
    with pytest.raises(SelectionRefused, match="They stay"):
        services.enter(file, drawer, "another three words")
    with pytest.raises(SelectionRefused, match="Two witnesses"):
        services.carry_out(file, drawer)
    services.enter(file, reader, "sept pommes dorées")
    with pytest.raises(SelectionRefused):
        services.enter(file, people.make_user(roles.CFOB, "third"), "three more words")

    drawn = services.carry_out(file, drawer)

    assert drawn.public_input.endswith(" blue heron s early flight | sept pommes dorées")
    # The record can be read before the draw: it says that somebody spoke, not what.
    recorded = ModelLogEntry.objects.for_instance(file).filter(action="draw.entered")
    assert "heron" not in str([entry.data for entry in recorded])


@pytest.mark.parametrize(
    "typed", ["two words", "a b c; rm -rf x", "three /slash words", "<b>one two three", "$(x) y z w"]
)
def test_words_hold_nothing_that_a_command_line_would_carry_out(drawer: Any, typed: str) -> None:
    file = selections.evaluated(2, failing=0, source=sources.WORDS)
    services.freeze(file, drawer)

    with pytest.raises(SelectionRefused, match="3 to 12 words"):
        services.enter(file, drawer, typed)


def test_a_list_is_drawn_once(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)
    selections.let_input_be_known(file)
    selections.enter_input(file)
    services.carry_out(file, drawer)

    for again in (services.carry_out, services.freeze):
        with pytest.raises(SelectionRefused):
            again(file, drawer)
    with pytest.raises(SelectionRefused):
        services.enter(file, drawer, "1 2 3 4 5 6", selections.PAGE)
    assert Draw.objects.filter(frozen_list__solicitation=file).count() == 1


# --- who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [roles.CLIENT, roles.CFOB, roles.EVALUATOR, roles.FINANCE, roles.AUDITOR])
def test_who_does_not_select_freezes_and_draws_nothing(evaluated: Evaluated, role: str) -> None:
    file, person = evaluated(3), people.the(role)

    for act in (services.freeze, services.carry_out):
        with pytest.raises(PermissionDenied):
            act(file, person)


@pytest.mark.parametrize("role", [roles.CLIENT, roles.EVALUATOR, roles.FINANCE, roles.AUDITOR])
def test_who_is_no_witness_enters_nothing(evaluated: Evaluated, role: str) -> None:
    with pytest.raises(PermissionDenied):
        services.enter(evaluated(3), people.the(role), selections.LOTTERY_NUMBERS, selections.PAGE)


def test_who_evaluated_has_no_hand_in_the_selection(evaluated: Evaluated) -> None:
    file = evaluated(3)
    evaluator = evaluations.evaluator()
    evaluator.groups.set([roles.Group.objects.get(name=roles.IT_STRATEGY)])
    evaluator = type(evaluator).objects.get(pk=evaluator.pk)

    with pytest.raises(SelectionRefused, match="You evaluated"):
        services.freeze(file, evaluator)


def test_who_selected_does_not_void_the_selection(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(1)
    services.freeze(file, drawer)

    with pytest.raises(TransitionRefused, match="another person reopens"):
        transition(file, "reopen", user=drawer, **REASON)


# --- voiding -----------------------------------------------------------------------------------


def test_reopening_voids_list_and_draw_on_record_and_commits_anew(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)
    selections.let_input_be_known(file)
    selections.enter_input(file)
    drawn = services.carry_out(file, drawer)

    # Whoever can change the setting cannot change what was announced with the opportunity.
    with override_settings(MICROACQ_DRAW_SOURCE=sources.WORDS):
        reopen(file)

    voided = VoidedList.objects.get(frozen_list=drawn.frozen_list)
    assert file.state == State.OPENED
    assert voided.secret == drawn.secret
    assert (voided.get_reason("en"), voided.get_reason("fr")) == (REASON["reason"], REASON["reason_fr"])
    assert results.order_of(file) == []
    assert results.draw_of(file) is None
    assert Draw.objects.filter(pk=drawn.pk).exists()
    first, second = file.draw_commitments.order_by("sequence")
    assert first.digest != second.digest
    assert first.source_key == second.source_key == sources.LOTTO
    assert second.made_at > voided.voided_at
    assert acts(file, "draw.voided") == 1


def test_after_a_reopened_evaluation_another_list_is_drawn_with_another_secret(
    evaluated: Evaluated, drawer: Any
) -> None:
    file = evaluated(3)
    first = services.freeze(file, drawer)
    reopen(file)
    again = file.rounds.get(state="working")
    (assignment,) = again.assignments.all()
    from submissions.evaluation import assigning, handing_in

    assignment = assigning.attest(assignment, user=assignment.evaluator)
    handing_in.hand_in(assignment, user=assignment.evaluator)
    transition(file, "sign_off", user=people.the(roles.CFOB))
    second = services.freeze(file, drawer)
    selections.let_input_be_known(file)
    selections.enter_input(file)

    drawn = services.carry_out(file, drawer)

    assert drawn.frozen_list == second
    assert second.commitment != first.commitment
    assert first.voided.secret != drawn.secret
    assert second.digest != first.digest  # the same applications, another list


def test_voiding_before_the_draw_reveals_the_secret_so_that_nobody_can_hide_what_it_would_have_given(
    evaluated: Evaluated, drawer: Any
) -> None:
    file = evaluated(3)
    frozen = services.freeze(file, drawer)

    reopen(file)

    voided = VoidedList.objects.get(frozen_list=frozen)
    assert draw.commitment(voided.secret) == frozen.commitment.digest


def test_a_cancelled_opportunity_selects_nobody(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(1)
    services.freeze(file, drawer)

    transition(file, "cancel", user=drawer, reason="The need is gone.", reason_fr="Le besoin n’existe plus.")

    assert results.order_of(file) == []
    assert VoidedList.objects.get(frozen_list__solicitation=file).kind == "cancelled"
    assert file.draw_commitments.count() == 1


def test_a_selection_leaves_no_personal_data_in_its_records(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(1)
    services.freeze(file, drawer)
    connection.check_constraints()

    recorded = ModelLogEntry.objects.for_instance(file).filter(action__startswith="draw.")
    assert "Supplier" not in str([entry.data for entry in recorded])
    assert "example.org" not in str([entry.data for entry in recorded])
