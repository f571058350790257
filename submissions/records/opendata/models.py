"""What was published of a file as open data: its releases, which stay as they are, and the one that they make together.

Owns the rows. ``collecting`` alone writes them; triggers (migration ``opendata_triggers``) refuse to change or delete a
release. Imports no view.
"""

from __future__ import annotations

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

_SHA_256 = r"^[0-9a-f]{64}$"


class Release(KeptModel):
    """One release as it was published, to the byte: what one act brought. Keys grow in the order of publication."""

    solicitation = models.ForeignKey(
        "submissions.Solicitation", on_delete=models.PROTECT, related_name="releases", verbose_name=_("file")
    )
    sequence = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("identifier"), max_length=40, unique=True)
    ocid = models.CharField(_("open contracting ID"), max_length=36)
    act = models.BigIntegerField(
        _("log row"), unique=True, help_text=_("The act that it tells of, in Wagtail’s log.")
    )
    action = models.CharField(_("act"), max_length=60)
    happened_at = models.DateTimeField(_("date"))
    text = models.TextField(_("release"))
    digest = models.CharField(_("digest"), max_length=64)
    published_at = models.DateTimeField(_("published"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("open contracting release")
        verbose_name_plural = _("open contracting releases")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["solicitation", "sequence"], name="release_numbered_once_a_file"),
            models.CheckConstraint(
                condition=models.Q(digest__regex=_SHA_256), name="release_digest_is_sha_256"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """The releases of one file merged into one; made again at each release, and at any time from the releases."""

    solicitation = models.OneToOneField(
        "submissions.Solicitation",
        on_delete=models.PROTECT,
        related_name="ocds_record",
        verbose_name=_("file"),
    )
    ocid = models.CharField(_("open contracting ID"), max_length=36, unique=True)
    text = models.TextField(_("compiled release"))
    #: Each release as a record links it: name, date and tags.
    releases = models.JSONField(_("releases"), default=list)
    changed_at = models.DateTimeField(_("changed"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("open contracting record")
        verbose_name_plural = _("open contracting records")
        ordering = ("pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return self.ocid
