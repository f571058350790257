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
from .status import PublicStatus, PublicVersion
from .translating import OverwrittenTranslation, ReplacedString, StringWords

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
    "OpportunitySkill",
    "OverwrittenTranslation",
    "Project",
    "ProjectIndex",
    "PublicStatus",
    "PublicVersion",
    "PublicationApproval",
    "PublicationTask",
    "ReplacedString",
    "ReviewTask",
    "Skill",
    "StringWords",
    "TranslationTask",
]
