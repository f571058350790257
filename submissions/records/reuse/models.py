"""What the catalogue says of code that was bought: one entry a completed contract, whole in both languages.

Owns the rows. An entry is made from the posting at completion; staff may put its words and its categories right
(recorded by Wagtail’s log). Licence, repository and day stay as they were contracted. Imports no view.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microacq_pages.formats import known_language
from submissions.contracts.models import Contract
from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .enums import Category, Languages, Maintenance, SoftwareType, Status

#: Of ``shortDescription`` in publiccode.yml; the catalogue’s own text may be longer.
SHORT = 150
TAG = 60


def _tags(label: Any) -> Any:
    return ArrayField(models.CharField(max_length=TAG), verbose_name=label, default=list, blank=True)


class CatalogueEntry(KeptModel):
    """One piece of bought code."""

    contract = models.OneToOneField(
        Contract, on_delete=models.PROTECT, related_name="catalogue_entry", verbose_name=_("contract")
    )
    number = models.CharField(_("file"), max_length=12, editable=False)
    translation_key = models.UUIDField(_("opportunity"), editable=False)
    project_key = models.UUIDField(_("project"), editable=False, null=True, db_index=True)
    name_en = models.CharField(_("name in English"), max_length=100)
    name_fr = models.CharField(_("name in French"), max_length=100)
    what_en = models.TextField(_("what it does, in English"), max_length=500)
    what_fr = models.TextField(_("what it does, in French"), max_length=500)
    tags_en = _tags(_("keywords in English"))
    tags_fr = _tags(_("keywords in French"))
    licence = models.CharField(_("licence"), max_length=100, editable=False)
    repository = models.URLField(_("repository"), editable=False)
    commit = models.CharField(_("accepted commit"), max_length=64, editable=False)
    created_on = models.DateField(_("accepted on"), editable=False)
    completed_at = models.DateTimeField(_("completed at"), editable=False)
    changed_on = models.DateField(_("changed on"), editable=False)
    category = models.CharField(
        _("category"), max_length=8, choices=Category.choices, default=Category.BUSINESS
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.BETA)
    software_type = models.CharField(
        _("type of software"), max_length=20, choices=SoftwareType.choices, default=SoftwareType.WEB
    )
    languages = models.CharField(
        _("languages of its interface and documentation"),
        max_length=5,
        choices=Languages.choices,
        default=Languages.BOTH,
    )
    maintenance = models.CharField(
        _("maintenance"), max_length=9, choices=Maintenance.choices, default=Maintenance.NONE
    )
    maintainer = models.CharField(
        _("name of a person who maintains it"),
        max_length=100,
        blank=True,
        help_text=_("Public, in publiccode.yml: the standard asks for a person where somebody maintains it."),
    )

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the catalogue")
        verbose_name_plural = _("catalogue of bought code")
        ordering = ("-completed_at", "-pk")
        default_permissions = ("change", "view")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    name_en__regex=r"\S", name_fr__regex=r"\S", what_en__regex=r"\S", what_fr__regex=r"\S"
                ),
                name="catalogue_entry_in_both_languages",
            ),
            models.CheckConstraint(
                condition=models.Q(maintenance=Maintenance.NONE) | models.Q(maintainer__regex=r"\S"),
                name="catalogue_entry_names_who_maintains",
            ),
        )
        indexes = (models.Index(fields=["-completed_at"], name="catalogue_newest_first"),)

    def __str__(self) -> str:
        return f"{self.number} – {self.name}"

    def _read(self, name: str) -> Any:
        return getattr(self, f"{name}_{known_language(get_language())}")

    @property
    def name(self) -> str:
        return str(self._read("name"))

    @property
    def what(self) -> str:
        return str(self._read("what"))

    @property
    def tags(self) -> list[str]:
        return list(self._read("tags"))

    def clean(self) -> None:
        """Both languages have the same keywords, and where somebody maintains it, somebody is named."""
        found: dict[str, Any] = {}
        if len(self.tags_en or []) != len(self.tags_fr or []):
            found["tags_fr"] = _("Give as many keywords in French as in English, in the same order.")
        if self.maintenance != Maintenance.NONE and not (self.maintainer or "").strip():
            found["maintainer"] = _("Name the person who maintains it.")
        if found:
            raise ValidationError(found)
