"""Files of results are read safely and summed up; whatever is odd is refused in words."""

from __future__ import annotations

import contextlib
import json

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from submissions.contracts import evidence
from submissions.contracts.enums import ResultFormat
from tests.factories.contracts import AXE, JUNIT, SARIF

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<testsuites><testsuite><testcase name="&b;"/></testsuite></testsuites>"""
OUTSIDE = (
    b"""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&e;"/></testsuite>"""
)


def sarif(results: list[object]) -> bytes:
    """Findings of a program with two rules, and an extension with one."""
    rules = [
        {"id": f"{name}", "defaultConfiguration": {"level": level}}
        for name, level in (("a", "error"), ("b", "note"))
    ]
    extension = {"rules": [{"id": "x", "defaultConfiguration": {"level": "note"}}]}
    tool = {"driver": {"name": "CodeQL", "rules": rules}, "extensions": [extension]}
    return json.dumps({"version": "2.1.0", "runs": [{"tool": tool, "results": results}]}).encode()


@pytest.mark.parametrize(
    ("content", "expected", "counts"),
    [
        (JUNIT, ResultFormat.JUNIT, {"tests": 3, "passed": 1, "failed": 1, "skipped": 1}),
        (
            b'<testsuite><testcase name="a"/></testsuite>',
            ResultFormat.JUNIT,
            {"tests": 1, "passed": 1, "failed": 0},
        ),
        # Some programs write sums alone: those of the innermost suites count, once.
        (
            b'<testsuites tests="9" failures="2"><testsuite tests="4" failures="1" skipped="1"><testsuite tests="4"'
            b' failures="1" errors="1"/></testsuite><testsuite tests="5" failures="1"/></testsuites>',
            ResultFormat.JUNIT,
            {"tests": 9, "failed": 2, "errors": 1, "skipped": 0, "passed": 6},
        ),
        (b'<testsuites tests="3" errors="1"/>', ResultFormat.JUNIT, {"tests": 3, "errors": 1, "passed": 2}),
        # A suite that only says its sum stands beside one that names its tests.
        (
            b'<testsuites><testsuite tests="7"><testcase name="a"/></testsuite><testsuite tests="2" failures="2"/>'
            b"</testsuites>",
            ResultFormat.JUNIT,
            {"tests": 3, "failed": 2, "passed": 1},
        ),
        (
            SARIF,
            ResultFormat.SARIF,
            {"error": 1, "warning": 1, "note": 0, "suppressed": 1, "tools": ["bandit"]},
        ),
        # A finding without a level has that of its rule; one whose suppression was rejected counts.
        (
            sarif(
                [
                    {"ruleIndex": 0},
                    {"ruleId": "b"},
                    {"ruleId": "none of them"},
                    {"rule": {"index": 0, "toolComponent": {"index": 0}}},
                    {"rule": {"id": "x", "toolComponent": {"index": 0}}, "level": "error"},
                    {"ruleIndex": 0, "suppressions": [{"status": "rejected"}]},
                    {"ruleIndex": 0, "suppressions": [{"status": "accepted"}]},
                    {"ruleIndex": 99, "suppressions": "no list"},
                ]
            ),
            ResultFormat.SARIF,
            {"error": 3, "warning": 2, "note": 2, "suppressed": 1},
        ),
        (b"\xef\xbb\xbf" + SARIF, ResultFormat.SARIF, {"error": 1}),
        (AXE, ResultFormat.AXE, {"violations": 1, "serious": 1, "elements": 2, "incomplete": 1, "passed": 2}),
        (b"[" + AXE + b"," + AXE + b"]", ResultFormat.AXE, {"pages": 2, "violations": 2}),
    ],
)
def test_each_format_is_known_by_its_content(
    content: bytes, expected: ResultFormat, counts: dict[str, object]
) -> None:
    result_format, summary = evidence.read(content, "en")
    assert result_format == expected
    assert {name: summary[name] for name in counts} == counts
    assert evidence.sentence(result_format, summary)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        BOMB,
        OUTSIDE,
        b"<html></html>",
        b'<testsuite tests="many"/>',
        b'<testsuite tests="-1"/>',
        b'<testsuite tests="' + b"9" * 5000 + b'"/>',
        b"<testsuite><testcase>",
        b'{"runs": 3}',
        b"{",
        b"[]",
        b"[" * 50_000,
        b'{"a":' * 20_000,
        b"PK\x03\x04",
        b"\xff\xfe\x00",
        b'{"violations": {}, "passes": []}',
        b"<testsuites>"
        + b"<testsuite>" * 300
        + b"<testcase/>" * 90_000
        + b"</testsuite>" * 300
        + b"</testsuites>",
        b"x" * (evidence.LARGEST + 1),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_none_of_them_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(evidence.NotRead) as refusal:
        evidence.read(content, "fr")
    assert str(refusal.value)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<testsuite>{text}".encode()))
def test_no_content_breaks_the_reader(content: bytes) -> None:
    with contextlib.suppress(evidence.NotRead):
        evidence.read(content, "en")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(JSON, JSON)
def test_no_odd_sarif_and_no_odd_axe_breaks_the_reader(one: object, other: object) -> None:
    for data in (
        {"version": "2.1.0", "runs": [one, {"tool": one, "results": [other, {"level": other}]}]},
        {"violations": [one, {"impact": "critical", "nodes": other}], "passes": [], "incomplete": one},
    ):
        _format, summary = evidence.read(json.dumps(data).encode(), "en")
        assert all(value >= 0 for value in summary.values() if isinstance(value, int))


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.xml"),
        ("C:\\results\\junit.XML", "junit.xml"),
        ('a"b<script>.xml', "a_b_script.xml"),
        ("...", "results.xml"),
        ("x" * 300 + ".xml", "x" * 95 + ".xml"),
    ],
)
def test_a_file_name_means_nothing_to_a_program(name: str, clean: str) -> None:
    assert evidence.clean_name(name, ResultFormat.JUNIT) == clean


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 test: 1 passed, 0 failed, 0 with errors, 0 skipped.", "2 tests: 2 passed"),
        ("fr", "1 test : 1 réussi, 0 échoué, 0 en erreur, 0 ignoré.", "2 tests : 2 réussis"),
    ],
)
def test_counts_are_told_in_the_number_that_they_have(language: str, one: str, many: str) -> None:
    case = b'<testcase name="a"/>'
    with override(language):
        told = [
            evidence.sentence(*evidence.read(b"<testsuite>" + case * times + b"</testsuite>", language))
            for times in (1, 2)
        ]
        assert told[0].replace("\xa0", " ") == one
        assert told[1].replace("\xa0", " ").startswith(many)
        found = evidence.sentence("sarif", {"error": 1, "warning": 2, "note": 0, "suppressed": 0})
        assert ("1 erreur, 2 avertissements" if language == "fr" else "1 error, 2 warnings") in found
