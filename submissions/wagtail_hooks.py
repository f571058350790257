"""Gathers the hooks of the stages, in process order, for Wagtail."""

from .audit import hooks as audit_hooks
from .awards import hooks as awards_hooks
from .contracts import hooks as contracts_hooks
from .contracts.payment import hooks as payment_hooks
from .evaluation import hooks as evaluation_hooks
from .gate import hooks as gate_hooks
from .notices import hooks as notices_hooks
from .proposals import hooks as proposals_hooks
from .questions import hooks as questions_hooks
from .records.archive import hooks as archive_hooks
from .records.communications import hooks as communications_hooks
from .records.opendata import hooks as opendata_hooks
from .records.reuse import hooks as reuse_hooks
from .reporting import hooks as reporting_hooks
from .selection import hooks as selection_hooks
from .solicitations import hooks as solicitations_hooks
from .survey import hooks as survey_hooks

__all__ = [
    "archive_hooks",
    "audit_hooks",
    "awards_hooks",
    "communications_hooks",
    "contracts_hooks",
    "evaluation_hooks",
    "gate_hooks",
    "notices_hooks",
    "opendata_hooks",
    "payment_hooks",
    "proposals_hooks",
    "questions_hooks",
    "reporting_hooks",
    "reuse_hooks",
    "selection_hooks",
    "solicitations_hooks",
    "survey_hooks",
]
