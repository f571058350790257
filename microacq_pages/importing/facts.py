"""The facts that the front matter gives: title, money, dates, addresses, confirmations.

Owns how each value may be written and when two files agree. Whether the facts make a lawful opportunity
is not decided here: that is asked of the page, as for anything typed by hand. Must not import models.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from microacq_pages.importing.faults import Remarks
from microacq_pages.importing.frontmatter import Entry

T = TypeVar("T")
EASTERN = ZoneInfo("America/Toronto")
LANGUAGES = ("en", "fr")
TITLE_LENGTH = 100
TEASER_LENGTH = 500
SHORT_TEXT_LENGTH = 255
CONFIRMATIONS = {
    "standalone": "confirm_standalone",
    "no-internal-capacity": "confirm_no_internal_capacity",
    "unclassified": "confirm_unclassified",
    "not-split": "confirm_not_split",
    "funds-committed": "confirm_funds_committed",
}

_MONEY = re.compile(r"(?P<whole>\d{1,3}(?:[ ,]\d{3})+|\d+)(?:[.,](?P<cents>\d{1,2}))?")
_NOTE = re.compile(r"\(([^()]*)\)")
_TAX_INCLUDED = re.compile(r"\b(includ\w*|compris\w*|inclus\w*)\b", re.IGNORECASE)
_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Facts:
    """What one file states; a value that the file does not give is empty."""

    title: str = ""
    ref: str = ""
    teaser: str = ""
    skills: tuple[str, ...] = ()
    price: Decimal | None = None
    deadline: datetime | None = None
    selection_date: date | None = None
    delivery_date: date | None = None
    repository: str = ""
    licence: str = ""
    project: str = ""
    contact_name: str = ""
    contact_email: str = ""
    department: str = ""
    branch: str = ""
    team: str = ""
    section_32: str = ""
    confirmed: tuple[str, ...] = ()


# Each fact that both files must give alike: the attribute, its key in the front matter, and whether one file
# may leave it out when the other gives it.
AGREEING: tuple[tuple[str, str, bool], ...] = (
    ("ref", "ref", False),
    ("price", "value", False),
    ("deadline", "closing_date", False),
    ("selection_date", "start_date", False),
    ("delivery_date", "delivery_date", False),
    ("repository", "repository", True),
    ("licence", "licence", True),
    ("contact_name", "contact_name", True),
    ("contact_email", "contact_email", True),
    ("section_32", "section_32", True),
    ("confirmed", "confirmed", True),
)


def read_facts(entries: dict[str, Entry], language: str, remarks: Remarks) -> Facts:
    """Read every value, adding a fault for each one that cannot be understood."""
    _check_language(entries.get("lang"), language, remarks)

    def text(key: str, *, limit: int = SHORT_TEXT_LENGTH, required: bool = False) -> str:
        return _text(entries.get(key), key, limit, required, remarks)

    def read(key: str, reader: Callable[[str], T]) -> T | None:
        return _read(entries.get(key), key, reader, remarks)

    deadline = read("closing_date", read_moment)
    if deadline is not None:
        _note_offset(entries["closing_date"], deadline, remarks)
    return Facts(
        title=text("title", limit=TITLE_LENGTH, required=True),
        ref=text("ref", limit=TITLE_LENGTH, required=True),
        teaser=text("short_desc", limit=TEASER_LENGTH),
        skills=entries["skills"].values if "skills" in entries else (),
        price=read("value", read_money),
        deadline=deadline.astimezone(UTC) if deadline else None,
        selection_date=read("start_date", read_day),
        delivery_date=read("delivery_date", read_day),
        repository=read("repository", read_url) or "",
        licence=text("licence"),
        project=text("project"),
        contact_name=text("contact_name"),
        contact_email=read("contact_email", read_email) or "",
        department=text("department"),
        branch=text("branch"),
        team=text("team"),
        section_32=text("section_32"),
        confirmed=_confirmed(entries.get("confirmed"), remarks),
    )


def read_money(text: str) -> Decimal:
    """Read an amount before tax, as written in English or in French.

    Raises:
        ValueError: the text is no amount, or says that tax is included.
    """
    for note in _NOTE.findall(text):
        if _TAX_INCLUDED.search(note):
            raise ValueError(_("the price must be given before taxes"))
    amount = " ".join(_NOTE.sub(" ", text).split())
    amount = re.sub(r"^(?:CAD|CA)?\s*\$\s*|\s*\$?\s*(?:CAD|CA)?\.?$", "", amount)
    match = _MONEY.fullmatch(amount)
    if match is None or not amount.isascii():
        raise ValueError(_("“%(text)s” is not an amount, such as “$6,500” or “6 500 $”") % {"text": text})
    whole = re.sub(r"\D", "", match["whole"])
    if len(whole) > 7:
        raise ValueError(_("“%(text)s” is too large an amount") % {"text": text})
    return Decimal(f"{whole}.{match['cents'] or '0':0<2}")


def read_moment(text: str) -> datetime:
    """Read a date with a time; without an offset it is Eastern time.

    Raises:
        ValueError: the text is no date, or gives no time of day.
    """
    if ":" not in text:
        raise ValueError(_("give the time as well, such as “2030-07-12T14:00:00-04:00”"))
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=EASTERN)
        moment.astimezone(EASTERN), moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            _("“%(text)s” is not a date and time, such as “2030-07-12T14:00:00-04:00”") % {"text": text}
        ) from None
    return moment


def read_day(text: str) -> date:
    """Read a date; of a date with a time, the day that it is in Eastern time.

    Raises:
        ValueError: the text is no date.
    """
    try:
        if _DATE_ONLY.fullmatch(text):
            return date.fromisoformat(text)
        return read_moment(text).astimezone(EASTERN).date()
    except ValueError:
        raise ValueError(_("“%(text)s” is not a date, such as “2030-07-16”") % {"text": text}) from None


def read_url(text: str) -> str:
    """Read the address of a page on the web.

    Raises:
        ValueError: the text is no such address.
    """
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        raise ValueError(_("“%(text)s” is not an address of the web") % {"text": text}) from None
    if len(text) > 200:
        raise ValueError(_("the address is longer than 200 characters"))
    return text


def read_email(text: str) -> str:
    """Read an e-mail address.

    Raises:
        ValueError: the text is no such address.
    """
    try:
        EmailValidator()(text)
    except ValidationError:
        raise ValueError(_("“%(text)s” is not an e-mail address") % {"text": text}) from None
    return text


def shift_deadline(deadline: datetime, days: int) -> datetime:
    """Move a moment by whole days, keeping the time that an Eastern clock shows.

    Raises:
        OverflowError: the result is outside the calendar.
    """
    local = deadline.astimezone(EASTERN)
    return (local + timedelta(days=days)).astimezone(UTC)


def move_dates(facts: Facts, new: datetime | date) -> Facts:
    """Move the deadline to a moment, or to a day at its own time, and the later dates by as many days.

    Raises:
        ValueError: the facts give no deadline to count from, or a date would leave the calendar.
    """
    if facts.deadline is None:
        raise ValueError(_("the files give no closing_date from which to count the days"))
    try:
        day = new.astimezone(EASTERN).date() if isinstance(new, datetime) else new
        days = (day - facts.deadline.astimezone(EASTERN).date()).days
        moment = new.astimezone(UTC) if isinstance(new, datetime) else shift_deadline(facts.deadline, days)
        delta = timedelta(days=days)
        return dataclasses.replace(
            facts,
            deadline=moment,
            selection_date=facts.selection_date + delta if facts.selection_date else None,
            delivery_date=facts.delivery_date + delta if facts.delivery_date else None,
        )
    except OverflowError:
        raise ValueError(_("the dates cannot be moved that far")) from None


def _check_language(entry: Entry | None, language: str, remarks: Remarks) -> None:
    if entry is None or not entry.values:
        message = _("The key “lang” is missing: it must be “%(lang)s”.")
        remarks.fault(entry.line if entry else 1, message % {"lang": language})
    elif entry.text != language:
        other = entry.text in LANGUAGES
        message = (
            _("The language is “%(found)s” where “%(lang)s” is expected: are the two files swapped?")
            if other
            else _("The language is “%(found)s”; it must be “%(lang)s”.")
        )
        remarks.fault(entry.line, message % {"found": entry.text, "lang": language})


def _text(entry: Entry | None, key: str, limit: int, required: bool, remarks: Remarks) -> str:
    text = entry.text if entry else ""
    line = entry.line if entry else 1
    if required and not text:
        remarks.fault(line, _("The key “%(key)s” is missing or empty.") % {"key": key})
    if len(text) > limit:
        remarks.fault(
            line,
            _("The value of “%(key)s” has %(length)d characters; at most %(limit)d are allowed.")
            % {"key": key, "length": len(text), "limit": limit},
        )
    return text


def _read(entry: Entry | None, key: str, reader: Callable[[str], T], remarks: Remarks) -> T | None:
    if entry is None or not entry.values:
        return None
    try:
        return reader(entry.text)
    except ValueError as error:
        message = _("The value of “%(key)s” is wrong: %(fault)s.")
        remarks.fault(entry.line, message % {"key": key, "fault": error})
        return None


def _note_offset(entry: Entry, moment: datetime, remarks: Remarks) -> None:
    eastern = moment.astimezone(EASTERN)
    if eastern.utcoffset() != moment.utcoffset() and moment.utcoffset() != timedelta(0):
        remarks.note(
            entry.line,
            _("The closing date is not written in Eastern time: it is %(moment)s Eastern.")
            % {"moment": eastern.strftime("%Y-%m-%d %H:%M")},
        )


def _confirmed(entry: Entry | None, remarks: Remarks) -> tuple[str, ...]:
    if entry is None:
        return ()
    names = [name.strip() for value in entry.values for name in value.split(",") if name.strip()]
    for name in names:
        if name not in CONFIRMATIONS:
            remarks.fault(
                entry.line,
                _("“%(name)s” cannot be confirmed; the confirmations are %(known)s.")
                % {"name": name, "known": ", ".join(CONFIRMATIONS)},
            )
    return tuple(sorted({name for name in names if name in CONFIRMATIONS}))
