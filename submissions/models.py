"""Gathers the models of the stages for Django."""

from .audit.models import AuditEntry
from .notices.following.models import Following, FollowRequest, Subscriber
from .notices.models import OutgoingMessage
from .proposals.models import OpenedProposal, Proposal, TrialSeal
from .proposals.pages import ChecklistStatement, ExtraQuestion, ProposalFormPage
from .solicitations.models import NumberSeries, PostedItem, Posting, Solicitation

__all__ = [
    "AuditEntry",
    "ChecklistStatement",
    "ExtraQuestion",
    "FollowRequest",
    "Following",
    "NumberSeries",
    "OpenedProposal",
    "OutgoingMessage",
    "PostedItem",
    "Posting",
    "Proposal",
    "ProposalFormPage",
    "Solicitation",
    "Subscriber",
    "TrialSeal",
]
