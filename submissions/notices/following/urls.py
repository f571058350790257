"""Addresses of following, in each language."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "follow"

urlpatterns = [
    path(_("follow/confirm/<str:token>/"), views.confirm, name="confirm"),
    path(_("follow/mine/<str:token>/"), views.mine, name="mine"),
    path(_("follow/mine/<str:token>/stop/<str:number>/"), views.stop, name="stop"),
    path(_("follow/opportunity/<str:number>/"), views.ask, name="ask"),
    path(_("follow/opportunity/<str:number>/sent/"), views.sent, name="sent"),
]
