"""What is kept of the archive: where each document stands, what was disclosed, what was erased.

Owns the rows; ``services`` and ``erasing`` write them. The documents themselves are in the storage named ``records``
and can be made again at any time. Imports no view and no form.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

SHA_256 = r"^[0-9a-f]{64}$"


class WriteState(models.TextChoices):
    """Where a document is on its way into the storage."""

    DUE = "due", pgettext_lazy("state of a document", "Waits to be written")
    WRITING = "writing", pgettext_lazy("state of a document", "Being written")
    WRITTEN = "written", pgettext_lazy("state of a document", "Written and compared")
    FAILED = "failed", pgettext_lazy("state of a document", "Failed; tried again")
    GIVEN_UP = "given_up", pgettext_lazy("state of a document", "Failed; waits for a person")


class ArchivedFile(models.Model):
    """How far the documents of a file follow what was done to it."""

    solicitation = models.OneToOneField(
        "submissions.Solicitation", on_delete=models.PROTECT, related_name="archive", verbose_name=_("file")
    )
    due_at = models.DateTimeField(_("written down again from"), null=True, db_default=Now())
    refreshed_at = models.DateTimeField(_("written down"), null=True)
    reached = models.BigIntegerField(
        _("entry of the audit"), default=0, help_text=_("Up to which its documents say what was done.")
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("archive of a file")
        verbose_name_plural = _("archives of files")
        default_permissions = ()
        permissions = (
            ("download_records", _("Can fetch the whole file, names of suppliers among it")),
            ("disclose_records", _("Can make packages for access to information")),
        )
        indexes = (models.Index(fields=["due_at"], name="archive_due", condition=Q(due_at__isnull=False)),)

    def __str__(self) -> str:
        return str(self.solicitation)


class Sweep(models.Model):
    """Up to which entry of the audit the archive has looked for files that changed. One row."""

    sequence = models.BigIntegerField(_("entry of the audit"), default=0)

    class Meta:
        verbose_name = _("progress of the archive")
        verbose_name_plural = _("progress of the archive")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.sequence)


class ArchivedDocument(models.Model):
    """One document of a file in the storage: what should be there, what is, and what came in between."""

    solicitation = models.ForeignKey(
        "submissions.Solicitation",
        on_delete=models.PROTECT,
        related_name="archived_documents",
        verbose_name=_("file"),
    )
    path = models.CharField(_("path"), max_length=200, unique=True)
    wanted_digest = models.CharField(_("digest of what it should be, SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    state = models.CharField(_("state"), max_length=10, choices=WriteState.choices, default=WriteState.DUE)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    lease_until = models.DateTimeField(_("claimed until"), null=True)
    last_error = models.TextField(_("last error"), blank=True)
    digest = models.CharField(_("digest of what was written, SHA-256"), max_length=64, blank=True)
    compared = models.CharField(_("compared by"), max_length=20, blank=True)
    written_at = models.DateTimeField(_("written"), null=True)

    class Meta:
        verbose_name = _("document of the archive")
        verbose_name_plural = _("documents of the archive")
        ordering = ("path",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(state__in=WriteState.values), name="archived_state_is_known"),
            models.CheckConstraint(condition=Q(wanted_digest__regex=SHA_256), name="archived_has_a_digest"),
            models.CheckConstraint(
                condition=~Q(state=WriteState.WRITTEN) | Q(digest=models.F("wanted_digest")),
                name="archived_written_is_what_was_wanted",
            ),
            models.CheckConstraint(
                condition=Q(state=WriteState.WRITING, lease_until__isnull=False)
                | (~Q(state=WriteState.WRITING) & Q(lease_until__isnull=True)),
                name="archived_writing_has_lease",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="archived_unwritten", condition=~Q(state="written")
            ),
        )

    def __str__(self) -> str:
        return self.path


def _person(**kwargs: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **kwargs)


class AccessPackage(KeptModel):
    """What was disclosed of a file under the Access to Information Act: exactly, with what was left out and why."""

    solicitation = models.ForeignKey(
        "submissions.Solicitation",
        on_delete=models.PROTECT,
        related_name="access_packages",
        verbose_name=_("file"),
    )
    reference = models.CharField(_("number of the request"), max_length=40)
    languages = models.JSONField(_("languages"))
    choices = models.TextField(_("what was hidden and why, encrypted"))
    hidden = models.JSONField(_("how much was hidden, by document and section"))
    content = models.BinaryField(_("the package"))
    digest = models.CharField(_("digest of the package, SHA-256"), max_length=64)
    made_by = _person(verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("access to information package")
        verbose_name_plural = _("access to information packages")
        ordering = ("-pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(reference__regex=r"\S"), name="package_has_a_reference"),
            models.CheckConstraint(condition=Q(digest__regex=SHA_256), name="package_has_a_digest"),
        )

    def __str__(self) -> str:
        return f"{self.solicitation} / {self.reference}"


class Category(models.TextChoices):
    """Whose personal data has a retention period of its own."""

    APPLICATIONS = "applications", _("Applications that were not awarded, questions, letters")
    CONTRACT = "contract", _("The supplier that was awarded the work")


class ErasureCertificate(KeptModel):
    """What was erased of a file, how much, what remains to recognize it by, and when. The database sets the time.

    A trigger lets personal data be erased in the transaction that keeps its certificate, and at no other time.
    """

    solicitation = models.ForeignKey(
        "submissions.Solicitation",
        on_delete=models.PROTECT,
        related_name="erasures",
        verbose_name=_("file"),
    )
    category = models.CharField(_("what"), max_length=12, choices=Category.choices)
    ended_at = models.DateTimeField(_("file ended"))
    retained_until = models.DateTimeField(_("kept until"))
    manifest = models.JSONField(_("what was erased: column, key, digest"))
    counts = models.JSONField(_("how much, by column"))
    digest = models.CharField(_("digest of the certificate, SHA-256"), max_length=64)
    authority = models.TextField(_("authority"))
    made_by = _person(verbose_name=_("erased by"), null=True)
    made_at = models.DateTimeField(_("erased"), db_default=TransactionNow(), editable=False)
    transaction = models.BigIntegerField(_("transaction"), db_default=0, editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of erasure")
        verbose_name_plural = _("certificates of erasure")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["solicitation", "category"], name="erased_once"),
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="erasure_category_is_known"
            ),
            models.CheckConstraint(condition=Q(authority__regex=r"\S"), name="erasure_has_an_authority"),
            models.CheckConstraint(
                condition=Q(retained_until__gte=models.F("ended_at")), name="erasure_after_the_end"
            ),
            models.CheckConstraint(condition=Q(digest__regex=SHA_256), name="erasure_has_a_digest"),
        )

    def __str__(self) -> str:
        return f"{self.solicitation} / {self.category}"
