"""Who may do what to pages that are written in French: see ``permission_matrix``."""

from __future__ import annotations

import pytest

from tests import permission_matrix
from tests.permission_matrix import nothing_is_drawn

__all__ = ["nothing_is_drawn"]

pytestmark = pytest.mark.long


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_is_drawn")
def test_each_role_that_writes_can_do_to_pages_what_the_matrix_says_and_nothing_else() -> None:
    permission_matrix.check_pages("fr", permission_matrix.OF_A_LANGUAGE)
