"""Roles are data: applied again they change nothing, and whatever else a group was given is taken back."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from microacq_pages import roles

pytestmark = pytest.mark.django_db


def rights() -> dict[str, set[tuple[object, ...]]]:
    """Everything that every group may do."""
    return {
        group.name: {
            *group.permissions.values_list("content_type__app_label", "codename"),
            *group.page_permissions.values_list("page_id", "permission__codename"),
            *group.collection_permissions.values_list("collection_id", "permission__codename"),
        }
        for group in Group.objects.all()
    }


def test_applying_the_roles_again_changes_nothing() -> None:
    before = rights()

    assert roles.apply() == []
    assert rights() == before


def test_the_command_says_what_it_changed_and_does_it_once() -> None:
    Group.objects.get(name=roles.FINANCE).delete()
    said = [StringIO(), StringIO()]

    for stream in said:
        call_command("setup_roles", stdout=stream)

    assert "Finance: created" in said[0].getvalue()
    assert "Finance" not in said[1].getvalue()


def test_what_a_group_was_given_beside_its_role_is_taken_back() -> None:
    before = rights()
    group = Group.objects.get(name=roles.AUDITOR)
    group.permissions.add(Permission.objects.get(codename="cancel_solicitation"))
    GroupPagePermission.objects.create(
        group=group,
        page=Page.get_first_root_node(),
        permission=Permission.objects.get(codename="publish_page"),
    )
    GroupCollectionPermission.objects.create(
        group=group,
        collection=Collection.get_first_root_node(),
        permission=Permission.objects.get(codename="change_document"),
    )

    changes = roles.apply()

    assert rights() == before
    assert all(change.startswith("Auditor: ") for change in changes)
    assert len(changes) == 3


def test_people_stay_in_their_groups(user_in: Callable[..., Any]) -> None:
    person = user_in(roles.CFOB)

    roles.apply()

    assert [group.name for group in person.groups.all()] == [roles.CFOB]


@pytest.mark.parametrize("name", roles.ROLES)
def test_page_permissions_are_given_on_both_language_trees(name: str) -> None:
    given = GroupPagePermission.objects.filter(group__name=name)

    english, french = (
        sorted(given.filter(page__locale__language_code=code).values_list("permission__codename", flat=True))
        for code in ("en", "fr")
    )
    assert english == french


def test_wagtails_own_groups_are_gone() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLES)
