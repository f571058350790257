"""The form by which anyone asks about one file. Knows neither the request nor the clock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from submissions.typed_text import Address, PlainText

from .models import QUESTION_LENGTH


class QuestionField(PlainText):
    """A question or answer: its length is counted here, never cut by a browser."""

    def __init__(self, *, limit: int = QUESTION_LENGTH, rows: int = 8, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": rows}), **kwargs})

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                ngettext(
                    "This has %(length)d character; the limit is %(limit)d. Shorten it.",
                    "This has %(length)d characters; the limit is %(limit)d. Shorten it.",
                    len(value),
                ),
                code="too-long",
                params={"length": len(value), "limit": self.limit},
            )


class AskForm(forms.Form):
    """A question, and an address for those who want to be told the answer."""

    question = QuestionField(
        label=_("Your question"),
        help_text=_(
            "Write nothing that says who you are: the question is published. Ask one thing at a time, in English or in "
            "French, in 2,000 characters or fewer."
        ),
        error_messages={"required": _("Write your question.")},
    )
    email = Address(
        label=_("E-mail address (optional)"),
        required=False,
        help_text=_(
            "Only to write to you about this opportunity: the answer, and changes to it. It is kept encrypted and "
            "shown to nobody."
        ),
        error_messages={
            "invalid": _("Write an e-mail address in the form name@example.org, or leave it blank.")
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    error_css_class = "has-error"
    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})
