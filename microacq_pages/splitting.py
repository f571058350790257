"""The watch over contract splitting: what one opportunity shares with others, and when that needs a justification.

Rules alone: no model, no request. Opportunities of the same team, branch, project, contact or repository, or with a
similar text, that were posted within a rolling twelve months or are being written, are counted together; when their
sum with the highest tax passes the cap, a written justification is needed that CFOB accepts.
Source: Directive on the Management of Procurement, on contract splitting; DESIGN section 5.

A cancelled opportunity is shown, but its price is not counted: nothing is bought with it, and posting a cancelled need
again is not a second contract.

Seam (Wagtail hook): ``microacq_splitting_evidence(page) -> Iterable[Evidence]``: what else does this opportunity share
with others that only a later stage knows, such as the supplier? Whoever answers calls
``splitting_records.refresh(page)`` when the answer changes. The supplier is known after the award alone, so it is shown
to those who watch, and asks for no justification: that is written before anything is posted.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import rfc8785
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .formats import EASTERN
from .guardrails import CAP, with_highest_tax

#: From which trigram similarity (0 to 1) two texts are similar. Source: issue 3, section 3.
SIMILAR = 0.4

_DEFAULT_PORTS = {"http": 80, "https": 443}
_WORD_BREAKS = re.compile(r"[^\w]+")


class Ground(TextChoices):
    """What two opportunities have in common."""

    TEAM = "team", _("Same team")
    BRANCH = "branch", _("Same branch")
    PROJECT = "project", _("Same project")
    CONTACT = "contact", _("Same contact")
    REPOSITORY = "repository", _("Same repository")
    TEXT = "text", _("Similar text")
    SUPPLIER = "supplier", _("Same supplier")


class Standing(TextChoices):
    """Where an opportunity stands with the watch."""

    CLEAR = "clear", _("Nothing to justify")
    NEEDED = "needed", _("Justification needed")
    WAITING = "waiting", _("Waits for CFOB")
    REFUSED = "refused", _("Justification refused")
    VOID = "void", _("More was found since: justification needed again")
    ACCEPTED = "accepted", _("Justification accepted")


#: Standings in which an opportunity cannot be posted.
OPEN_STANDINGS = (Standing.NEEDED, Standing.WAITING, Standing.REFUSED, Standing.VOID)
#: Standings in which the author has to write.
AUTHORS_TURN = (Standing.NEEDED, Standing.REFUSED, Standing.VOID)


@dataclass(frozen=True)
class Evidence:
    """Something shared that only a later stage knows.

    Attributes:
        translation_key: The other opportunity.
        ground: What is shared.
    """

    translation_key: UUID
    ground: Ground = Ground.SUPPLIER


@dataclass(frozen=True, slots=True)
class Match:
    """Another opportunity that shares something with the one looked at.

    Attributes:
        key: Its translation key.
        page_id: Its page in the language in which it is written.
        title: In the reader's language where it exists.
        grounds: What is shared, in the order of ``Ground``.
        amount: CAD before tax: what was awarded, else its price; None when it has none yet.
        number: Of its file, once posted.
        posted_at: None while it is being written.
        saved_at: When it was last saved.
        cancelled: Shown, but not counted.
        similarity: Of the texts, 0 to 1, where they are similar.
        team: As written.
        branch: As written.
    """

    key: UUID
    page_id: int
    title: str
    grounds: tuple[Ground, ...]
    amount: Decimal | None
    saved_at: datetime
    number: str = ""
    posted_at: datetime | None = None
    cancelled: bool = False
    similarity: float | None = None
    team: str = ""
    branch: str = ""

    @property
    def counted(self) -> Decimal:
        """What it adds to the sum, in CAD before tax."""
        return Decimal(0) if self.cancelled or self.amount is None else self.amount


@dataclass(frozen=True)
class Found:
    """Everything found about one opportunity.

    Attributes:
        amount: Its own amount, CAD before tax.
        matches: The newest first.
    """

    amount: Decimal
    matches: tuple[Match, ...]

    @property
    def total(self) -> Decimal:
        """CAD before tax, this opportunity included."""
        return self.amount + sum((match.counted for match in self.matches), Decimal(0))

    @property
    def total_with_tax(self) -> Decimal:
        return with_highest_tax(self.total)

    @property
    def counting(self) -> tuple[Match, ...]:
        """Matches that a justification has to explain."""
        return tuple(match for match in self.matches if not match.cancelled)

    @property
    def needs_justification(self) -> bool:
        return bool(self.counting) and passes_cap(self.total)

    @property
    def same_supplier(self) -> tuple[Match, ...]:
        """Matches that were awarded to the same supplier."""
        return tuple(match for match in self.matches if Ground.SUPPLIER in match.grounds)

    def before_award(self) -> Found:
        """What can be known before anything is awarded, and has to be justified: all of it but the supplier."""
        if not self.same_supplier:
            return self
        left = [
            replace(match, grounds=tuple(each for each in match.grounds if each != Ground.SUPPLIER))
            for match in self.matches
        ]
        return Found(self.amount, tuple(match for match in left if match.grounds))

    def running_sums(self) -> list[Decimal]:
        """The sum with tax after each match, in the order of ``matches``."""
        total, sums = self.amount, []
        for match in self.matches:
            total += match.counted
            sums.append(with_highest_tax(total))
        return sums

    def snapshot(self) -> dict[str, Any]:
        """What a justification is bound to, as JSON: the matches, what is shared, and the sum."""
        return {
            "sum_with_tax": str(self.total_with_tax),
            "matches": [
                {
                    "key": str(match.key),
                    "number": match.number,
                    "title": match.title,
                    "grounds": [ground.value for ground in match.grounds],
                    "amount": str(match.counted),
                }
                for match in sorted(self.counting, key=lambda match: str(match.key))
            ],
        }

    @property
    def digest(self) -> str:
        return digest_of(self.snapshot())


def passes_cap(total: Decimal) -> bool:
    """Whether a sum (CAD before tax) is over 10,000 with the highest sales tax."""
    return with_highest_tax(total) > CAP


def digest_of(snapshot: dict[str, Any]) -> str:
    """SHA-256 of what was found (RFC 8785 form); titles and numbers, which may change, are left out."""
    kept = {
        "sum_with_tax": snapshot["sum_with_tax"],
        "matches": [
            {name: match[name] for name in ("key", "grounds", "amount")} for match in snapshot["matches"]
        ],
    }
    return hashlib.sha256(rfc8785.dumps(kept)).hexdigest()


_NOTHING: frozenset[str] = frozenset()


def still_holds(found: Found, judged: dict[str, Any]) -> bool:
    """Whether what is found now is no more than what a justification was about.

    More posted opportunities, more in common with one of them, or a higher sum void it; less does not. A draft that
    was begun since does not either: it answers for itself before it is posted, or two drafts would void each other
    without end.

    Args:
        found: As of now.
        judged: The snapshot kept with the justification.
    """
    known = {match["key"]: set(match["grounds"]) for match in judged["matches"]}
    counting = [(str(match.key), match) for match in found.counting]
    concerned = [(key, match) for key, match in counting if match.posted_at or key in known]
    total = found.amount + sum((match.counted for _key, match in concerned), Decimal(0))
    return with_highest_tax(total) <= Decimal(judged["sum_with_tax"]) and all(
        known.get(key, _NOTHING).issuperset(match.grounds) for key, match in concerned
    )


# --- twelve months ---------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _day(moment: datetime) -> date:
    """Its day in Eastern time."""
    return moment.astimezone(EASTERN).date()


@lru_cache(maxsize=4096)
def one_year_before(day: date) -> date:
    """The same day a year earlier; February 28 for February 29."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def within_twelve_months(earlier: datetime, later: datetime) -> bool:
    """Whether one instant lies in the twelve months before another, counted in days of Eastern time.

    The same day a year earlier still counts, the day before it does not.
    """
    return one_year_before(_day(later)) <= _day(earlier)


