"""What is kept of an evaluation: rounds, who evaluates, verdicts alone and agreed.

Owns the rows. ``services`` alone writes them; triggers (migration ``evaluation_triggers``) hold what must never be
false. A verdict is a generated column: there is none where no reason is written, whoever writes the row.
Imports no view and no form.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Case, F, GeneratedField, Q, When
from django.utils.translation import gettext_lazy as _

from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .enums import Ended, RoundState

#: The longest reason, in characters.
REASON_LENGTH = 4000


class KeptRow(KeptModel):
    """A row that stays, whatever it is asked through."""

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True


class Round(KeptRow):
    """One evaluation of a file, from the first evaluator to the sign-off; a reopened file has another."""

    solicitation = models.ForeignKey(
        "submissions.Solicitation", on_delete=models.PROTECT, related_name="rounds", verbose_name=_("file")
    )
    posting = models.ForeignKey(
        "submissions.Posting", on_delete=models.PROTECT, related_name="+", verbose_name=_("posting")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=12, choices=RoundState.choices, default=RoundState.WORKING
    )
    begun_at = models.DateTimeField(_("begun"), db_default=TransactionNow(), editable=False)
    changed_at = models.DateTimeField(_("in this state since"), db_default=TransactionNow(), editable=False)
    sent_back_reason = models.TextField(_("why it was sent back"), blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("signed off by"),
    )
    signed_at = models.DateTimeField(_("signed off"), null=True)
    digest = models.CharField(_("digest of the verdicts signed off"), max_length=64, blank=True)
    voided_at = models.DateTimeField(_("voided"), null=True)
    void_reason = models.TextField(_("why it was reopened"), blank=True)

    class Meta:
        verbose_name = _("round of evaluation")
        verbose_name_plural = _("rounds of evaluation")
        ordering = ("solicitation", "number")
        default_permissions = ()
        permissions = (
            ("evaluate_proposal", _("Can evaluate the applications of the files assigned to one")),
            ("assign_evaluator", _("Can name the evaluators of a file")),
            ("sign_off_evaluation", _("Can sign an evaluation off, or send it back")),
            ("reopen_evaluation", _("Can reopen an evaluation that was signed off, with a reason")),
            ("view_evaluation", _("Can see the verdicts of an evaluation that was handed in")),
            ("redact_proposal", _("Can hide what tells who sent an application")),
            ("translate_proposal", _("Can write working translations of applications")),
        )
        constraints = (
            models.UniqueConstraint(fields=["solicitation", "number"], name="round_numbered_once_a_file"),
            models.UniqueConstraint(
                fields=["solicitation"], condition=~Q(state=RoundState.VOIDED), name="round_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=[RoundState.SIGNED, RoundState.VOIDED])
                & Q(signed_by__isnull=False, signed_at__isnull=False, digest__regex=r"^[0-9a-f]{64}$")
                | ~Q(state__in=[RoundState.SIGNED, RoundState.VOIDED])
                & Q(signed_by__isnull=True, signed_at__isnull=True, digest=""),
                name="round_signed_whole_or_not",
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.VOIDED, voided_at__isnull=False, void_reason__regex=r"\S")
                | ~Q(state=RoundState.VOIDED) & Q(voided_at__isnull=True, void_reason=""),
                name="round_voided_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.solicitation} / {self.number}"


class Candidate(KeptRow):
    """An application as evaluators know it: by a number that says nothing of who sent it or when."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="candidates", verbose_name=_("round")
    )
    proposal = models.ForeignKey(
        "submissions.Proposal", on_delete=models.PROTECT, related_name="+", verbose_name=_("application")
    )
    label = models.PositiveIntegerField(_("number among the evaluators"))

    class Meta:
        verbose_name = _("application that is evaluated")
        verbose_name_plural = _("applications that are evaluated")
        ordering = ("round", "label")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["round", "proposal"], name="candidate_once_a_round"),
            models.UniqueConstraint(fields=["round", "label"], name="candidate_numbered_once_a_round"),
        )

    def __str__(self) -> str:
        return f"{self.round_id} / {self.label}"


class Assignment(KeptRow):
    """A person who evaluates in a round, in an order of the applications of their own."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("round")
    )
    evaluator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("evaluator")
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("named by"),
    )
    assigned_at = models.DateTimeField(_("named"), db_default=TransactionNow(), editable=False)
    order = models.JSONField(_("order of the applications"), default=list)
    attested_at = models.DateTimeField(_("attested"), null=True)
    attestation = models.TextField(_("text that was attested"), blank=True)
    handed_in_at = models.DateTimeField(_("handed in"), null=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    ended = models.CharField(_("evaluates no more"), max_length=12, choices=Ended.choices, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_reason = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("evaluator of a file")
        verbose_name_plural = _("evaluators of files")
        ordering = ("round", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["round", "evaluator"], name="evaluator_once_a_round"),
            models.CheckConstraint(
                condition=Q(attested_at__isnull=True, attestation="")
                | Q(attested_at__isnull=False, attestation__regex=r"\S"),
                name="evaluator_attested_a_text",
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True) | Q(attested_at__isnull=False),
                name="evaluator_attested_before_handing_in",
            ),
            models.CheckConstraint(
                condition=Q(ended="", ended_at__isnull=True, ended_reason="")
                | Q(ended__in=Ended.values, ended_at__isnull=False, ended_reason__regex=r"\S"),
                name="evaluator_ended_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id} / {self.evaluator_id}"

    @property
    def counts(self) -> bool:
        """Whether this person still evaluates in the round."""
        return not self.ended


class Judgement(models.Model):
    """A choice and its reason; ``passed`` is a verdict only where both are there.

    What is typed is kept from the first letter, so a row may hold a choice without a reason, or the reverse.
    """

    choice = models.BooleanField(_("verdict"), null=True)
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH, blank=True)
    language = models.CharField(_("language of the reason"), max_length=2, choices=settings.LANGUAGES)
    passed = GeneratedField(
        expression=Case(When(reason__regex=r"\S", then=F("choice")), default=None),
        output_field=models.BooleanField(null=True),
        db_persist=True,
        verbose_name=_("verdict"),
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    changed_at = models.DateTimeField(_("changed"), db_default=TransactionNow(), editable=False)

    class Meta:
        abstract = True
        default_permissions: ClassVar[tuple[str, ...]] = ()


class Verdict(Judgement, KeptRow):
    """What one evaluator gave alone for one criterion of one application."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="verdicts", verbose_name=_("evaluator")
    )
    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, related_name="verdicts", verbose_name=_("application")
    )
    item = models.ForeignKey(
        "submissions.PostedItem", on_delete=models.PROTECT, related_name="+", verbose_name=_("criterion")
    )

    class Meta(Judgement.Meta):
        abstract = False
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = (
            models.UniqueConstraint(fields=["assignment", "candidate", "item"], name="verdict_once"),
        )

    def __str__(self) -> str:
        return f"{self.assignment_id} / {self.candidate_id} / {self.item_id}"


class Consensus(Judgement, KeptRow):
    """What the evaluators of a round agreed for one criterion of one application."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, related_name="agreed", verbose_name=_("application")
    )
    item = models.ForeignKey(
        "submissions.PostedItem", on_delete=models.PROTECT, related_name="+", verbose_name=_("criterion")
    )
    written_by = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )

    class Meta(Judgement.Meta):
        abstract = False
        verbose_name = _("agreed verdict")
        verbose_name_plural = _("agreed verdicts")
        constraints = (models.UniqueConstraint(fields=["candidate", "item"], name="agreed_once"),)

    def __str__(self) -> str:
        return f"{self.candidate_id} / {self.item_id}"
