"""One row for each form."""

from __future__ import annotations

from django.db import models


class Taken(models.Model):
    """What was sent."""

    text = models.TextField()

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return str(self.pk)
