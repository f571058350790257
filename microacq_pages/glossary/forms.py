"""One string of a translation as a form, and a file of terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from microacq_pages.exchange.judging import usable
from microacq_pages.exchange.units import Unit


class StringForm(forms.Form):
    """The translation of one string; what would break the page is refused, what departs from a rule is not."""

    target = forms.CharField(
        label=_("Translation"), widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000, strip=True
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def clean_target(self) -> str:
        target, reason = usable(self.unit, self.cleaned_data["target"])
        if reason:
            raise forms.ValidationError(reason)
        return target


class TermsFileForm(forms.Form):
    """A file of terms."""

    file = forms.FileField(label=_("CSV file"), help_text=_("The columns of the export, in UTF-8."))
