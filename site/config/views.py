"""The few answers that belong to no application: robots, and a sign-in that was tried too often."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@transaction.non_atomic_requests
@never_cache
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines read the public pages and nothing else."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {settings.MICROACQ_BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def too_many_sign_ins(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Answer a sign-in that is refused because the last ones failed."""
    return render(request, "config/too_many_sign_ins.html", status=429)
