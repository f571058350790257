"""Words that many documents use: people, moments, passages in the language of who wrote them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages import formats
from submissions.solicitations.enums import State

from ..words import About, Run

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

#: Headers of a table of facts.
FACTS = (gettext_lazy("What"), gettext_lazy("As recorded"))
SHA_256 = gettext_lazy("SHA-256")


def person(user: Any) -> str:
    """A member of staff, as the file names them."""
    if user is None:
        return _("The system or a visitor")
    return user.get_full_name() or user.get_username()


def moment(value: datetime | date | None, language: str) -> str:
    """An instant in Eastern time with its zone, or a day."""
    if isinstance(value, datetime):
        return formats.eastern(value, language)
    return formats.date_long(value, language)


def written(text: str, *, by: str, document: str, about: About | None = None) -> Run:
    """What somebody wrote in a language that may be another than the document’s.

    Args:
        text: The words.
        by: The language that they are in; empty where it is not known.
        document: The language of the document.
        about: What they tell of somebody.
    """
    return Run(text, language=by if by and by != document else "", about=about)


def names_are_known(file: Solicitation) -> bool:
    """Whether documents name suppliers: once the evaluation, which is anonymous, is behind the file."""
    return file.state not in (State.POSTED, State.OPENED)
