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
    AWARDED = "awarded", _("Awarded, work under way")
    ACCEPTED = "accepted", _("Work accepted")
    COMPLETED = "completed", _("Completed: accepted and paid")
    TERMINATED = "terminated", _("Ended: contract terminated")
    NO_PROPOSALS = "no_proposals", _("Ended: no application")
    NONE_SUITABLE = "none_suitable", _("Ended: no application met every criterion")
    NOT_ACCEPTED = "not_accepted", _("Ended: nobody accepted the work")
    CANCELLED = "cancelled", _("Cancelled")


#: Both have signed: the work was begun, whatever came of it since.
WITH_CONTRACT = frozenset({State.AWARDED, State.ACCEPTED, State.COMPLETED, State.TERMINATED})
#: A supplier was selected, whatever came of it since, unless the file was cancelled or the evaluation reopened.
AFTER_SELECTION = WITH_CONTRACT | {State.SELECTED, State.NOT_ACCEPTED}
#: The applications were opened, whatever came of them since, unless the file was cancelled.
AFTER_OPENING = AFTER_SELECTION | {State.OPENED, State.EVALUATED, State.NONE_SUITABLE}
#: Ends in which the work was not done; the opportunity can be posted again.
WITHOUT_AWARD = frozenset(
    {State.NO_PROPOSALS, State.NONE_SUITABLE, State.NOT_ACCEPTED, State.CANCELLED, State.TERMINATED}
)


class ItemKind(models.TextChoices):
    """What a posted item is."""

    EVALUATION = "evaluation", _("Application evaluation criterion")
    ACCEPTANCE = "acceptance", _("Work acceptance criterion")
    CHECKLIST = "checklist", _("Checklist statement")
    DELIVERY = "delivery", _("Statement of the acceptance checklist")
    QUESTION = "question", _("Extra question")
    CONFIRMATION = "confirmation", _("Confirmation")
    TERMS = "terms", _("Terms")


class PostingKind(models.TextChoices):
    """How a posted text came to be."""

    FIRST = "first", _("First posting")
    AMENDMENT = "amendment", _("Amendment")
    OUTAGE = "outage", _("Extension after an outage")
