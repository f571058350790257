"""The kinds of notice that the site sends, as data.

Owns what each kind needs and whether it is private; its words are in
``templates/submissions/notices/<kind>.<language>.txt``. Imports nothing of the project.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of notice: the values that its texts need, and whether it carries a link or personal data."""

    name: str
    needs: frozenset[str]
    private: bool


def _by_name(*kinds: Kind) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds}


KINDS = _by_name(
    Kind(
        "proposal_receipt",
        needs=frozenset({"number", "title", "receipt", "eastern_time", "digest", "link"}),
        private=True,
    ),
    Kind(
        "proposal_withdrawn",
        needs=frozenset({"number", "title", "receipt", "deadline", "link"}),
        private=True,
    ),
)
"""Every kind, by name."""
