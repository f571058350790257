"""What staff enter for suppliers who cannot use their link: how and when it came, and how the supplier is reached.

Owns what the desks of every stage share. The rules of each act are those of the supplier’s own link, in its stage.
Imports no view.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from submissions.audit.services import record
from submissions.solicitations.services import database_clock
from submissions.typed_text import PlainText

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .models import Proposal


@dataclass(frozen=True)
class Came:
    """How something came.

    Attributes:
        how: As the stage names the ways.
        taken_at: When it was signed, written or said (UTC).
        statement: How it was received, in the words of whoever enters it; empty where nobody asks for it.
    """

    how: str
    taken_at: datetime
    statement: str = ""


def reach(proposal: Proposal, user: User) -> dict[str, str]:
    """How to reach the supplier of an application; that it was shown is recorded.

    Args:
        proposal: Of a file of which the caller has asked whether the user may.
        user: Who looks.
    """
    data = {"number": proposal.solicitation.number, "receipt": proposal.receipt_number}
    record(proposal, "supplier.reach_shown", user=user, data=data)
    known = proposal.reach()
    return {name: known[name] for name in ("telephone", "postal_address") if known.get(name)}


class TakenForm(forms.Form):
    """How something came, and when.

    Args:
        since: Before which it cannot have come (UTC).
        ways: Each way with its label.
    """

    #: Said where it would have come before ``since``.
    too_early: Any = _("This is too early: write when it was signed, written or said.")
    entered_how = forms.ChoiceField(
        label=_("How it came"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it came.")},
    )
    taken_at = forms.DateTimeField(
        label=_("When it was signed, written or said"),
        help_text=_("Eastern time. It counts as received when you save it, not before."),
        widget=AdminDateTimeInput,
        error_messages={
            "required": _("Write when it was signed, written or said."),
            "invalid": _("Write day and time as 2026-03-31 14:05."),
        },
    )

    def __init__(self, *args: Any, since: datetime, ways: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since
        how: Any = self.fields["entered_how"]
        how.choices = list(ways)

    def clean_taken_at(self) -> datetime:
        """Neither too early nor in the future, by the database’s clock."""
        taken: datetime = self.cleaned_data["taken_at"]
        if taken > database_clock():
            raise forms.ValidationError(
                _("This is in the future: write when it was signed, written or said.")
            )
        if taken < self.since.replace(second=0, microsecond=0):
            raise forms.ValidationError(self.too_early)
        return taken

    def came(self) -> Came:
        """What was typed of it."""
        typed = self.cleaned_data
        return Came(typed["entered_how"], typed["taken_at"], typed.get("statement", ""))


class ReceivedForm(TakenForm):
    """The same, and how it was received."""

    statement = PlainText(
        label=_("How it was received"),
        help_text=_(
            "Say how it came to you, how you know that it comes from the supplier, and where the paper is kept."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write how it was received.")},
    )
