"""The gate before the form of a file: what is looked at and counted when an application is sent.

Owns what of the gate’s rules holds for applications. An honest first application is never refused for where it comes
from in the last hour before its deadline, and meets at most one objection ever; only what is sent with the same link
again and again has to wait. Imports no view.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from submissions.gate import counting, limits, looking, networks, waiting

if TYPE_CHECKING:
    from django.http import HttpResponse

    from submissions.proposals.forms import ProposalForm
    from submissions.proposals.visits import Visit
    from submissions.solicitations.models import Posting, Solicitation


def fields(visit: Visit) -> dict[str, str]:
    """What ``submissions/includes/gate.html`` needs, for a form that is shown, or shown again."""
    subject = _subject(visit.file)
    if visit.request.method == "POST":
        stamp = looking.look(visit.request, subject).stamp
    elif visit.kept is not None:
        stamp = looking.passing_stamp(subject)  # a draft: its supplier wrote it before
    else:
        stamp = looking.new_stamp(subject)
    return {"stamp": stamp, "bait": looking.BAIT}


def stop(visit: Visit, form: ProposalForm, posting: Posting) -> HttpResponse | None:
    """The form again with a sentence, where a complete application is not to be taken yet; else count it.

    Who has the supplier’s own link was let in before: only how often it is used is counted.
    """
    if not visit.is_change:
        seen = looking.look(visit.request, _subject(visit.file))
        if seen.objection:
            return visit.show(form, posting, status=seen.status, notice=seen.objection)
    passages = [(limits.VERSIONS_OF_LINK, visit.link.digest)]
    if not _is_last_hour(visit.file):
        passages.append((limits.APPLICATIONS_OF_NETWORK, networks.network_of_visitor(visit.request)))
    reached = counting.take(*passages)
    if reached is None:
        return None
    answer = visit.show(form, posting, status=waiting.STATUS, notice=waiting.sentence(reached))
    return waiting.mark(answer, reached)


def is_recorded_as_late(visit: Visit) -> bool:
    """Whether one more that came too late is recorded: a flood of them would only hide the others in the record."""
    network = networks.network_of_visitor(visit.request)
    return counting.take((limits.LATE_OF_NETWORK, network)) is None


def network_for_drafts(visit: Visit) -> str:
    """By which network a new draft counts; by none in the last hour before the deadline."""
    return "" if _is_last_hour(visit.file) else networks.network_of_visitor(visit.request)


def _is_last_hour(file: Solicitation) -> bool:
    now: datetime = file.moment  # type: ignore[attr-defined]  # annotated by file_of
    return file.deadline - now <= limits.LAST_HOUR


def _subject(file: Solicitation) -> str:
    return f"apply/{file.number}"
