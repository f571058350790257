"""What the demonstration asks of the worker for after a deadline: to open, evaluate, select, pay, or post again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks import task

from submissions.proposals import opening
from submissions.proposals.opening import OpeningRefused
from submissions.solicitations import again
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

from .accounts import person


@task()
def open_when_due(solicitation_id: int) -> str:
    """Ask to open a file, as the IT Strategy team does with its button."""
    solicitation = Solicitation.objects.get(pk=solicitation_id)
    try:
        opening.ask_to_open(solicitation, person("it-strategy"))
    except OpeningRefused as refusal:
        return f"{solicitation.number}: {refusal}"
    return f"{solicitation.number}: asked to open"


#: How often, and after how many seconds, it is looked whether a file was opened meanwhile.
LOOKS, SECONDS = 120, 5


def _look_again(when_opened: Any, file: Solicitation, looks: int) -> str:
    """Have a task run once more in a moment, while its file is not opened; empty when it need not."""
    if file.state != State.POSTED or looks <= 0:
        return ""
    moment = timezone.now() + timedelta(seconds=SECONDS)
    when_opened.using(run_after=moment).enqueue(file.pk, looks - 1)
    return f"{file.number}: not opened yet"


@task()
def select_when_opened(solicitation_id: int, looks: int = LOOKS) -> str:
    """Evaluate a file, select its supplier and let the work begin, as soon as it is opened."""
    from . import awards, selections, work

    solicitation = Solicitation.objects.get(pk=solicitation_id)
    if not_yet := _look_again(select_when_opened, solicitation, looks):
        return not_yet
    state = selections.evaluate_and_select(solicitation)
    if state == State.SELECTED:
        awards.offer(solicitation)
        state = work.begin(solicitation)
    return f"{solicitation.number}: {state}"


@task()
def speak_when_opened(solicitation_id: int, looks: int = LOOKS) -> str:
    """Let the work begin of a supplier without e-mail, for whom staff speak, as soon as the file is opened."""
    from . import by_telephone, selections

    solicitation = Solicitation.objects.get(pk=solicitation_id)
    if not_yet := _look_again(speak_when_opened, solicitation, looks):
        return not_yet
    state = selections.evaluate_and_select(solicitation)
    if state == State.SELECTED:
        state = by_telephone.begin(solicitation)
    return f"{solicitation.number}: {state}"


@task()
def complete_when_opened(solicitation_id: int, looks: int = LOOKS) -> str:
    """Take a file through everything to its payment, as soon as it is opened."""
    from . import awards, paying, selections

    solicitation = Solicitation.objects.get(pk=solicitation_id)
    if not_yet := _look_again(complete_when_opened, solicitation, looks):
        return not_yet
    state = selections.evaluate_and_select(solicitation)
    if state == State.SELECTED:
        awards.offer(solicitation)
        state = paying.finish(solicitation)
    return f"{solicitation.number}: {state}"


@task()
def evaluate_when_opened(solicitation_id: int, looks: int = LOOKS) -> str:
    """Have the evaluators of the demonstration begin, once the worker has opened a file."""
    from . import evaluating

    solicitation = Solicitation.objects.get(pk=solicitation_id)
    if not_yet := _look_again(evaluate_when_opened, solicitation, looks):
        return not_yet
    return evaluating.evaluate(solicitation)


@task()
def post_again_when_closed(solicitation_id: int) -> str:
    """Post an opportunity again, as its client and its reviewers do, once it has closed."""
    from . import amending

    solicitation = Solicitation.objects.get(pk=solicitation_id)
    try:
        page = amending.post_again(solicitation)
    except again.NotPostedAgain as refusal:
        return f"{solicitation.number}: {' '.join(refusal.messages)}"
    return f"{solicitation.number}: posted again as page {page.pk}"
