"""Takes any form at any address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import re_path

from .models import Taken


def take(request: HttpRequest) -> HttpResponse:
    """Commit one row of what was sent."""
    Taken.objects.create(text=request.POST.urlencode())
    response = HttpResponseRedirect("/")
    response.status_code = 303
    return response


urlpatterns = [re_path("", take)]
