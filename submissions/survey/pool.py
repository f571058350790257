"""Holding answers until they are five, and adding them to the sums.

A text of a fixed length holds all answers of a year and cohort that wait, shuffled at each addition and encrypted under
a key that is derived from the server's mail key and not in the database. So the database shows neither how many wait
nor which came when. Owns the only reading of that text. Imports no view and nothing of proposals.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections import Counter, defaultdict
from datetime import date

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from microacq_pages.formats import EASTERN
from submissions.audit.services import record

from .enums import Cohort
from .models import PEOPLE, HeldAnswers, SurveySum
from .questions import Answers, questions_of
from .steps import EVERYBODY, may_follow
from .suppression import SMALLEST

#: The held text is filled up to a multiple of so many bytes: room for more answers than are ever held.
BLOCK = 32768
#: From which hour (Eastern time) answers are added to the sums, once a day, whenever they came.
HOUR = 4
#: The day of the next year from which on no right of a year can be used (``tokens.MONTHS``).
NEXT_APRIL = (4, 1)


class CannotRead(Exception):
    """No key of this server opens the held answers."""


def hold(answers: Answers, cohort: Cohort, year: int) -> None:
    """Keep one answered form among those that wait, in a transaction of its own.

    Raises:
        CannotRead: what waits cannot be opened, so nothing was added.
    """
    with transaction.atomic(durable=True):
        held = _locked(cohort, year)
        waiting = [*_open(held.locked), answers]
        secrets.SystemRandom().shuffle(waiting)
        held.locked = _close(waiting)
        held.save(update_fields=["locked"])


def release(day: date) -> list[tuple[int, Cohort, int]]:
    """Add to the sums what waits, where five or more people wait; at most once a day for each cohort.

    Args:
        day: Today, in Eastern time.

    Returns:
        Year, cohort and number of people of each batch.
    """
    due = HeldAnswers.objects.exclude(looked_on__gte=day).order_by("year", "cohort")
    batches = []
    for year, cohort in list(due.values_list("year", "cohort")):
        with transaction.atomic():
            count = _release(Cohort(cohort), year, day)
        if count:
            batches.append((year, Cohort(cohort), count))
    return batches


def is_time(now: object = None) -> bool:
    """Whether the hour of the day has come."""
    moment = now or timezone.now()
    return moment.astimezone(EASTERN).hour >= HOUR  # type: ignore[attr-defined]


def _release(cohort: Cohort, year: int, day: date) -> int:
    held = _locked(cohort, year)
    if held.looked_on is not None and held.looked_on >= day:
        return 0
    held.looked_on = day
    waiting = _open(held.locked)
    if len(waiting) >= SMALLEST:
        held.locked = _close([])
        held.save(update_fields=["locked", "looked_on"])
        add_to_sums(cohort, year, waiting)
        record(held, "survey.released", data={"year": year, "cohort": str(cohort), "count": len(waiting)})
        return len(waiting)
    if waiting and day >= date(year + 1, *NEXT_APRIL):
        # Nobody can answer for that year any more: these are counted with the next, so that no smaller group appears.
        following = _locked(cohort, year + 1)
        together = [*_open(following.locked), *waiting]
        secrets.SystemRandom().shuffle(together)
        following.locked = _close(together)
        following.save(update_fields=["locked"])
        held.locked = _close([])
    held.save(update_fields=["locked", "looked_on"])
    return 0


def add_to_sums(cohort: Cohort, year: int, batch: list[Answers]) -> None:
    """Count a batch, and let what may be read follow; the database refuses a batch of fewer than five people."""
    sums: Counter[tuple[str, str]] = Counter({(PEOPLE, EVERYBODY): len(batch)})
    for answers in batch:
        sums.update((question, EVERYBODY) for question in answers)
        sums.update({(question, choice) for question, choices in answers.items() for choice in choices})
    # In the order of their names, so that no row tells by its place who came first.
    for (question, choice), count in sorted(sums.items()):
        row = {"year": year, "cohort": cohort, "question": question, "choice": choice}
        if not SurveySum.objects.filter(**row).update(count=F("count") + count):
            SurveySum.objects.create(**row, count=count)
    _let_follow(cohort, year)


def _let_follow(cohort: Cohort, year: int) -> None:
    """Let each question be read as it is now, if what was added since it last could may be read by itself."""
    rows = SurveySum.objects.filter(year=year, cohort=cohort)
    rows.filter(question=PEOPLE).update(shown=F("count"))
    now: dict[str, dict[str, int]] = defaultdict(dict)
    before: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        now[row.question][row.choice], before[row.question][row.choice] = row.count, row.shown
    for question in questions_of(cohort):
        if question.name in now and may_follow(question, before[question.name], now[question.name]):
            rows.filter(question=question.name).update(shown=F("count"))


def _locked(cohort: Cohort, year: int) -> HeldAnswers:
    HeldAnswers.objects.get_or_create(year=year, cohort=cohort, defaults={"locked": _close([])})
    return HeldAnswers.objects.select_for_update().get(year=year, cohort=cohort)


# --- the held text -------------------------------------------------------------------------------


def _close(waiting: list[Answers]) -> str:
    text = json.dumps(waiting, sort_keys=True, separators=(",", ":"))
    filled = text.ljust(-(-max(len(text), 1) // BLOCK) * BLOCK)
    # A Fernet token names the second in which it was made; these name none.
    return _keys().encrypt_at_time(filled.encode(), 0).decode("ascii")


def _open(locked: str) -> list[Answers]:
    try:
        waiting: list[Answers] = json.loads(_keys().decrypt(locked.encode("ascii")))
    except InvalidToken as error:
        raise CannotRead("No key of this server opens the held answers.") from error
    return waiting


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in settings.MICROACQ_MAIL_KEY])


def _derived(key: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"microacq/survey/held")
    return base64.urlsafe_b64encode(kdf.derive(base64.urlsafe_b64decode(key)))
