"""Where an opportunity was announced, by whom and when. Owns the rows; ``services`` writes them. Imports no view."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .texts import CHANNELS


class MentionQuerySet(KeptQuerySet):
    """Questions that are asked of mentions."""

    def standing(self) -> MentionQuerySet:
        """Those that were not struck out as mistakes."""
        return self.filter(struck_at__isnull=True)


class Mention(KeptModel):
    """One place where an opportunity was announced. A mistake is struck out, not deleted."""

    solicitation = models.ForeignKey(
        "submissions.Solicitation", on_delete=models.PROTECT, related_name="mentions", verbose_name=_("file")
    )
    channel = models.CharField(
        _("channel"), max_length=20, choices=[(each.name, each.label) for each in CHANNELS.values()]
    )
    place = models.CharField(_("place"), max_length=120)
    address = models.URLField(_("address"), max_length=500, blank=True)
    announced_on = models.DateField(_("date"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=TransactionNow(), editable=False)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("struck out by"),
    )
    struck_at = models.DateTimeField(_("struck out at"), null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement of an opportunity elsewhere")
        verbose_name_plural = _("announcements of opportunities elsewhere")
        ordering = ("-announced_on", "-pk")
        default_permissions = ()
        permissions = (("announce_solicitation", _("Can record where an opportunity was announced")),)
        constraints = (
            models.CheckConstraint(condition=Q(channel__in=list(CHANNELS)), name="mention_channel_is_known"),
            models.CheckConstraint(condition=Q(place__regex=r"\S"), name="mention_has_a_place"),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True)
                | Q(struck_at__isnull=False, struck_by__isnull=False),
                name="mention_struck_out_by_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.solicitation} / {self.channel}"
