"""Files of results are read safely and summed up; whatever is odd is refused in words."""

from __future__ import annotations

import contextlib
import json

import pytest
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


@pytest.mark.parametrize(
    ("content", "expected", "counts"),
    [
        (JUNIT, ResultFormat.JUNIT, {"tests": 3, "passed": 1, "failed": 1, "skipped": 1}),
        (
            b'<testsuite><testcase name="a"/></testsuite>',
            ResultFormat.JUNIT,
            {"tests": 1, "passed": 1, "failed": 0},
        ),
        (
            SARIF,
            ResultFormat.SARIF,
            {"error": 1, "warning": 1, "note": 0, "suppressed": 1, "tools": ["bandit"]},
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
