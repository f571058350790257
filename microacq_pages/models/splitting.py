"""What the watch over contract splitting keeps: a profile of each opportunity, its links, its justifications.

Owns the rows. What they mean is decided in ``splitting.py``; ``splitting_records.py`` writes them. A profile and a link
can always be made again from the page; a justification is kept for ever (trigger ``splitting_justification_kept``).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from microacq_pages.splitting import Ground

from .opportunity import Opportunity
from .status import PublicStatus


class ProfileQuerySet(models.QuerySet["OpportunityProfile"]):
    def with_status(self) -> ProfileQuerySet:
        """Annotate what is public of each opportunity: number, state, when it was posted, awarded value."""
        status = PublicStatus.objects.filter(translation_key=models.OuterRef("translation_key"))
        return self.annotate(
            number=models.Subquery(status.values("number")[:1]),
            public_state=models.Subquery(status.values("state")[:1]),
            posted_at=models.Subquery(status.values("posted_at")[:1]),
            awarded_value=models.Subquery(status.values("awarded_value")[:1]),
        )


class OpportunityProfile(models.Model):
    """One opportunity as the watch compares it, both languages together, as last saved.

    ``grounds`` holds what another opportunity may share, in a form that compares: ``team:digital services``.
    """

    translation_key = models.UUIDField(primary_key=True)
    page = models.OneToOneField(Opportunity, on_delete=models.CASCADE, related_name="+")
    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    title_fr = models.CharField(_("French title"), max_length=255, blank=True)
    team = models.CharField(_("team"), max_length=160, blank=True)
    branch = models.CharField(_("branch"), max_length=160, blank=True)
    price = models.DecimalField(_("fixed price"), max_digits=8, decimal_places=2, null=True)
    grounds = ArrayField(models.CharField(max_length=400), default=list)
    text_en = models.TextField(blank=True)
    text_fr = models.TextField(blank=True)
    saved_at = models.DateTimeField(_("last saved"))

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity watched for contract splitting")
        verbose_name_plural = _("opportunities watched for contract splitting")
        default_permissions = ()
        indexes = (
            GinIndex(fields=["grounds"], name="profile_grounds"),
            GinIndex(fields=["text_en"], name="profile_text_en", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["text_fr"], name="profile_text_fr", opclasses=["gin_trgm_ops"]),
        )

    def __str__(self) -> str:
        return str(self.translation_key)


class SplittingLink(models.Model):
    """What only a comparison or a later stage can tell: that one opportunity resembles, or shares with, another."""

    one = models.ForeignKey(OpportunityProfile, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(OpportunityProfile, on_delete=models.CASCADE, related_name="+")
    ground = models.CharField(max_length=20, choices=Ground.choices)
    similarity = models.FloatField(null=True)

    class Meta:
        verbose_name = _("link between two opportunities")
        verbose_name_plural = _("links between two opportunities")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["one", "other", "ground"], name="splitting_link_once"),
            models.CheckConstraint(
                name="splitting_link_joins_two", condition=~models.Q(one=models.F("other"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.one_id} {self.ground} {self.other_id}"


class SplittingJustification(models.Model):
    """Why an opportunity is no part of a larger need, what it was judged on, and what CFOB decided.

    The newest of an opportunity counts. ``found`` is what the author was shown when writing.
    """

    class Decision(models.TextChoices):
        WAITING = "", _("Waits for a decision")
        ACCEPTED = "accepted", pgettext_lazy("justification", "Accepted")
        REFUSED = "refused", pgettext_lazy("justification", "Refused")

    translation_key = models.UUIDField(db_index=True, editable=False)
    title = models.CharField(_("opportunity"), max_length=255)
    text = models.TextField(_("justification"))
    found = models.JSONField(_("what was found"))
    digest = models.CharField(_("digest of what was found"), max_length=64)
    sum_with_tax = models.DecimalField(_("sum with tax"), max_digits=12, decimal_places=2)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), db_default=Now())
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("justification of several contracts")
        verbose_name_plural = _("justifications of several contracts")
        ordering = ("-pk",)
        default_permissions = ("view",)
        permissions = (("decide_splittingjustification", _("Can accept or refuse justifications")),)
        constraints = (
            models.CheckConstraint(
                name="splitting_justification_is_written", condition=models.Q(text__regex=r"\S")
            ),
            models.CheckConstraint(
                name="splitting_decision_is_whole",
                condition=models.Q(decision="", decided_by=None, decided_at=None, reason="")
                | models.Q(
                    decision="accepted",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    reason__regex=r"\S",
                )
                | models.Q(
                    decision="refused",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    reason__regex=r"\S",
                ),
            ),
            models.CheckConstraint(
                name="splitting_decided_by_another",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("written_by")),
            ),
            models.CheckConstraint(
                name="splitting_sum_passes_the_cap", condition=models.Q(sum_with_tax__gt=Decimal("10000"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} #{self.pk}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            TypeError: always.
        """
        raise TypeError("A justification is never deleted.")
