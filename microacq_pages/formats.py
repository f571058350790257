"""How money, dates, times and sizes are written in each official language.

Pure functions, so that pages, mail and documents write them alike, without a catalogue of
translations. Must not import Django or anything else of the project.

Source: the GC style guides; ``The Canadian Style`` and ``Le guide du rédacteur``.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

NO_BREAK = "\N{NO-BREAK SPACE}"
EASTERN = ZoneInfo("America/Toronto")

_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
_ZONES = {"en": {"EST": "EST", "EDT": "EDT"}, "fr": {"EST": "HNE", "EDT": "HAE"}}
_UNITS = {
    "en": {"day": ("day", "days"), "hour": ("hour", "hours"), "minute": ("minute", "minutes")},
    "fr": {"day": ("jour", "jours"), "hour": ("heure", "heures"), "minute": ("minute", "minutes")},
}
_BYTES = {"en": ("B", "KB", "MB", "GB"), "fr": ("o", "Ko", "Mo", "Go")}


def known_language(language: str | None) -> str:
    """``fr`` for any kind of French, else ``en``."""
    return "fr" if (language or "").lower().split("-")[0] == "fr" else "en"


def labelled(label: str, value: object, language: str | None) -> str:
    """A label, its colon and what it labels: French has a no-break space before the colon."""
    space = NO_BREAK if known_language(language) == "fr" else ""
    return f"{label}{space}: {value}"


def number(value: Decimal | int, language: str) -> str:
    """``12,345.5`` or ``12 345,5``, with as many decimals as the value has."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if known_language(language) == "en":
        return text
    return text.replace(",", NO_BREAK).replace(".", ",")


def money(value: Decimal | int | None, language: str) -> str:
    """``$6,500`` or ``6 500 $``; cents only when there are any. Nothing gives an empty text."""
    if value is None:
        return ""
    cents = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    sign = "-" if cents < 0 else ""
    cents = abs(cents)
    amount = number(cents.quantize(Decimal(1)) if cents == cents.to_integral_value() else cents, language)
    return f"{sign}{amount}{NO_BREAK}$" if known_language(language) == "fr" else f"{sign}${amount}"


def date_long(value: date | datetime | None, language: str) -> str:
    """``July 12, 2021`` or ``12 juillet 2021``; an instant gives its day in Eastern time."""
    if value is None:
        return ""
    day = _local(value) if isinstance(value, datetime) else value
    month = _MONTHS[known_language(language)][day.month - 1]
    if known_language(language) == "fr":
        return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"
    return f"{month} {day.day}, {day.year}"


def eastern(value: datetime | None, language: str) -> str:
    """The instant in Eastern time with its zone named, as suppliers are told a deadline.

    ``July 12, 2021, 11:59 p.m. Eastern time (EDT)`` or ``12 juillet 2021, 23 h 59, heure de l’Est (HAE)``.
    """
    if value is None:
        return ""
    local = _local(value)
    zone = _ZONES[known_language(language)][local.tzname() or "EST"]
    if known_language(language) == "fr":
        return f"{date_long(value, language)}, {clock(local, language)}, heure de l’Est ({zone})"
    return f"{date_long(value, language)}, {clock(local, language)} Eastern time ({zone})"


def time_left(deadline: datetime | None, now: datetime, language: str) -> str:
    """The time from ``now`` to the deadline in its two largest units, rounded down.

    Rounding down never promises a minute that is not there. An empty text when no time is left.
    """
    if deadline is None or deadline <= now:
        return ""
    left: timedelta = deadline - now
    minutes = int(left.total_seconds() // 60)
    if minutes == 0:
        return "moins d’une minute" if known_language(language) == "fr" else "less than a minute"
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    amounts = [("day", days), ("hour", hours), ("minute", minutes)]
    first = next(index for index, (_unit, amount) in enumerate(amounts) if amount)
    words = [_count(amount, unit, language) for unit, amount in amounts[first : first + 2] if amount]
    return (" et " if known_language(language) == "fr" else " and ").join(words)


def file_size(size: int | None, language: str) -> str:
    """``61 KB`` or ``61 Ko``; megabytes and more with one decimal."""
    if size is None:
        return ""
    units = _BYTES[known_language(language)]
    amount, power = Decimal(size), 0
    while amount >= 1000 and power < len(units) - 1:
        amount, power = amount / 1000, power + 1
    digits = Decimal("0.1") if power > 1 else Decimal(1)
    rounded = amount.quantize(digits, rounding=ROUND_HALF_UP)
    return f"{number(rounded, language)}{NO_BREAK}{units[power]}"


def _local(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be told in Eastern time")
    return value.astimezone(EASTERN)


def clock(local: datetime | time, language: str) -> str:
    """A time of day: ``11:59 p.m.`` or ``23 h 59``."""
    if known_language(language) == "fr":
        minutes = f"{NO_BREAK}{local.minute:02d}" if local.minute else ""
        return f"{local.hour}{NO_BREAK}h{minutes}"
    if (local.hour, local.minute) == (12, 0):
        return f"12:00{NO_BREAK}noon"
    half = "a.m." if local.hour < 12 else "p.m."
    return f"{local.hour % 12 or 12}:{local.minute:02d}{NO_BREAK}{half}"


def _count(amount: int, unit: str, language: str) -> str:
    singular, plural = _UNITS[known_language(language)][unit]
    return f"{amount}{NO_BREAK}{singular if amount == 1 else plural}"
