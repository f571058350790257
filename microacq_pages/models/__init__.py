"""One page type a module; Django finds them here."""

from .approval import PublicationApproval
from .base import BilingualPage
from .content import ContentPage
from .home import HomePage
from .opportunity import (
    AcceptanceCriterion,
    Criterion,
    Opportunity,
    OpportunityAttachment,
    OpportunityIndex,
    OpportunitySkill,
)
from .project import Project, ProjectIndex
from .skill import Skill
from .splitting import OpportunityProfile, SplittingJustification, SplittingLink
from .status import PublicStatus, PublicVersion

from ..review import PublicationTask, ReviewTask, TranslationTask  # isort: skip

__all__ = [
    "AcceptanceCriterion",
    "BilingualPage",
    "ContentPage",
    "Criterion",
    "HomePage",
    "Opportunity",
    "OpportunityAttachment",
    "OpportunityIndex",
    "OpportunityProfile",
    "OpportunitySkill",
    "Project",
    "ProjectIndex",
    "PublicStatus",
    "PublicVersion",
    "PublicationApproval",
    "PublicationTask",
    "ReviewTask",
    "Skill",
    "SplittingJustification",
    "SplittingLink",
    "TranslationTask",
]
