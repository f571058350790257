"""What applications can prove: sealed as they arrived, in time, opened as they were sealed, states by recorded acts.

Answers the hook ``file_proofs`` of this stage. Reads only, shows nothing of what a supplier wrote: opened texts are
decrypted to compare their digests, and that is recorded by who asks. Imports no later stage.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.solicitations import postings
from submissions.solicitations.enums import AFTER_OPENING, State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import (
    Check,
    Finding,
    Recorded,
    Tell,
    broken,
    counted,
    recorded,
    unproved,
    was_erased,
)
from submissions.solicitations.proving import moment

from . import custody, opening, states
from .enums import ProposalState
from .models import OpenedProposal, Proposal

REPLACED = "proposal.replaced"
#: Acts by which a version arrives.
ARRIVALS = (*states.ARRIVALS.values(), REPLACED)
MOVES = ("proposal.withdrawn", "proposal.counts")
AGE_HEADER = b"age-encryption.org/v1"
#: How much longer than the server lets a request take its record may come, while the chain is busy.
PATIENCE = timedelta(seconds=60)


def checks(file: Solicitation) -> list[Check]:
    """The checks of this stage."""
    return [
        Check(
            "proposals.sealed",
            gettext_lazy("Each sealed application gives the size and the digests of its recorded receipt."),
            partial(sealed, file),
            order=210,
        ),
        Check(
            "proposals.times",
            gettext_lazy("Each application arrived before the deadline, and when its record says."),
            partial(times, file),
            order=220,
        ),
        Check(
            "proposals.states",
            gettext_lazy("Each application came to its state by recorded acts."),
            partial(states_reached, file),
            order=230,
        ),
        Check(
            "proposals.opened",
            gettext_lazy("Only what took part was opened, all of it, and after the deadline."),
            partial(opened, file),
            order=240,
        ),
        Check(
            "proposals.texts",
            gettext_lazy("Each opened text gives the digest that its supplier was given with the receipt."),
            partial(texts, file),
            opens_texts=True,
            order=250,
        ),
    ]


def _arrivals(file: Solicitation) -> dict[str, Recorded]:
    return {str(act.data.get("receipt")): act for act in recorded(file, ARRIVALS)}


# --- sealed --------------------------------------------------------------------------------------


def sealed(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Sealed texts that were changed, and receipts without an application or applications without a receipt."""
    acts = recorded(file, ARRIVALS)
    by_receipt = {str(act.data.get("receipt")): act for act in acts}
    for receipt, count in Counter(str(act.data.get("receipt")) for act in acts).items():
        if count > 1:
            yield broken(
                _("Application %(receipt)s: its arrival is recorded more than once."), receipt=receipt
            )
    rows = file.proposals.defer("contact").order_by("pk")
    total, found = rows.count(), set()
    may_be_erased = was_erased(file)
    for done, proposal in enumerate(rows.iterator(chunk_size=50), start=1):
        found.add(proposal.receipt_number)
        yield from _sealed(proposal, by_receipt.get(proposal.receipt_number), may_be_erased)
        if done % 25 == 0 or done == total:
            tell(done, total)
    for receipt in sorted(by_receipt.keys() - found):
        yield broken(_("Application %(receipt)s: its receipt is recorded, and it is gone."), receipt=receipt)


def _sealed(proposal: Proposal, act: Recorded | None, may_be_erased: bool) -> Iterator[Finding]:
    receipt = proposal.receipt_number
    if act is None:
        yield broken(_("Application %(receipt)s: no act recorded its arrival."), receipt=receipt)
        return
    text = bytes(proposal.sealed)
    is_erased = may_be_erased and text == custody.ERASED.encode()
    computed, promised = hashlib.sha256(text).hexdigest(), str(act.data.get("sealed_digest"))
    if computed != promised and not is_erased:
        yield broken(
            _(
                "Application %(receipt)s: its sealed text was changed, it no longer gives the recorded digest."
            ),
            receipt=receipt,
        )
    if proposal.sealed_digest != promised:
        yield broken(
            _("Application %(receipt)s: the digest beside its sealed text is not the recorded one."),
            receipt=receipt,
        )
    if not is_erased and (proposal.size != len(text) or not text.startswith(AGE_HEADER)):
        yield broken(
            _("Application %(receipt)s: what is stored is not a sealed text of the size that was noted."),
            receipt=receipt,
        )
    if proposal.text_digest != act.data.get("text_digest"):
        yield broken(
            _("Application %(receipt)s: the digest of its text is not the one on the recorded receipt."),
            receipt=receipt,
        )


# --- times ---------------------------------------------------------------------------------------


