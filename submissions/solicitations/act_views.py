"""The base of every screen on which staff do one act about a file: what it asks, what stands against it, its button.

Owns what such screens share. Whether something may be done is asked of the services of each stage, at every request;
only a POST does anything, and nothing typed is lost. Knows no stage.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from microacq_pages.formats import labelled
from microacq_pages.headings import HeadingMixin
from submissions.typed_text import typed_in

from .models import Solicitation

UNPROCESSABLE = 422


class FileActView(HeadingMixin, WagtailAdminTemplateMixin, FormView):
    """One act about a file, which a subclass finds in ``dispatch``."""

    form_class: type[forms.Form] = forms.Form
    button: str | Promise
    done: str | Promise
    file: Solicitation

    @property
    def user(self) -> User:
        """Who is signed in."""
        return cast(User, self.request.user)

    @property
    def file_url(self) -> str:
        return reverse("solicitations:inspect", args=[self.file.pk])

    @property
    def back_url(self) -> str:
        """Where a person comes back to."""
        return self.file_url

    @property
    def done_url(self) -> str:
        """Where a person goes who has done it."""
        return self.back_url

    def obstacles(self) -> list[str]:
        """Sentences against the act now."""
        return []

    def act(self, form: Any) -> None:
        """Do it, or raise a ``ValidationError`` that says why not."""
        raise NotImplementedError

    def said(self) -> str:
        """What to tell whoever has done it."""
        return labelled(self.file.number, self.done, get_language())

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form)
        except forms.ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, self.said())
        return redirect(self.done_url)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_page_subtitle(self) -> str:
        return f"{self.file.number} – {self.file.get_title()}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("solicitations:index"), "label": _("Procurement files")},
            {"url": self.file_url, "label": self.file.number},
            *self.own_breadcrumbs(),
        ]

    def own_breadcrumbs(self) -> list[dict[str, Any]]:
        """From the file down to this screen."""
        return [{"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        obstacles = self.obstacles()
        return {
            **context,
            "file": self.file,
            "file_url": self.back_url,
            "button": self.button,
            "obstacles": obstacles,
            "typed": typed_in(context["form"]) if obstacles else [],
        }
