"""Gathers the models of the stages for Django."""

from .audit.models import AuditEntry
from .notices.bouncing.models import Bounce
from .notices.following.models import Following, FollowRequest, Subscriber
from .notices.models import DailyDigest, NoticeText, NoticeWording, OutgoingMessage
from .notices.subscribing.models import Announcement, ChosenSkill, Subscription
from .proposals.models import OpenedProposal, Proposal, ProposalConfirmation, TrialSeal
from .proposals.pages import ChecklistStatement, ExtraQuestion, ProposalFormPage
from .questions.models import PublishedAnswer, Question, QuestionText
from .questions.pages import QuestionsPage
from .solicitations.models import NumberSeries, PostedItem, Posting, Solicitation

__all__ = [
    "Announcement",
    "AuditEntry",
    "Bounce",
    "ChecklistStatement",
    "ChosenSkill",
    "DailyDigest",
    "ExtraQuestion",
    "FollowRequest",
    "Following",
    "NoticeText",
    "NoticeWording",
    "NumberSeries",
    "OpenedProposal",
    "OutgoingMessage",
    "PostedItem",
    "Posting",
    "Proposal",
    "ProposalConfirmation",
    "ProposalFormPage",
    "PublishedAnswer",
    "Question",
    "QuestionText",
    "QuestionsPage",
    "Solicitation",
    "Subscriber",
    "Subscription",
    "TrialSeal",
]
