"""What is kept of a contract: its dates, messages, extensions, and how it ended. Deliveries are in ``work_models``.

Owns the rows; their rules are also the database’s (migration ``contract_triggers``): only the state and the delivery
date of a contract ever change. Who wrote for the department is named by a key; a row of the supplier’s names nobody.
What people wrote is kept under the reading key. Imports no view and no form.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.awards.models import unlock_words
from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .enums import ACTIVE, ENDED, ContractState, EndKind, MessageKind, Side


def person(**kwargs: Any) -> Any:
    """A key of somebody of staff."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **kwargs)


def language_field() -> Any:
    """In which language something was written."""
    return models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)


def moment(label: Any) -> Any:
    """A time that the database sets."""
    return models.DateTimeField(label, db_default=TransactionNow(), editable=False)


def named_by_side(side: str, who: str, name: str) -> models.CheckConstraint:
    """The department’s rows name a person, the supplier’s name nobody."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(**{side: Side.DEPARTMENT, f"{who}__isnull": False})
        | models.Q(**{side: Side.SUPPLIER, f"{who}__isnull": True}),
    )


class ContractQuerySet(KeptQuerySet):
    """Questions that are asked of contracts."""

    def active(self) -> ContractQuerySet:
        """Work under way, accepted or paid."""
        return self.filter(state__in=ACTIVE)

    def ended(self) -> ContractQuerySet:
        """Ended without the whole work."""
        return self.filter(state__in=ENDED)


class Contract(KeptModel):
    """The work under one award, from both signatures to its payment or to another end."""

    offer = models.OneToOneField(
        "submissions.Offer", on_delete=models.PROTECT, related_name="contract", verbose_name=_("offer")
    )
    solicitation = models.ForeignKey(
        "submissions.Solicitation",
        on_delete=models.PROTECT,
        related_name="contracts",
        verbose_name=_("file"),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=ContractState.choices, default=ContractState.UNDER_WAY
    )
    price = models.DecimalField(_("fixed price before tax"), max_digits=8, decimal_places=2)
    delivery_date = models.DateField(_("delivery date"), help_text=_("As last extended."))
    repository = models.URLField(_("repository"))
    rounds = models.PositiveSmallIntegerField(
        _("deliveries allowed"), help_text=_("So often the supplier may deliver, the first time included.")
    )
    started_at = models.DateTimeField(_("started at"))
    changed_at = moment(_("changed at"))

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ("pk",)
        default_permissions = ()
        permissions = (
            ("work_contract", _("Can follow the work of every contract, and judge what was delivered")),
            ("work_own_contract", _("Can follow the work of one’s own files, and judge what was delivered")),
            ("concur_work", _("Can concur with what the client judged of delivered work")),
            ("confirm_contract_end", _("Can confirm that a contract ends for default")),
            ("settle_dispute", _("Can settle a dispute about a contract")),
            ("pay_contract", _("Can record the payment of a contract")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["solicitation"],
                condition=models.Q(state__in=sorted(ACTIVE)),
                name="contract_one_active_a_file",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ContractState.values), name="contract_state_is_known"
            ),
            models.CheckConstraint(condition=models.Q(rounds__gte=1), name="contract_allows_a_delivery"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="contract_has_a_price"),
        )

    def __str__(self) -> str:
        return str(self.offer)

    @property
    def supplier(self) -> str:
        """Business name, or else name: public since the award."""
        return str(self.offer.award.supplier)

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE


def _of_contract(related_name: str) -> Any:
    return models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name=related_name, verbose_name=_("contract")
    )


class Message(KeptModel):
    """What one side wrote to the other about the work. Mailed to the other; never changed."""

    contract = _of_contract("messages")
    side = models.CharField(_("from"), max_length=10, choices=Side.choices)
    written_by = person(verbose_name=_("written by"), null=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=MessageKind.choices, default=MessageKind.MESSAGE
    )
    key = models.UUIDField(_("key of the form"), unique=True, editable=False)
    language = language_field()
    locked_words = models.TextField(_("words, encrypted"))
    sent_at = moment(_("sent at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("message about the work")
        verbose_name_plural = _("messages about the work")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (named_by_side("side", "written_by", "message_names_staff_alone"),)

    def __str__(self) -> str:
        return f"{self.contract} / {self.pk}"

    @property
    def words(self) -> str:
        return unlock_words(self.locked_words)


class Extension(KeptModel):
    """One side asks for a later delivery date, with the reason; the other agrees or does not."""

    contract = _of_contract("extensions")
    side = models.CharField(_("asked by"), max_length=10, choices=Side.choices)
    asked_by = person(verbose_name=_("asked by"), null=True)
    key = models.UUIDField(_("key of the form"), unique=True, editable=False)
    before = models.DateField(_("date until then"))
    until = models.DateField(_("new date"))
    language = language_field()
    locked_reason = models.TextField(_("reason, encrypted"))
    asked_at = moment(_("asked at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension of the delivery date")
        verbose_name_plural = _("extensions of the delivery date")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            named_by_side("side", "asked_by", "extension_names_staff_alone"),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("before")), name="extension_is_later"
            ),
            models.CheckConstraint(condition=~models.Q(locked_reason=""), name="extension_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.contract} / {self.until}"

    @property
    def reason(self) -> str:
        return unlock_words(self.locked_reason)


class ExtensionAnswer(KeptModel):
    """What the other side says to an extension."""

    extension = models.OneToOneField(
        Extension, on_delete=models.PROTECT, related_name="answer", verbose_name=_("extension")
    )
    agreed = models.BooleanField(_("agreed"))
    answered_by = person(verbose_name=_("answered by"), null=True)
    language = language_field()
    locked_reason = models.TextField(_("reason, encrypted"), blank=True)
    answered_at = moment(_("answered at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer about the delivery date")
        verbose_name_plural = _("answers about the delivery date")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(agreed=True) | ~models.Q(locked_reason=""),
                name="extension_refused_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return str(self.extension)

    @property
    def reason(self) -> str:
        return unlock_words(self.locked_reason)


class Dispute(KeptModel):
    """One side does not agree with the other: nobody terminates for default until it is settled."""

    contract = _of_contract("disputes")
    side = models.CharField(_("raised by"), max_length=10, choices=Side.choices)
    raised_by = person(verbose_name=_("raised by"), null=True)
    key = models.UUIDField(_("key of the form"), unique=True, editable=False)
    language = language_field()
    locked_words = models.TextField(_("words, encrypted"))
    raised_at = moment(_("raised at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            named_by_side("side", "raised_by", "dispute_names_staff_alone"),
            models.CheckConstraint(condition=~models.Q(locked_words=""), name="dispute_says_about_what"),
        )

    def __str__(self) -> str:
        return f"{self.contract} / {self.pk}"

    @property
    def words(self) -> str:
        return unlock_words(self.locked_words)


class Settlement(KeptModel):
    """How a dispute was settled, in words that both sides read."""

    dispute = models.OneToOneField(
        Dispute, on_delete=models.PROTECT, related_name="settlement", verbose_name=_("dispute")
    )
    language = language_field()
    locked_words = models.TextField(_("words, encrypted"))
    settled_by = person(verbose_name=_("settled by"))
    settled_at = moment(_("settled at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("settlement of a dispute")
        verbose_name_plural = _("settlements of disputes")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=~models.Q(locked_words=""), name="settlement_says_what"),
        )

    def __str__(self) -> str:
        return str(self.dispute)

    @property
    def words(self) -> str:
        return unlock_words(self.locked_words)


def _share(label: Any) -> Any:
    return models.PositiveSmallIntegerField(label, validators=[MaxValueValidator(100)])


class EndProposal(KeptModel):
    """Staff propose to end a contract: for default, or for convenience with the share that is paid."""

    contract = _of_contract("end_proposals")
    kind = models.CharField(_("kind"), max_length=12, choices=EndKind.choices)
    key = models.UUIDField(_("key of the form"), unique=True, editable=False)
    computed = _share(_("share computed from the criteria, in percent"))
    percentage = _share(_("share proposed, in percent"))
    language = language_field()
    locked_reason = models.TextField(_("reason, encrypted"))
    proposed_by = person(verbose_name=_("proposed by"))
    proposed_at = moment(_("proposed at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal to end a contract")
        verbose_name_plural = _("proposals to end a contract")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind=EndKind.DEFAULT, percentage=0)
                | models.Q(kind=EndKind.CONVENIENCE, percentage__lte=100),
                name="end_proposed_with_its_share",
            ),
            models.CheckConstraint(condition=~models.Q(locked_reason=""), name="end_proposed_with_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.contract} / {self.kind}"

    @property
    def reason(self) -> str:
        return unlock_words(self.locked_reason)


class EndAnswer(KeptModel):
    """What was answered to it: by another person of staff for default, by the supplier for convenience."""

    proposal = models.OneToOneField(
        EndProposal, on_delete=models.PROTECT, related_name="answer", verbose_name=_("proposal")
    )
    agreed = models.BooleanField(_("agreed"))
    answered_by = person(verbose_name=_("answered by"), null=True)
    language = language_field()
    locked_reason = models.TextField(_("reason, encrypted"), blank=True)
    answered_at = moment(_("answered at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a proposal to end a contract")
        verbose_name_plural = _("answers to proposals to end a contract")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(agreed=True) | ~models.Q(locked_reason=""),
                name="end_refused_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return str(self.proposal)

    @property
    def reason(self) -> str:
        return unlock_words(self.locked_reason)


class ContractEnd(KeptModel):
    """How a contract ended without the whole work, why, and which share of the price is paid."""

    contract = models.OneToOneField(
        Contract, on_delete=models.PROTECT, related_name="end", verbose_name=_("contract")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=EndKind.choices)
    percentage = _share(_("share of the work that is paid, in percent"))
    proposal = models.OneToOneField(
        EndProposal, on_delete=models.PROTECT, null=True, related_name="end", verbose_name=_("proposal")
    )
    language = language_field()
    locked_reason = models.TextField(_("reason, encrypted"))
    ended_at = moment(_("ended at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("end of a contract")
        verbose_name_plural = _("ends of contracts")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind=EndKind.CONVENIENCE, percentage__lte=100, proposal__isnull=False)
                | models.Q(kind=EndKind.DEFAULT, percentage=0, proposal__isnull=False)
                | models.Q(kind=EndKind.WITHDRAWN, percentage=0, proposal__isnull=True),
                name="contract_ended_with_its_share",
            ),
            models.CheckConstraint(
                condition=~models.Q(locked_reason=""), name="contract_ended_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.contract} / {self.kind}"

    @property
    def reason(self) -> str:
        """Why, in the words of whoever ended it."""
        return unlock_words(self.locked_reason)


class PassedOn(KeptModel):
    """After the end of a contract the work is offered to the next in the drawn order, for a new delivery date."""

    contract = models.OneToOneField(
        Contract, on_delete=models.PROTECT, related_name="passed_on", verbose_name=_("contract that ended")
    )
    delivery_date = models.DateField(_("delivery date for the next"))
    decided_by = person(verbose_name=_("decided by"))
    decided_at = moment(_("decided at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("work passed on")
        verbose_name_plural = _("work passed on")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.contract)
