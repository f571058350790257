"""People, each in the group of their role."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from microacq_pages import roles


def make_user(role: str | None, username: str = "", **fields: Any) -> Any:
    """A staff member in the group of a role; None is a superuser."""
    model = get_user_model()
    username = username or username_of(role)
    user = model.objects.create_user(
        username=username,
        email=f"{username}@example.org",
        first_name=username.title(),
        is_superuser=role is None,
        **fields,
    )
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    return user


def username_of(role: str | None) -> str:
    """The name under which the one person of a role signs in."""
    return (role or "admin").lower().replace(" ", "-")


def the(role: str | None) -> Any:
    """The one person of a role, made now unless the module's tests share them."""
    return get_user_model().objects.filter(username=username_of(role)).first() or make_user(role)


ROLE_NAMES = (*roles.ROLES, None)


def prefer(user: Any, language: str) -> None:
    """Let the person use the admin, and get mail, in one language."""
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
