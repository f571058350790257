"""One page type a module; Django finds them here."""

from .approval import PublicationApproval
from .base import BilingualPage
from .content import ContentPage
from .glossary import GlossaryTerm
from .guidance import GuidanceIndex, GuidancePage
from .home import HomePage
from .listing import ListedOpportunity, ListedText
from .opportunity import (
    AcceptanceCriterion,
    Criterion,
    Opportunity,
    OpportunityAttachment,
    OpportunityIndex,
    OpportunitySkill,
)
from .project import Project, ProjectIndex
from .reassignment import Reassignment, WorkKind
from .reviewing import ReviewLook, StepApproval
from .skill import Skill
from .splitting import OpportunityProfile, SplittingJustification, SplittingLink
from .status import PublicStatus, PublicVersion
from .translating import OverwrittenTranslation, ReplacedString, StringWords

from ..intake.models import ClientRequest, RequestDecision, RequestEffort  # isort: skip
from ..review import PublicationTask, ReviewTask, TranslationTask  # isort: skip

__all__ = [
    "AcceptanceCriterion",
    "BilingualPage",
    "ClientRequest",
    "ContentPage",
    "Criterion",
    "GlossaryTerm",
    "GuidanceIndex",
    "GuidancePage",
    "HomePage",
    "ListedOpportunity",
    "ListedText",
    "Opportunity",
    "OpportunityAttachment",
    "OpportunityIndex",
    "OpportunityProfile",
    "OpportunitySkill",
    "OverwrittenTranslation",
    "Project",
    "ProjectIndex",
    "PublicStatus",
    "PublicVersion",
    "PublicationApproval",
    "PublicationTask",
    "Reassignment",
    "ReplacedString",
    "RequestDecision",
    "RequestEffort",
    "ReviewLook",
    "ReviewTask",
    "Skill",
    "SplittingJustification",
    "SplittingLink",
    "StepApproval",
    "StringWords",
    "TranslationTask",
    "WorkKind",
]
