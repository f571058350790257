"""What the public may know of a selection: the steps of each list of a file, and the bundle that proves them.

Owns what is public when: a commitment from the posting, digest and length of a list from its freeze, the list itself,
the secret and the input only with the draw, or when the list was voided. Nothing here names a person. Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import rfc8785
from django.utils.translation import override

from . import draw
from .models import Draw, DrawCommitment, FrozenList, InputEntry, VoidedList

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

FORMAT = "microacq-draw/1"
LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Told:
    """One commitment and all that followed from it, as far as it is public."""

    commitment: DrawCommitment
    frozen: FrozenList | None
    drawn: Draw | None
    voided: VoidedList | None

    @property
    def is_revealed(self) -> bool:
        """Whether the list and the secret are public."""
        return self.drawn is not None or self.voided is not None or self.is_single

    @property
    def is_single(self) -> bool:
        """Whether one application passed, so that nothing is drawn."""
        return self.frozen is not None and self.frozen.is_single

    @property
    def secret(self) -> str:
        """The secret, once it is public."""
        if self.drawn is not None:
            return self.drawn.secret
        return self.voided.secret if self.voided is not None else ""

    @property
    def entries(self) -> list[InputEntry]:
        """The two entries that the draw was made with."""
        return [self.drawn.first, self.drawn.second] if self.drawn is not None else []

    @property
    def ranked(self) -> list[draw.Ranked]:
        """The drawn order with its hashes."""
        if self.drawn is None or self.frozen is None:
            return []
        return draw.order(self.frozen.candidates, self.drawn.public_text)


def told_of(file: Solicitation) -> list[Told]:
    """Everything that is public of the selection of a file, the first commitment first."""
    commitments = file.draw_commitments.select_related(
        "frozen_list__round",
        "frozen_list__voided",
        "frozen_list__draw__first",
        "frozen_list__draw__second",
    ).order_by("sequence")
    return [_told(commitment) for commitment in commitments]


def _told(commitment: DrawCommitment) -> Told:
    frozen: FrozenList | None = getattr(commitment, "frozen_list", None)
    if frozen is not None:
        frozen.commitment = commitment
    return Told(commitment, frozen, getattr(frozen, "draw", None), getattr(frozen, "voided", None))


def bundle_of(file: Solicitation) -> bytes:
    """Everything that is needed to check the selection, as RFC 8785 JSON; ``verify.py`` reads it."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "file": file.number,
        "posted_at": _instant(file.posted_at),
        "lists": [_plain(told) for told in told_of(file)],
    }
    return bytes(rfc8785.dumps(document))


def _plain(told: Told) -> dict[str, Any]:
    source = told.commitment.source
    plain: dict[str, Any] = {
        "commitment": {
            "sequence": told.commitment.sequence,
            "sha256": told.commitment.digest,
            "published_at": _instant(told.commitment.made_at),
            "source": {
                "key": source.key,
                "label": _in_both(source.label),
                "rule": _in_both(source.rule),
                "witnessed": source.is_witnessed,
            },
        }
    }
    if told.frozen is not None:
        plain["frozen"] = _plain_list(told)
    if told.drawn is not None:
        plain["drawn"] = _plain_draw(told, told.drawn)
    if told.voided is not None:
        plain["voided"] = {
            "at": _instant(told.voided.voided_at),
            "kind": told.voided.kind,
            "reason": {"en": told.voided.reason, "fr": told.voided.reason_fr}
            if told.voided.reason_fr
            else {},
            "secret": told.voided.secret,
        }
    return plain


def _plain_list(told: Told) -> dict[str, Any]:
    frozen = told.frozen
    if frozen is None:
        return {}
    plain: dict[str, Any] = {
        "at": _instant(frozen.frozen_at),
        "sha256": frozen.digest,
        "count": len(frozen.candidates),
        "evaluation_signed_at": _instant(frozen.round.signed_at),
    }
    if frozen.occurs_at is not None:
        plain |= {"input": frozen.occurrence, "input_known_from": _instant(frozen.occurs_at)}
    if told.is_revealed:
        plain["text"] = frozen.canonical
    return plain


def _plain_draw(told: Told, drawn: Draw) -> dict[str, Any]:
    return {
        "at": _instant(drawn.drawn_at),
        "entries": [
            {"text": entry.text, "read_at": entry.provenance, "entered_at": _instant(entry.entered_at)}
            for entry in (drawn.first, drawn.second)
        ],
        "public_input": drawn.public_input,
        "secret": drawn.secret,
        "public_text": drawn.public_text,
        "order": [
            {"rank": ranked.rank, "receipt": ranked.name, "hashed": ranked.hashed, "sha256": ranked.hash}
            for ranked in told.ranked
        ],
    }


def _instant(moment: datetime | None) -> str:
    """UTC, always with the same number of digits, so that texts compare as the instants do."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _in_both(text: Any) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = str(text)
    return said
