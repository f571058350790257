"""A request, what was decided about it, and the hours that were spent on it.

Rows are written by ``services.py`` alone. Triggers refuse to change a decision or an effort, and to delete any of them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .querysets import ClientRequestQuerySet
from .states import RequestState

if TYPE_CHECKING:
    from datetime import datetime

LEAST_HOURS = Decimal("0.5")
LANGUAGES = (("en", _("English")), ("fr", _("French")))


class KeptModel(models.Model):
    """What is never deleted through the software (DESIGN rule 5)."""

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("Requests, decisions and efforts are never deleted.")


class ClientRequest(KeptModel):
    """A client's need in a few words: what, for whom, by when, roughly how much work."""

    TITLE_LIMIT = 100

    title = models.CharField(_("what you need"), max_length=TITLE_LIMIT)
    description = models.TextField(_("what should exist when it is done"), max_length=2000)
    team = models.CharField(_("for which team"), max_length=160)
    needed_by = models.DateField(_("needed by"))
    rough_hours = models.DecimalField(
        _("rough effort in hours"),
        max_digits=5,
        decimal_places=1,
        validators=[MinValueValidator(LEAST_HOURS)],
    )
    language = models.CharField(_("language of the text"), max_length=2, choices=LANGUAGES)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("client"), on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=20, choices=RequestState.choices, default=RequestState.RECEIVED, editable=False
    )
    #: Translation key of the opportunity that was made of it; the page may be deleted, the key stays.
    opportunity_key = models.UUIDField(null=True, unique=True, editable=False)
    drafted_at = models.DateTimeField(_("draft made"), null=True, editable=False)

    if TYPE_CHECKING:
        # Only on what was read ``for_report``.
        effort: Decimal
        posted_at: datetime | None
        last_decided_at: datetime | None
        last_reason: str

    objects = ClientRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ("-received_at", "-pk")
        default_permissions = ("add", "view")
        permissions = (
            ("view_own_clientrequest", _("Can view one’s own requests")),
            ("triage_clientrequest", _("Can decide what becomes of requests, and record effort")),
        )
        constraints = (
            models.CheckConstraint(
                name="request_drafted_has_an_opportunity",
                condition=~models.Q(state=RequestState.DRAFTED)
                | models.Q(opportunity_key__isnull=False, drafted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_rough_hours", condition=models.Q(rough_hours__gte=LEAST_HOURS)
            ),
            models.CheckConstraint(
                name="request_language", condition=models.Q(language__in=[code for code, _label in LANGUAGES])
            ),
        )

    def __str__(self) -> str:
        return self.title


class RequestDecision(KeptModel):
    """One step of the state table that somebody took, with the reason."""

    request = models.ForeignKey(ClientRequest, on_delete=models.PROTECT, related_name="decisions")
    transition = models.CharField(max_length=20)
    before = models.CharField(max_length=20, choices=RequestState.choices)
    after = models.CharField(max_length=20, choices=RequestState.choices)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("decision about a request")
        verbose_name_plural = _("decisions about requests")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                name="request_decision_has_a_reason",
                condition=models.Q(transition="draft") | ~models.Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.transition}"


class RequestEffort(KeptModel):
    """Hours that IT Strategy spent on a request; a mistake is corrected by another entry, below zero."""

    request = models.ForeignKey(ClientRequest, on_delete=models.PROTECT, related_name="efforts")
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2)
    note = models.CharField(_("what was done"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("effort spent on a request")
        verbose_name_plural = _("efforts spent on requests")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                name="request_effort_within_a_week",
                condition=models.Q(hours__gte=-40, hours__lte=40) & ~models.Q(hours=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.hours}"
