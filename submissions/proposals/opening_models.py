"""How far an opening is: a row for each time that one was asked for, for whoever waits for it.

Owns the row alone. It decides nothing: what is opened, and whether, is in ``opening`` and in the database's triggers.
Imports no view and no form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from .enums import OpeningOutcome
from .models import KeptModel
from .querysets import KeptQuerySet

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


class OpeningQuerySet(KeptQuerySet):
    """Questions that are asked of openings."""

    def under_way(self) -> OpeningQuerySet:
        """Those that were asked for and have not ended; there is one a file at most."""
        return self.filter(ended_at__isnull=True)


class Opening(KeptModel):
    """One time that somebody asked for a file to be opened.

    ``attempts``, ``total``, ``done`` and ``moved_at`` are written while the opening is under way, on a connection of
    their own, so that others can read them before it commits.
    """

    solicitation: Any = models.ForeignKey(
        "submissions.Solicitation", on_delete=models.PROTECT, related_name="openings", verbose_name=_("file")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for at"), db_default=TransactionNow(), editable=False)
    attempts = models.PositiveSmallIntegerField(_("times that it was begun"), default=0)
    total = models.PositiveIntegerField(_("applications to open"), default=0)
    done = models.PositiveIntegerField(_("applications opened so far"), default=0)
    moved_at = models.DateTimeField(_("last sign of it"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=OpeningOutcome.choices, blank=True)
    fault = models.CharField(_("why it failed"), max_length=40, blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of a file")
        verbose_name_plural = _("openings of files")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["solicitation"],
                condition=models.Q(ended_at__isnull=True),
                name="opening_one_under_way_a_file",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | models.Q(ended_at__isnull=False, outcome__in=OpeningOutcome.values),
                name="opening_ended_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.solicitation} / {self.pk}"


def newest(file: Solicitation) -> Opening | None:
    """The last opening that was asked for of a file."""
    found: Opening | None = Opening.objects.filter(solicitation=file).order_by("-pk").first()
    return found
