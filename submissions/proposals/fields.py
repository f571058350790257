"""Form fields for text that people type: nothing unreadable, nothing over its limit, the same on every browser.

Owns: cleaning of single values. Knows nothing of postings or proposals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.contrib.forms.forms import FormBuilder

from submissions.proposals.enums import QuestionType
from submissions.proposals.words import count_words
from submissions.typed_text import Address, LineOfText, PlainText

__all__ = ["Address", "Answer", "LineOfText", "PlainText", "QuestionBuilder"]

#: Nobody writes words this long on average; it keeps a limit in words from being none at all.
CHARACTERS_PER_WORD = 40

LONG_TEXT_LENGTH = 10_000


class Answer(PlainText):
    """A text of at most so many words, counted here whatever a script counted before."""

    def __init__(self, *, word_limit: int, **kwargs: Any) -> None:
        self.word_limit = word_limit
        super().__init__(**{"max_length": max(2000, word_limit * CHARACTERS_PER_WORD), **kwargs})
        # A browser would cut what is pasted, silently: too long must be said, not done.
        self.widget.attrs.pop("maxlength", None)

    def validate(self, value: str) -> None:
        super().validate(value)
        words = count_words(value)
        if words > self.word_limit:
            raise ValidationError(
                ngettext(
                    "%(label)s has %(words)d word; the limit is %(limit)d. Shorten it.",
                    "%(label)s has %(words)d words; the limit is %(limit)d. Shorten it.",
                    words,
                ),
                code="too-many-words",
                params={"label": self.label, "words": words, "limit": self.word_limit},
            )


class QuestionBuilder(FormBuilder):
    """Wagtail’s form builder, with our text fields in place of its own."""

    def create_singleline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return LineOfText(**options)

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return PlainText(max_length=LONG_TEXT_LENGTH, **options)

    def create_url_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.URLField(assume_scheme="https", max_length=500, **options)

    def create_date_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.DateField(
            widget=forms.DateInput(attrs={"inputmode": "numeric"}),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("Write the date as year-month-day, for example 2026-03-31.")},
            **options,
        )

    def create_checkboxes_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=self.get_formatted_field_choices(field), widget=forms.CheckboxSelectMultiple, **options
        )

    def create_dropdown_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        choices = [("", _("Choose one")), *self.get_formatted_field_choices(field)]
        return forms.ChoiceField(choices=choices, **options)

    def build(
        self, field_type: str, choices: Sequence[str], *, label: str, required: bool, message: str
    ) -> forms.Field:
        """The field of one posted question."""
        create = self.get_create_field_function(QuestionType(field_type).value)
        built: forms.Field = create(_Choices(choices), {"label": label, "required": required})
        built.error_messages["required"] = message
        return built

    def get_formatted_field_choices(self, field: Any) -> list[tuple[str, str]]:
        return [(choice, choice) for choice in field.choices]


@dataclass(frozen=True)
class _Choices:
    """As much of a form field’s row as the builder reads."""

    choices: Sequence[str]
