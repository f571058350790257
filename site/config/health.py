"""`GET /healthz`: does this process reach its database?"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

PATH = "/healthz"


class HealthMiddleware:
    """Answers before hosts, sessions and languages are looked at: those who ask know none of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe and pass on everything else."""
        if request.path_info == PATH and request.method in {"GET", "HEAD"}:
            return health()
        return self.get_response(request)


def health() -> HttpResponse:
    """Say whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        connection.close()
        status, sentence = 503, "The database does not answer.\n"
    else:
        status, sentence = 200, "ok\n"
    return HttpResponse(
        sentence,
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
