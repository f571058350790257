"""What this stage answers when Wagtail, the pages below, the file or an earlier stage ask. Thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from submissions.awards import offers
from submissions.solicitations import states as file_states
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import Guard

from . import services

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.states import Transition


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
