"""What the public may know of a procurement file, beside the page revisions.

Only the transitions of ``submissions`` write it; lists, filters, feeds and totals read it.
A column on the page would be overwritten by the next publication of an older draft.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import connection, models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy


class PublicStatusQuerySet(models.QuerySet["PublicStatus"]):
    def with_clock(self) -> PublicStatusQuerySet:
        """Annotate ``taking_applications``, and ``asked_at``, both by the database's clock."""
        return self.annotate(
            asked_at=Now(),
            taking_applications=models.Case(
                models.When(state=PublicStatus.State.POSTED, deadline__gt=Now(), then=models.Value(True)),
                default=models.Value(False),
                output_field=models.BooleanField(),
            ),
        )

    def open(self) -> PublicStatusQuerySet:
        """Taking applications now."""
        return self.filter(state=PublicStatus.State.POSTED, deadline__gt=Now())

    def closed(self) -> PublicStatusQuerySet:
        """No longer taking applications, whatever came of it."""
        return self.exclude(state=PublicStatus.State.POSTED, deadline__gt=Now())


class PublicStatus(models.Model):
    """One row per opportunity from its posting on, shared by both languages."""

    class State(models.TextChoices):
        POSTED = "posted", pgettext_lazy("state of an opportunity", "Open")
        OPENED = "opened", pgettext_lazy("state of an opportunity", "Being evaluated")
        EVALUATED = "evaluated", pgettext_lazy("state of an opportunity", "Evaluated")
        SELECTED = "selected", pgettext_lazy("state of an opportunity", "Supplier selected")
        AWARDED = "awarded", pgettext_lazy("state of an opportunity", "Awarded")
        ACCEPTED = "accepted", pgettext_lazy("state of an opportunity", "Work accepted")
        COMPLETED = "completed", pgettext_lazy("state of an opportunity", "Completed")
        TERMINATED = "terminated", pgettext_lazy("state of an opportunity", "Ended: contract terminated")
        NO_PROPOSALS = "no_proposals", pgettext_lazy("state of an opportunity", "Ended: no application")
        NONE_SUITABLE = (
            "none_suitable",
            pgettext_lazy("state of an opportunity", "Ended: no application met every criterion"),
        )
        NOT_ACCEPTED = (
            "not_accepted",
            pgettext_lazy("state of an opportunity", "Ended: nobody accepted the work"),
        )
        CANCELLED = "cancelled", pgettext_lazy("state of an opportunity", "Cancelled")

    translation_key = models.UUIDField(unique=True)
    number = models.CharField(max_length=12, unique=True)
    posted_at = models.DateTimeField()
    deadline = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices)
    amendments = models.PositiveSmallIntegerField(default=0)
    amended_at = models.DateTimeField(null=True, blank=True)
    awarded_value = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)

    objects = PublicStatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("public status")
        verbose_name_plural = _("public statuses")
        ordering = ("deadline",)
        constraints = (
            models.CheckConstraint(
                name="awarded_value_within_cap",
                condition=models.Q(awarded_value__isnull=True)
                | models.Q(awarded_value__gt=0, awarded_value__lte=Decimal("8695.65")),
            ),
            models.CheckConstraint(
                name="status_amended_when_it_has_amendments",
                condition=models.Q(amendments=0, amended_at__isnull=True)
                | models.Q(amendments__gt=0, amended_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.number

    def is_taking_applications(self) -> bool:
        """Ask the database's clock, unless ``with_clock`` has already asked it."""
        if not hasattr(self, "taking_applications"):
            self.taking_applications = type(self).objects.open().filter(pk=self.pk).exists()
        return self.taking_applications

    @classmethod
    def label_of(cls, state: str, taking_applications: bool) -> str:
        """A state as the public reads it; a posted file past its deadline is closed."""
        if state == cls.State.POSTED and not taking_applications:
            return pgettext("state of an opportunity", "Closed")
        return str(cls.State(state).label)

    @property
    def public_label(self) -> str:
        return self.label_of(self.state, self.is_taking_applications())


class PublicVersion(models.Model):
    """One row, counted up whenever anything public changes, in the transaction of the change."""

    version = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("version of the public site")
        verbose_name_plural = _("versions of the public site")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.version)

    @classmethod
    def bump(cls) -> None:
        """Count up; the row stays locked until the transaction ends, so call it last."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO microacq_pages_publicversion (id, version) VALUES (1, 1) "
                "ON CONFLICT (id) DO UPDATE SET version = microacq_pages_publicversion.version + 1"
            )
