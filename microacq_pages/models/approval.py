"""The approval that publication needs: which revision and which translation, by whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicationApproval(models.Model):
    """One approval of a pair of pages: any later difference in either language voids it.

    ``digest`` covers the source revision and every translated string (``publishing.pair_digest``).
    """

    translation_key = models.UUIDField(db_index=True)
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(auto_now_add=True)
    #: Set by ``setup_site`` alone, for the pages that the site itself brings.
    by_installation = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("approval for publication")
        verbose_name_plural = _("approvals for publication")
        ordering = ("-approved_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="approval_has_a_person_or_is_installation",
                condition=models.Q(approved_by__isnull=False) | models.Q(by_installation=True),
            ),
        )
        permissions = (
            ("edit_source", _("Can edit pages in the language in which they are written")),
            ("edit_translation", _("Can edit the translation of pages")),
        )

    def __str__(self) -> str:
        return f"{self.translation_key} @ {self.digest[:12]}"
