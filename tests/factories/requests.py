"""Requests of clients, as the form makes them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from microacq_pages.intake import services
from microacq_pages.intake.models import ClientRequest


def request_fields(**fields: Any) -> dict[str, Any]:
    """What a client fills in."""
    return {
        "title": "Captions for our videos",
        "description": "A script that makes captions.\n\nIt runs in our pipeline.",
        "team": "Web publishing",
        "needed_by": timezone.localdate() + timedelta(days=90),
        "rough_hours": Decimal("40"),
        "language": "en",
        **fields,
    }


def make_request(client: Any, **fields: Any) -> ClientRequest:
    """A request that has just arrived."""
    return services.receive(ClientRequest(**request_fields(**fields)), user=client)


def decided(request: ClientRequest, user: Any, *names: str) -> ClientRequest:
    """The request after some steps, each by the same person."""
    for name in names:
        request = services.decide(request, name, user=user, reason="Because it is so.")
    return request
