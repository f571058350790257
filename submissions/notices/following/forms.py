"""The forms of following one opportunity; those of the mailing list begin with them. Know no model."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from submissions.typed_text import Address

#: What the forms say for both languages; kept as an empty text, as everywhere where a language is not one.
BOTH = "both"
LANGUAGES = [
    ("en", pgettext_lazy("language to write in", "English")),
    ("fr", pgettext_lazy("language to write in", "French")),
    (BOTH, pgettext_lazy("language to write in", "Both languages")),
]


class LanguageForm(forms.Form):
    """The language of correspondence."""

    language = forms.ChoiceField(
        label=_("Language of the messages"), choices=LANGUAGES, widget=forms.RadioSelect
    )

    def clean_language(self) -> str:
        """``en``, ``fr``, or empty for both."""
        chosen: str = self.cleaned_data["language"]
        return "" if chosen == BOTH else chosen


class FollowForm(LanguageForm):
    """Where to write, and in which language."""

    address = Address(
        label=_("Your e-mail address"),
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address such as name@example.ca."),
        },
    )
    field_order: tuple[str, ...] = ("address", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"language": (get_language() or "en")[:2]})
        super().__init__(*args, **kwargs)
