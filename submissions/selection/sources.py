"""Where the public input of a draw comes from, announced when the opportunity is posted.

A source says which of its results counts for a list frozen at a given moment: the first one that is far enough in the
future for the digest of the list to be public long before, and that nobody chooses. It says how the result is written,
so that two people who read it at the source write the same.

Owns: the sources as data and the form of what they give. Imports no model and no clock. Another source is another entry
of ``SOURCES``; what was announced for an opportunity stays, whatever is added here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages.formats import EASTERN

LOTTO, BEACON, WORDS = "lotto-649", "drand-quicknet", "witnesses"

#: How long the digest of a list is public, at least, before a result of a public source can count for it.
BEFORE_LOTTERY, BEFORE_BEACON = timedelta(hours=12), timedelta(hours=1)

#: League of Entropy, network quicknet: its chain, the time of its first round (UTC) and the seconds between rounds.
#: https://docs.drand.love/dev-guide/developer/http-api ; what the network says of itself: ``BEACON_ROUNDS/../info``.
BEACON_CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
BEACON_FIRST, BEACON_PERIOD = datetime.fromtimestamp(1692803367, UTC), 3
#: Version 1 of its interface, which every relay answers. Version 2 gives the signature of a round alone.
BEACON_ROUNDS = f"https://api.drand.sh/{BEACON_CHAIN}/public/"

_WORDS = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")
_NUMBER = re.compile(r"\d+")


class InputError(ValueError):
    """What was entered is no result of the source; the message says why, in the active language."""


@dataclass(frozen=True)
class Occurrence:
    """The one result of a source that counts for a list.

    Attributes:
        moment: From when on it can be known (UTC).
        name: What names it at the source, such as the day of a lottery's draw or the number of a round.
    """

    moment: datetime
    name: str


@dataclass(frozen=True)
class Source:
    """A source of public input.

    Attributes:
        key: Its stable name, which stands in the public text.
        label: What it is called.
        rule: Which of its results counts, in plain words, for the opportunity's page.
        reading: How the result is written when it is entered.
        address: Where anybody reads its results, before the name of the occurrence; empty where there is no one place.
        occurrence: Which result counts for a list frozen at a moment (UTC).
        clean: The one way to write a result of it; raises ``InputError``.
        is_witnessed: Whether two witnesses make the input, each a part of it, instead of two readers of one result.
    """

    key: str
    label: Any
    rule: Any
    reading: Any
    address: str
    occurrence: Callable[[datetime], Occurrence]
    clean: Callable[[str], str]
    is_witnessed: bool = False

    def public_input(self, occurrence: str, entered: tuple[str, str]) -> str:
        """The last field of the public text, from the occurrence and what two people entered.

        Args:
            occurrence: Name of the occurrence.
            entered: What the two people entered, cleaned; the same twice unless the source is witnessed.
        """
        said = " | ".join(entered) if self.is_witnessed else entered[0]
        return f"{self.key} {occurrence} {said}"


def _next_lottery(frozen_at: datetime) -> Occurrence:
    """The first Wednesday or Saturday, 22:30 Eastern, at least twelve hours after the freeze.

    Tickets are sold until 22:30 on the evening of a draw, and the numbers are drawn after that (OLG, 1 June 2015,
    “Lottery ticket purchase cutoff changing to 10:30 p.m.”).
    """
    earliest = frozen_at + BEFORE_LOTTERY
    day = earliest.astimezone(EASTERN).date()
    while True:
        evening = datetime(day.year, day.month, day.day, 22, 30, tzinfo=EASTERN)
        if day.weekday() in {2, 5} and evening >= earliest:
            return Occurrence(evening.astimezone(UTC), day.isoformat())
        day += timedelta(days=1)


def _next_round(frozen_at: datetime) -> Occurrence:
    """The first round at least one hour after the freeze; round 1 was at ``BEACON_FIRST``."""
    seconds = (frozen_at + BEFORE_BEACON - BEACON_FIRST).total_seconds()
    number = -int(-seconds // BEACON_PERIOD) + 1
    return Occurrence(BEACON_FIRST + timedelta(seconds=(number - 1) * BEACON_PERIOD), str(number))


def _at_once(frozen_at: datetime) -> Occurrence:
    """Witnesses say their words as soon as the list is frozen: until then there is nothing to say them for."""
    return Occurrence(frozen_at, frozen_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _lottery_numbers(typed: str) -> str:
    numbers = sorted({int(number) for number in _NUMBER.findall(typed[:200])})
    if (
        len(_NUMBER.findall(typed[:200])) != 6
        or len(numbers) != 6
        or not 1 <= numbers[0] <= numbers[-1] <= 49
    ):
        raise InputError(_("Enter six different numbers from 1 to 49, without the bonus number."))
    return "-".join(f"{number:02d}" for number in numbers)


def _beacon_value(typed: str) -> str:
    value = "".join(typed.lower().split())
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise InputError(_("Enter the randomness of the round: 64 digits and letters from a to f."))
    return value


def _witness_words(typed: str) -> str:
    plain = unicodedata.normalize("NFC", typed).replace("’", " ").replace("'", " ")
    said = " ".join(plain.split()).lower()
    if not _WORDS.fullmatch(said) or not 3 <= len(said.split()) <= 12 or len(said) > 120:
        raise InputError(
            _("Enter 3 to 12 words of letters and digits, in 120 characters or fewer, without other signs.")
        )
    return said


SOURCES: dict[str, Source] = {
    source.key: source
    for source in (
        Source(
            key=LOTTO,
            label=gettext_lazy("Winning numbers of Lotto 6/49"),
            rule=gettext_lazy(
                "The six numbers of the first Lotto 6/49 draw (Wednesdays and Saturdays, after ticket sales end at "
                "10:30 p.m., Eastern time) held at least 12 hours after the list is frozen, without the bonus number."
            ),
            reading=gettext_lazy(
                "The six numbers of the classic draw, in any order, without the bonus number."
            ),
            address="",
            occurrence=_next_lottery,
            clean=_lottery_numbers,
        ),
        Source(
            key=BEACON,
            label=gettext_lazy("Public randomness of the League of Entropy (drand quicknet)"),
            rule=gettext_lazy(
                "The randomness of the first round of the drand network “quicknet” at least one hour after the list is "
                "frozen. Universities, companies and non-profit organizations in several countries make it together."
            ),
            reading=gettext_lazy(
                "The field “randomness” of the round, as the source shows it. It is the SHA-256 of the bytes of the "
                "field “signature”."
            ),
            address=BEACON_ROUNDS,
            occurrence=_next_round,
            clean=_beacon_value,
        ),
        Source(
            key=WORDS,
            label=gettext_lazy("Words of two witnesses"),
            rule=gettext_lazy(
                "After the list is frozen, two members of staff each write a few words of their own choice, neither "
                "seeing those of the other."
            ),
            reading=gettext_lazy(
                "3 to 12 words of your own choice, in letters and digits. The other witness does not see them, and you "
                "cannot change them. They become public: write nothing about a person."
            ),
            address="",
            occurrence=_at_once,
            clean=_witness_words,
            is_witnessed=True,
        ),
    )
}


def source_of(key: str) -> Source:
    """The source with this key.

    Raises:
        KeyError: there is none; the setting ``MICROACQ_DRAW_SOURCE`` is checked when the site starts.
    """
    return SOURCES[key]
