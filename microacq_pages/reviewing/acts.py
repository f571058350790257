"""The acts of reassigning work, as Wagtail’s log knows them. Imports no model of the project."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter

#: Name, label, and a sentence filled with the data of the log entry.
ACTS = (
    (
        "microacq.marked_absent",
        _("Absence recorded"),
        _("Recorded that %(to)s does the work of %(from)s until %(until)s"),
    ),
    (
        "microacq.reassigned",
        _("Work reassigned"),
        _("Assigned the review of page %(page)s for “%(group)s” to %(to)s"),
    ),
    ("microacq.reassignment_ended", _("Reassignment ended"), _("Ended a reassignment")),
)


class ActFormatter(LogFormatter):
    """Turns one kind of act into words, in the reader’s language."""

    def __init__(self, label: Any, sentence: Any) -> None:
        self.label, self.sentence = label, sentence

    def format_message(self, log_entry: Any) -> str:
        """The sentence of the act, or its label when the row lacks a value that the sentence names."""
        try:
            return str(self.sentence) % log_entry.data
        except (KeyError, TypeError, ValueError):
            return str(self.label)


def register(registry: LogActionRegistry) -> None:
    """Let Wagtail’s log take these acts."""
    for name, label, sentence in ACTS:
        registry.formatters[name] = ActFormatter(label, sentence)
        registry.choices.append((name, label))
