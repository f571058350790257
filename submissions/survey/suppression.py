"""What of a table of sums may be read: no group smaller than five, nor any that the others give away.

Pure: counts in, counts or silence out. Knows no question and no database. The rules are those that statistical
agencies call primary and complementary cell suppression.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

SMALLEST = 5
"""The smallest group that is shown; nobody at all is a small group too."""


@dataclass(frozen=True)
class Shown:
    """What may be read of one question.

    Attributes:
        counts: The groups that may be read.
        hidden: Names of the groups that may not.
        rest: How many are in the hidden groups together, where that may be read; else None.
    """

    counts: dict[str, int]
    hidden: frozenset[str]
    rest: int | None = None


def of_one_choice(counts: Mapping[str, int], total: int) -> Shown:
    """A question to which each person gave one answer, so that all groups together are everybody.

    What is hidden can be computed together, as the total is known. So at least two groups are hidden, and together they
    are at least five people, and not all of them four, which their sum would tell; else the last of the others is
    hidden as well. The last and not the smallest: that no smaller one is shown would limit how large it is, and so, of
    a sum, tell how large the others are.

    Args:
        counts: People by answer, every possible answer among them, 0 where nobody gave it; in an order that does not
            depend on the counts.
        total: How many people there are.
    """
    if total < SMALLEST:
        return Shown({}, frozenset(counts))
    hidden = {name for name, count in counts.items() if count < SMALLEST}
    others = [name for name in counts if name not in hidden]
    people = sum(counts[name] for name in hidden)
    tells = len(hidden) < 2 or people < SMALLEST or people == (SMALLEST - 1) * len(hidden)
    if hidden and others and tells:
        hidden.add(others[-1])
    rest = sum(counts[name] for name in hidden)
    return Shown(
        {name: count for name, count in counts.items() if name not in hidden},
        frozenset(hidden),
        rest if hidden and rest >= SMALLEST else None,
    )


def of_several_choices(counts: Mapping[str, int], total: int, *, alone: Collection[str] = ()) -> Shown:
    """A question to which each person gave any number of answers: each group stands against all the others.

    A group is hidden as well where those outside it are fewer than five, because the total gives them away. Answers
    that nobody gives together with another take their people off the total: what they leave of it must not be fewer
    than five, nor what they leave beside the greatest group that is shown.

    Args:
        counts: People by answer.
        total: How many people there are.
        alone: Answers that exclude every other.
    """
    shown = {
        name: count
        for name, count in counts.items()
        if total >= SMALLEST and count >= SMALLEST and total - count >= SMALLEST
    }
    excluding = sorted((shown[name], name) for name in alone if name in shown)
    greatest = max((count for name, count in shown.items() if name not in alone), default=0)
    while excluding and total - sum(count for count, _name in excluding) - greatest < SMALLEST:
        del shown[excluding.pop(0)[1]]
    return Shown(shown, frozenset(counts) - shown.keys())
