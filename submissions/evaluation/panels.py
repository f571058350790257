"""The evaluation on the page of its file, and the questions to a supplier on the page of the own link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import override
from wagtail.admin.ui.components import Component

from submissions.proposals.entering import ENTER_PERMISSION
from submissions.solicitations.enums import State

from . import asking, boards, desk, progress, reading, states
from .aids import Clarification

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.proposals.models import Proposal
    from submissions.solicitations.models import Solicitation


class EvaluationPanel(Component):
    """Where the evaluation of a file stands, and the way to it."""

    template_name = "submissions/evaluation/panel.html"
    order = 260  # after the applications

    def __init__(self, solicitation: Solicitation, user: User) -> None:
        self.solicitation, self.user = solicitation, user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        file = self.solicitation
        round = boards.current_round(file)
        staff = (states.ASSIGN, states.SIGN_OFF, states.VIEW)
        return {
            "file": file,
            "round": round,
            "is_opened": file.state == State.OPENED,
            "evaluators": boards.counting(round) if round else [],
            "earlier": progress.voided(file),
            "to_ask": desk.of_file(file) if self.user.has_perm(ENTER_PERMISSION) else [],
            "may_enter": any(self.user.has_perm(each) for each in staff)
            or reading.assignment_of(round, self.user) is not None,
        }


class ClarificationsPanel(Component):
    """What a supplier was asked about an application, on the page of the own link."""

    template_name = "submissions/evaluation/supplier_panel.html"
    order = 200

    def __init__(self, asked: list[Clarification], language: str) -> None:
        self.asked, self.language = asked, language

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        link = (parent_context or {}).get("link")
        with override(self.language):
            address = reverse("clarification:answer", args=[link.token]) if link is not None else ""
        return {
            "open": [each for each in self.asked if asking.takes_answer(each)],
            "count": len(self.asked),
            "address": address,
        }


def supplier_panels(proposal: Proposal, language: str) -> list[Component]:
    """The panel of the own link, where anything was asked."""
    asked = list(
        Clarification.objects.filter(candidate__proposal=proposal).select_related(
            "candidate__round__solicitation"
        )
    )
    return [ClarificationsPanel(asked, language)] if asked else []
