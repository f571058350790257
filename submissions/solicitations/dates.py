"""What a file knows of the steps of its opportunity's timetable (``microacq_pages.timetable``). Reads only.

The day of an act is that of its record, which nobody can change; a date that an amendment moved is told with the one
that was first posted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.models import ModelLogEntry

from microacq_pages.timetable import Kind, Known

from . import states
from .enums import State
from .models import Posting, Solicitation
from .postings import fact_from

if TYPE_CHECKING:
    from microacq_pages.models import PublicStatus

#: The steps that an act of the file carries out.
ACTS = {states.OPEN.act: Kind.OPENED, states.CANCEL.act: Kind.CANCELLED}
#: The act with which a file came to an end without an award, by the state that it has then.
ENDS = {
    State.NO_PROPOSALS: states.END_EMPTY.act,
    State.NONE_SUITABLE: states.FIND_NONE.act,
    State.NOT_ACCEPTED: states.END_UNACCEPTED.act,
}
#: The steps whose date an amendment can move, by the fact that holds it.
FACTS = {"deadline": Kind.DEADLINE, "selection_date": Kind.SELECTION, "delivery_date": Kind.DELIVERY}


def known_steps(status: PublicStatus) -> dict[Kind, Known]:
    """Steps that were carried out, and dates as first posted where an amendment may have moved them."""
    if not status.amendments and status.state == status.State.POSTED:
        return {}
    file = Solicitation.objects.get(translation_key=status.translation_key)
    steps = dict(ACTS)
    if (end := ENDS.get(State(file.state))) is not None:
        steps[end] = Kind.ENDED
    known = {
        steps[act]: Known(actual=moment)
        for act, moment in ModelLogEntry.objects.for_instance(file)
        .filter(action__in=steps)
        .order_by("timestamp")
        .values_list("action", "timestamp")
    }
    if status.amendments:
        facts = Posting.objects.get(solicitation=file, amendment=0).text["facts"]
        for name, kind in FACTS.items():
            known[kind] = Known(before=fact_from(name, facts[name]))  # type: ignore[arg-type]  # a date
    return known
