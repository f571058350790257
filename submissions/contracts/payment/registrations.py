"""What numbers of taxes and postal codes look like, and whether one lies in the National Capital Region.

Pure: knows no database and no request.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from .numbers import has_luhn_digit
from .taxes import ABROAD

#: The number of the Canada Revenue Agency: business number (its last digit checks the others), RT, four digits.
_GST = re.compile(r"(\d{9})RT(\d{4})")
#: Revenu Québec: ten digits, TQ, four digits.
_QST = re.compile(r"\d{10}TQ\d{4}")
_POSTAL = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\d[ABCEGHJ-NPRSTV-Z]\d")

#: The first letter of postal codes by province (Canada Post, Addressing Guidelines).
LETTERS = {
    "AB": "T", "BC": "V", "MB": "R", "NB": "E", "NL": "A", "NS": "B", "NT": "X", "NU": "X", "ON": "KLMNP", "PE": "C",
    "QC": "GHJ", "SK": "S", "YT": "Y",
}  # fmt: skip
#: Forward sortation areas of the National Capital Region (schedule of the National Capital Act: Ottawa and Gatineau
#: with what surrounds them), as Canada Post draws them.
_CAPITAL = re.compile(r"K[12][A-Z]|K4[ABCMPR]|K0A|J8[LMPRTVXYZ]|J9[ABHJ]")


def compact(text: str) -> str:
    """Letters and digits alone, in capitals."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def is_gst_number(text: str) -> bool:
    """Whether this is a number for GST and HST."""
    found = _GST.fullmatch(compact(text))
    return found is not None and has_luhn_digit(found.group(1))


def is_qst_number(text: str) -> bool:
    """Whether this can be a number for the QST."""
    return bool(_QST.fullmatch(compact(text)))


def spaced(text: str) -> str:
    """A postal code or the number of a tax as people write it: ``K1A 0B1``, ``123456782 RT0001``."""
    code = compact(text)
    if _POSTAL.fullmatch(code):
        return f"{code[:3]} {code[3:]}"
    if _GST.fullmatch(code) or _QST.fullmatch(code):
        return f"{code[:-6]} {code[-6:]}"
    return " ".join(text.split())


def is_where_to_pay(text: str) -> bool:
    """Whether this is an e-mail address or the address of a page, which no number of an account is."""
    for validate in (validate_email, URLValidator(schemes=["https", "http"])):
        try:
            validate(text.strip())
        except ValidationError:
            continue
        return True
    return False


def is_postal_code(text: str, province: str) -> bool:
    """Whether this is a postal code of a province; abroad, anything short is."""
    code = compact(text)
    if province == ABROAD:
        return len(code) <= 12
    return bool(_POSTAL.fullmatch(code)) and code[0] in LETTERS[province]


def in_capital_region(postal_code: str, province: str) -> bool:
    """Whether a supplier works in the National Capital Region, by the first three characters of the postal code."""
    code = compact(postal_code)
    return province in ("ON", "QC") and code[:1] in LETTERS[province] and bool(_CAPITAL.match(code))
