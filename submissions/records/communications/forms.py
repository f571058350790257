"""What staff write of an announcement."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from submissions.typed_text import normalise

from .texts import CHANNELS


class MentionForm(forms.Form):
    """Where and when an opportunity was announced.

    Args:
        first: The day on which it was posted: it was not announced before.
        last: Today, in Eastern time.
    """

    channel = forms.ChoiceField(
        label=_("Channel"), choices=[(each.name, each.label) for each in CHANNELS.values()]
    )
    place = forms.CharField(
        label=pgettext_lazy("announcement", "Place"),
        max_length=120,
        help_text=_("The account, organisation or newsletter. Name no person."),
        error_messages={"required": _("Write where it was announced.")},
    )
    announced_on = forms.DateField(
        label=_("Date"),
        widget=AdminDateInput,
        error_messages={
            "required": _("Choose the day on which it was announced."),
            "invalid": _("Write the day as 2026-07-12."),
        },
    )
    address = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where it can be read, if anywhere."),
        error_messages={"invalid": _("Write the whole address, such as https://example.org/post/1.")},
    )

    def __init__(self, *args: Any, first: date, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.last = first, last

    def clean_place(self) -> str:
        place = normalise(self.cleaned_data["place"].replace("\x00", "")).strip()
        if not place:
            raise ValidationError(_("Write where it was announced."), code="required")
        return place

    def clean_announced_on(self) -> date:
        day: date = self.cleaned_data["announced_on"]
        if not self.first <= day <= self.last:
            raise ValidationError(_("Choose a day from the posting until today."), code="out_of_range")
        return day
