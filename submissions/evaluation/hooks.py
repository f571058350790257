"""What this stage answers when Wagtail, the file above or the proposals ask.

Thin: each answer calls the module that owns the rule. https://docs.wagtail.org/en/stable/reference/hooks.html
"""

from __future__ import annotations

from django.contrib.auth.models import Permission, User
from django.db.models import QuerySet
from wagtail import hooks

from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import Guard
from submissions.solicitations.states import Transition

from . import settling

PERMISSIONS = (
    "evaluate_proposal",
    "assign_evaluator",
    "sign_off_evaluation",
    "reopen_evaluation",
    "view_evaluation",
    "redact_proposal",
    "translate_proposal",
)


@hooks.register("file_guards")
def answer_guards() -> dict[str, Guard]:
    """The guards of the state table that this stage stands for."""
    return {
        "evaluation_submitted": settling.reasons_against_signing_off,
        "evaluation_reopenable": settling.reasons_against_reopening,
    }


@hooks.register("file_changed")
def settle(solicitation: Solicitation, transition: Transition, user: User | None) -> None:
    """Sign the round with the file, or void it and begin another."""
    settling.follow(solicitation, transition, user)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(content_type__app_label="submissions", codename__in=PERMISSIONS)
