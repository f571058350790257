"""Taking one answered form: the right is spent in one transaction, the answer held in another.

Nothing is recorded of it in the audit, and no network or session is noted. Imports no view.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from . import pool, tokens
from .models import SpentRight
from .questions import Answers
from .tokens import InvalidToken, Token


class AlreadyAnswered(Exception):
    """The right was used before."""


def usable(text: str) -> Token:
    """The right that a link carries, if it can still be used.

    Raises:
        InvalidToken: this site never gave it out, or its time is over.
        AlreadyAnswered: it was used.
    """
    token = tokens.read(text, timezone.localdate())
    if SpentRight.objects.filter(digest=token.digest).exists():
        raise AlreadyAnswered
    return token


def take(token: Token, answers: Answers) -> None:
    """Spend the right, then hold the answer. Must not be called within a transaction.

    Should holding fail, the right is given back, so that the person can try again.

    Raises:
        AlreadyAnswered: somebody used it meanwhile; nothing was held.
    """
    try:
        with transaction.atomic(durable=True):
            SpentRight.objects.create(digest=token.digest, until=token.usable_until)
    except IntegrityError as error:
        raise AlreadyAnswered from error
    try:
        pool.hold(answers, token.cohort, token.year)
    except Exception:
        with transaction.atomic(durable=True):
            SpentRight.objects.filter(digest=token.digest).delete()
        raise


def forget() -> int:
    """Delete spent rights that would be refused anyway."""
    deleted, _by_model = SpentRight.objects.filter(until__lte=timezone.localdate()).delete()
    return deleted


__all__ = ["AlreadyAnswered", "InvalidToken", "Token", "forget", "take", "usable"]
