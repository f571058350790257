"""The address of ``publiccode.yml`` below a supplier’s link, in each language."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "reuse"

urlpatterns = [path(_("work/<str:token>/publiccode.yml"), views.publiccode, name="publiccode")]
