"""What comes next on a file and whose it is, where a stage knows it more exactly than the state table.

Seam (Wagtail hook): ``file_next_acts(files) -> Mapping[int, NextAct]``: which of these files wait for something more
exact than the next transition, by primary key? The number of queries must not depend on how many files there are.
Owns the words of the seam; ``reporting`` asks. Knows no stage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail import hooks

from microacq_pages import roles

if TYPE_CHECKING:
    from .models import Solicitation


@dataclass(frozen=True)
class NextAct:
    """The next act on a file.

    Attributes:
        label: What is to be done.
        who: Whose it is, in words.
        is_listed: Whether the stage lists it among waiting work itself, so that the tracker does not list it again.
        permission: Who may do it, as ``app.codename``; empty where it is not the staff’s, or these people’s alone.
        people: Keys of the people whose act it is, where it is not everybody’s with a permission.
        where: Where the file is, in words, where the label of its state is not true any more; empty for that label.
    """

    label: Any
    who: Any
    is_listed: bool = False
    permission: str = ""
    people: frozenset[int] = frozenset()
    where: Any = ""


def of_group(label: Any, permission: str) -> NextAct:
    """An act of everybody who has a permission, which its stage lists among waiting work."""
    return NextAct(label, names_of(groups_with(permission)), is_listed=True, permission=permission)


def of_people(label: Any, people: Collection[Any]) -> NextAct:
    """An act of these people, which its stage lists among their waiting work."""
    names = ", ".join(person.get_full_name() or person.get_username() for person in people)
    return NextAct(label, names, is_listed=True, people=frozenset(person.pk for person in people))


def of_nobody(label: Any, who: Any) -> NextAct:
    """Waiting for somebody who is not staff, or for the clock."""
    return NextAct(label, who, is_listed=True)


def told(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """What the stages say of these files, by primary key."""
    answers: dict[int, NextAct] = {}
    for answer in hooks.get_hooks("file_next_acts"):
        answers.update(answer(files))
    return answers


def groups_with(permission: str) -> tuple[str, ...]:
    """Names of the groups that have a permission, as the roles say."""
    return tuple(name for name, role in roles.ROLES.items() if permission in role.models)


def names_of(groups: Iterable[str]) -> str:
    """Groups in words."""
    return ", ".join(roles.label(name) for name in groups)
