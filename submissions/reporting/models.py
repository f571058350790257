"""What reporting keeps of its own: the rows of the tracker, which the database puts together, and saved views.

Owns no fact of the process: every other stage has its own. Imports no view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.solicitations.permissions import VIEW_ALL, VIEW_OWN

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

#: Who may see every request, and one's own.
REQUESTS, OWN_REQUESTS = "microacq_pages.view_clientrequest", "microacq_pages.view_own_clientrequest"


class TrackerRowQuerySet(models.QuerySet["TrackerRow"]):
    """Questions that are asked of the tracker."""

    def visible_to(self, user: User) -> TrackerRowQuerySet:
        """Needs whose file or request this person may see; what has neither, like the requests."""
        allowed = Q(pk=None)
        if user.has_perm(VIEW_ALL):
            allowed |= Q(solicitation__isnull=False)
        elif user.has_perm(VIEW_OWN):
            allowed |= Q(solicitation__client=user.pk)
        if user.has_perm(REQUESTS):
            allowed |= Q(solicitation__isnull=True)
        elif user.has_perm(OWN_REQUESTS):
            allowed |= Q(solicitation__isnull=True, request__requester=user.pk)
        return self.filter(allowed)


class TrackerRow(models.Model):
    """One need: what was asked for, what was written, what was posted of it, as far as each exists.

    A view of the database (migration ``tracker_rows``), so that it is never out of date and nobody fills it in.
    """

    key = models.CharField(primary_key=True, max_length=50)
    translation_key = models.UUIDField(null=True)
    solicitation = models.ForeignKey(
        "submissions.Solicitation", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    request = models.ForeignKey(
        "microacq_pages.ClientRequest", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    profile = models.ForeignKey(
        "microacq_pages.OpportunityProfile", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    begun_at = models.DateTimeField(_("first contact"))

    if TYPE_CHECKING:
        # Only on what was read by ``register.listed``.
        clock: datetime

    objects = TrackerRowQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "submissions_trackerrow"
        verbose_name = _("row of the tracker")
        verbose_name_plural = _("rows of the tracker")
        ordering = ("-begun_at", "key")
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class SavedView(models.Model):
    """A way of looking at the tracker that somebody named: filters, columns and order. Never a row of it."""

    NAME_LIMIT, QUERY_LIMIT = 80, 2000

    class Screen(models.TextChoices):
        FILES = "files", _("Where each file is")
        COLUMNS = "columns", _("Every column")

    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    screen = models.CharField(max_length=10, choices=Screen.choices)
    query = models.CharField(max_length=QUERY_LIMIT, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(_("everyone who may see the tracker can use it"), default=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("saved view of the tracker")
        verbose_name_plural = _("saved views of the tracker")
        ordering = ("name", "pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["owner", "screen", "name"], name="saved_view_named_once"),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="saved_view_has_a_name"),
        )

    def __str__(self) -> str:
        # What a person typed stays out of the audit.
        return f"#{self.pk}"

    @classmethod
    def usable_by(cls, user: Any) -> models.QuerySet[SavedView]:
        """One's own, and those that are shared."""
        return cls.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")


class Observation(models.Model):
    """A number that no row of this site holds, as somebody read it elsewhere: when, where, by whom.

    The newest until the end of a period counts. A mistake is corrected by another of the same day.
    """

    class Kind(models.TextChoices):
        FOLLOWERS = "followers", _("Followers on social media")
        REPOSTS = "reposts", _("Reposts on social media, per opportunity announced")
        FORKS = "forks", _("Forks of bought code")
        STORIES = "stories", _("Stories of teams that broke work into smaller pieces")
        USUAL_HOURS = "usual_hours", _("Hours of a procurement officer for a usual small contract")
        USUAL_DAYS = "usual_days", _("Days from invoice to payment of a usual contract")

    kind = models.CharField(_("number"), max_length=12, choices=Kind.choices)
    value = models.DecimalField(_("value"), max_digits=9, decimal_places=1, validators=[MinValueValidator(0)])
    observed_on = models.DateField(_("day on which it was so"))
    source_en = models.CharField(_("where it was read, in English"), max_length=200)
    source_fr = models.CharField(_("where it was read, in French"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
        editable=False,
    )
    recorded_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("number read elsewhere")
        verbose_name_plural = _("numbers read elsewhere")
        ordering = ("-observed_on", "-pk")
        default_permissions = ("add", "view")
        constraints = (
            models.CheckConstraint(condition=Q(value__gte=0), name="observation_is_not_negative"),
            models.CheckConstraint(
                condition=Q(source_en__regex=r"\S", source_fr__regex=r"\S"),
                name="observation_has_its_sources",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"

    def get_source(self, language: str) -> str:
        """Where it was read, as the public reads it."""
        return str(self.source_fr if language == "fr" else self.source_en)


class KnownSupplier(models.Model):
    """That one supplier applied to one file, as a keyed digest: only so can unique suppliers be counted over files.

    Written by the clock once the evaluation is signed off: before, it could tell whose an application is. Says nothing
    to who has not the server’s key, and nobody reads single rows. Whether the supplier was new is kept with it, so that
    sums stay what they were when digests are forgotten.
    """

    solicitation = models.ForeignKey("submissions.Solicitation", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, db_index=True)
    fiscal_year = models.PositiveSmallIntegerField(help_text="Of the deadline: the year in which it began.")
    is_new_in_year = models.BooleanField(help_text="No file of this fiscal year was counted with the same.")
    is_new = models.BooleanField(help_text="No file was counted with the same.")

    class Meta:
        verbose_name = _("digest of a supplier")
        verbose_name_plural = _("digests of suppliers")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["solicitation", "digest"], name="supplier_counted_once_a_file"),
            models.CheckConstraint(
                condition=Q(is_new=False) | Q(is_new_in_year=True), name="new_supplier_is_new_in_its_year"
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"


class SuppliersCounted(models.Model):
    """That the suppliers of a file were counted, so that they are counted once."""

    solicitation = models.OneToOneField(
        "submissions.Solicitation", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )

    class Meta:
        verbose_name = _("file whose suppliers were counted")
        verbose_name_plural = _("files whose suppliers were counted")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.solicitation)


class ClosingMailing(models.Model):
    """That client and supplier of one contract were asked how it went, once. Says nothing of what they answered."""

    contract = models.OneToOneField(
        "submissions.Contract", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )

    class Meta:
        verbose_name = _("mailing of the closing surveys")
        verbose_name_plural = _("mailings of the closing surveys")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"