def times(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Arrivals at or after the deadline that was posted then, or at another time than was recorded."""
    acts = _arrivals(file)
    longest = timedelta(seconds=opening.request_timeout()) + PATIENCE
    rows = list(file.proposals.without_text().select_related("posting"))
    for proposal in counted(rows, tell):
        receipt, arrived = proposal.receipt_number, proposal.arrived_at
        posted = postings.fact_from("deadline", proposal.posting.text.get("facts", {}).get("deadline", ""))
        deadline: Any = posted or file.deadline
        if arrived >= deadline:
            yield broken(
                _("Application %(receipt)s arrived at %(time)s, not before the deadline of %(deadline)s."),
                receipt=receipt,
                time=moment(arrived),
                deadline=moment(deadline),
            )
        if arrived < file.posted_at:
            yield broken(
                _("Application %(receipt)s arrived at %(time)s, before the file was posted."),
                receipt=receipt,
                time=moment(arrived),
            )
        act = acts.get(receipt)
        if act and not timedelta(0) <= act.chained_at - arrived <= longest:
            yield broken(
                _(
                    "Application %(receipt)s says that it arrived at %(time)s; its record was made at %(recorded)s."
                ),
                receipt=receipt,
                time=moment(arrived),
                recorded=moment(act.chained_at),
            )
        changed = proposal.state_changed_at
        if changed and not arrived <= changed < file.deadline:
            yield broken(
                _("Application %(receipt)s was replaced or withdrawn at %(time)s, when nobody could."),
                receipt=receipt,
                time=moment(changed),
            )


# --- states --------------------------------------------------------------------------------------


def states_reached(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Follow the recorded acts of each application and compare where they lead with what its row says."""
    at: dict[str, str] = {}
    for act in recorded(file, (*ARRIVALS, *MOVES)):
        receipt, replaces = str(act.data.get("receipt")), act.data.get("replaces")
        if act.action in MOVES:
            at[receipt] = ProposalState.SENT if act.action == "proposal.counts" else ProposalState.WITHDRAWN
        else:
            waits = act.action == states.ARRIVALS[ProposalState.WAITING]
            at[receipt] = ProposalState.WAITING if waits else ProposalState.SENT
        if replaces:
            at[str(replaces)] = ProposalState.REPLACED
    for receipt, state in file.proposals.values_list("receipt_number", "state"):
        if at.get(receipt) != state:
            yield broken(
                _("Application %(receipt)s is “%(state)s”, but its recorded acts lead to “%(at)s”."),
                receipt=receipt,
                state=_label(state),
                at=_label(at.get(receipt, "")),
            )


def _label(state: str) -> str:
    return str(ProposalState(state).label) if state in ProposalState.values else "–"


# --- opened --------------------------------------------------------------------------------------


def opened(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """What was opened and should not have been, or was not and should have been."""
    rows = (
        OpenedProposal.objects.filter(proposal__solicitation=file)
        .select_related("proposal")
        .defer("locked_text", "proposal__sealed", "proposal__contact")
    )
    for row in rows:
        receipt = row.proposal.receipt_number
        if row.proposal.state != ProposalState.SENT:
            yield broken(_("Application %(receipt)s was opened and takes no part."), receipt=receipt)
        if row.opened_at <= file.deadline:
            yield broken(
                _("Application %(receipt)s was opened at %(time)s, before the deadline had passed."),
                receipt=receipt,
                time=moment(row.opened_at),
            )
    acts = recorded(file, ["file.opened", "file.ended_empty"])
    promised = int(acts[-1].data.get("count", 0)) if acts else 0
    if len(rows) != promised:
        yield broken(
            _("%(found)s applications are opened; %(promised)s were recorded as opened."),
            found=len(rows),
            promised=promised,
        )
    if file.state in AFTER_OPENING or file.state == State.NO_PROPOSALS:
        for proposal in file.proposals.standing().filter(opened=None).without_text():
            yield broken(
                _("Application %(receipt)s takes part and was not opened."), receipt=proposal.receipt_number
            )


def texts(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Opened texts that do not give the digest of their receipt, or speak of another file."""
    rows = (
        OpenedProposal.objects.filter(proposal__solicitation=file)
        .select_related("proposal__posting")
        .defer("proposal__sealed", "proposal__contact")
    )
    if was_erased(file):
        rows = rows.exclude(locked_text=custody.ERASED)
    total = rows.count()
    if total and not list(settings.MICROACQ_READING_KEY):
        yield unproved(
            _(
                "The reading key is not here: %(count)s opened texts could not be compared with their digests."
            ),
            count=total,
        )
        return
    for done, row in enumerate(rows.iterator(chunk_size=50), start=1):
        yield from _text(file, row)
        if done % 25 == 0 or done == total:
            tell(done, total)


def _text(file: Solicitation, row: OpenedProposal) -> Iterator[Finding]:
    proposal = row.proposal
    receipt = proposal.receipt_number
    try:
        plain = custody.unlock(row.locked_text)
    except (ImproperlyConfigured, ValueError, custody.Erased):
        yield broken(
            _(
                "Application %(receipt)s: no reading key here opens its text: it was changed, or its key is gone."
            ),
            receipt=receipt,
        )
        return
    if hashlib.sha256(plain).hexdigest() != proposal.text_digest:
        yield broken(
            _("Application %(receipt)s: the opened text is not the one that was sealed."), receipt=receipt
        )
        return
    said = json.loads(plain)
    if (said.get("number"), said.get("posting")) != (file.number, proposal.posting.digest):
        yield broken(
            _("Application %(receipt)s: its text answers another posted text than its row says."),
            receipt=receipt,
        )
