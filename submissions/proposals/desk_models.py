"""What staff did for suppliers who wrote or telephoned instead of using the site: rows that stay as they were made.

Owns the rows; their rules are also the database's (migration ``bench_desk_triggers``). Imports no view and no form.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from .enums import ToldHow
from .models import KeptModel, Proposal
from .querysets import KeptQuerySet


class ToldOfAmendment(KeptModel):
    """That a supplier without e-mail was told of a file as last amended. The database sets the time."""

    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="told", verbose_name=_("application")
    )
    posting = models.ForeignKey(
        "submissions.Posting", on_delete=models.PROTECT, related_name="+", verbose_name=_("posting")
    )
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("told by")
    )
    how = models.CharField(_("how"), max_length=12, choices=ToldHow.choices)
    told_at = models.DateTimeField(_("told at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("telling a supplier of an amendment")
        verbose_name_plural = _("tellings of amendments")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["proposal", "posting"], name="told_once_an_amendment"),
            models.CheckConstraint(condition=models.Q(how__in=ToldHow.values), name="told_how_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} / {self.posting}"


class WithdrawnForSupplier(KeptModel):
    """Why a member of staff withdrew an application on its supplier's word. The database sets the time."""

    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, related_name="withdrawn_for", verbose_name=_("application")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("withdrawn by")
    )
    reason = models.TextField(_("reason"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("withdrawal on a supplier’s word")
        verbose_name_plural = _("withdrawals on suppliers’ words")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason__regex=r"^\s*$"), name="withdrawn_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return str(self.proposal)
