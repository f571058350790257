"""Reminding of what is overdue: an entry among a person’s waiting work, hence in the daily digest, and one letter.

Owns whom it concerns: those whose act is next, or who may carry it out. While a supplier or the clock is waited for,
nobody is written to. Imports no view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from microacq_pages.formats import date_long
from microacq_pages.waiting import WaitingItem
from submissions.notices.models import OutgoingMessage
from submissions.notices.reviews import address_of, language_of
from submissions.notices.services import send_notice
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock

from .next_acts import Tracked, track
from .tracker import in_phases, overdue, phases_of_user, tracked

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"
LABEL = gettext_lazy("Overdue: %(act)s")


def work_of(user: User) -> Iterator[WaitingItem]:
    """Files whose next act is overdue and this person's to carry out; a constant number of queries."""
    phases = phases_of_user(user)
    if not phases:
        return
    for row in _overdue_rows(tracked(Solicitation.objects.all()).filter(in_phases(phases))):
        if row.act is None or row.act.is_listed:
            continue
        yield WaitingItem(
            kind="overdue",
            label=str(LABEL) % {"act": row.act.label},
            title=row.file.number,
            url=_path(row),
            since=row.since,
            target_days=row.phase.target_days,
            due=row.due,
            detail=row.file.get_title(),
            who=row.act.who,
        )


def write() -> int:
    """Write once for each step that is overdue to each person whose it is.

    Returns:
        How many letters were queued.
    """
    late = [
        (row, row.act) for row in _overdue_rows(tracked(Solicitation.objects.all())) if row.act is not None
    ]
    holders = {
        permission: list(_people_with(permission))
        for permission in {act.permission for _row, act in late if act.permission}
    }
    named = {person.pk: person for person in _people(key for _row, act in late for key in act.people)}
    letters = {
        _key(row, person): (row, person)
        for row, act in late
        for person in (
            *holders.get(act.permission, ()),
            *(named[key] for key in sorted(act.people) if key in named),
        )
    }
    told = set(
        OutgoingMessage.objects.filter(idempotency_key__in=letters).values_list("idempotency_key", flat=True)
    )
    for key, (row, person) in letters.items():
        if key not in told:
            _write(row, person, key)
    return len(letters.keys() - told)


def _key(row: Tracked, person: Any) -> str:
    return f"overdue:{row.file.number}:{row.phase.name}:{row.since:%Y%m%d%H%M%S}:{person.pk}"


def _write(row: Tracked, person: Any, key: str) -> None:
    send_notice(
        "act_overdue",
        person.email,
        key=key,
        language=language_of(person),
        number=row.file.number,
        context=lambda language: _words(row, language),
    )


def _overdue_rows(files: Any) -> list[Tracked]:
    late = files.filter(overdue(database_clock())).order_by("since")
    return track(list(late))


def _people_with(permission: str) -> Iterable[Any]:
    people = get_user_model()._default_manager.with_perm(
        permission, backend=_BACKEND, include_superusers=False
    )
    return people.filter(is_active=True).exclude(email="").order_by("pk")


def _people(keys: Iterable[int]) -> Iterable[Any]:
    people = get_user_model()._default_manager.filter(pk__in=set(keys), is_active=True)
    return people.exclude(email="")


def _words(row: Tracked, language: str) -> dict[str, str]:
    with override(language):
        # Asked again, because its labels are words in a language.
        (again,) = track([row.file])
        return {
            "number": row.file.number,
            "title": row.file.get_title(language),
            "state": str(row.phase.label),
            "act": str(again.act.label) if again.act else "–",
            "since": date_long(row.since, language),
            "due": date_long(row.due, language) if row.due else "–",
            "url": address_of(_path(row)),
        }


def _path(row: Tracked) -> str:
    return reverse("solicitations:inspect", args=[row.file.pk])


def tell() -> str | None:
    """What was queued, in a sentence for the log of ``tick``."""
    count = write()
    return f"{count} reminders of overdue acts queued" if count else None
