"""The questions that are asked of files, in the words of the domain; the database's clock answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from .enums import State

if TYPE_CHECKING:
    from typing import Self

    from .models import Solicitation  # noqa: F401 (named in the base class)


class SolicitationQuerySet(models.QuerySet["Solicitation"]):
    def open(self) -> Self:
        """Taking applications now."""
        return self.filter(state=State.POSTED, deadline__gt=Now())

    def closed(self) -> Self:
        """Past the deadline and not opened yet."""
        return self.filter(state=State.POSTED, deadline__lte=Now())

    def with_clock(self) -> Self:
        """Annotate ``is_taking_applications`` and ``clock`` (UTC), both by the database."""
        return self.annotate(
            clock=Now(),
            is_taking_applications=models.Case(
                models.When(state=State.POSTED, deadline__gt=Now(), then=models.Value(True)),
                default=models.Value(False),
                output_field=models.BooleanField(),
            ),
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        """Files are never deleted (DESIGN rule 5).

        Raises:
            TypeError: always.
        """
        raise TypeError("A procurement file is never deleted.")
