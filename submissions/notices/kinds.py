"""The kinds of notice that the site sends, as data.

Owns what each kind needs and whether it is private; its words are in
``templates/submissions/notices/<kind>.<language>.txt``. Imports nothing of the project.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """One kind of notice: what staff call it, the values that its texts need, whether it is private."""

    name: str
    label: str | Promise
    needs: frozenset[str]
    private: bool


def _by_name(*kinds: Kind) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds}


KINDS = _by_name(
    Kind(
        "proposal_receipt",
        _("Application receipt"),
        needs=frozenset({"number", "title", "receipt", "eastern_time", "digest", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "proposal_withdrawn",
        _("Withdrawal of an application"),
        needs=frozenset({"number", "title", "receipt", "deadline", "link", "contact_email"}),
        private=True,
    ),
    Kind(
        "file_amended",
        _("Amendment of an opportunity"),
        needs=frozenset(
            {"number", "title", "amendment", "summary", "deadline", "url", "link", "contact_email"}
        ),
        private=True,
    ),
    Kind(
        "confirmation_asked",
        _("Amendment that asks to confirm or replace an application"),
        needs=frozenset({"number", "title", "amendment", "summary", "deadline", "url", "contact_email"}),
        private=True,
    ),
    Kind(
        "file_cancelled",
        _("Cancellation of an opportunity"),
        needs=frozenset({"number", "title", "reason", "url", "link", "contact_email"}),
        private=True,
    ),
)
"""Every kind, by name."""


def kind_label(name: str) -> str:
    """What staff call a kind, in their language; mail that Django or Wagtail sends has no kind of ours."""
    return str(KINDS[name].label if name in KINDS else _("Other message"))
