"""Readers of the audit see words where its rows hold codes."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils.translation import override

from submissions.audit import codes
from submissions.audit.actions import ACTS, ActFormatter
from submissions.awards.enums import Answered, AnsweredHow
from submissions.contracts.desk_models import SUBJECTS
from submissions.contracts.enums import EndKind
from submissions.proposals.enums import EnteredHow
from submissions.reporting.models import Observation


def test_every_code_of_the_stages_has_its_words() -> None:
    assert set(codes.WORDS["how"]) == {*AnsweredHow.values, *EnteredHow.values}
    assert set(codes.WORDS["what"]) == {*SUBJECTS, *Answered.values}
    assert set(codes.WORDS["kind"]) >= {EndKind.DEFAULT, EndKind.CONVENIENCE, *Observation.Kind.values}


def test_an_act_says_its_codes_in_the_language_of_its_reader() -> None:
    act = next(act for act in ACTS if act.name == "contract.end_proposed")
    row = SimpleNamespace(data={"number": "MA-2026-0001", "kind": "convenience", "percentage": 40})
    with override("fr"):
        said = str(ActFormatter(act).format_message(row))
    assert "Résilier pour raisons de commodité" in said
    assert "convenience" not in said
