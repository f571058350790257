"""The two small forms of following. Know no model."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

LANGUAGES = [
    ("en", pgettext_lazy("language to write in", "English")),
    ("fr", pgettext_lazy("language to write in", "French")),
]


class LanguageForm(forms.Form):
    """The language of correspondence."""

    language = forms.ChoiceField(
        label=_("Language of the messages"), choices=LANGUAGES, widget=forms.RadioSelect
    )


class FollowForm(LanguageForm):
    """Where to write, and in which language."""

    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address such as name@example.ca."),
        },
    )
    field_order = ("address", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"language": (get_language() or "en")[:2]})
        super().__init__(*args, **kwargs)
