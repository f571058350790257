"""What the file itself can prove: its acts in the chain, what was posted, its facts, its states and their times.

Answers the hook ``file_proofs`` for audit and solicitations. Reads only. Imports no later stage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import rfc8785
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from microacq_pages.models import PublicStatus
from submissions.audit.models import LOG_TABLES, AuditEntry
from submissions.audit.verification import Fault, find_disabled_guards, find_gap, verify_entries

from . import guards as triggers
from . import postings, states
from .enums import State
from .models import Posting, Solicitation
from .proofs import Check, Finding, Recorded, Tell, about, broken, counted, recorded

#: By how much the clock of a web server may be ahead of the database's.
CLOCKS = timedelta(minutes=5)
POSTED = "file.posted"
AMENDED = "file.amended"


def checks(file: Solicitation) -> list[Check]:
    """The checks of this stage."""
    return [
        Check(
            "audit.guards",
            gettext_lazy("The triggers that keep what is stored are on."),
            guards,
            order=100,
        ),
        Check(
            "audit.entries",
            gettext_lazy("Every act of the file is in the chain of the audit, as it was recorded."),
            partial(entries, file),
            order=110,
        ),
        Check(
            "postings.texts",
            gettext_lazy("The posted texts give the digests that were recorded when they were posted."),
            partial(posted_texts, file),
            order=120,
        ),
        Check(
            "file.facts",
            gettext_lazy("The facts of the file are those of the last posted text, for the public too."),
            partial(facts, file),
            order=130,
        ),
        Check(
            "file.states",
            gettext_lazy("The file came to its state by recorded acts that the state table has."),
            partial(states_reached, file),
            order=140,
        ),
        Check(
            "file.times",
            gettext_lazy("The acts of the file happened in order, each when the clock allowed it."),
            partial(times, file),
            order=150,
        ),
    ]


# --- the audit ---------------------------------------------------------------------------------


def guards(tell: Tell) -> Iterator[Finding]:
    """Triggers that are missing or off, and functions of theirs that do something else than the migrations wrote.

    A proof is worth little while somebody can write as they please.
    """
    sentence = _("The trigger %(trigger)s on %(table)s is missing or off.")
    said = [str(fault.message) for fault in find_disabled_guards()]
    said += [
        sentence % {"trigger": trigger, "table": table}
        for table, trigger in sorted(triggers.expected() - triggers.on())
    ]
    replaced = _("The function %(name)s of the database is not as it was installed.")
    said += [replaced % {"name": name} for name in triggers.other_functions()]
    yield from map(Finding, dict.fromkeys(said))


def entries(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Entries of the file that do not hold, or do not fit between their neighbours; rows that were never chained."""
    gap = find_gap()
    if gap:
        yield Finding(str(gap.message))
    pages = Page.objects.filter(translation_key=file.translation_key).values_list("pk", flat=True)
    found = AuditEntry.objects.filter(about(file, list(pages))).order_by("sequence")
    total, done = found.count(), 0
    after = 0
    while batch := list(found.filter(sequence__gt=after)[:500]):
        for fault in verify_entries(batch):
            yield _of_entry(fault)
        after, done = batch[-1].sequence, done + len(batch)
        tell(done, total)
    yield from _never_chained(file)


def _of_entry(fault: Fault) -> Finding:
    sentence = _("Entry %(number)s of the audit: %(message)s")
    return broken(sentence, number=fault.sequence, message=fault.message)


def _never_chained(file: Solicitation) -> Iterator[Finding]:
    table = LOG_TABLES[1]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.id FROM \"{table}\" l WHERE l.data ->> 'number' = %s AND NOT EXISTS ("  # noqa: S608
            " SELECT FROM submissions_auditentry e WHERE e.source = %s AND e.source_id = l.id) ORDER BY 1",
            [file.number, table],
        )
        rows = cursor.fetchall()
    for (row,) in rows:
        yield broken(_("Log row %(row)s of %(table)s was never chained."), row=row, table=table)


# --- what was posted -----------------------------------------------------------------------------


