"""Proving a file again from what is stored: the form of a check, the asking, and what was recorded of a file.

Owns the seam; what is proved stands in the module ``proving`` of each stage. Reads only. Imports no later stage.

Seam (Wagtail hook): ``file_proofs(solicitation) -> Iterable[Check]``: what can be proved of this file, link by link?
Each check reads the rows themselves and compares them with each other and with the chain of the audit, never with what
a cache or a model remembers. Its findings name the link that fails, in words and without anybody's personal data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail import hooks

from submissions.audit.models import AuditEntry

if TYPE_CHECKING:
    from .models import Solicitation

#: The act by which personal data of a file was erased; what it left is no broken link.
ERASURE = "file.personal_data_erased"

#: Tells how far a check is: so many done, of so many.
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Finding:
    """Something that a check found.

    Attributes:
        sentence: Which link, and what is wrong with it, in the reader's language.
        is_broken: False where nothing is known to be wrong, but something needed for the proof is not here.
    """

    sentence: str
    is_broken: bool = True


@dataclass(frozen=True)
class Check:
    """One link of the proof.

    Attributes:
        name: Stable, such as ``proposals.sealed``: what programs and tests call it.
        label: What holds when nothing is found, as a sentence in the reader's language.
        run: Looks for what does not hold. It is given a function to tell how far it is.
        opens_texts: Whether it decrypts what suppliers wrote; who asks for such checks is recorded.
        order: Where it stands among the checks; the process decides.
    """

    name: str
    label: Any
    run: Callable[[Tell], Iterable[Finding]]
    opens_texts: bool = False
    order: int = 500


@dataclass(frozen=True)
class Outcome:
    """A check that was carried out, and what it found."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def is_broken(self) -> bool:
        """Whether a link fails."""
        return any(finding.is_broken for finding in self.findings)


def checks_of(solicitation: Solicitation) -> list[Check]:
    """Every check that a stage can make of this file, in the order of the process."""
    checks = [check for answer in hooks.get_hooks("file_proofs") for check in answer(solicitation)]
    return sorted(checks, key=lambda check: check.order)


def carry_out(check: Check, tell: Tell) -> Outcome:
    """Make one check.

    What was changed behind the software's back may be so odd that reading it fails: that is a finding like any other.
    """
    try:
        with transaction.atomic():
            return Outcome(check, tuple(check.run(tell)))
    except Exception as error:
        sentence = _("What is stored cannot be read as the software wrote it (%(error)s).")
        return Outcome(check, (Finding(sentence % {"error": f"{type(error).__name__}: {error}"[:200]}),))


@dataclass(frozen=True)
class Recorded:
    """One act of a file, as the chain of the audit has it.

    Attributes:
        number: Of the entry in the chain.
        action: Name of the act.
        happened_at: When, by the clock of the server that did it (UTC).
        chained_at: When it was committed, by the database's clock (UTC).
        actor: Key of the account, or None for the system and for visitors.
        object_id: Key of what it was done to.
        data: What was recorded with it.
    """

    number: int
    action: str
    happened_at: datetime
    chained_at: datetime
    actor: str | None
    object_id: str
    data: dict[str, Any]


def recorded(solicitation: Solicitation, actions: Collection[str] = ()) -> list[Recorded]:
    """The acts of a file in the order in which they were chained.

    Args:
        solicitation: The file.
        actions: Names of the acts; without any, all of them.
    """
    entries = AuditEntry.objects.filter(file_number=solicitation.number).order_by("sequence")
    if actions:
        entries = entries.filter(action__in=actions)
    return [_recorded(entry) for entry in entries.iterator(chunk_size=1000)]


def _recorded(entry: AuditEntry) -> Recorded:
    data = json.loads(entry.payload).get("data") or {}
    return Recorded(
        number=entry.sequence,
        action=entry.action,
        happened_at=entry.happened_at,
        chained_at=entry.chained_at,
        actor=entry.actor_id,
        object_id=entry.object_id or "",
        data=json.loads(data) if isinstance(data, str) else data,
    )


def was_erased(solicitation: Solicitation) -> bool:
    """Whether personal data of the file was erased, as the chain has it."""
    return AuditEntry.objects.filter(file_number=solicitation.number, action=ERASURE).exists()


def erased_digests(solicitation: Solicitation) -> frozenset[str]:
    """Digests of what stood where something was erased with a certificate, by the seam ``erased_digests``."""
    if not was_erased(solicitation):
        return frozenset()
    return frozenset().union(*(answer(solicitation) for answer in hooks.get_hooks("erased_digests")))


def about(solicitation: Solicitation, page_ids: Iterable[int]) -> Q:
    """The entries of the chain that tell of a file: its own acts, and those of its two pages."""
    pages = Q(source="wagtailcore_pagelogentry", object_id__in=[str(pk) for pk in page_ids])
    return Q(file_number=solicitation.number) | pages


def broken(sentence: str, **values: Any) -> Finding:
    """A finding that a link fails."""
    return Finding(sentence % values)


def unproved(sentence: str, **values: Any) -> Finding:
    """A finding that a link could not be proved here."""
    return Finding(sentence % values, is_broken=False)


def counted(rows: Collection[Any], tell: Tell, step: int = 25) -> Iterator[Any]:
    """Go through rows and tell how far it is, now and then."""
    for done, row in enumerate(rows, start=1):
        yield row
        if done % step == 0 or done == len(rows):
            tell(done, len(rows))
