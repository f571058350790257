"""Every kind of waiting work that the software lists has words for its tab."""

from __future__ import annotations

import re
from pathlib import Path

from microacq_pages.waiting import KINDS
from submissions.contracts.payment.waiting import STEPS

ROOT = Path(__file__).resolve().parents[2]


def test_every_kind_that_is_listed_has_a_name() -> None:
    listed = set()
    for package in ("microacq_pages", "submissions"):
        for module in (ROOT / package).rglob("*.py"):
            listed |= set(re.findall(r"WaitingItem\(\s*(?:kind=)?\"([\w-]+)\"", module.read_text("utf-8")))
    assert {"review", "justification-to-write"} <= listed
    listed |= {f"payment_{step}" for step in STEPS}
    assert listed <= set(KINDS)
