"""What each document of a file says, in the order of the process. Importing a module registers its documents."""

from . import (
    acts,
    agreement,
    applications,
    decisions,
    erasures,
    letters,
    opportunity,
    payment,
    questions,
    work,
)

__all__ = [
    "acts",
    "agreement",
    "applications",
    "decisions",
    "erasures",
    "letters",
    "opportunity",
    "payment",
    "questions",
    "work",
]
