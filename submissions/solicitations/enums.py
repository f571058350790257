"""Words that are stored in the file."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a file is; what the public calls it is in ``states.py``."""

    POSTED = "posted", _("Posted")
    OPENED = "opened", _("Opened, being evaluated")
    EVALUATED = "evaluated", _("Evaluation signed off")
    SELECTED = "selected", _("Supplier selected")
    AWARDED = "awarded", _("Awarded")
    NO_PROPOSALS = "no_proposals", _("Ended: no application")
    NONE_SUITABLE = "none_suitable", _("Ended: no application met every criterion")
    NOT_ACCEPTED = "not_accepted", _("Ended: nobody accepted the work")
    CANCELLED = "cancelled", _("Cancelled")


#: The applications were opened, whatever came of them since, unless the file was cancelled.
AFTER_OPENING = frozenset(
    {State.OPENED, State.EVALUATED, State.SELECTED, State.AWARDED, State.NONE_SUITABLE, State.NOT_ACCEPTED}
)
#: Ends in which nobody was given the work; the opportunity can be posted again.
WITHOUT_AWARD = frozenset({State.NO_PROPOSALS, State.NONE_SUITABLE, State.NOT_ACCEPTED, State.CANCELLED})


class ItemKind(models.TextChoices):
    """What a posted item is."""

    EVALUATION = "evaluation", _("Application evaluation criterion")
    ACCEPTANCE = "acceptance", _("Work acceptance criterion")
    CHECKLIST = "checklist", _("Checklist statement")
    QUESTION = "question", _("Extra question")
    CONFIRMATION = "confirmation", _("Confirmation")
    TERMS = "terms", _("Terms")


class PostingKind(models.TextChoices):
    """How a posted text came to be."""

    FIRST = "first", _("First posting")
    AMENDMENT = "amendment", _("Amendment")
    OUTAGE = "outage", _("Extension after an outage")
