"""What this stage answers when Wagtail, the file above or the proposals ask.

Thin: each answer calls the module that owns the rule. https://docs.wagtail.org/en/stable/reference/hooks.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import Permission, User
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail.admin.ui.components import Component

from microacq_pages.models import Opportunity, PublicStatus
from microacq_pages.timetable import Kind, Known
from microacq_pages.waiting import WaitingItem
from submissions.proposals.models import Proposal
from submissions.solicitations.enums import AFTER_OPENING, State
from submissions.solicitations.machines import Machine
from submissions.solicitations.models import Solicitation
from submissions.solicitations.next_acts import NextAct
from submissions.solicitations.proofs import Check
from submissions.solicitations.services import Guard
from submissions.solicitations.states import Transition

from . import machine, next_acts, panels, proving, results, settling, waiting

PERMISSIONS = (
    "evaluate_proposal",
    "assign_evaluator",
    "sign_off_evaluation",
    "reopen_evaluation",
    "view_evaluation",
    "redact_proposal",
    "translate_proposal",
)


@hooks.register("file_guards")
def answer_guards() -> dict[str, Guard]:
    """The guards of the state table that this stage stands for."""
    return {
        "evaluation_submitted": settling.reasons_against_signing_off,
        "evaluation_reopenable": settling.reasons_against_reopening,
    }


@hooks.register("file_changed")
def settle(solicitation: Solicitation, transition: Transition, user: User | None) -> None:
    """Sign the round with the file, or void it and begin another."""
    settling.follow(solicitation, transition, user)


@hooks.register("file_panels")
def show_evaluation(solicitation: Solicitation, user: User) -> list[Component]:
    """The panel on the file’s page, once there is something to evaluate."""
    return [panels.EvaluationPanel(solicitation, user)] if solicitation.state in AFTER_OPENING else []


@hooks.register("microacq_timetable")
def evaluation_signed_off(page: Opportunity, status: PublicStatus) -> dict[Kind, Known]:
    """When the applications were evaluated, once that is signed off."""
    if status.state in (State.POSTED, State.OPENED):
        return {}
    moment = results.signed_at(status.translation_key)
    return {Kind.EVALUATED: Known(actual=moment)} if moment else {}


@hooks.register("supplier_panels")
def show_questions_to_supplier(proposal: Proposal, language: str) -> list[Component]:
    """What the supplier is asked, on the page of the own link."""
    return panels.supplier_panels(proposal, language)


@hooks.register("microacq_waiting_work")
def work_in_evaluations(user: User) -> Iterable[WaitingItem]:
    """Evaluators to name, applications to judge, evaluations to sign, translations to write."""
    return waiting.work_of(user)


@hooks.register("file_next_acts")
def steps_of_evaluations(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """Who names, attests, judges, hands in, agrees or signs off."""
    return next_acts.next_acts(files)


@hooks.register("state_machines", order=30)
def machine_of_a_round() -> list[Machine]:
    """The states of an evaluation."""
    return [machine.of_round()]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(content_type__app_label="submissions", codename__in=PERMISSIONS)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The staff’s pages."""
    return [path("evaluation/", include("submissions.evaluation.admin_urls"))]


@hooks.register("file_proofs")
def prove_the_evaluation(solicitation: Solicitation) -> list[Check]:
    """Verdicts as signed, by people who attested, signed off by another."""
    return proving.checks(solicitation)