def posted_texts(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Postings that do not give their digest, whose items differ from their text, or that no act announced."""
    announced = {
        int(act.data.get("amendment", 0)): str(act.data.get("posting", ""))
        for act in recorded(file, [POSTED, AMENDED])
    }
    extended = {int(act.data.get("amendment", 0)) for act in recorded(file, ["file.extended"])}
    rows = list(file.postings.prefetch_related("items").order_by("amendment"))
    numbers = [posting.amendment for posting in rows]
    if numbers != list(range(len(numbers))) or not numbers:
        yield broken(_("Posted texts are missing: there are numbers %(numbers)s."), numbers=numbers)
    for posting in counted(rows, tell):
        yield from _posting(posting, announced.get(posting.amendment, ""))
        if posting.amendment not in announced and posting.amendment not in extended:
            yield broken(_("Posted text %(number)s: no recorded act announced it."), number=posting.amendment)
    for number in sorted((announced.keys() | extended) - set(numbers)):
        yield broken(_("Posted text %(number)s was recorded and is gone."), number=number)


def _posting(posting: Posting, announced: str) -> Iterator[Finding]:
    number = posting.amendment
    computed = hashlib.sha256(rfc8785.dumps(posting.text)).hexdigest()
    if announced and computed == announced != posting.digest:
        yield broken(
            _("Posted text %(number)s: its digest was changed; its text is as posted."), number=number
        )
    elif computed != posting.digest:
        yield broken(
            _("Posted text %(number)s: it was changed, it no longer gives its digest."), number=number
        )
    elif announced and announced != computed:
        yield broken(
            _("Posted text %(number)s: text and digest were changed; the recorded digest is another."),
            number=number,
        )
    kept = {(row["kind"], row["identity"]): row for row in posting.text.get("items", [])}
    shown = {(str(item.kind), str(item.identity)): item for item in posting.items.all()}
    for key in kept.keys() ^ shown.keys():
        yield broken(
            _("Posted text %(number)s: an item is missing or was added (%(kind)s %(identity)s)."),
            number=number,
            kind=key[0],
            identity=key[1],
        )
    for key in kept.keys() & shown.keys():
        if postings.plain(shown[key]) != kept[key]:
            yield broken(
                _("Posted text %(number)s: the %(kind)s at place %(place)s was changed after posting."),
                number=number,
                kind=shown[key].get_kind_display(),
                place=shown[key].position,
            )


def facts(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Columns of the file, and what the public's lists read, that differ from the last posted text."""
    last = file.postings.order_by("-amendment").first()
    stored = (last.text if last else {}).get("facts", {})
    for name in postings.FACT_FIELDS:
        if postings.fact_from(name, stored.get(name, "")) != getattr(file, name):
            yield broken(
                _("The file’s “%(field)s” is not what was posted last."),
                field=getattr(Solicitation._meta.get_field(name), "verbose_name", name),
            )
    status = PublicStatus.objects.filter(translation_key=file.translation_key).first()
    shown = (status.number, status.state, status.deadline, status.posted_at) if status else None
    if shown != (file.number, file.state, file.deadline, file.posted_at):
        yield broken(_("What the public’s lists read of the file is not what the file says."))


# --- states and times ----------------------------------------------------------------------------


def _moves(file: Solicitation) -> list[Recorded]:
    return recorded(file, {rule.act for rule in states.TRANSITIONS.values()})


def _rule(act: Recorded, before: str) -> states.Transition | None:
    """The row of the state table that a recorded act followed."""
    rules = [rule for rule in states.TRANSITIONS.values() if rule.act == act.action]
    fitting = (rule for rule in rules if before in rule.sources and rule.target == act.data.get("after"))
    return next(fitting, None)


def states_reached(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Follow the recorded acts from the posting, and compare where they lead with what the file says."""
    posted = recorded(file, [POSTED])
    if len(posted) != 1:
        yield broken(
            _("The posting of the file should be recorded once, and is recorded %(count)s times."),
            count=len(posted),
        )
    at, reason = str(State.POSTED), ("", "")
    for act in _moves(file):
        before = str(act.data.get("before", ""))
        if before != at:
            yield broken(
                _("Entry %(number)s leaves the state “%(before)s”, but the acts before it lead to “%(at)s”."),
                number=act.number,
                before=_label(before),
                at=_label(at),
            )
        rule = _rule(act, before)
        if rule is None:
            yield broken(
                _("Entry %(number)s: the state table has no such way from “%(before)s” to “%(after)s”."),
                number=act.number,
                before=_label(before),
                after=_label(str(act.data.get("after", ""))),
            )
        reason = (str(act.data.get("reason", "")), str(act.data.get("reason_fr", "")))
        if rule and rule.needs_reason and not all(reason):
            yield broken(
                _("Entry %(number)s: a decision without its reason in both languages."), number=act.number
            )
        at = str(act.data.get("after", ""))
    if at != file.state:
        yield broken(
            _("The file is “%(state)s”, but the recorded acts lead to “%(at)s”."),
            state=_label(file.state),
            at=_label(at),
        )
    elif reason != (file.state_reason, file.state_reason_fr):
        yield broken(_("The reason in the file is not the one that was recorded."))


def _label(state: str) -> str:
    return str(State(state).label) if state in State.values else state


def times(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Acts that were chained out of order, recorded ahead of the clock, or done before the deadline that they need."""
    every = recorded(file)
    for act in every:
        if act.happened_at > act.chained_at + CLOCKS:
            yield broken(
                _(
                    "Entry %(number)s says that it happened at %(happened)s, after it was chained at %(chained)s."
                ),
                number=act.number,
                happened=moment(act.happened_at),
                chained=moment(act.chained_at),
            )
    yield from _out_of_order(every)
    for act in every:
        if act.action == POSTED and abs(act.happened_at - file.posted_at) > CLOCKS:
            yield broken(
                _("The file says that it was posted at %(posted)s; the record says %(recorded)s."),
                posted=moment(file.posted_at),
                recorded=moment(act.happened_at),
            )
    for act in _moves(file):
        rule = _rule(act, str(act.data.get("before", "")))
        if rule and rule.after_deadline and act.chained_at < file.deadline:
            yield broken(
                _("Entry %(number)s was done at %(time)s, before the deadline of %(deadline)s."),
                number=act.number,
                time=moment(act.chained_at),
                deadline=moment(file.deadline),
            )


def _out_of_order(acts: Iterable[Recorded]) -> Iterator[Finding]:
    before: Recorded | None = None
    for act in acts:
        if before is not None and act.chained_at < before.chained_at:
            yield broken(
                _("Entry %(number)s was chained at %(time)s, earlier than entry %(before)s before it."),
                number=act.number,
                time=moment(act.chained_at),
                before=before.number,
            )
        before = act


def moment(value: datetime | Any) -> str:
    """A moment as a proof names it: exact, in UTC."""
    return f"{value:%Y-%m-%d %H:%M:%S.%f} UTC" if value else "–"
