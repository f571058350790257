"""Words that the survey stores. Imports nothing of the project."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cohort(models.TextChoices):
    """All that is kept of who answered, beside the year."""

    APPLIED = "applied", _("Applied")
    AWARDED = "awarded", _("Was awarded the work")
    CLIENT = "client", _("Client, at the end of a contract")
    SUPPLIER = "supplier", _("Supplier, at the end of a contract")


#: Those who are asked about a contract when it has ended, and not about themselves.
CLOSING = frozenset({Cohort.CLIENT, Cohort.SUPPLIER})
