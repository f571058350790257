"""An application that came twice from one address, and one that staff took down by telephone.

Both to the first open opportunity that has applications, in words of the other applications of the demonstration.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from submissions.proposals import entering
from submissions.proposals.entering import EntryForm
from submissions.proposals.enums import EnteredHow
from submissions.solicitations.services import database_clock

from . import files, proposals
from .accounts import person

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

#: Who telephones; the number is one of those kept free for invented people.
CALLER = {"name": "Odile Marchessault", "telephone": "613 555-0147"}


def load() -> Iterator[str]:
    """Send one application a second time, and enter one for somebody who telephones."""
    sent = files.load("proposals.yaml")
    open_now = {planned.ref: planned for planned in files.planned_opportunities() if planned.state == "open"}
    first = next((proposal for proposal in sent if proposal["opportunity"] in open_now), None)
    if first is None:
        return
    file = proposals.solicitation_of(open_now[first["opportunity"]])
    if not file.is_open():
        return
    if not file.proposals.waiting().exists():
        yield f"second application {proposals.send(first, file, again=True)}, which waits"
    amended = files.load("amendment.yaml")["amended"]["file"]
    # One of them is to a file that is amended later: its supplier has no e-mail and has to be told.
    for entered in (first, *(each for each in sent if _file_of(each, open_now) == amended)):
        file = proposals.solicitation_of(open_now[entered["opportunity"]])
        if not file.proposals.filter(entered_by__isnull=False).exists() and file.postings.count() == 1:
            yield f"application {_enter(entered, file)}, entered by staff"


def _file_of(proposal: dict[str, Any], open_now: dict[str, Any]) -> str:
    planned = open_now.get(proposal["opportunity"])
    return planned.file if planned else ""


@transaction.atomic
def _enter(like: dict[str, Any], file: Solicitation) -> str:
    """Type in what somebody says on the telephone, as IT Strategy does."""
    language, posting = like["language"], file.current_posting
    with override(language):
        blank = EntryForm(None, items=posting.items.all(), language=language, file=file)
        moment = max(file.posted_at, database_clock() - timedelta(minutes=5))
        typed = {
            **proposals.typed(blank, {**like, "email": "", "business_name": ""}),
            **CALLER,
            "entered_how": EnteredHow.TELEPHONE.value,
            "taken_at": timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S"),
        }
        form = EntryForm(typed, items=posting.items.all(), language=language, file=file)
        if not form.is_valid():
            raise proposals.NotValidError(form.errors.as_text())
        entered = entering.enter(form, user=person("it-strategy"), posting=posting, key=uuid.uuid4())
    return str(entered.proposal.receipt_number)
