"""Addresses of the pages that a supplier opens after the deadline, in each language."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "result"

urlpatterns = [
    path(_("result/<str:token>/"), views.page, name="page"),
    path(_("result/<str:token>/accept/"), views.accept, name="accept"),
    path(_("result/<str:token>/decline/"), views.decline, name="decline"),
    path(_("result/<str:token>/terms.txt"), views.terms_text, name="terms"),
    path(_("result/<str:token>/confirmation/"), views.confirmation, name="confirmation"),
    path(_("result/<str:token>/translation/"), views.translation, name="translation"),
    path(_("result/<str:token>/conversation/"), views.conversation, name="conversation"),
    path(_("result/<str:token>/complaint/"), views.complaint, name="complaint"),
]
