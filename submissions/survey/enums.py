"""Words that the survey stores. Imports nothing of the project."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cohort(models.TextChoices):
    """All that is kept of who answered, beside the year."""

    APPLIED = "applied", _("Applied")
    AWARDED = "awarded", _("Was awarded the work")
