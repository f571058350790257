"""Who may do what to pages that are written in English: see ``permission_matrix``."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import GroupPagePermission

from microacq_pages import roles
from tests import permission_matrix
from tests.permission_matrix import nothing_is_drawn

__all__ = ["nothing_is_drawn"]

pytestmark = pytest.mark.long


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_is_drawn")
def test_each_role_can_do_to_pages_what_the_matrix_says_and_nothing_else() -> None:
    permission_matrix.check_pages("en")


def test_the_matrix_names_every_role() -> None:
    named = {*roles.ROLES, permission_matrix.SUPERUSER, permission_matrix.VISITOR}

    assert named == set(permission_matrix.ACTORS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", permission_matrix.LIKE_AUDITORS)
def test_who_is_not_tried_on_pages_has_no_right_to_any(role: str) -> None:
    named = Permission.objects.filter(group__name=role)

    assert not GroupPagePermission.objects.filter(group__name=role).exists()
    assert not named.filter(content_type__app_label__in=["microacq_pages", "wagtailcore", "wagtail_localize"])
