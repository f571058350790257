"""Addresses of the public page of this stage, in each language."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import public_views

app_name = "clarification"

urlpatterns = [
    path(_("clarification/<str:token>/"), public_views.answer, name="answer"),
]
