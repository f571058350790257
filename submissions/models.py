"""Gathers the models of the stages for Django."""

from .audit.models import AuditEntry
from .awards.desk_models import OfferAnsweredForSupplier
from .awards.models import (
    Acceptance,
    Award,
    DebriefAnswer,
    DebriefRequest,
    EmployeeConfirmation,
    Offer,
)
from .awards.translation_models import TranslatedReasons
from .contracts.desk_models import EnteredForSupplier
from .contracts.models import (
    Contract,
    ContractEnd,
    Dispute,
    EndAnswer,
    EndProposal,
    Extension,
    ExtensionAnswer,
    Message,
    PassedOn,
    Settlement,
)
from .contracts.pages import AcceptanceStatement, DeliveryFormPage, DeliveryQuestion
from .contracts.payment.models import Invoice, InvoiceReturn, Payment, Section34Approval
from .contracts.work_models import (
    Concurrence,
    CriterionJudgement,
    Delivery,
    Evidence,
    Judgement,
    WorkAcceptance,
)
from .evaluation.aids import AnsweredForSupplier, Clarification, Recognition, Redaction, WorkingTranslation
from .evaluation.models import Assignment, Candidate, Consensus, Round, Verdict
from .gate.models import Passage
from .notices.bouncing.models import Bounce
from .notices.following.models import Following, Subscriber
from .notices.models import DailyDigest, NoticeText, NoticeWording, OutgoingMessage
from .notices.subscribing.models import Announcement, ChosenSkill, Subscription
from .proposals.desk_models import ToldOfAmendment, WithdrawnForSupplier
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
from .proposals.opening_models import Opening
from .proposals.pages import ChecklistStatement, ExtraQuestion, ProposalFormPage
from .questions.models import PublishedAnswer, Question, QuestionText
from .questions.pages import QuestionsPage
from .records.archive.models import (
    AccessPackage,
    ArchivedDocument,
    ArchivedFile,
    ErasureCertificate,
    Sweep,
)
from .records.communications.models import Mention
from .records.opendata.models import Record, Release
from .records.reuse.models import CatalogueEntry
from .records.reuse.pages import CataloguePage
from .reporting.indicators.pages import IndicatorsPage
from .reporting.models import (
    ClosingMailing,
    KnownSupplier,
    Observation,
    SavedView,
    SuppliersCounted,
    TrackerRow,
)
from .selection.models import Draw, DrawCommitment, FrozenList, InputEntry, VoidedList
from .solicitations.models import NumberSeries, PostedItem, Posting, Solicitation
from .survey.models import HeldAnswers, SpentRight, SurveyAddress, SurveyMailing, SurveySum

__all__ = [
    "Acceptance",
    "AcceptanceStatement",
    "AccessPackage",
    "AddressConfirmation",
    "Announcement",
    "AnsweredForSupplier",
    "ArchivedDocument",
    "ArchivedFile",
    "Assignment",
    "AuditEntry",
    "Award",
    "Bounce",
    "Candidate",
    "CatalogueEntry",
    "CataloguePage",
    "ChecklistStatement",
    "ChosenSkill",
    "Clarification",
    "ClosingMailing",
    "Concurrence",
    "Consensus",
    "Contract",
    "ContractEnd",
    "CriterionJudgement",
    "DailyDigest",
    "DebriefAnswer",
    "DebriefRequest",
    "Delivery",
    "DeliveryFormPage",
    "DeliveryQuestion",
    "Dispute",
    "Draft",
    "Draw",
    "DrawCommitment",
    "EmployeeConfirmation",
    "EndAnswer",
    "EndProposal",
    "EnteredForSupplier",
    "ErasureCertificate",
    "Evidence",
    "Extension",
    "ExtensionAnswer",
    "ExtraQuestion",
    "Following",
    "FrozenList",
    "HeldAnswers",
    "IndicatorsPage",
    "InputEntry",
    "Invoice",
    "InvoiceReturn",
    "Judgement",
    "KnownSupplier",
    "LinkRequest",
    "MailedLink",
    "Mention",
    "Message",
    "NoticeText",
    "NoticeWording",
    "NumberSeries",
    "Observation",
    "Offer",
    "OfferAnsweredForSupplier",
    "OpenedProposal",
    "Opening",
    "OutgoingMessage",
    "Passage",
    "PassedOn",
    "Payment",
    "PostedItem",
    "Posting",
    "Proposal",
    "ProposalConfirmation",
    "ProposalFormPage",
    "PublishedAnswer",
    "Question",
    "QuestionText",
    "QuestionsPage",
    "Recognition",
    "Record",
    "Redaction",
    "Release",
    "Round",
    "SavedView",
    "Section34Approval",
    "Settlement",
    "Solicitation",
    "SpentRight",
    "Subscriber",
    "Subscription",
    "SuppliersCounted",
    "SurveyAddress",
    "SurveyMailing",
    "SurveySum",
    "Sweep",
    "ToldOfAmendment",
    "TrackerRow",
    "TranslatedReasons",
    "TrialSeal",
    "Verdict",
    "VoidedList",
    "WithdrawnForSupplier",
    "WorkAcceptance",
    "WorkingTranslation",
]
