"""Files whose supplier was selected, and the way there, as tests of this and later stages need them."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import override_settings

from microacq_pages import roles
from submissions.selection import services, sources
from submissions.selection.models import FrozenList
from submissions.solicitations.models import Solicitation
from tests.factories import evaluations, people

LOTTERY_NUMBERS = "7 12 18 23 31 46"
PAGE = "https://example.org/lottery/results"
WORDS = ("blue heron over the river", "seven red apples on a plate")


def drawer() -> Any:
    """The person who freezes and draws."""
    return people.the(roles.IT_STRATEGY)


def readers() -> tuple[Any, Any]:
    """Two people who enter what they read, or what they say as witnesses."""
    return people.the(roles.IT_STRATEGY), people.the(roles.CFOB)


def evaluated(
    passing: int = 3,
    *,
    failing: int = 1,
    source: str = sources.LOTTO,
    file: Solicitation | None = None,
    criteria: int = 1,
) -> Solicitation:
    """A file whose evaluation is signed off, with its commitment made as posting makes it.

    Args:
        passing: How many applications passed every criterion.
        failing: How many did not.
        source: What was announced as the source of the public input.
        file: A posted file; one without pages is made where there is none.
        criteria: How many criteria that one has.
    """
    from tests.factories import proposals

    file = file or proposals.make_file(criteria=criteria)
    with override_settings(MICROACQ_DRAW_SOURCE=source):
        services.commit(file)
    return evaluations.evaluated(passing + failing, failing=failing, file=file)


def let_input_be_known(file: Solicitation) -> None:
    """Let the announced result of the source have happened, as if the time until then had gone by.

    The rules of the database are off meanwhile: they let nobody move these times.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE submissions_frozenlist l SET frozen_at = frozen_at - g.gone, occurs_at = occurs_at - g.gone "
            "FROM (SELECT id, occurs_at - clock_timestamp() + interval '1 minute' AS gone "
            "FROM submissions_frozenlist) g "
            "WHERE g.id = l.id AND l.solicitation_id = %s AND l.occurs_at > clock_timestamp()",
            [file.pk],
        )
        cursor.execute(
            "UPDATE submissions_drawcommitment c SET made_at = least(c.made_at, l.frozen_at - interval '30 days') "
            "FROM submissions_frozenlist l WHERE l.commitment_id = c.id AND l.solicitation_id = %s "
            "AND c.made_at >= l.frozen_at",
            [file.pk],
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def frozen(passing: int = 3, **kwargs: Any) -> FrozenList:
    """A frozen list whose public input is known; it is not entered yet."""
    file = evaluated(passing, **kwargs)
    services.freeze(file, drawer())
    let_input_be_known(file)
    return FrozenList.objects.select_related("solicitation", "commitment").get(solicitation=file, voided=None)


def enter_input(file: Solicitation) -> None:
    """Let two people enter the public input."""
    witnessed = FrozenList.objects.get(solicitation=file, voided=None).commitment.source.is_witnessed
    for person, words in zip(readers(), WORDS, strict=True):
        services.enter(file, person, words if witnessed else LOTTERY_NUMBERS, "" if witnessed else PAGE)


def freeze_enter_draw(file: Solicitation) -> None:
    """Take a file whose evaluation is signed off through a whole selection."""
    services.freeze(file, drawer())
    let_input_be_known(file)
    enter_input(file)
    services.carry_out(file, drawer())


def selected(passing: int = 3, **kwargs: Any) -> Solicitation:
    """A file whose supplier is selected: by a draw, or as the only one that passed."""
    if passing == 1:
        file = evaluated(1, **kwargs)
        services.freeze(file, drawer())
        return file
    file = frozen(passing, **kwargs).solicitation
    enter_input(file)
    services.carry_out(file, drawer())
    return file
