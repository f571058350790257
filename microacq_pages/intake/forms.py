"""What people fill in about a request: the request itself, a reason, hours that were spent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from microacq_pages.formats import known_language
from microacq_pages.guidance import explained

from . import permissions
from .models import ClientRequest

_BACKEND = "django.contrib.auth.backends.ModelBackend"


class ClientRequestForm(WagtailAdminModelForm):
    """A new request: what is known of the person is filled in already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = known_language(get_language())
        self.fields["language"].choices = ClientRequest._meta.get_field("language").choices
        latest = ClientRequest.objects.of(self.for_user).first() if self.for_user is not None else None
        if latest is not None:
            self.fields["team"].initial = latest.team
        if "requester" in self.fields:
            clients = get_user_model().objects.with_perm(
                permissions.ADD, include_superusers=False, backend=_BACKEND
            )
            self.fields["requester"].queryset = clients.order_by("last_name", "first_name", "username")
            self.fields["requester"].required = False
            self.fields["requester"].empty_label = _("It is my own")

    def clean_needed_by(self) -> date:
        day: date = self.cleaned_data["needed_by"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come."), code="needed-by-passed")
        return day


def request_edit_handler() -> ObjectList:
    """The form of a request: one screen, five things to say."""
    return ObjectList(
        [
            FieldPanel(
                "title",
                help_text=_("One line: what will exist when the work is done. At most 100 characters."),
            ),
            FieldPanel(
                "description",
                help_text=explained(
                    _("A few sentences are enough. Write nothing classified or protected."), "unclassified"
                ),
                widget=forms.Textarea({"rows": 4}),
            ),
            FieldPanel("team", help_text=_("The team that needs it.")),
            FieldRowPanel(
                [
                    FieldPanel("needed_by"),
                    FieldPanel(
                        "rough_hours", help_text=_("A guess will do: how long would an expert work on it?")
                    ),
                ]
            ),
            FieldPanel(
                "language", help_text=_("The opportunity will be written in this language, then translated.")
            ),
            FieldPanel(
                "requester",
                permission=permissions.TRIAGE,
                help_text=_("Choose the person, if the request reached you by mail or by telephone."),
            ),
        ],
        base_form_class=ClientRequestForm,
    )


class ReasonForm(forms.Form):
    """The reason of a decision, where the state table asks for one."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The client reads it, so write it for them."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Write the reason: no decision without one.")},
    )

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]


class EffortForm(forms.Form):
    """Hours that were spent."""

    hours = forms.DecimalField(
        label=_("Hours"),
        min_value=Decimal("-40"),
        max_value=Decimal("40"),
        decimal_places=2,
        help_text=_("For example 0.5. To correct an entry, add another one with hours below zero."),
        widget=forms.NumberInput({"step": "0.25"}),
    )
    note = forms.CharField(label=_("What was done"), max_length=200, required=False)

    def clean_hours(self) -> Decimal:
        hours: Decimal = self.cleaned_data["hours"]
        if hours == 0:
            raise forms.ValidationError(_("Enter hours above or below zero."), code="no-hours")
        return hours
