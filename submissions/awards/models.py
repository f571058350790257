"""What is kept of an offer, its acceptance, the award, and of what suppliers write after the result.

Owns the rows; their rules are also the database's (migration ``awards_triggers``). What a supplier wrote, and names,
are kept under the reading key of ``proposals.custody``. Imports no view and no form.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.proposals import custody
from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .enums import STANDING, DeclineReason, OfferState, Payment, Topic


def lock_words(words: Any) -> str:
    """Text, or data as JSON, under the reading key; nothing where there is none."""
    text = words if isinstance(words, str) else json.dumps(words, ensure_ascii=False, sort_keys=True)
    return custody.lock(text.encode()) if text else ""


def unlock_words(locked: str) -> str:
    """The text that was given to ``lock_words``; nothing once it was erased."""
    return custody.unlock(locked).decode() if locked not in ("", custody.ERASED) else ""


def _person(**kwargs: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **kwargs)


class OfferQuerySet(KeptQuerySet):
    """Questions that are asked of offers."""

    def standing(self) -> OfferQuerySet:
        """Waiting for the supplier, accepted or awarded."""
        return self.filter(state__in=STANDING)

    def overdue(self) -> OfferQuerySet:
        """Waiting for the supplier past their time limit, by the database's clock."""
        return self.filter(state=OfferState.OFFERED, expires_at__lte=TransactionNow())


class Offer(KeptModel):
    """The work offered to one supplier: the selected one, or the next in the order."""

    solicitation = models.ForeignKey(
        "submissions.Solicitation", on_delete=models.PROTECT, related_name="offers", verbose_name=_("file")
    )
    proposal = models.ForeignKey(
        "submissions.Proposal",
        on_delete=models.PROTECT,
        related_name="offers",
        verbose_name=_("application"),
    )
    rank = models.PositiveSmallIntegerField(
        _("place in the order"), help_text=_("1 is the one that was selected.")
    )
    reference = models.CharField(_("reference of the agreement"), max_length=32, unique=True)
    price = models.DecimalField(_("fixed price"), max_digits=8, decimal_places=2)
    delivery_date = models.DateField(_("delivery date"))
    locked_contractor = models.TextField(_("name of the contractor, encrypted"))
    selected_at = models.DateTimeField(
        _("selected at"), help_text=_("Names the selection that this offer follows from.")
    )
    selectors = ArrayField(
        models.PositiveIntegerField(),
        verbose_name=_("who selected"),
        help_text=_("Keys of those who froze the list and who drew: none of them signs the award."),
    )
    made_by = _person(verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), db_default=TransactionNow(), editable=False)
    expires_at = models.DateTimeField(_("time limit"))
    state = models.CharField(
        _("state"), max_length=12, choices=OfferState.choices, default=OfferState.OFFERED
    )
    changed_at = models.DateTimeField(_("changed at"), db_default=TransactionNow(), editable=False)
    declined_for = models.CharField(
        _("declined for"), max_length=12, choices=DeclineReason.choices, blank=True
    )
    locked_reason = models.TextField(_("reason, encrypted"), blank=True)
    reminded = models.BooleanField(_("reminded"), default=False, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ("pk",)
        default_permissions = ()
        permissions = (
            ("offer_award", _("Can offer the work to the selected supplier and to the next")),
            ("countersign_award", _("Can sign an award for the department")),
            ("read_award_confirmation", _("Can read the confirmation of a government employee")),
            ("answer_debrief", _("Can answer requests for a conversation and complaints")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["solicitation"],
                condition=models.Q(state__in=sorted(STANDING)),
                name="offer_one_standing_a_file",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OfferState.values), name="offer_state_is_known"
            ),
            models.CheckConstraint(condition=models.Q(rank__gte=1), name="offer_has_a_place"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="offer_leaves_time"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[OfferState.NOT_ELIGIBLE, OfferState.VOIDED])
                | ~models.Q(locked_reason=""),
                name="offer_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state=OfferState.DECLINED, declined_for__in=DeclineReason.values)
                | (~models.Q(state=OfferState.DECLINED) & models.Q(declined_for="")),
                name="offer_declined_for_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=["expires_at"], condition=models.Q(state="offered"), name="offer_waiting_by_limit"
            ),
        )

    def __str__(self) -> str:
        return f"{self.solicitation} / {self.proposal}"

    @property
    def contractor(self) -> str:
        """Business name, or else name, as in the application. Personal until the award."""
        return unlock_words(self.locked_contractor)

    @property
    def reason(self) -> str:
        """Why it ended, in the words of whoever ended it."""
        return unlock_words(self.locked_reason)


