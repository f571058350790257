"""Words that are stored of an evaluation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    """Where a round of evaluation is; ``states.py`` says what leads from one to another."""

    WORKING = "working", _("Each evaluator alone")
    AGREEING = "agreeing", _("Evaluators agree where they differ")
    SUBMITTED = "submitted", _("Waits for sign-off")
    SIGNED = "signed", _("Signed off")
    VOIDED = "voided", _("Void: the evaluation was reopened")


class Ended(models.TextChoices):
    """Why somebody evaluates no more in a round."""

    CONFLICT = "conflict", _("Declared a conflict of interest")
    RELEASED = "released", _("Released by IT Strategy")
