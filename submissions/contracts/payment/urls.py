"""Addresses of the pages of the invoice below a supplier’s link, in each language."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "payment"

urlpatterns = [
    path(_("work/<str:token>/invoice/"), views.invoice, name="invoice"),
    path(_("work/<str:token>/invoice/own/"), views.own, name="own"),
    path(_("work/<str:token>/invoice/document/"), views.document, name="document"),
]