class Acceptance(KeptModel):
    """What a supplier accepted, exactly: the terms as read, and what was confirmed. The database sets the time."""

    offer = models.OneToOneField(
        Offer, on_delete=models.PROTECT, related_name="acceptance", verbose_name=_("offer")
    )
    accepted_at = models.DateTimeField(_("accepted at"), db_default=TransactionNow(), editable=False)
    price = models.DecimalField(_("price confirmed"), max_digits=8, decimal_places=2)
    delivery_date = models.DateField(_("delivery date confirmed"))
    payment = models.CharField(_("payment"), max_length=8, choices=Payment.choices)
    is_government_employee = models.BooleanField(_("employed by the Government of Canada"))
    language = models.CharField(_("language of the terms"), max_length=2, choices=settings.LANGUAGES)
    terms_digest = models.CharField(_("digest of the terms"), max_length=64)
    locked_words = models.TextField(_("terms, name and licence holder, encrypted"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(payment__in=Payment.values), name="acceptance_payment_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(terms_digest__regex=r"^[0-9a-f]{64}$"), name="acceptance_has_a_digest"
            ),
        )

    def __str__(self) -> str:
        return str(self.offer)

    def words(self) -> dict[str, str]:
        """``terms`` as read, ``signature`` as typed, ``licence_holder``; staff’s reading is recorded by its caller.

        Empty once it was erased.
        """
        words: dict[str, str] = json.loads(unlock_words(self.locked_words) or "{}")
        return words


class EmployeeConfirmation(KeptModel):
    """The document of a government employee: the only attachment that the software takes. A PDF, kept encrypted."""

    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="confirmations", verbose_name=_("offer")
    )
    name = models.CharField(_("file name"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    digest = models.CharField(_("digest of the file"), max_length=64)
    locked_content = models.BinaryField(_("content, encrypted"))
    received_at = models.DateTimeField(_("received at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation of a government employee")
        verbose_name_plural = _("confirmations of government employees")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["offer", "digest"], name="confirmation_kept_once"),)

    def __str__(self) -> str:
        return str(self.offer)

    def content(self) -> bytes:
        """The PDF. Staff’s reading is recorded by its caller."""
        return custody.unlock(bytes(self.locked_content).decode("ascii"))


class Award(KeptModel):
    """The second signature: from its moment on the work is awarded, and its facts are public."""

    offer = models.OneToOneField(
        Offer, on_delete=models.PROTECT, related_name="award", verbose_name=_("offer")
    )
    supplier = models.CharField(
        _("supplier"), max_length=400, help_text=_("Public: business name, or else name.")
    )
    value = models.DecimalField(_("value before tax"), max_digits=8, decimal_places=2)
    delivery_date = models.DateField(_("delivery date"))
    countersigned_by = _person(verbose_name=_("signed for the department by"))
    countersigned_at = models.DateTimeField(_("signed at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.offer)


class DebriefRequest(KeptModel):
    """What a supplier wrote after the result: asks for a conversation, or complains."""

    proposal = models.ForeignKey(
        "submissions.Proposal",
        on_delete=models.PROTECT,
        related_name="debrief_requests",
        verbose_name=_("application"),
    )
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    key = models.UUIDField(_("key of the form"), unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    locked_words = models.TextField(_("words, encrypted"))
    received_at = models.DateTimeField(_("received at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("request after the result")
        verbose_name_plural = _("requests after the result")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=models.Q(topic__in=Topic.values), name="debrief_topic_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.proposal} / {self.topic}"

    @property
    def words(self) -> str:
        """What the supplier wrote. Staff’s reading is recorded by its caller."""
        return unlock_words(self.locked_words)


class DebriefAnswer(KeptModel):
    """What staff answered. Kept, like what it answers."""

    request = models.OneToOneField(
        DebriefRequest, on_delete=models.PROTECT, related_name="answer", verbose_name=_("request")
    )
    locked_words = models.TextField(_("words, encrypted"))
    answered_by = _person(verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer after the result")
        verbose_name_plural = _("answers after the result")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.request)

    @property
    def words(self) -> str:
        """What staff wrote."""
        return unlock_words(self.locked_words)
