"""Answers of suppliers who cannot use their link: staff ask by telephone or by post, and enter what is answered.

Owns: who is to be asked so, showing how to reach them, and keeping the answer with how it came; each is recorded. The
rules are those of every answer (``asking``), and nobody who evaluates the file does any of it. Imports no view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from microacq_pages.waiting import WaitingItem
from submissions.audit.services import record
from submissions.proposals import came as coming
from submissions.proposals.came import Came
from submissions.proposals.entering import ENTER_PERMISSION
from submissions.solicitations.enums import State

from . import asking, on_record, people, services
from .aids import AnsweredForSupplier, Clarification

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import Solicitation

#: Business days within which a supplier without e-mail is asked.
TARGET_DAYS = 1
ACT = "clarification.answered_for"


def open_questions() -> Any:
    """Questions that wait, about applications that staff entered."""
    rows = Clarification.objects.filter(
        answered_at__isnull=True,
        candidate__proposal__entered_by__isnull=False,
        candidate__round__state__in=asking.ASKING,
        candidate__round__solicitation__state=State.OPENED,
    )
    return rows.select_related("candidate__round__solicitation", "candidate__proposal", "item").defer(
        "candidate__proposal__sealed"
    )


def of_file(file: Solicitation) -> list[Clarification]:
    """The questions of one file that can still be answered for a supplier."""
    rows = open_questions().filter(candidate__round__solicitation=file)
    return [each for each in rows.order_by("pk") if asking.takes_answer(each)]


def work_of(user: User) -> Iterator[WaitingItem]:
    """Suppliers without e-mail who are to be asked; one query, however many there are."""
    if not user.has_perm(ENTER_PERMISSION):
        return
    rows: Iterable[Clarification] = open_questions().order_by("due_at", "pk")
    for asked in rows:
        if asked.candidate.proposal.address:
            continue
        file = asked.candidate.round.solicitation
        yield WaitingItem(
            kind="evaluation",
            label=_("Ask a supplier without e-mail, and enter the answer"),
            title=f"{file.number} – {asked.candidate.proposal.receipt_number}",
            url=reverse("evaluation:answer-for", args=[asked.pk]),
            since=asked.asked_at,
            target_days=TARGET_DAYS,
            detail=file.get_title(),
        )


def require(asked: Clarification, user: User) -> None:
    """Refuse, and record, who may not enter answers, or has a part in the evaluation.

    Raises:
        PermissionDenied: the user may not.
        services.Refused: they evaluate the file, or staff did not enter this application. It is recorded.
    """
    round = asked.candidate.round
    file = round.solicitation
    services.require(ENTER_PERMISSION, file, ACT, user)
    reasons = []
    if people.is_evaluator(round, user):
        reasons.append(_("Who evaluates a file does not speak with its suppliers."))
    if asked.candidate.proposal.entered_by_id is None:
        reasons.append(_("This supplier answers with the own link."))
    if reasons:
        services.refuse(file, ACT, user, reasons)


@transaction.atomic
def reach(asked: Clarification, user: User) -> dict[str, str]:
    """How to reach the supplier; that it was shown is recorded.

    Raises:
        PermissionDenied: the user may not.
        services.Refused: as ``require``.
    """
    require(asked, user)
    return coming.reach(asked.candidate.proposal, user)


@transaction.atomic
def answer_for(asked: Clarification, user: User, text: str, came: Came) -> Clarification:
    """Keep what a supplier answered by telephone or on paper, and how it came.

    Args:
        asked: What was asked.
        user: Who enters it.
        text: As the supplier said or wrote it, clean.
        came: How, and when.

    Raises:
        PermissionDenied: the user may not.
        services.Refused: as ``require``.
        asking.TooLate: the time to answer has passed by the database’s clock, or it was answered before.
    """
    require(asked, user)
    file = asked.candidate.round.solicitation
    if Clarification.objects.filter(pk=asked.pk, answered_at__isnull=False).exists():
        raise asking.TooLate
    kept = asking.answer(asked, text)
    entered = AnsweredForSupplier.objects.create(
        clarification=kept,
        entered_by_id=user.pk,
        entered_how=came.how,
        taken_at=came.taken_at,
    )
    record(
        file,
        ACT,
        user=user,
        data={"number": file.number, "label": asked.candidate.label, **on_record.entered(entered)},
    )
    return kept
