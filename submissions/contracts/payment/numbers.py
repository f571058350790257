"""Which text holds the number of a card or of a bank account. No such number is ever stored. Knows no database.

What is looked for:

- cards: 13 to 19 digits (ISO/IEC 7812-1) that begin with 22 to 27 or 3 to 6 and end with their Luhn check digit;
  commits, which are long numbers too, are let pass;
- accounts abroad: an IBAN (ISO 13616), its length that of its country where that is known, its remainder 1 by 97;
- accounts in Canada: transit and institution as on a cheque (``12345-006``) or as in electronic payments
  (``000612345``), of an institution that Payments Canada numbers, and any run of digits that words announce.

Digits of any script, and spaces, dashes, dots or slashes between them, change nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class Found(StrEnum):
    """What a text holds."""

    CARD = "card"
    IBAN = "iban"
    ACCOUNT = "account"


#: Institutions of Payments Canada that suppliers are likely to have accounts with; three digits each.
INSTITUTIONS = frozenset(
    f"{number:03}"
    for number in (
        1, 2, 3, 4, 6, 10, 16, 30, 39, 101, 117, 127, 177, 219, 260, 308, 320, 338, 340, 374, 509, 540, 568, 607, 608,
        612, 614, 621, 623, 809, 815, 819, 828, 829, 837, 839, 849, 853, 865, 879, 889, 899,
    )
)  # fmt: skip
#: Whole length of an IBAN by country (ISO 13616 registry); others are judged by their remainder alone.
IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24,
}  # fmt: skip
IBAN_SHORTEST, IBAN_LONGEST = 15, 34
#: Every account number has so many digits at least; words that follow a reference do not.
IBAN_DIGITS = 11

_BETWEEN = r"[\s.\-/_·]{0,3}"
_DIGITS = re.compile(rf"\d(?:{_BETWEEN}\d){{12,}}")
#: Groups as on a card, whatever few signs stand between them.
_GROUPS = re.compile(
    r"(?<!\d)(?:\d{4}[^\w\n]{1,3}\d{4}[^\w\n]{1,3}\d{4}[^\w\n]{1,3}\d{1,7}|\d{4}[^\w\n]{1,3}\d{6}[^\w\n]{1,3}\d{5})(?!\d)"
)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[ ]?\d{2}(?:[ .\-]?[A-Z0-9]){11,30}", re.IGNORECASE)
#: Transit and institution. In the west streets have numbers too: “10123 127 Street” is an address.
_CHEQUE = re.compile(
    r"(?<!\d)\d{5}[\s\-/]{1,3}(0\d\d|\d{3}(?!\s?(?:st|nd|rd|th)\b)(?!\s*[A-Za-zÀ-ÿ]))(?!\d)", re.IGNORECASE
)
_INSTITUTION_FIRST = re.compile(r"(?<!\d)(\d{3})[\s\-/]{1,3}\d{5}[\s\-/]{1,3}\d{5,12}(?!\d)")
_ELECTRONIC = re.compile(r"(?<!\d)0(\d{3})[\s\-]?\d{5}(?!\d)")
_NUMBER = r"(?:number|num[ée]ro|no\b|nos?\.|n°|nº|#)"
_ANNOUNCED = re.compile(
    r"(?:"
    rf"(?:bank )?account\s*(?:{_NUMBER}|:)|(?:transit|institution|routing|folio|branch|acct|card)\s*(?:{_NUMBER}|:)|"
    r"bank account|compte bancaire|credit card|carte de cr[ée]dit|\biban\b|"
    rf"{_NUMBER}\s*(?:de |d[’'])?(?:compte|carte|transit|institution|succursale|folio|domiciliation)|"
    rf"(?:succursale|domiciliation|folio)\s*(?:{_NUMBER}|:)"
    r")\D{0,20}\d(?:[\s.\-/]?\d){4,}|\bcv[vc]2?\D{0,10}\d{3}",
    re.IGNORECASE,
)
#: Numbers of files, days and commits stand in honest texts.
_HARMLESS = re.compile(
    r"\bMA-20\d\d-\d{4,5}(?!\d)|(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)|"
    r"\b(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})\b"
)
#: A zero-width character between digits hides them from a reader and from a search alike.
_INVISIBLE = frozenset({"Cf", "Mn", "Me"})

SENTENCES = {
    Found.CARD: _("This looks like the number of a card. Take it out: no card number is ever kept here."),
    Found.IBAN: _("This looks like the number of a bank account. Take it out: none is ever kept here."),
    Found.ACCOUNT: _("This looks like the number of a bank account. Take it out: none is ever kept here."),
}


def plain(text: str) -> str:
    """The same text in ASCII digits and dashes, without what nobody sees."""
    shown = "".join(
        each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) not in _INVISIBLE
    )
    return "".join(_plain_character(each) for each in shown)


def _plain_character(each: str) -> str:
    if unicodedata.category(each) == "Pd" or each == "\N{MINUS SIGN}":
        return "-"
    return str(unicodedata.digit(each)) if each.isdigit() else each


def has_luhn_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = (2 * int(each) for each in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(each - 9 * (each > 9) for each in doubled)) % 10 == 0


def _is_card(digits: str) -> bool:
    begins = digits[0] in "3456" or "22" <= digits[:2] <= "27"
    return 13 <= len(digits) <= 19 and begins and has_luhn_digit(digits)


def _card_in(run: str) -> bool:
    """Whether a run of digits is the number of a card, or holds one of a usual length among others."""
    if _is_card(run):
        return True
    parts = ((length, start) for length in (15, 16) for start in range(len(run) - length + 1))
    return any(
        (length == 16 or run[start : start + 2] in ("34", "37")) and _is_card(run[start : start + length])
        for length, start in parts
    )


def is_iban(text: str) -> bool:
    """Whether letters and digits are an account number of ISO 13616."""
    compact = re.sub(r"[^A-Z0-9]", "", text.upper())
    if not IBAN_SHORTEST <= len(compact) <= IBAN_LONGEST:
        return False
    if len(compact) != IBAN_LENGTHS.get(compact[:2], len(compact)):
        return False
    if sum(each.isdigit() for each in compact) < IBAN_DIGITS:
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def _ibans(text: str) -> Iterator[str]:
    """What may be an account number: also the beginning of a longer run, because words may follow it."""
    for match in _IBAN.finditer(text):
        compact = re.sub(r"[^A-Z0-9]", "", match.group().upper())
        known = IBAN_LENGTHS.get(compact[:2])
        yield from ((compact[:known],) if known else (compact,))


def found_in(text: str) -> Found | None:
    """What a text holds that must not be kept; None where it holds nothing such."""
    shown = plain(text)
    searched = _HARMLESS.sub("x", shown)
    for pattern in (_DIGITS, _GROUPS):
        if any(_card_in(re.sub(r"\D", "", match.group())) for match in pattern.finditer(searched)):
            return Found.CARD
    if any(is_iban(each) for each in _ibans(searched)):
        return Found.IBAN
    for pattern in (_CHEQUE, _INSTITUTION_FIRST, _ELECTRONIC):
        if any(match.group(1) in INSTITUTIONS for match in pattern.finditer(shown)):
            return Found.ACCOUNT
    return Found.ACCOUNT if _ANNOUNCED.search(shown) else None


def refuse_numbers(text: str) -> None:
    """Validate that a text holds no such number. The message never repeats what was typed.

    Raises:
        ValidationError: it does.
    """
    found = found_in(str(text or ""))
    if found is not None:
        raise ValidationError(SENTENCES[found], code="payment-number")


def refuse_cards(address: str) -> None:
    """Validate that the address of a page holds no number of a card; its other digits are those of a program.

    Raises:
        ValidationError: it does.
    """
    if found_in(address) == Found.CARD:
        raise ValidationError(SENTENCES[Found.CARD], code="payment-number")
