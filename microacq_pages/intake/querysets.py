"""The questions that lists and the report ask of requests; what a row shows is annotated here."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from microacq_pages.models.status import PublicStatus

from .states import RequestState

if TYPE_CHECKING:
    from typing import Self

NO_HOURS = Value(Decimal("0"), output_field=models.DecimalField(max_digits=9, decimal_places=2))


class ClientRequestQuerySet(models.QuerySet):
    def of(self, user: Any) -> Self:
        """Made by this person."""
        return self.filter(requester_id=user.pk)

    def untriaged(self) -> Self:
        """Waiting for a decision."""
        return self.filter(state=RequestState.RECEIVED)

    def for_report(self) -> Self:
        """With hours spent, the last decision, and when the opportunity was posted: all in one query."""
        from .models import RequestDecision, RequestEffort

        spent = RequestEffort.objects.filter(request=OuterRef("pk")).order_by().values("request")
        decisions = RequestDecision.objects.filter(request=OuterRef("pk")).order_by("-pk")
        status = PublicStatus.objects.filter(translation_key=OuterRef("opportunity_key"))
        return self.select_related("requester__wagtail_userprofile").annotate(
            effort=Coalesce(Subquery(spent.annotate(total=Sum("hours")).values("total")), NO_HOURS),
            last_decided_at=Subquery(decisions.values("decided_at")[:1]),
            last_reason=Coalesce(
                Subquery(decisions.values("reason")[:1]), Value(""), output_field=models.TextField()
            ),
            posted_at=Subquery(status.values("posted_at")[:1]),
        )
