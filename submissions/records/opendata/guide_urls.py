"""The address of the page about the open data, in each language."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "opendata_guide"

urlpatterns = [path(_("open-data/"), views.guide, name="page")]
