"""Who may fetch a whole file and who may disclose it. The names of suppliers are in both. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from submissions.audit.services import record_refusal
from submissions.evaluation import people
from submissions.evaluation.boards import current_round

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import Solicitation

DOWNLOAD = "submissions.download_records"
DISCLOSE = "submissions.disclose_records"


def reason_against(file: Solicitation, user: User, permission: str) -> str:
    """Why somebody may not have the records of a file; empty when they may."""
    if not user.has_perm(permission):
        return _("You do not have the permission.")
    round = current_round(file)
    if round is not None and people.is_evaluator(round, user):
        return _("You evaluate this file: its records hold the names of suppliers.")
    return ""


def require(file: Solicitation, user: User, permission: str) -> None:
    """Let nobody have the records but who may; an attempt is recorded.

    Raises:
        PermissionDenied: they may not.
    """
    reason = reason_against(file, user, permission)
    if reason:
        data = {"number": file.number, "act": permission, "reasons": reason}
        record_refusal(file, "records.refused", user=user, data=data)
        raise PermissionDenied(reason)
