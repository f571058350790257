"""The form as a template shows it: sections, rows, errors, and what is left of questions that are no longer asked.

Owns how one field is shown with what is typed in it. Knows no posting and no request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from submissions.proposals.words import count_words


@dataclass
class Row:
    """One field as the template shows it."""

    bound: BoundField
    hint: str = ""
    word_limit: int | None = None

    def __post_init__(self) -> None:
        if not self.is_group and self.describedby:
            self.bound.field.widget.attrs["aria-describedby"] = self.describedby

    @property
    def words(self) -> int:
        """How many words stand in the field now."""
        return count_words(str(self.bound.value() or ""))

    @property
    def is_over(self) -> bool:
        """Whether that is more than the limit."""
        return self.word_limit is not None and self.words > self.word_limit

    @property
    def is_statement(self) -> bool:
        """One box to tick."""
        return isinstance(self.bound.field, forms.BooleanField)

    @property
    def shown(self) -> str:
        """The value as its person sees it."""
        return shown(self)

    @property
    def is_group(self) -> bool:
        """Several inputs under one legend."""
        return isinstance(self.bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def describedby(self) -> str:
        """The elements that a screen reader reads out with the field."""
        ids = [
            (self.hint, "hint"),
            (self.word_limit, "count"),
            (self.bound.errors, "error"),
        ]
        return " ".join(f"{self.bound.auto_id}_{suffix}" for there, suffix in ids if there)

    @property
    def target(self) -> str:
        """Where a link from the list of errors leads: the first input."""
        return f"{self.bound.auto_id}_0" if self.is_group else str(self.bound.auto_id)


@dataclass
class Section:
    """Rows under one heading."""

    key: str
    heading: Any
    rows: list[Row]
    intro: Any = ""
    text: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Several statements and nothing else, every one of them ticked."""
        return len(self.rows) > 1 and all(row.is_statement and row.bound.value() for row in self.rows)


@dataclass(frozen=True)
class Leftover:
    """A text written for what is no longer asked; the form carries it on under its name."""

    name: str
    label: str
    text: str


@dataclass
class Problem:
    """A line in the list of errors at the top of the page."""

    target: str
    message: str


def shown(row: Row) -> str:
    """The value of a field as its person sees it."""
    value = row.bound.value()
    chosen = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value or "")]
    if not any(chosen):
        return ""  # the words of an empty choice are a prompt, not an answer
    labels = {str(key): str(label) for key, label in getattr(row.bound.field, "choices", ())}
    return ", ".join(labels.get(one, one) for one in chosen).strip()
