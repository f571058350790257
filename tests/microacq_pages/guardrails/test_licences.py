"""Licences: known to SPDX, and approved by the Open Source Initiative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.guardrails.licences import is_osi_approved, is_spdx_expression


@pytest.mark.parametrize(
    "text",
    [
        "MIT",
        "Apache-2.0",
        "GPL-2.0-or-later",
        "EUPL-1.2",
        "MIT OR Apache-2.0",
        "GPL-2.0-or-later WITH Classpath-exception-2.0",
    ],
)
def test_open_source_licences_are_approved(text: str) -> None:
    assert is_spdx_expression(text)
    assert is_osi_approved(text)


@pytest.mark.parametrize("text", ["CC-BY-4.0", "BUSL-1.1", "Elastic-2.0", "MIT OR CC-BY-4.0"])
def test_known_licences_that_are_not_open_source_are_told_apart(text: str) -> None:
    assert is_spdx_expression(text)
    assert not is_osi_approved(text)


@pytest.mark.parametrize(
    "text", ["", " ", "Apache 2.0", "MIT AND", "(MIT", "AND", "LicenseRef-ours", "Classpath-exception-2.0"]
)
def test_what_spdx_does_not_know_is_unknown(text: str) -> None:
    assert not is_spdx_expression(text)
    assert not is_osi_approved(text)


@given(st.text(max_size=100))
def test_no_text_breaks_it(text: str) -> None:
    assert not is_osi_approved(text) or is_spdx_expression(text)
