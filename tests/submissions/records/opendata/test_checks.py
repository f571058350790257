"""What is said of the prefix before anything is published under it."""

from __future__ import annotations

from typing import Any

import pytest

from submissions.records.opendata.checks import check_prefix


@pytest.mark.parametrize(
    ("prefix", "is_demo", "found"),
    [
        ("", False, []),
        ("ocds-a1b2c3", False, []),
        ("ocds-213czf", True, []),
        ("ocds-213czf", False, ["submissions.W009"]),
        ("213czf", False, ["submissions.E009"]),
        ("ocds-213czf-", False, ["submissions.E009"]),
    ],
)
def test_the_prefix_must_look_like_a_registered_one(
    settings: Any, prefix: str, is_demo: bool, found: list[str]
) -> None:
    settings.MICROACQ_OCID_PREFIX, settings.MICROACQ_DEMO = prefix, is_demo
    assert [message.id for message in check_prefix(None)] == found
