"""Who may do what to records: see ``permission_matrix``."""

from __future__ import annotations

import pytest

from tests.permission_matrix import (
    RECORD_ACTS,
    RECORDS,
    differences,
    make_records,
    make_world,
    nothing_is_drawn,
)

__all__ = ["nothing_is_drawn"]

pytestmark = pytest.mark.long


@pytest.mark.django_db(databases=["default", "refusals"])
@pytest.mark.usefixtures("nothing_is_drawn")
def test_each_role_can_do_to_records_what_the_matrix_says_and_nothing_else() -> None:
    world = make_world()
    make_records(world)

    assert differences(world, RECORDS, RECORD_ACTS) == {}
