"""Whether a person wants the daily digest: a choice in their own account of the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab

from .models import DailyDigest


class DigestForm(forms.ModelForm):
    """Yes or no."""

    class Meta:
        model = DailyDigest
        fields = ("wanted",)


class DigestSettingsPanel(BaseSettingsPanel):
    """On the tab of notifications."""

    name = "daily_digest"
    title = _("Daily digest")
    tab = notifications_tab
    order = 200
    form_class = DigestForm

    def get_form(self) -> DigestForm:
        """The choice of the person who is signed in."""
        row, _created = DailyDigest.objects.get_or_create(user=self.user)
        data: Any = self.request.POST if self.request.method == "POST" else None
        return DigestForm(data, instance=row, prefix=self.name)
