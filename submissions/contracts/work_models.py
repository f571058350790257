"""What a supplier delivered, the evidence beside it, and what client and IT Strategy judged. Every round is kept.

Owns the rows; their rules are also the database’s (migration ``contract_triggers``): none of them ever changes. Imports
no view and no form.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.awards.models import unlock_words
from submissions.proposals import custody
from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .enums import CheckKind, ResultFormat
from .models import Contract, language_field, moment, person

#: A commit of Git, abbreviated or whole, of SHA-1 or SHA-256.
COMMIT = r"^[0-9a-f]{7,64}$"


class Delivery(KeptModel):
    """One round of delivered work: where it is, under which licence, how it meets each criterion."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("contract")
    )
    round = models.PositiveSmallIntegerField(_("round"), help_text=_("1 is the first delivery."))
    posting = models.ForeignKey(
        "submissions.Posting",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("posting"),
        help_text=_("Whose work acceptance criteria this answers."),
    )
    key = models.UUIDField(_("key of the form"), unique=True, editable=False)
    requests = models.JSONField(_("addresses of pull or merge requests"), default=list)
    commit = models.CharField(_("commit"), max_length=64)
    licence = models.CharField(_("licence"), max_length=100)
    confirmed = models.JSONField(
        _("acceptance checklist"),
        default=list,
        help_text=_("Each statement that was confirmed, in both languages."),
    )
    language = language_field()
    locked_words = models.TextField(_("how each criterion is met, encrypted"))
    delivered_at = moment(_("delivered at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("contract", "round")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["contract", "round"], name="delivery_numbered_once"),
            models.CheckConstraint(condition=models.Q(commit__regex=COMMIT), name="delivery_has_a_commit"),
            models.CheckConstraint(condition=~models.Q(requests=[]), name="delivery_has_an_address"),
        )

    def __str__(self) -> str:
        return f"{self.contract} / {self.round}"

    def answers(self) -> dict[str, str]:
        """How each criterion is met, by the identity of the posted item; ``note`` is for the rest."""
        found: dict[str, str] = json.loads(unlock_words(self.locked_words) or "{}")
        return found


class Evidence(KeptModel):
    """What an automated check found: a link, or a file of results with its summary. Private; never shown as a page."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("delivery")
    )
    check_kind = models.CharField(_("check"), max_length=14, choices=CheckKind.choices)
    link = models.URLField(_("address of the results"), max_length=500, blank=True)
    name = models.CharField(_("file name"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    digest = models.CharField(_("digest of the file"), max_length=64, blank=True)
    result_format = models.CharField(_("format"), max_length=8, choices=ResultFormat.choices, blank=True)
    summary = models.JSONField(_("counts"), default=dict)
    locked_content = models.BinaryField(_("content, encrypted"), null=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence of an automated check")
        verbose_name_plural = _("evidence of automated checks")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["delivery", "check_kind"], name="evidence_once_a_check"),
            models.CheckConstraint(
                condition=~models.Q(link="") | models.Q(locked_content__isnull=False, size__gt=0),
                name="evidence_is_a_link_or_a_file",
            ),
        )

    def __str__(self) -> str:
        return f"{self.delivery} / {self.check_kind}"

    def content(self) -> bytes:
        """The file. Reading it is recorded by the caller."""
        return custody.unlock(bytes(self.locked_content or b"").decode("ascii"))


class Judgement(KeptModel):
    """What the client judged of one delivery; another of the same follows only where IT Strategy did not concur."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="judgements", verbose_name=_("delivery")
    )
    sequence = models.PositiveSmallIntegerField(_("sequence"))
    passed = models.BooleanField(_("every criterion is met"))
    commit = models.CharField(
        _("merged commit"), max_length=64, blank=True, help_text=_("Where every criterion is met.")
    )
    mend_by = models.DateField(_("mend by"), null=True)
    language = language_field()
    locked_mend = models.TextField(_("what to mend, encrypted"), blank=True)
    judged_by = person(verbose_name=_("judged by"))
    judged_at = moment(_("judged at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("judgement of a delivery")
        verbose_name_plural = _("judgements of deliveries")
        ordering = ("delivery", "sequence")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["delivery", "sequence"], name="judgement_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(passed=True, commit__regex=COMMIT, mend_by__isnull=True, locked_mend="")
                | models.Q(passed=False, commit="") & ~models.Q(locked_mend=""),
                name="judgement_says_what_follows",
            ),
        )

    def __str__(self) -> str:
        return f"{self.delivery} / {self.sequence}"

    @property
    def mend(self) -> str:
        """What to mend, in the client’s words."""
        return unlock_words(self.locked_mend)


class CriterionJudgement(KeptModel):
    """Whether a delivery meets one work acceptance criterion, and why."""

    judgement = models.ForeignKey(
        Judgement, on_delete=models.PROTECT, related_name="criteria", verbose_name=_("judgement")
    )
    item = models.ForeignKey(
        "submissions.PostedItem",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("work acceptance criterion"),
    )
    passed = models.BooleanField(_("met"))
    locked_reason = models.TextField(_("reason, encrypted"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("judgement of a criterion")
        verbose_name_plural = _("judgements of criteria")
        ordering = ("judgement", "item__position")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["judgement", "item"], name="criterion_judged_once"),
            models.CheckConstraint(
                condition=~models.Q(locked_reason=""), name="criterion_judged_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.judgement} / {self.item}"

    @property
    def reason(self) -> str:
        return unlock_words(self.locked_reason)


class Concurrence(KeptModel):
    """Whether IT Strategy, another person, concurs with a judgement; only then does it count."""

    judgement = models.OneToOneField(
        Judgement, on_delete=models.PROTECT, related_name="concurrence", verbose_name=_("judgement")
    )
    agreed = models.BooleanField(_("concurs"))
    language = language_field()
    locked_reason = models.TextField(_("reason, encrypted"), blank=True)
    concurred_by = person(verbose_name=_("decided by"))
    concurred_at = moment(_("decided at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("concurrence with a judgement")
        verbose_name_plural = _("concurrences with judgements")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(agreed=True) | ~models.Q(locked_reason=""),
                name="concurrence_refused_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return str(self.judgement)

    @property
    def reason(self) -> str:
        return unlock_words(self.locked_reason)


class WorkAcceptance(KeptModel):
    """The work is accepted: which commit, by whom, with whom. From here on it is to be paid."""

    contract = models.OneToOneField(
        Contract, on_delete=models.PROTECT, related_name="acceptance", verbose_name=_("contract")
    )
    judgement = models.OneToOneField(
        Judgement, on_delete=models.PROTECT, related_name="acceptance", verbose_name=_("judgement")
    )
    commit = models.CharField(_("merged commit"), max_length=64)
    accepted_by = person(verbose_name=_("accepted by"))
    concurred_by = person(verbose_name=_("concurred by"))
    accepted_at = moment(_("accepted at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance of the work")
        verbose_name_plural = _("acceptances of the work")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(accepted_by=models.F("concurred_by")), name="work_accepted_by_two"
            ),
        )

    def __str__(self) -> str:
        return str(self.contract)


def share_met(judgement: Judgement | None) -> int:
    """The share of the work acceptance criteria that are met, in whole percent, rounded down; 0 without a judgement."""
    if judgement is None:
        return 0
    verdicts: list[Any] = list(judgement.criteria.values_list("passed", flat=True))
    return 100 * sum(verdicts) // len(verdicts) if verdicts else 0
