"""What a supplier’s own link shows of what becomes of the application, in plain words with dates.

Owns: the hook ``supplier_panels`` that later stages answer, and the panel of this stage. The page of an own link never
tells whether the application counts, waits or gave way to another of its address: whoever typed somebody else’s
address has such a link. So this panel tells what became of the file, which is the same for all, and later stages
answer only for applications that were opened. Imports no view.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import ModelLogEntry

from microacq_pages import formats
from submissions.proposals.enums import ProposalState
from submissions.solicitations import states
from submissions.solicitations.enums import AFTER_OPENING, AFTER_SELECTION, State
from submissions.solicitations.services import database_clock

if TYPE_CHECKING:
    from submissions.proposals.models import Proposal
    from submissions.solicitations.models import Solicitation

#: What became of the file, the same for every link.
SENTENCES = {
    State.OPENED: gettext_lazy("The applications were opened, and are evaluated without names."),
    State.EVALUATED: gettext_lazy("The applications were evaluated. The selection comes next."),
    State.SELECTED: gettext_lazy("A supplier was selected, and is asked to accept the terms."),
    State.AWARDED: gettext_lazy("The work was awarded."),
    State.ACCEPTED: gettext_lazy("The work was awarded, delivered and accepted."),
    State.COMPLETED: gettext_lazy("The work was awarded, delivered, accepted and paid."),
    State.TERMINATED: gettext_lazy("The work was awarded, and the contract ended before it was done."),
    State.NO_PROPOSALS: gettext_lazy("The opportunity ended: there was no application to open."),
    State.NONE_SUITABLE: gettext_lazy("The opportunity ended: no application met every criterion."),
    State.NOT_ACCEPTED: gettext_lazy("The opportunity ended: nobody who was selected accepted the work."),
}

#: Where the panel of this stage stands; later stages put theirs after it.
STATUS = 100
LATER = 500


def panels_of(proposal: Proposal, language: str) -> list[Component]:
    """Every panel of the page of a supplier’s link, those of later stages among them.

    Args:
        proposal: The version that the page shows.
        language: Of the page, ``en`` or ``fr``.
    """
    panels: list[Component] = [StatusPanel(proposal, language)]
    for answer in hooks.get_hooks("supplier_panels"):
        panels.extend(answer(proposal, language))
    return sorted(panels, key=lambda panel: getattr(panel, "order", LATER))


@dataclass(frozen=True)
class Step:
    """Something that happened, or will.

    Attributes:
        label: What.
        when: The moment or the day, in words.
        done: Whether it happened.
    """

    label: str
    when: str
    done: bool


class StatusPanel(Component):
    """Received, closed, opened: what happened and what comes next."""

    template_name = "submissions/proposals/status_panel.html"
    order = STATUS

    def __init__(self, proposal: Proposal, language: str) -> None:
        self.proposal, self.language = proposal, language

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        file, now = self.proposal.solicitation, database_clock()
        return {"sentence": self._sentence(file, now), "steps": self._steps(file, now)}

    def _sentence(self, file: Solicitation, now: datetime) -> str:
        if file.state == State.CANCELLED:
            return _("The opportunity was cancelled: no application to it is evaluated any more.")
        if self.proposal.state == ProposalState.WITHDRAWN:
            return _("You withdrew this application: it stays sealed and is never opened.")
        if file.state in SENTENCES:
            return str(SENTENCES[State(file.state)])
        if now < file.deadline:
            return _("Your application is sealed: nobody but you can read it before the deadline.")
        return _("The deadline has passed. The applications are opened next.")

    def _steps(self, file: Solicitation, now: datetime) -> list[Step]:
        proposal = self.proposal
        steps = [self._step(_("Application received"), proposal.arrived_at, done=True)]
        if proposal.state == ProposalState.WITHDRAWN:
            steps.append(self._step(_("Application withdrawn"), proposal.state_changed_at, done=True))
        if file.state == State.CANCELLED:
            cancelled = self._step(_("Opportunity cancelled"), _moment_of(file, states.CANCEL.act), done=True)
            return [*steps, cancelled]
        opened = _moment_of(file, states.OPEN.act) if file.state in AFTER_OPENING else None
        was_selected = file.state in AFTER_SELECTION
        selected = _moment_of(file, states.SELECT.act) if was_selected else None
        return [
            *steps,
            self._step(_("Deadline to apply"), file.deadline, done=now >= file.deadline),
            self._step(_("Applications opened"), opened, done=opened is not None),
            self._step(_("Supplier selection"), selected or file.selection_date, done=selected is not None),
        ]

    def _step(self, label: str, when: datetime | date | None, *, done: bool) -> Step:
        if isinstance(when, datetime):
            return Step(label, formats.eastern(when, self.language), done)
        return Step(label, formats.date_long(when, self.language) if when else "", done)


def _moment_of(file: Solicitation, act: str) -> datetime | None:
    """When an act was done to a file, as the record has it."""
    entries = ModelLogEntry.objects.for_instance(file).filter(action=act)
    return entries.order_by("-timestamp", "-pk").values_list("timestamp", flat=True).first()
