"""What staff entered for suppliers who cannot answer an offer on the site: rows that stay as they were made.

Owns the rows; their rules are also the database's (migration ``answers_and_reasons_triggers``). Imports no view.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .enums import ON_PAPER, Answered, AnsweredHow
from .models import Offer, unlock_words


class OfferAnsweredForSupplier(KeptModel):
    """How the answer of a supplier to an offer came, and who typed it in. The database sets the time of entry."""

    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="answered_for", verbose_name=_("offer")
    )
    what = models.CharField(_("what was answered"), max_length=12, choices=Answered.choices)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_how = models.CharField(_("how it came"), max_length=12, choices=AnsweredHow.choices)
    taken_at = models.DateTimeField(_("signed, written or said at"))
    locked_statement = models.TextField(_("how it was received, encrypted"))
    entered_at = models.DateTimeField(_("entered"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to an offer that staff entered")
        verbose_name_plural = _("answers to offers that staff entered")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["offer", "what"], name="offer_answered_for_once"),
            models.CheckConstraint(
                condition=models.Q(what__in=Answered.values, entered_how__in=AnsweredHow.values),
                name="offer_answered_for_in_a_known_way",
            ),
            models.CheckConstraint(
                condition=~models.Q(what=Answered.ACCEPTED) | models.Q(entered_how__in=ON_PAPER),
                name="offer_accepted_for_on_paper",
            ),
            models.CheckConstraint(
                condition=~models.Q(locked_statement=""), name="offer_answered_for_with_a_statement"
            ),
        )

    def __str__(self) -> str:
        return f"{self.offer} / {self.what}"

    @property
    def statement(self) -> str:
        """How it was received, in the words of whoever entered it. Staff’s reading is recorded by its caller."""
        return unlock_words(self.locked_statement)
