"""Addresses of the public pages about mail, in each language."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from .following import views as following
from .subscribing import views as subscribing

app_name = "follow"

urlpatterns = [
    path(_("follow/confirm/<str:token>/"), following.confirm, name="confirm"),
    path(_("follow/mine/<str:token>/"), subscribing.mine, name="mine"),
    path(_("follow/mine/<str:token>/stop/<str:number>/"), following.stop, name="stop"),
    path(_("follow/opportunity/<str:number>/"), following.ask, name="ask"),
    path(_("follow/opportunity/<str:number>/sent/"), following.sent, name="sent"),
    path(_("follow/list/"), subscribing.join, name="list"),
    path(_("follow/list/sent/"), subscribing.sent, name="list-sent"),
    path(_("follow/list/confirm/<str:token>/"), subscribing.confirm, name="list-confirm"),
    path(_("follow/list/stop/<str:token>/"), subscribing.stop, name="list-stop"),
    path(_("follow/link/"), subscribing.link, name="link"),
    path(_("follow/link/sent/"), subscribing.link_sent, name="link-sent"),
]
