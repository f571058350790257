"""The one-time right to answer: a random number, cohort, year and last month, signed by the server.

Nothing is stored when one is given out, so no row says who was given which. Imports no model.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.crypto import salted_hmac

from .enums import Cohort

#: So many months after the month in which it is given out it can still be used.
MONTHS = 3

_RANDOM, _SIGNATURE = 12, 16
_COHORTS = {Cohort.APPLIED: 1, Cohort.AWARDED: 2, Cohort.CLIENT: 3, Cohort.SUPPLIER: 4}


class InvalidToken(Exception):
    """It was never given out, or its time is over."""


@dataclass(frozen=True)
class Token:
    """The right to answer once, as one of a cohort of a year. ``last_month`` counts months since the year 0."""

    random: bytes
    cohort: Cohort
    year: int
    last_month: int

    @property
    def digest(self) -> str:
        """What is stored once it is spent, to know it again."""
        return hashlib.sha256(self._body()).hexdigest()

    @property
    def usable_until(self) -> date:
        """The first day on which it can no longer be used."""
        return date(self.last_month // 12, self.last_month % 12 + 1, 1)

    def _body(self) -> bytes:
        return (
            self.random
            + bytes([_COHORTS[self.cohort], self.year - 2000])
            + (self.last_month - 24000).to_bytes(2, "big")
        )

    def __str__(self) -> str:
        # 43 characters, like the other links of the site: the log blanks whatever has this form.
        return base64.urlsafe_b64encode(self._body() + _sign(self._body())).decode().rstrip("=")

    def __repr__(self) -> str:
        return f"<Token {self.cohort} {self.year}>"


def make(cohort: Cohort, day: date) -> Token:
    """A fresh token, given out on a day."""
    return Token(secrets.token_bytes(_RANDOM), cohort, day.year, 12 * day.year + day.month + MONTHS)


def read(text: str, day: date) -> Token:
    """The token that a link carries.

    Args:
        text: As it stands in the address.
        day: Today.

    Raises:
        InvalidToken: this server never gave it out, or its time is over.
    """
    try:
        data = base64.b64decode(f"{text}=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidToken from error
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != text:
        raise InvalidToken  # the last letter has bits to spare: one token, one spelling
    body, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
    if len(data) != _RANDOM + 4 + _SIGNATURE or not _is_ours(body, signature):
        raise InvalidToken
    cohorts = {number: cohort for cohort, number in _COHORTS.items()}
    token = Token(
        random=body[:_RANDOM],
        cohort=cohorts[body[_RANDOM]],
        year=2000 + body[_RANDOM + 1],
        last_month=24000 + int.from_bytes(body[_RANDOM + 2 :], "big"),
    )
    if token.digest != hashlib.sha256(body).hexdigest():
        raise InvalidToken
    if day >= token.usable_until:
        raise InvalidToken
    return token


def _sign(body: bytes, key: str | bytes | None = None) -> bytes:
    return salted_hmac("submissions.survey.token", body, secret=key, algorithm="sha256").digest()[:_SIGNATURE]


def _is_ours(body: bytes, signature: bytes) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(_sign(body, key), signature) for key in keys)
