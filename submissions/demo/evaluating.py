"""The evaluation of the demonstration that waits for its sign-off.

The worker begins it once the applications are opened, by the people whose step it is. A file whose evaluation was
begun is left alone.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import override

from microacq_pages.models import Opportunity
from submissions.evaluation import assigning, boards, handing_in, judging
from submissions.evaluation.models import Assignment, Candidate
from submissions.proposals import services as proposals
from submissions.solicitations.enums import State
from submissions.solicitations.models import PostedItem, Solicitation

from . import files
from .accounts import person


@transaction.atomic
def evaluate(file: Solicitation) -> str:
    """Take the evaluation of a file as far as the content says.

    Returns:
        What was done, in a line.
    """
    plan = _plan_of(file)
    if plan is None or file.state != State.OPENED or boards.current_round(file) is not None:
        return f"{file.number}: nothing to evaluate"
    parts = [_judge(file, part) for part in plan["evaluators"]]
    if plan["state"] == "submitted":
        for part in parts:
            handing_in.hand_in(part, user=part.evaluator)
        for agreed in plan.get("agreed", ()):
            _agree(file, agreed, parts)
        for part in parts:
            handing_in.agree(part, user=part.evaluator)
    return f"{file.number}: evaluation {plan['state']}"


def _plan_of(file: Solicitation) -> dict[str, Any] | None:
    page = Opportunity.objects.filter(translation_key=file.translation_key).exclude(import_ref="").first()
    plans: list[dict[str, Any]] = files.load("evaluation.yaml")
    return next((plan for plan in plans if page is not None and plan["opportunity"] == page.import_ref), None)


def _judge(file: Solicitation, part: dict[str, Any]) -> Assignment:
    user = person(part["account"])
    with override(part["language"]):
        assignment = assigning.assign(file, user, user=person("it-strategy"))
        assignment = assigning.attest(assignment, user=user)
        items = boards.criteria_of(assignment.round)
        for application in part["applications"]:
            candidate = _candidate(file, assignment, application["application"])
            for item, verdict in zip(items, application["verdicts"], strict=False):
                judging.judge(assignment, user=user, **_given(candidate, item, verdict))
    return assignment


def _agree(file: Solicitation, agreed: dict[str, Any], parts: list[Assignment]) -> None:
    own = next(part for part in parts if part.evaluator.get_username() == agreed["account"])
    item = boards.criteria_of(own.round)[agreed["criterion"] - 1]
    candidate = _candidate(file, own, agreed["application"])
    with override(agreed["language"]):
        judging.agree_on(own, user=own.evaluator, **_given(candidate, item, agreed["verdict"]))


def _given(candidate: Candidate, item: PostedItem, verdict: str) -> dict[str, Any]:
    return {
        "candidate": candidate,
        "item": item,
        "choice": not verdict.startswith("-"),
        "reason": verdict.removeprefix("-"),
    }


def _candidate(file: Solicitation, assignment: Assignment, key: str) -> Candidate:
    sent = next(each for each in files.load("proposals.yaml") if each["key"] == key)
    digest = proposals.address_digest(file, sent["email"])
    found: Candidate = Candidate.objects.get(round=assignment.round, proposal__address_digest=digest)
    return found
