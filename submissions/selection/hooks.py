"""What this stage answers when Wagtail, the pages below or the file above ask. Thin: each answer calls its module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from microacq_pages.models import Opportunity, PublicStatus
from microacq_pages.timetable import Kind, Known
from microacq_pages.waiting import WaitingItem
from submissions.proposals.models import Proposal
from submissions.solicitations import states
from submissions.solicitations.enums import AFTER_SELECTION
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check
from submissions.solicitations.services import Guard
from submissions.solicitations.states import Transition

from . import admin_views, panels, proving, results, services, waiting
from .models import VoidKind


@hooks.register("microacq_pair_published", order=50)
def commit_with_the_posting(source: Page, target: Page, user: User | None, first: bool) -> None:
    """The commitment is published with the opportunity, before anybody can apply."""
    if isinstance(source, Opportunity):
        file = Solicitation.objects.filter(translation_key=source.translation_key).first()
        if file is not None:
            services.commit(file)


@hooks.register("microacq_tick", order=250)
def commit_for_older_files() -> str | None:
    """Files that were posted before this software drew have their commitment made late; its page says when."""
    waiting_files = Solicitation.objects.filter(
        draw_commitments=None, state__in=[states.State.POSTED, states.State.OPENED, states.State.EVALUATED]
    )
    made = [services.commit(file) for file in waiting_files[:50]]
    return f"{len(made)} commitments made" if made else None


@hooks.register("file_guards")
def answer_guards() -> dict[str, Guard]:
    """The guards of the state table that this stage stands for."""
    return {
        "selection_made": services.reasons_against_selecting,
        "none_passed": services.reasons_against_finding_none,
        # Asked beside the answer of ``evaluation``: who selected is not who lets the selection be void.
        "evaluation_reopenable": services.reasons_against_voiding,
    }


@hooks.register("file_proofs")
def prove_the_selection(solicitation: Solicitation) -> list[Check]:
    """Commitments, lists, draws and state give each other again."""
    return proving.checks(solicitation)


@hooks.register("evaluation_reopened")
def void_what_followed(
    file: Solicitation, round: Any, user: User | AnonymousUser | None, reason: str
) -> None:
    """A reopened evaluation voids the list and its draw; the reason is public where both languages have one."""
    now = Solicitation.objects.get(pk=file.pk)
    reason_fr = now.state_reason_fr if now.state_reason == reason else ""
    services.void(file, VoidKind.REOPENED, user, reason, reason_fr)


@hooks.register("file_changed")
def void_with_a_cancellation(solicitation: Solicitation, transition: Transition, user: User | None) -> None:
    """Nobody is selected of a cancelled opportunity."""
    if transition is states.CANCEL:
        services.void(
            solicitation,
            VoidKind.CANCELLED,
            user,
            solicitation.state_reason,
            solicitation.state_reason_fr,
        )


@hooks.register("microacq_timetable")
def when_it_was_selected(page: Opportunity, status: PublicStatus) -> dict[Kind, Known]:
    """The day of the selection, once it took place."""
    if status.state not in AFTER_SELECTION:
        return {}
    file = Solicitation.objects.filter(translation_key=status.translation_key).first()
    moment = results.selected_at(file) if file is not None else None
    return {Kind.SELECTION: Known(actual=moment)} if moment else {}


@hooks.register("file_panels")
def show_selection(solicitation: Solicitation, user: User) -> list[Component]:
    """The panel on the file’s page."""
    return [panels.SelectionPanel(solicitation, user)]


@hooks.register("supplier_panels")
def lead_to_the_selection(proposal: Proposal, language: str) -> Iterator[Component]:
    """The way to the public page, with the own number marked, for who took part in the draw."""
    if proposal.receipt_number in results.order_of(proposal.solicitation):
        yield panels.SupplierSelectionPanel(proposal)


@hooks.register("microacq_waiting_work")
def work_with_selections(user: User) -> Iterable[WaitingItem]:
    """Lists to freeze, inputs to enter, draws to carry out."""
    return waiting.work_of(user)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="submissions", codename__in=["select_supplier", "witness_draw"]
    )


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The staff’s pages."""
    patterns = [
        path("<int:file_pk>/freeze/", admin_views.FreezeView.as_view(), name="freeze"),
        path("<int:file_pk>/enter/", admin_views.EnterView.as_view(), name="enter"),
        path("<int:file_pk>/draw/", admin_views.DrawView.as_view(), name="draw"),
    ]
    return [path("selection/", include((patterns, "selections")))]
