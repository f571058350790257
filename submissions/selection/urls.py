"""Addresses of the public pages of a selection, in each language."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "selection"

urlpatterns = [
    path(_("random-selection/verify.py"), views.program, name="program"),
    path(_("random-selection/<str:number>/"), views.show, name="page"),
    path(_("random-selection/<str:number>/bundle.json"), views.bundle, name="bundle"),
]
