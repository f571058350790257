"""The documents of the state machines are what the tables in the code say."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from submissions.management.commands import draw_states
from submissions.proposals.states import TRANSITIONS as PROPOSAL
from submissions.questions.states import TRANSITIONS as QUESTION
from submissions.reporting import diagrams
from submissions.solicitations.enums import State
from submissions.solicitations.states import TRANSITIONS as FILE


@pytest.mark.parametrize("language", draw_states.LANGUAGES)
def test_the_documents_are_up_to_date(language: str) -> None:
    assert draw_states.path_of(language).read_text(encoding="utf-8") == diagrams.document(language), (
        "run manage.py draw_states"
    )


def test_every_transition_is_drawn_from_each_of_its_states() -> None:
    by_name = {machine.name: machine for machine in diagrams.machines()}
    assert len(by_name["file"].edges) == sum(len(rule.sources) for rule in FILE.values())
    assert len(by_name["question"].edges) == sum(len(rule.sources) for rule in QUESTION.values())
    assert len(by_name["proposal"].edges) == sum(
        len(rule.sources) for rules in PROPOSAL.values() for rule in rules
    )
    assert {name for name, _label in by_name["file"].states} == set(State.values)


def test_both_languages_draw_the_same_machines() -> None:
    english, french = (diagrams.document(language) for language in draw_states.LANGUAGES)
    for mark in ("-->", "|---", "## ", "stateDiagram-v2"):
        assert english.count(mark) == french.count(mark)
    assert "Procurement file" not in french


def test_no_word_breaks_the_drawing() -> None:
    for language in draw_states.LANGUAGES:
        for line in diagrams.document(language).splitlines():
            if "-->" in line:
                assert line.count(" : ") <= 1
                assert '"' not in line


def test_the_command_says_when_a_document_is_old(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw_states, "DOCS", tmp_path)
    with pytest.raises(CommandError, match="draw_states"):
        call_command("draw_states", check=True)
    call_command("draw_states", verbosity=0)
    call_command("draw_states", check=True)
