"""Gathers the models of the stages for Django."""

from .audit.models import AuditEntry
from .gate.models import Passage
from .notices.bouncing.models import Bounce
from .notices.following.models import Following, Subscriber
from .notices.models import DailyDigest, NoticeText, NoticeWording, OutgoingMessage
from .notices.subscribing.models import Announcement, ChosenSkill, Subscription
from .proposals.draft_models import Draft
from .proposals.models import (
    AddressConfirmation,
    LinkRequest,
    MailedLink,
    OpenedProposal,
    Proposal,
    ProposalConfirmation,
    TrialSeal,
)
from .proposals.pages import ChecklistStatement, ExtraQuestion, ProposalFormPage
from .questions.models import PublishedAnswer, Question, QuestionText
from .questions.pages import QuestionsPage
from .solicitations.models import NumberSeries, PostedItem, Posting, Solicitation
from .survey.models import HeldAnswers, SpentRight, SurveyAddress, SurveyMailing, SurveySum

__all__ = [
    "AddressConfirmation",
    "Announcement",
    "AuditEntry",
    "Bounce",
    "ChecklistStatement",
    "ChosenSkill",
    "DailyDigest",
    "Draft",
    "ExtraQuestion",
    "Following",
    "HeldAnswers",
    "LinkRequest",
    "MailedLink",
    "NoticeText",
    "NoticeWording",
    "NumberSeries",
    "OpenedProposal",
    "OutgoingMessage",
    "Passage",
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
    "SpentRight",
    "Subscriber",
    "Subscription",
    "SurveyAddress",
    "SurveyMailing",
    "SurveySum",
    "TrialSeal",
]
