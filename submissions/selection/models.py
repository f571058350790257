"""What is kept of a selection: commitments, frozen lists, what was entered, draws, what was voided. Nothing ever goes.

Owns the rows. ``services`` alone writes them; triggers (migration ``selection_triggers``) hold what makes a draw fair:
times by the database's clock, one draw for a list, the order recomputed in the database itself. Imports no view.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from submissions.proposals import custody
from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from . import sources

SHA_256 = r"^[0-9a-f]{64}$"


class VoidKind(models.TextChoices):
    """Why a frozen list, and its draw if there was one, no longer counts."""

    REOPENED = "reopened", _("The evaluation was reopened")
    CANCELLED = "cancelled", _("The opportunity was cancelled")


class DrawCommitment(KeptModel):
    """A secret that is published as its SHA-256 before it can matter, with where the public input will come from.

    The first is made when the opportunity is posted; another when a list is voided, because voiding reveals its secret.
    """

    solicitation = models.ForeignKey(
        "submissions.Solicitation",
        on_delete=models.PROTECT,
        related_name="draw_commitments",
        verbose_name=_("file"),
    )
    sequence = models.PositiveSmallIntegerField(_("number"))
    digest = models.CharField(_("commitment"), max_length=64)
    locked_secret = models.TextField(_("secret, encrypted"))
    source_key = models.CharField(_("source of the public input"), max_length=30)
    made_at = models.DateTimeField(_("published"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment of a draw")
        verbose_name_plural = _("commitments of draws")
        ordering = ("solicitation", "sequence")
        default_permissions = ()
        permissions = (
            ("select_supplier", _("Can freeze the list of a file and carry out its random selection")),
            ("witness_draw", _("Can enter the public input of a random selection")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["solicitation", "sequence"], name="commitment_numbered_once_a_file"
            ),
            models.UniqueConstraint(fields=["digest"], name="commitment_made_once"),
            models.CheckConstraint(condition=Q(digest__regex=SHA_256), name="commitment_is_sha_256"),
        )

    def __str__(self) -> str:
        return f"{self.solicitation} / {self.sequence}"

    @property
    def source(self) -> sources.Source:
        """Where the public input comes from, as announced."""
        return sources.source_of(self.source_key)

    def secret(self) -> str:
        """What was committed to. Only ``services`` asks, when it draws or voids."""
        return custody.unlock(self.locked_secret).decode("ascii")


class FrozenList(KeptModel):
    """The receipt numbers of the applications that passed every criterion of a signed round, once and for all."""

    solicitation = models.ForeignKey(
        "submissions.Solicitation",
        on_delete=models.PROTECT,
        related_name="frozen_lists",
        verbose_name=_("file"),
    )
    commitment = models.OneToOneField(
        DrawCommitment, on_delete=models.PROTECT, related_name="frozen_list", verbose_name=_("commitment")
    )
    round = models.OneToOneField(
        "submissions.Round",
        on_delete=models.PROTECT,
        related_name="frozen_list",
        verbose_name=_("evaluation"),
    )
    candidates = models.JSONField(_("receipt numbers"))
    canonical = models.TextField(_("text of the list"))
    digest = models.CharField(_("digest of the list"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("frozen by")
    )
    occurrence = models.CharField(_("result of the source that counts"), max_length=40, blank=True)
    occurs_at = models.DateTimeField(_("known from"), null=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen list")
        verbose_name_plural = _("frozen lists")
        ordering = ("solicitation", "pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(digest__regex=SHA_256), name="frozen_list_digest_is_sha_256"),
            models.CheckConstraint(
                condition=Q(occurs_at__isnull=True, occurrence="")
                | Q(occurs_at__gte=models.F("frozen_at"), occurrence__regex=r"\S"),
                name="public_input_after_the_freeze",
            ),
        )

    def __str__(self) -> str:
        return f"{self.solicitation} / {self.commitment.sequence}"

    @property
    def is_single(self) -> bool:
        """One application passed: it is selected, and nothing is drawn."""
        return len(self.candidates) == 1


class InputEntry(KeptModel):
    """What one person entered as the public input, on the own account.

    Of a public source each enters what they read there: a draw needs two people who read the same. Of witnesses each
    entry is a part of the input.
    """

    frozen_list = models.ForeignKey(
        FrozenList, on_delete=models.PROTECT, related_name="entries", verbose_name=_("frozen list")
    )
    text = models.CharField(_("public input"), max_length=200)
    provenance = models.CharField(_("where it was read"), max_length=300, blank=True)
    entered_at = models.DateTimeField(_("entered"), db_default=TransactionNow(), editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("public input that was entered")
        verbose_name_plural = _("public inputs that were entered")
        ordering = ("frozen_list", "pk")
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(text__regex=r"\S"), name="public_input_not_blank"),)

    def __str__(self) -> str:
        return f"{self.frozen_list_id} / {self.pk}"


class Draw(KeptModel):
    """The order of a frozen list. There is one at most, for ever; the database computes it again and compares."""

    frozen_list = models.OneToOneField(
        FrozenList, on_delete=models.PROTECT, related_name="draw", verbose_name=_("frozen list")
    )
    first = models.ForeignKey(
        InputEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("first entry")
    )
    second = models.ForeignKey(
        InputEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("second entry")
    )
    secret = models.CharField(_("secret"), max_length=64)
    public_input = models.CharField(_("public input"), max_length=500)
    public_text = models.TextField(_("public text"))
    order = models.JSONField(_("receipt numbers in the drawn order"))
    drawn_at = models.DateTimeField(_("drawn"), db_default=TransactionNow(), editable=False)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drawn by")
    )

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("random selection")
        verbose_name_plural = _("random selections")
        ordering = ("pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.frozen_list)


class VoidedList(KeptModel):
    """A frozen list that no longer counts, with its draw if there was one. Its secret becomes public with it."""

    frozen_list = models.OneToOneField(
        FrozenList, on_delete=models.PROTECT, related_name="voided", verbose_name=_("frozen list")
    )
    kind = models.CharField(_("why"), max_length=12, choices=VoidKind.choices)
    reason = models.TextField(_("reason"))
    reason_fr = models.TextField(_("reason in French"), blank=True)
    secret = models.CharField(_("secret"), max_length=64)
    voided_at = models.DateTimeField(_("voided"), db_default=TransactionNow(), editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("voided by"),
    )

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("voided list")
        verbose_name_plural = _("voided lists")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=VoidKind.values), name="void_kind_is_known"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="list_voided_with_a_reason"),
        )

    def __str__(self) -> str:
        return str(self.frozen_list)

    def get_reason(self, language: str | None = None) -> str:
        """Why, in a language or the active one; in the language it was written in where there is no other."""
        french = (language or get_language() or "en").startswith("fr")
        return (self.reason_fr or self.reason) if french else self.reason