def is_counted(posted_at: datetime | None, saved_at: datetime, reference: datetime, *, posted: bool) -> bool:
    """Whether another opportunity belongs to the twelve months of the one looked at.

    Args:
        posted_at: When the other was posted; None for a draft.
        saved_at: When the other was last saved; a draft that nobody touched for twelve months is not under way.
        reference: When the one looked at was posted; now, while it is a draft.
        posted: Whether the one looked at is posted. What is posted or written after it answers for itself.
    """
    if posted_at is None:
        return not posted and within_twelve_months(saved_at, reference)
    if posted and posted_at > reference:
        return False
    return within_twelve_months(posted_at, reference)


# --- what is compared ------------------------------------------------------------------------------


def normal(text: str) -> str:
    """A name as it compares: without case, accents, punctuation and superfluous spaces."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold()).casefold()
        if not unicodedata.combining(character)
    )
    return _WORD_BREAKS.sub(" ", plain).strip()


def normal_repository(url: str) -> str:
    """The address of a repository as it compares.

    Without scheme, ``www.``, standard port, sign-in, query, fragment, ``.git``, what follows the address of the
    repository on a code host (``/tree/main``, ``/-/issues``) and differences of case.
    """
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
        host, port = (parts.hostname or "").lower().removeprefix("www."), parts.port
    except ValueError:
        return normal(url)
    if port and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    steps = [step for step in parts.path.lower().split("/") if step]
    if "-" in steps:
        steps = steps[: steps.index("-")]
    if host in {"github.com", "bitbucket.org", "codeberg.org"}:
        steps = steps[:2]
    if steps:
        steps[-1] = steps[-1].removesuffix(".git")
    return "/".join([host, *steps]) if steps and host else ""


def grounds_of(facts: dict[Ground, Iterable[str]]) -> list[str]:
    """What another opportunity may share, in a form that compares: ``team:digital services``.

    Args:
        facts: Values of each kind, in both languages where there are two.
    """
    found = set()
    for ground, values in facts.items():
        for value in values:
            comparable = (
                normal_repository(value)
                if ground == Ground.REPOSITORY
                else value.strip().casefold()
                if "@" in value
                else normal(value)
            )
            if comparable:
                found.add(f"{ground.value}:{comparable}")
    return sorted(found)


def shared(ours: Iterable[str], theirs: Iterable[str], *linked: str) -> tuple[Ground, ...]:
    """What two opportunities have in common, in the order of ``Ground``."""
    both = frozenset(ours).intersection(theirs)
    return _grounds(frozenset([*[entry.partition(":")[0] for entry in both], *map(str, linked)]))


@lru_cache(maxsize=256)
def _grounds(kinds: frozenset[str]) -> tuple[Ground, ...]:
    return tuple(ground for ground in Ground if ground.value in kinds)


__all__ = [
    "AUTHORS_TURN",
    "OPEN_STANDINGS",
    "SIMILAR",
    "Evidence",
    "Found",
    "Ground",
    "Match",
    "Standing",
    "digest_of",
    "grounds_of",
    "is_counted",
    "normal",
    "normal_repository",
    "one_year_before",
    "passes_cap",
    "shared",
    "still_holds",
    "within_twelve_months",
]
