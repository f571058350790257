"""Routes × states of the translation × roles: a page is never public in one language alone.

The table of routes is ``routes/attempts.py``; people and pages are made once (``routes/world.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction
from wagtail.models import GroupPagePermission, Page

from microacq_pages import roles
from microacq_pages.publishing import PublicationBlocked
from tests.microacq_pages.routes.attempts import ATTEMPTS, Attempt
from tests.microacq_pages.routes.world import (
    DRAFT_STATES,
    LIVE_STATES,
    ROLES,
    SUPERUSER,
    WRITING_SUPERUSER,
    Case,
    OtherAct,
    Undo,
    World,
    build,
    database_refuses,
    drawn,
    languages_live,
    run_after_commit,
)

pytestmark = [pytest.mark.long, pytest.mark.django_db(databases=["default", "refusals"])]

REFUSALS = (PublicationBlocked, PermissionDenied, ValidationError, DatabaseError, CommandError)
STATES = {"draft": DRAFT_STATES, "live": LIVE_STATES}
NEAREST = {"draft": ("complete", "approved"), "live": ("unchanged", "outdated")}
BOTH, NEITHER = ["en", "fr"], []
#: Where least but their own rights stops a person: before the last step, outside any workflow, with a change pending.
#: In the other states only those are tried who may do the most: the state of a pair gives nobody a right.
EVERYBODY_IN = {"draft": ("complete", "approved"), "live": ("outdated",)}
MAY_THE_MOST = (roles.IT_STRATEGY, SUPERUSER)
#: They have no right to any page either, so the auditor stands for them.
LIKE_AUDITORS = (roles.EVALUATOR, roles.FINANCE, roles.IT_LEAD)


def roles_of(attempt: Attempt, state: str) -> tuple[str, ...]:
    if attempt.impersonal:
        return (SUPERUSER,)
    # Who wrote the text matters where somebody approves it.
    writers = (WRITING_SUPERUSER,) if attempt.name.startswith(("workflow", "publish the pair")) else ()
    if state not in EVERYBODY_IN[attempt.start]:
        return (*MAY_THE_MOST, *writers)
    return (*(role for role in ROLES if role not in (WRITING_SUPERUSER, *LIKE_AUDITORS)), *writers)


def states_of(attempt: Attempt) -> tuple[str, ...]:
    # What asks for no publication is tried where publication would be nearest.
    return NEAREST[attempt.start] if attempt.quiet else STATES[attempt.start]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield build()
                raise Undo
        except Undo:
            pass


@pytest.mark.parametrize(
    ("attempt", "state"),
    [
        pytest.param(attempt, state, id=f"{attempt.start}: {attempt.name}: {state}")
        for attempt in ATTEMPTS
        for state in states_of(attempt)
    ],
)
def test_no_route_makes_one_language_public_alone(world: World, attempt: Attempt, state: str) -> None:
    faults = []
    for role in roles_of(attempt, state):
        # To the superuser everything is shown: the pages are drawn for them, and where the attempt reads one.
        draws = attempt.reads or role == SUPERUSER
        with world.case(attempt.start, state, role) as case, drawn(draws):
            faults += [f"{role}: {fault}" for fault in _try(attempt, state, role, case)]

    assert not faults, "\n".join(faults)


def _try(attempt: Attempt, state: str, role: str, case: Case) -> list[str]:
    """Carry out one attempt and say what is wrong with its outcome."""
    public_before = _public()
    start = BOTH if attempt.start == "live" else NEITHER
    waiting = len(connection.run_on_commit)
    try:
        with transaction.atomic():
            attempt.act(case)
            run_after_commit(waiting)
            if error := database_refuses():
                raise error
    except REFUSALS as refusal:
        case.refusal = refusal
        del connection.run_on_commit[waiting:]
    except OtherAct:
        del connection.run_on_commit[waiting:]
        return []
    faults = []
    live = languages_live(case.page)
    if case.response is not None and case.response.status_code >= 500:
        faults.append(f"answered {case.response.status_code}")
    if case.response is not None and isinstance(case.refusal, DatabaseError):
        faults.append(f"only the database stopped it: {case.refusal}")
    if live not in (BOTH, NEITHER):
        faults.append(f"public in {live}")
    if attempt.succeeds(state, role):
        if live == start:
            faults.append(f"nothing changed: {case.sentences()}")
        return faults
    if _public() != public_before:
        faults.append("what is public changed")
    if not attempt.quiet and not case.sentences():
        faults.append("nothing was said")
    return faults


def _public() -> list[tuple[Any, ...]]:
    """Everything public, as the database has it."""
    return list(
        Page.objects.filter(live=True).order_by("pk").values_list("pk", "title", "slug", "url_path", "live")
    )


@pytest.mark.parametrize("role", [roles.AUDITOR, *LIKE_AUDITORS])
def test_who_is_not_tried_has_no_right_to_any_page_as_the_auditor_has_none(role: str) -> None:
    assert not GroupPagePermission.objects.filter(group__name=role).exists()


def test_the_matrix_is_whole() -> None:
    assert len({(attempt.name, attempt.start) for attempt in ATTEMPTS}) == len(ATTEMPTS)
    assert sum(len(roles_of(attempt, state)) for attempt in ATTEMPTS for state in states_of(attempt)) > 850
