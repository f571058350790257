"""Lists of skills, split and matched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.importing.skills import key, match, split_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Azure Policies and Azure Runbooks (via Powershell)",
            ["Azure Policies", "Azure Runbooks", "Powershell"],
        ),
        (
            "Azure Policies et Azure Runbooks (via Powershell)",
            ["Azure Policies", "Azure Runbooks", "Powershell"],
        ),
        ("Docker, JSON, Python and HTML.", ["Docker", "JSON", "Python", "HTML"]),
        ("Docker, JSON, and HTML", ["Docker", "JSON", "HTML"]),
        ("Python (3.11 or later)", ["Python (3.11 or later)"]),
        ("Testing (unit and browser), CI/CD", ["Testing (unit and browser)", "CI/CD"]),
        ("Python; python", ["Python"]),
        ("", []),
    ],
)
def test_a_sentence_of_skills_is_split_into_names(text: str, names: list[str]) -> None:
    assert split_names([text]) == names


def test_a_name_that_exists_is_not_split() -> None:
    assert split_names(["Research and development, Python"], ["research and Development"]) == [
        "Research and development",
        "Python",
    ]


def test_names_are_matched_without_regard_to_case_accents_or_a_note_in_brackets() -> None:
    existing = {key("Intégration continue"): 1, key("Python"): 2}
    result = match(["integration continue", "Python (3.11 or later)", "Rust"], existing)
    assert (result.found, result.unmatched) == ([1, 2], ["Rust"])


@given(st.lists(st.text()))
def test_splitting_never_fails_and_gives_each_name_once(texts: list[str]) -> None:
    names = split_names(texts)
    assert all(names)
    assert len({key(name) for name in names}) == len(names)
