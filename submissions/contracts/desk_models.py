"""What staff entered for suppliers without e-mail after the award: beside each row of the supplier, how it came.

Owns the rows; their rules are also the database’s (migration ``desk_after_the_award_triggers``). Imports no view.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from submissions.awards.enums import AnsweredHow
from submissions.awards.models import unlock_words
from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .models import Contract, moment, person

#: What can be entered, by the column that names it, and what it is called.
SUBJECTS: dict[str, Any] = {
    "message": _("Message"),
    "delivery": _("Delivery of the work"),
    "extension": _("A later delivery date that the supplier asks for"),
    "extension_answer": _("Answer about a later delivery date"),
    "dispute": _("Dispute"),
    "end_answer": _("Answer about the end of the contract"),
    "end": _("Withdrawal from the contract"),
    "invoice": _("Invoice"),
}


def _of(model: str, name: str) -> Any:
    return models.OneToOneField(
        f"submissions.{model}",
        on_delete=models.PROTECT,
        null=True,
        related_name="entered_for",
        verbose_name=SUBJECTS[name],
    )


class EnteredForSupplier(KeptModel):
    """How something that a supplier said, wrote or sent came, and who typed it in. The database sets the time."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="entered_for", verbose_name=_("contract")
    )
    message = _of("Message", "message")
    delivery = _of("Delivery", "delivery")
    extension = _of("Extension", "extension")
    extension_answer = _of("ExtensionAnswer", "extension_answer")
    dispute = _of("Dispute", "dispute")
    end_answer = _of("EndAnswer", "end_answer")
    end = _of("ContractEnd", "end")
    invoice = _of("Invoice", "invoice")
    entered_by = person(verbose_name=_("entered by"))
    entered_how = models.CharField(_("how it came"), max_length=12, choices=AnsweredHow.choices)
    taken_at = models.DateTimeField(_("signed, written or said at"))
    locked_statement = models.TextField(_("how it was received, encrypted"))
    entered_at = moment(_("entered"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("act of a supplier that staff entered")
        verbose_name_plural = _("acts of suppliers that staff entered")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        *(models.F(name) for name in SUBJECTS),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="entered_for_is_one_act",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_how__in=AnsweredHow.values), name="entered_for_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=~models.Q(locked_statement=""), name="entered_for_with_a_statement"
            ),
        )

    def __str__(self) -> str:
        return f"{self.contract} / {self.what}"

    @property
    def what(self) -> str:
        """Which of the supplier’s acts it is: a name of ``SUBJECTS``."""
        return next(name for name in SUBJECTS if getattr(self, f"{name}_id") is not None)

    @property
    def label(self) -> str:
        """The same in words."""
        return str(SUBJECTS[self.what])

    @property
    def statement(self) -> str:
        """How it was received, in the words of whoever entered it."""
        return unlock_words(self.locked_statement)
