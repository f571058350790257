"""What can become of a request, as one table (DESIGN rule 9). Knows no database.

``services.decide`` is the only thing that carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RequestState(TextChoices):
    RECEIVED = "received", pgettext_lazy("state of a request", "Received")
    FITS = "fits", pgettext_lazy("state of a request", "Fits")
    DRAFTED = "drafted", pgettext_lazy("state of a request", "Draft made")
    DOES_NOT_FIT = "does-not-fit", pgettext_lazy("state of a request", "Does not fit")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a request", "Withdrawn")
    CAME_TO_NOTHING = "came-to-nothing", pgettext_lazy("state of a request", "Came to nothing")


class Party(Enum):
    """Who may: those who decide on requests, the person who made this one, or either."""

    IT_STRATEGY = "it-strategy"
    REQUESTER = "requester"
    EITHER = "either"


@dataclass(frozen=True)
class Transition:
    """One way from a state to another.

    Attributes:
        name: What the code and the address call it.
        sources: States from which it starts.
        target: State in which it ends.
        act: What Wagtail's log records.
        party: Who may.
        label: What the button says.
        consequence: What the person reads before deciding.
        needs_reason: No reason, no decision (DESIGN rule 7).
        makes_draft: Whether a draft opportunity comes of it.
        refused_when_posted: Whether it is too late once the opportunity is posted: its file says the rest.
        by_another: Whether the person who made the request may not decide it (DESIGN rule 8).
    """

    name: str
    sources: frozenset[RequestState]
    target: RequestState
    act: str
    party: Party
    label: Any
    consequence: Any = ""
    needs_reason: bool = True
    makes_draft: bool = False
    refused_when_posted: bool = False
    by_another: bool = False


FIT = Transition(
    name="fit",
    sources=frozenset({RequestState.RECEIVED}),
    target=RequestState.FITS,
    act="request.fits",
    party=Party.IT_STRATEGY,
    label=_("It fits"),
    consequence=_("The client is told, with your reason, and can begin the draft. So can you."),
    by_another=True,
)
DRAFT = Transition(
    name="draft",
    sources=frozenset({RequestState.FITS}),
    target=RequestState.DRAFTED,
    act="request.drafted",
    party=Party.EITHER,
    label=_("Make the draft opportunity"),
    consequence=_(
        "A draft opportunity is made from what the request says. The client is its owner and writes on."
    ),
    needs_reason=False,
    makes_draft=True,
)
REFUSE = Transition(
    name="refuse",
    sources=frozenset({RequestState.RECEIVED, RequestState.FITS}),
    target=RequestState.DOES_NOT_FIT,
    act="request.does_not_fit",
    party=Party.IT_STRATEGY,
    label=_("It does not fit"),
    consequence=_(
        "The client is told, with your reason. Name another way to meet the need, if you know one."
    ),
    by_another=True,
)
WITHDRAW = Transition(
    name="withdraw",
    sources=frozenset({RequestState.RECEIVED, RequestState.FITS}),
    target=RequestState.WITHDRAWN,
    act="request.withdrawn",
    party=Party.REQUESTER,
    label=_("Withdraw the request"),
    consequence=_("IT Strategy no longer works on it. The request and your reason stay on record."),
)
CLOSE = Transition(
    name="close",
    sources=frozenset({RequestState.FITS, RequestState.DRAFTED}),
    target=RequestState.CAME_TO_NOTHING,
    act="request.came_to_nothing",
    party=Party.IT_STRATEGY,
    label=_("It came to nothing"),
    consequence=_("The client is told, with your reason. A draft that was made stays where it is."),
    refused_when_posted=True,
    by_another=True,
)
REOPEN = Transition(
    name="reopen",
    sources=frozenset({RequestState.DOES_NOT_FIT, RequestState.WITHDRAWN, RequestState.CAME_TO_NOTHING}),
    target=RequestState.RECEIVED,
    act="request.reopened",
    party=Party.IT_STRATEGY,
    label=_("Look at it again"),
    consequence=_("The request waits for a decision again. The client is told, with your reason."),
    by_another=True,
)

TRANSITIONS: dict[str, Transition] = {
    transition.name: transition for transition in (FIT, DRAFT, REFUSE, WITHDRAW, CLOSE, REOPEN)
}

#: Transitions that say whether a request meets the criteria, or that this is open again; the last one counts.
VERDICTS = (FIT.name, REFUSE.name, REOPEN.name)

#: States in which nothing will come of the request unless it is looked at again.
NOTHING_CAME = (RequestState.DOES_NOT_FIT, RequestState.WITHDRAWN, RequestState.CAME_TO_NOTHING)


def transitions_from(state: str) -> list[Transition]:
    """Transitions that may start in a state, in the order of the process."""
    return [transition for transition in TRANSITIONS.values() if state in transition.sources]
