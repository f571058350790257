"""Up to which answers the sums of a question may be read: they grow by steps, each of which could be read by itself.

Who reads the sums every day sees what was added since they last moved. So they do not move until that, taken as a table
of its own, may be read (``suppression``): at least five people in every group that the sums show then, and five in
those that they hide, together. What waits is not lost, it comes with the next step; at the end of a year some of it
stays unread. Pure: counts in, counts or an answer out. Knows no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from . import suppression
from .questions import CANADA, CAPITAL_CODES, NO_ANSWER, NONE_OF, OFFICE, PROVINCES, Question, place
from .suppression import SMALLEST, Shown

#: The choice under which everybody is counted who was asked a question.
EVERYBODY = ""
#: All groups of a step together that are not shown after it.
_HIDDEN = "hidden"


def groups_of(question: Question, counts: Mapping[str, int]) -> dict[str, str]:
    """The group in which each answer is counted: its own, but for places of few people, which are counted by region.

    Places come first and regions last, so that a region is hidden beside a small group rather than a place; in an
    order that is the same in each language, else what one hides the other would tell.

    Args:
        question: The question.
        counts: People by answer.
    """
    groups = {name: name for name, _label in question.choices}
    if question.name != OFFICE:
        return groups
    codes = {
        choice: choice.removeprefix(f"{CANADA}-") for choice in counts if choice.startswith(f"{CANADA}-")
    }
    large = {choice: choice for choice in sorted(codes) if counts[choice] >= SMALLEST}
    small = sorted(codes.keys() - large.keys(), key=lambda choice: _region_order(codes[choice]))
    return large | groups | {choice: str(place(codes[choice])) for choice in small}


def _region_order(code: str) -> tuple[bool, bool, str]:
    """The capital, then provinces from east to west as postal codes go, which keeps those of each together."""
    return not code.startswith(CAPITAL_CODES), code[:1] not in PROVINCES, code


def grouped(groups: Mapping[str, str], counts: Mapping[str, int]) -> dict[str, int]:
    """People by group, 0 where nobody is in one."""
    found: Counter[str] = Counter(dict.fromkeys(groups.values(), 0))
    for choice, group in groups.items():
        found[group] += counts.get(choice, 0)
    return dict(found)


def shown_of(question: Question, counts: Mapping[str, int], people: int) -> Shown:
    """What may be read of one question.

    Args:
        question: The question.
        counts: People by group.
        people: Everybody.
    """
    if question.is_several:
        return suppression.of_several_choices(counts, people, alone=(NONE_OF, NO_ANSWER))
    return suppression.of_one_choice(counts, people)


def may_follow(question: Question, before: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Whether sums that were read may be followed by others: they show something, and so does what was added.

    Args:
        question: The question.
        before: People by answer, as they may be read so far; ``EVERYBODY`` is among them.
        now: The same as they are.
    """
    groups = groups_of(question, now)
    after = shown_of(question, grouped(groups, now), now[EVERYBODY])
    added = grouped(groups, {choice: now[choice] - before.get(choice, 0) for choice in now})
    told = {group: added[group] for group in after.counts}
    if after.hidden and not question.is_several:
        # What is hidden is known together, as everybody is known.
        told[_HIDDEN] = sum(added[group] for group in after.hidden)
    step = shown_of(question, told, now[EVERYBODY] - before.get(EVERYBODY, 0))
    return bool(after.counts) and not step.hidden
