"""What this stage answers when Wagtail, the pages below, the file or an earlier stage ask. Thin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission, User
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page, PageQuerySet

from microacq_pages.models import Opportunity
from microacq_pages.site_setup import Bilingual
from microacq_pages.splitting import Evidence
from microacq_pages.timetable import Kind, Known
from microacq_pages.waiting import WaitingItem
from submissions.awards import offers
from submissions.solicitations import states as file_states
from submissions.solicitations.history import Step
from submissions.solicitations.machines import Machine
from submissions.solicitations.models import PostedItem, Solicitation
from submissions.solicitations.next_acts import NextAct
from submissions.solicitations.proofs import Check
from submissions.solicitations.services import Guard, database_clock

from . import (
    admin_decisions,
    admin_views,
    defaults,
    desk_views,
    ending,
    history,
    letters,
    machine,
    next_acts,
    panels,
    posted,
    proving,
    public,
    services,
    shared,
    standing,
    timing,
    waiting,
)
from .enums import ContractState
from .models import Contract
from .pages import DeliveryFormPage

if TYPE_CHECKING:
    from microacq_pages.models import PublicStatus
    from submissions.proposals.models import Proposal
    from submissions.solicitations.states import Transition


# --- the file ----------------------------------------------------------------------------------------


@hooks.register("file_guards")
def answer_guards() -> dict[str, Guard]:
    """The guards of the state table that this stage stands for."""
    return {
        "work_accepted": services.reasons_against_accepting,
        "work_paid": services.reasons_against_completing,
        "contract_ended": services.reasons_against_going_on,
        "somebody_is_next": offers.reasons_nobody_is_next,
        # Asked beside the answer of ``awards``.
        "order_exhausted": services.reasons_against_ending_unaccepted,
    }


@hooks.register("file_changed", order=50)
def start_with_the_award(solicitation: Solicitation, transition: Transition, user: User | None) -> None:
    """With the second signature the work begins."""
    if transition is file_states.AWARD:
        services.start(solicitation)
        shared.note(solicitation)


@hooks.register("microacq_splitting_evidence")
def tell_of_the_same_supplier(page: Page) -> list[Evidence]:
    """What was awarded to the same supplier."""
    return shared.evidence_of(page)


@hooks.register("offer_delivery_date")
def date_for_the_next(solicitation: Solicitation) -> date | None:
    """Work that was passed on has the date that was decided then."""
    return ending.delivery_date_of(solicitation)


@hooks.register("file_proofs")
def prove_contracts(solicitation: Solicitation) -> list[Check]:
    """What contracts can prove."""
    return proving.checks(solicitation)


@hooks.register("file_steps")
def steps_on_the_timeline(solicitation: Solicitation) -> list[Step]:
    """When the work was to be delivered, was delivered, accepted and paid, or when a contract ended."""
    return panels.steps_of(solicitation)


@hooks.register("file_panels")
def show_the_work(solicitation: Solicitation, user: User) -> list[Component]:
    """Where each contract stands; and, at its moment, that the next supplier did not deliver earlier."""
    shown: list[Component] = []
    if Contract.objects.filter(solicitation=solicitation).exists():
        shown.append(panels.WorkPanel(solicitation, user))
    if earlier := history.tell(solicitation, user):
        shown.append(panels.EarlierPanel(earlier))
    return shown


# --- what the public and the supplier see ----------------------------------------------------------------


@hooks.register("microacq_timetable", order=200)
def steps_of_the_work(page: Opportunity, status: PublicStatus) -> dict[Kind, Known]:
    """When the work is to be delivered, was delivered and accepted, or when the contract ended."""
    return public.steps(status)


@hooks.register("supplier_panels")
def lead_to_the_work(proposal: Proposal, language: str) -> list[Component]:
    """The way to the work, for the supplier who has a contract."""
    contract = Contract.objects.filter(offer__proposal=proposal).order_by("-pk").first()
    return [panels.SupplierWorkPanel(proposal, contract)] if contract is not None else []


@hooks.register("microacq_site_pages")
def site_pages() -> list[Bilingual]:
    """The delivery form is part of every site."""
    return [defaults.form_page()]


@hooks.register("posting_items")
def copy_into_the_file(page_en: Opportunity, page_fr: Opportunity) -> list[PostedItem]:
    """The acceptance checklist becomes part of what is posted."""
    return posted.posting_items()


@hooks.register("filter_form_submissions_for_user")
def keep_deliveries_out_of_wagtails_forms(user: User, queryset: PageQuerySet) -> PageQuerySet:
    """Wagtail’s lists of form data show, export and delete nothing of ours, to nobody."""
    return queryset.not_exact_type(DeliveryFormPage)


# --- staff ---------------------------------------------------------------------------------------------


@hooks.register("microacq_waiting_work")
def waiting_work(user: User) -> Iterator[WaitingItem]:
    """What to judge, to concur with, to answer, to decide."""
    return waiting.work_of(user)


@hooks.register("file_next_acts")
def steps_of_the_contract(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """From the award on: whose step the work is."""
    return next_acts.next_acts(files)


@hooks.register("state_machines", order=50)
def machine_of_a_contract() -> list[Machine]:
    """The states of a contract."""
    return [machine.of_contract()]


@hooks.register("microacq_tick", order=245)
def remind_of_delivery() -> str | None:
    """Some business days before the day, write once to the supplier who has to deliver."""
    now, count = database_clock(), 0
    under_way = Contract.objects.filter(state=ContractState.UNDER_WAY)
    for contract in standing.read(under_way):
        where = standing.of(contract)
        if where.step == standing.Step.DELIVER and timing.is_reminder_due(where.due, now):
            count += letters.send_due(contract, where.due)
    return f"{count} reminders of deliveries queued" if count else None


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="submissions",
        codename__in=[
            "work_contract",
            "work_own_contract",
            "concur_work",
            "confirm_contract_end",
            "settle_dispute",
            "pay_contract",
        ],
    )


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The staff’s pages."""
    screens = {
        "extension": admin_views.ExtensionView,
        "answer_extension": admin_views.AnswerExtensionView,
        "dispute": admin_views.DisputeView,
        "settle": admin_views.SettleView,
        "judge": admin_decisions.JudgeView,
        "concur": admin_decisions.ConcurView,
        "end": admin_decisions.EndView,
        "confirm_end": admin_decisions.ConfirmEndView,
        "pass_on": admin_decisions.PassOnView,
        "end_file": admin_decisions.EndFileView,
    }
    patterns = [
        path("<int:pk>/", admin_views.WorkView.as_view(), name="work"),
        path("<int:pk>/desk/", desk_views.DeskView.as_view(), name="desk"),
        *(
            path(f"<int:pk>/desk/{name.replace('_', '-')}/", view.as_view(), name=f"desk_{name}")
            for name, view in desk_views.SCREENS.items()
        ),
        path("evidence/<int:pk>/", admin_views.EvidenceView.as_view(), name="evidence"),
        *(
            path(f"<int:pk>/{name.replace('_', '-')}/", view.as_view(), name=name)
            for name, view in screens.items()
        ),
    ]
    return [path("contracts/", include((patterns, "contracts")))]
