"""What the limits count: that something passed, known by a keyed digest only, and forgotten after a day."""

from __future__ import annotations

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _


class Passage(models.Model):
    """One thing that was taken, of one kind from one network, address or link.

    Rows are only added: those who come at once from one network would wait for each other at a row that counts.
    """

    digest = models.BinaryField(max_length=16)
    passed_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        default_permissions = ()
        indexes = (models.Index(fields=["digest", "-passed_at"], name="passage_of_digest"),)

    def __str__(self) -> str:
        return f"#{self.pk}"
