"""What is kept of an application that was not sent yet: one row a link, sealed to that link alone.

Owns the row. Its rules are also the database's (migration ``draft_triggers``). No staff screen shows it and no count
of applications includes it; who writes and reads are ``drafting`` and ``reminders``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.notices import crypto

if TYPE_CHECKING:
    from submissions.proposals.sealing import SupplierLink

#: Of the sealed text, in bytes: many times what anybody writes. The database refuses more.
SIZE_LIMIT = 256 * 1024


class DraftQuerySet(models.QuerySet["Draft"]):
    """Questions asked of drafts."""

    def of_link(self, link: SupplierLink) -> Self:
        """The draft of one supplier's link."""
        return self.filter(link_digest=link.digest)

    def without_text(self) -> Self:
        """Leave the sealed text in the database."""
        return self.defer("sealed", "contact")


class Draft(models.Model):
    """Answers that a supplier saved, which only the supplier's own link can open.

    ``saved_at`` and ``version`` are the database's: each saving sets them.
    """

    # No reference to the file from here is of use to editors, and each saving would write it again.
    wagtail_reference_index_ignore = True

    solicitation = models.ForeignKey(
        "submissions.Solicitation", on_delete=models.PROTECT, related_name="+", verbose_name=_("file")
    )
    link_digest = models.CharField(_("digest of the supplier’s link"), max_length=64, unique=True)
    sealed = models.BinaryField(_("sealed text"))
    language = models.CharField(_("language it was written in"), max_length=2, choices=settings.LANGUAGES)
    window = models.CharField(_("window that saved last"), max_length=16, blank=True)
    version = models.PositiveIntegerField(_("version"), db_default=1, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=TransactionNow(), editable=False)
    saved_at = models.DateTimeField(_("saved"), db_default=TransactionNow(), editable=False)
    contact = models.TextField(_("address and language, encrypted"), blank=True)
    links_mailed = models.PositiveSmallIntegerField(_("messages with the link"), default=0)
    link_mailed_at = models.DateTimeField(_("link mailed at"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of an application")
        verbose_name_plural = _("drafts of applications")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="draft_link_mailed_to_an_address",
                condition=models.Q(links_mailed=0, link_mailed_at=None) | ~models.Q(contact=""),
            ),
            models.CheckConstraint(
                name="draft_reminded_where_there_is_an_address",
                condition=models.Q(reminded_at=None) | ~models.Q(contact=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def address(self) -> str:
        """Where to write to this supplier: for mailing only, never for display."""
        return self._contact()["address"]

    @property
    def correspondence_language(self) -> str:
        """In which language to write."""
        return self._contact()["language"]

    def _contact(self) -> dict[str, str]:
        contact: dict[str, str] = json.loads(crypto.decrypt(self.contact.encode()))
        return contact
