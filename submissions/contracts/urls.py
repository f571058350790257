"""Addresses of the pages of the work below a supplier’s link, in each language."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "work"

urlpatterns = [
    path(_("work/<str:token>/"), views.page, name="page"),
    path(_("work/<str:token>/message/"), views.message, name="message"),
    path(_("work/<str:token>/deliver/"), views.deliver, name="deliver"),
    path(_("work/<str:token>/later-date/"), views.extension, name="extension"),
    path(_("work/<str:token>/later-date/answer/"), views.answer_extension, name="answer_extension"),
    path(_("work/<str:token>/dispute/"), views.dispute, name="dispute"),
    path(_("work/<str:token>/end/"), views.answer_end, name="answer_end"),
    path(_("work/<str:token>/withdraw/"), views.withdraw, name="withdraw"),
]
