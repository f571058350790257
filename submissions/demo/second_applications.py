"""An application that came twice from one address, and one that staff took down by telephone.

Both to the first open opportunity that has applications, in words of the other applications of the demonstration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import by_telephone, files, proposals

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
            yield f"application {by_telephone.enter({**entered, **CALLER}, file)}, entered by staff"


def _file_of(proposal: dict[str, Any], open_now: dict[str, Any]) -> str:
    planned = open_now.get(proposal["opportunity"])
    return planned.file if planned else ""
