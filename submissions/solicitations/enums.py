"""Words that are stored in the file."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a file is; what the public calls it is in ``states.py``."""

    POSTED = "posted", _("Posted")
    OPENED = "opened", _("Opened, being evaluated")
    CANCELLED = "cancelled", _("Cancelled")


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
