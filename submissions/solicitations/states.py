"""The state machine of a file, as one table (DESIGN rule 9). Knows no database.

``services.transition`` is the only thing that carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .enums import State


@dataclass(frozen=True)
class Transition:
    """One way from a state to another.

    Attributes:
        name: What the code and the audit call it.
        sources: States from which it starts.
        target: State in which it ends.
        act: What the audit records.
        permission: Who may, as ``app.codename``.
        label: What the staff's button says.
        consequence: What the person who decides reads before deciding.
        after_deadline: Whether the deadline must have passed by the database's clock.
        needs_reason: No reason, no decision (DESIGN rule 7).
        guards: Names of the guards that stages answer through the hook ``file_guards``.
        from_file_page: Whether staff carry it out on the file's page; else a stage does, when its own
            work is done, and offers it there in a panel of its own.
    """

    name: str
    sources: frozenset[State]
    target: State
    act: str
    permission: str
    label: Any
    consequence: Any = ""
    after_deadline: bool = False
    needs_reason: bool = False
    guards: tuple[str, ...] = ()
    from_file_page: bool = True


OPEN = Transition(
    name="open",
    sources=frozenset({State.POSTED}),
    target=State.OPENED,
    act="file.opened",
    permission="submissions.open_solicitation",
    label=_("Open the applications"),
    after_deadline=True,
    guards=("proposals_opened",),
    from_file_page=False,
)
END_EMPTY = Transition(
    name="end_empty",
    sources=frozenset({State.POSTED}),
    target=State.NO_PROPOSALS,
    act="file.ended_empty",
    permission="submissions.open_solicitation",
    label=_("End without an application"),
    after_deadline=True,
    guards=("nothing_to_open",),
    from_file_page=False,
)
SIGN_OFF = Transition(
    name="sign_off",
    sources=frozenset({State.OPENED}),
    target=State.EVALUATED,
    act="file.evaluated",
    permission="submissions.sign_off_evaluation",
    label=_("Sign the evaluation off"),
    guards=("evaluation_submitted",),
    from_file_page=False,
)
REOPEN = Transition(
    name="reopen",
    sources=frozenset({State.EVALUATED, State.SELECTED, State.NONE_SUITABLE}),
    target=State.OPENED,
    act="file.evaluation_reopened",
    permission="submissions.reopen_evaluation",
    label=_("Reopen the evaluation"),
    consequence=_(
        "A mistake was found: the evaluation that was signed off becomes void, and so does the selection that followed "
        "it. Both stay on record. The evaluators begin from what they wrote. Everyone who applied is told, with the "
        "reason."
    ),
    needs_reason=True,
    guards=("evaluation_reopenable",),
)
FIND_NONE = Transition(
    name="find_none",
    sources=frozenset({State.EVALUATED}),
    target=State.NONE_SUITABLE,
    act="file.none_suitable",
    permission="submissions.select_supplier",
    label=_("End without a selection"),
    consequence=_(
        "No application met every criterion. The opportunity ends, publicly, without a selection; it can be posted "
        "again."
    ),
    after_deadline=True,
    guards=("none_passed",),
)
SELECT = Transition(
    name="select",
    sources=frozenset({State.EVALUATED}),
    target=State.SELECTED,
    act="file.selected",
    permission="submissions.select_supplier",
    label=_("Select the supplier"),
    after_deadline=True,
    guards=("selection_made",),
    from_file_page=False,
)
AWARD = Transition(
    name="award",
    sources=frozenset({State.SELECTED}),
    target=State.AWARDED,
    act="file.awarded",
    permission="submissions.countersign_award",
    label=_("Sign for the department"),
    guards=("offer_countersigned",),
    from_file_page=False,
)
END_UNACCEPTED = Transition(
    name="end_unaccepted",
    sources=frozenset({State.SELECTED}),
    target=State.NOT_ACCEPTED,
    act="file.ended_unaccepted",
    permission="submissions.offer_award",
    label=_("End without an award"),
    guards=("order_exhausted",),
    from_file_page=False,
)
ACCEPT_WORK = Transition(
    name="accept_work",
    sources=frozenset({State.AWARDED}),
    target=State.ACCEPTED,
    act="file.work_accepted",
    permission="submissions.concur_work",
    label=_("Accept the work"),
    guards=("work_accepted",),
    from_file_page=False,
)
COMPLETE = Transition(
    name="complete",
    sources=frozenset({State.ACCEPTED}),
    target=State.COMPLETED,
    act="file.completed",
    permission="submissions.pay_contract",
    label=_("Complete the file"),
    guards=("work_paid",),
    from_file_page=False,
)
OFFER_NEXT = Transition(
    name="offer_next",
    sources=frozenset({State.AWARDED}),
    target=State.SELECTED,
    act="file.passed_on",
    permission="submissions.offer_award",
    label=_("Offer the work to the next in the order"),
    guards=("contract_ended", "somebody_is_next"),
    from_file_page=False,
)
END_CONTRACT = Transition(
    name="end_contract",
    sources=frozenset({State.AWARDED, State.SELECTED}),
    target=State.TERMINATED,
    act="file.terminated",
    permission="submissions.offer_award",
    label=_("End the file without the work"),
    guards=("contract_ended",),
    from_file_page=False,
)
CANCEL = Transition(
    name="cancel",
    sources=frozenset({State.POSTED, State.OPENED, State.EVALUATED, State.SELECTED}),
    target=State.CANCELLED,
    act="file.cancelled",
    permission="submissions.cancel_solicitation",
    label=_("Cancel the opportunity"),
    consequence=_(
        "The opportunity stays public and says that it is cancelled. Nobody can apply any more. This cannot be "
        "undone."
    ),
    needs_reason=True,
)

TRANSITIONS: dict[str, Transition] = {
    transition.name: transition
    for transition in (
        OPEN,
        END_EMPTY,
        SIGN_OFF,
        REOPEN,
        FIND_NONE,
        SELECT,
        AWARD,
        END_UNACCEPTED,
        ACCEPT_WORK,
        COMPLETE,
        OFFER_NEXT,
        END_CONTRACT,
        CANCEL,
    )
}

#: What the public reads for each state; a posted file past its deadline reads “Closed”.
PUBLIC_LABELS: dict[State, Any] = {
    State.POSTED: _("Open"),
    State.OPENED: _("Being evaluated"),
    State.EVALUATED: _("Evaluated"),
    State.SELECTED: _("Supplier selected"),
    State.AWARDED: pgettext_lazy("state of an opportunity", "Awarded"),
    State.ACCEPTED: _("Work accepted"),
    State.COMPLETED: pgettext_lazy("state of an opportunity", "Completed"),
    State.TERMINATED: _("Ended: contract terminated"),
    State.NO_PROPOSALS: _("Ended: no application"),
    State.NONE_SUITABLE: _("Ended: no application met every criterion"),
    State.NOT_ACCEPTED: _("Ended: nobody accepted the work"),
    State.CANCELLED: _("Cancelled"),
}
CLOSED_LABEL = _("Closed")


def public_label(state: str, *, taking_applications: bool) -> str:
    """What the public reads for a file in a state, given what the database's clock says."""
    if state == State.POSTED and not taking_applications:
        return str(CLOSED_LABEL)
    return str(PUBLIC_LABELS[State(state)])


def guard_names() -> frozenset[str]:
    """Every guard that the table asks for."""
    return frozenset(guard for transition in TRANSITIONS.values() for guard in transition.guards)


def transitions_from(state: str) -> list[Transition]:
    """Transitions that may start in a state, in the order of the process."""
    return [transition for transition in TRANSITIONS.values() if state in transition.sources]
