"""Gathers the models of the stages for Django."""

from .audit.models import AuditEntry
from .notices.models import OutgoingMessage
from .proposals.models import OpenedProposal, Proposal, ProposalConfirmation, TrialSeal
from .proposals.pages import ChecklistStatement, ExtraQuestion, ProposalFormPage
from .solicitations.models import NumberSeries, PostedItem, Posting, Solicitation

__all__ = [
    "AuditEntry",
    "ChecklistStatement",
    "ExtraQuestion",
    "NumberSeries",
    "OpenedProposal",
    "OutgoingMessage",
    "PostedItem",
    "Posting",
    "Proposal",
    "ProposalConfirmation",
    "ProposalFormPage",
    "Solicitation",
    "TrialSeal",
]
