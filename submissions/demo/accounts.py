"""The people of the demonstration: one account for each role, with a published password.

Only ``load_demo`` calls this, and only where the settings say that this is a demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from microacq_pages import roles

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PASSWORD = "demo"  # noqa: S105 - published on purpose; production refuses to start with these accounts

ADMIN = "admin"


@dataclass(frozen=True)
class Account:
    """One person: the user name, the group of the role (none for the superuser), the name shown, further groups."""

    username: str
    group: str | None
    first_name: str
    last_name: str
    language: str = "en"
    also: tuple[str, ...] = ()


ACCOUNTS = (
    Account("client", roles.CLIENT, "Robin", "Castonguay"),
    Account("it-strategy", roles.IT_STRATEGY, "Priya", "Novak"),
    Account("it-lead", roles.IT_LEAD, "Marguerite", "Osei", language="fr", also=(roles.IT_STRATEGY,)),
    Account("cfob", roles.CFOB, "Denise", "Whitford"),
    Account("translator", roles.TRANSLATOR, "Luc", "Thibodeau-Ames", language="fr"),
    Account("evaluator", roles.EVALUATOR, "Samir", "Lindholm"),
    Account("evaluator-2", roles.EVALUATOR, "Élise", "Marchand-Roy", language="fr"),
    Account("finance", roles.FINANCE, "Colette", "Marchbank"),
    Account("auditor", roles.AUDITOR, "Grace", "Oyelaran"),
    Account(ADMIN, None, "Alex", "Boivin"),
)


def load() -> list[str]:
    """Make the accounts that do not exist; those that do keep whatever was done to them.

    Returns:
        A line for each account made.
    """
    return [f"account {account.username}" for account in ACCOUNTS if _ensure(account)]


def person(username: str) -> User:
    """The account of this name."""
    user: User = get_user_model().objects.get(username=username)
    return user


def _ensure(account: Account) -> bool:
    user, created = get_user_model().objects.get_or_create(
        username=account.username,
        defaults={
            "first_name": account.first_name,
            "last_name": account.last_name,
            "email": f"{account.username}@example.ca",
            "is_superuser": account.group is None,
            "is_staff": account.group is None,
        },
    )
    if not created:
        return False
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    if account.group:
        user.groups.add(*Group.objects.filter(name__in=[account.group, *account.also]))
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = account.language
    profile.save(update_fields=["preferred_language"])
    return True
