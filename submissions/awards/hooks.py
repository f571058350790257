"""What this stage answers when Wagtail, the pages below, the file or an earlier stage ask. Thin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission
from django.contrib.postgres.functions import TransactionNow
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail.admin.ui.components import Component

from microacq_pages.timetable import Kind, Known
from microacq_pages.waiting import WaitingItem
from submissions.proposals.enums import ProposalState
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.solicitations import states as file_states
from submissions.solicitations.enums import WITH_CONTRACT, State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check
from submissions.solicitations.services import Guard

from . import admin_views, letters, offers, panels, proving, results, timing, waiting
from .enums import OfferState
from .models import Offer

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from microacq_pages.models import Opportunity, PublicStatus
    from submissions.solicitations.states import Transition

#: Ends with which everybody who applied is written to.
TOLD = frozenset({State.AWARDED, State.NONE_SUITABLE, State.NOT_ACCEPTED})


@hooks.register("file_guards")
def answer_guards() -> dict[str, Guard]:
    """The guards of the state table that this stage stands for."""
    return {
        "offer_countersigned": offers.reasons_against_awarding,
        "order_exhausted": offers.reasons_against_ending,
    }


@hooks.register("file_changed")
def follow_the_file(solicitation: Solicitation, transition: Transition, user: User | None) -> None:
    """With the result everybody who applied is written to; a cancellation withdraws the offer that stands."""
    if transition.target in TOLD:
        letters.send_results(solicitation)
    elif transition is file_states.CANCEL:
        offers.void(solicitation, user, solicitation.get_state_reason("en"))


@hooks.register("evaluation_reopened")
def withdraw_the_offer(file: Solicitation, round: Any, user: User | None, reason: str) -> None:
    """What followed from the evaluation no longer counts."""
    withdrawn = offers.void(file, user, reason)
    if withdrawn is not None:
        letters.send_withdrawn(withdrawn)


@hooks.register("microacq_timetable")
def steps_of_the_award(page: Opportunity, status: PublicStatus) -> dict[Kind, Known]:
    """When it was awarded: from then on the work can begin."""
    if status.state not in WITH_CONTRACT:
        return {}
    award = results.award_of(status.translation_key)
    if award is None:
        return {}
    return {
        Kind.AWARD: Known(actual=award.countersigned_at),
        Kind.START: Known(actual=award.countersigned_at),
    }


@hooks.register("file_panels")
def show_award(solicitation: Solicitation, user: User) -> list[Component]:
    """The offers with what can be done, and what suppliers asked after the result."""
    shown: list[Component] = []
    if solicitation.state in panels.SHOWN or solicitation.offers.exists():
        shown.append(panels.AwardPanel(solicitation, user))
    if solicitation.state in panels.SHOWN and user.has_perm(panels.states.ANSWER):
        shown.append(panels.DebriefPanel(solicitation))
    return shown


@hooks.register("supplier_panels")
def show_result(proposal: Proposal, language: str) -> list[Component]:
    """That there is an offer or a result, for an application in the competition alone."""
    if proposal.state != ProposalState.SENT or not panels.has_something(proposal):
        return []
    is_opened = OpenedProposal.objects.filter(proposal=proposal).exists()
    return [panels.ResultPanel(proposal)] if is_opened else []


@hooks.register("microacq_waiting_work")
def waiting_work(user: User) -> Iterator[WaitingItem]:
    """The next to ask, what to sign, whom to answer."""
    return waiting.work_of(user)


@hooks.register("file_proofs")
def prove_awards(solicitation: Solicitation) -> list[Check]:
    """What offers and awards can prove."""
    return proving.checks(solicitation)


@hooks.register("microacq_tick", order=240)
def end_offers_past_their_limit() -> str | None:
    """Write down what the clock has decided, so that staff can ask the next."""
    count = offers.lapse(Offer.objects.overdue().select_related("proposal__solicitation"))
    return f"{count} offers ended at their time limit" if count else None


@hooks.register("microacq_tick", order=241)
def remind_of_offers() -> str | None:
    """A business day before the limit, write once to who has not answered."""
    waiting_offers = Offer.objects.filter(
        state=OfferState.OFFERED, expires_at__gt=TransactionNow(), reminded=False
    ).annotate(moment=TransactionNow())
    count = 0
    for offer in waiting_offers.select_related("solicitation", "proposal").defer("proposal__sealed"):
        if offer.moment >= timing.reminder_of_offer(offer.expires_at):
            count += offers.remind(offer)
    return f"{count} reminders of offers queued" if count else None


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permissions that a group can be given."""
    return Permission.objects.filter(
        content_type__app_label="submissions",
        codename__in=["offer_award", "countersign_award", "read_award_confirmation", "answer_debrief"],
    )


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The staff’s pages."""
    patterns = [
        path("<int:file_pk>/offer/", admin_views.OfferView.as_view(), name="offer"),
        path("<int:file_pk>/not-eligible/", admin_views.NotEligibleView.as_view(), name="not_eligible"),
        path("<int:file_pk>/sign/", admin_views.CountersignView.as_view(), name="countersign"),
        path("<int:file_pk>/end/", admin_views.EndView.as_view(), name="end"),
        path("confirmations/<int:pk>/", admin_views.ConfirmationView.as_view(), name="confirmation"),
        path("debriefs/<int:pk>/", admin_views.DebriefView.as_view(), name="debrief"),
    ]
    return [path("awards/", include((patterns, "awards")))]


@hooks.register("survey_awarded")
def tell_the_survey_who_was_awarded(solicitation: Solicitation) -> str | None:
    """Receipt number of the application whose offer both have signed."""
    offer = results.awarded(solicitation)
    return offer.proposal.receipt_number if offer is not None else None
