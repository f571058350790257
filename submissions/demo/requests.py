"""Requests of clients, in every state, with what was decided and the hours that were spent.

A request that exists already, by its title, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from microacq_pages.intake import services
from microacq_pages.intake.models import ClientRequest

from . import files
from .accounts import person


def load() -> Iterator[str]:
    """Make the requests that do not exist."""
    for row in files.load("requests.yaml"):
        if not ClientRequest.objects.filter(title=row["title"]).exists():
            with transaction.atomic():
                _make(row)
            yield f"request {row['title']}"


def _make(row: dict[str, Any]) -> None:
    client, it_strategy = person("client"), person("it-strategy")
    request = services.receive(
        ClientRequest(
            title=row["title"],
            description=row["description"],
            team=row["team"],
            needed_by=timezone.localdate() + timedelta(days=row["needed_in_days"]),
            rough_hours=Decimal(row["hours"]),
            language=row["language"],
        ),
        user=client,
    )
    for hours, note in row.get("effort", ()):
        services.record_effort(request, hours=Decimal(str(hours)), note=note, user=it_strategy)
    for step in row.get("steps", ()):
        [(name, reason)] = step.items()
        services.decide(request, name, user=client if name == "withdraw" else it_strategy, reason=reason)
