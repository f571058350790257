"""Who may act in place of whom, now: the recorded reassignments, and how they are made and ended.

Owns the only ways to make and end a ``Reassignment``. Separation of duties is held elsewhere (``review``): who stands
in for another is still bound by what they wrote and approved themselves. Knows no page type and no request.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import Signal
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from ..models import Reassignment

REASSIGN = "microacq_pages.reassign_work"

#: Sent when work was given to somebody, in the same transaction; ``instance`` is the ``Reassignment``.
work_reassigned = Signal()


def in_force(today: date | None = None) -> QuerySet[Reassignment]:
    """The reassignments that hold on a day (Eastern time), today if none is given."""
    from ..models import Reassignment

    day = today or timezone.localdate()
    return Reassignment.objects.filter(starts_on__lte=day, ended_at=None).filter(
        Q(until=None) | Q(until__gte=day)
    )


def reassignment_for(user: Any, groups: Iterable[int], page: Page | None = None) -> Reassignment | None:
    """The record by which a person may act for one of these groups, on this page when one is given.

    Args:
        user: Who wants to act.
        groups: Primary keys of the groups whose work it is.
        page: The source page; without it only absences count.
    """
    wanted = list(groups)
    rows = in_force().filter(to_person_id=user.pk)
    allowed = Q(kind="absence", from_person__groups__in=wanted, from_person__is_active=True)
    if page is not None:
        allowed |= _about(page) & Q(group__in=wanted)
    return rows.filter(allowed).order_by("pk").first()


def groups_in_place(user: Any) -> set[int]:
    """Primary keys of the groups for which a person acts because somebody is absent."""
    absences = in_force().filter(to_person_id=user.pk, kind="absence", from_person__is_active=True)
    return set(absences.exclude(from_person__groups=None).values_list("from_person__groups", flat=True))


def assigned_pages(user: Any) -> dict[tuple[str, int], Reassignment]:
    """The reviews that were assigned to a person, by page (as text) and group."""
    rows = in_force().filter(to_person_id=user.pk, kind="review")
    return {(row.object_id, row.group_id): row for row in rows if row.group_id is not None}


def named_for(pages: Iterable[str]) -> dict[tuple[str, int], Any]:
    """Who was named for the review of these pages (as text), by page and group."""
    rows = in_force().filter(kind="review", object_id__in=list(pages)).select_related("to_person")
    return {
        (row.object_id, row.group_id): row.to_person
        for row in rows.order_by("pk")
        if row.group_id is not None
    }


def replacements_of(users: Iterable[int]) -> dict[int, Any]:
    """Who replaces each of these people today, by the absent person."""
    rows = in_force().filter(kind="absence", from_person__in=list(users)).select_related("to_person")
    return {row.from_person_id: row.to_person for row in rows.order_by("pk") if row.from_person_id}


@transaction.atomic
def mark_absent(
    absent: User, *, to: User, starts_on: date, until: date, reason: str, made_by: User
) -> Reassignment:
    """Record that one person does another’s work on some days.

    Raises:
        PermissionDenied: when ``made_by`` may not reassign work.
        django.core.exceptions.ValidationError: when the record would contradict itself.
    """
    from ..models import Reassignment

    row = Reassignment(
        kind="absence",
        from_person=absent,
        to_person=to,
        starts_on=starts_on,
        until=until,
        reason=reason.strip(),
        made_by=made_by,
    )
    return _make(row, {"from": absent.get_username()})


@transaction.atomic
def assign_review(
    page: Page, group: Group, *, to: User, reason: str, made_by: User, until: date | None = None
) -> Reassignment:
    """Record that a named person reviews one text for a group; an earlier name for it ends.

    Raises:
        PermissionDenied: when ``made_by`` may not reassign work.
        django.core.exceptions.ValidationError: when the record would contradict itself.
    """
    from ..models import Reassignment

    for earlier in in_force().filter(_about(page), group=group):
        end(earlier, by=made_by)
    row = Reassignment(
        kind="review",
        content_type=_page_type(),
        object_id=str(page.pk),
        group=group,
        to_person=to,
        starts_on=timezone.localdate(),
        until=until,
        reason=reason.strip(),
        made_by=made_by,
    )
    return _make(row, {"page": page.pk, "group": group.name})


@transaction.atomic
def end(row: Reassignment, *, by: User) -> None:
    """End a reassignment before its time.

    Raises:
        PermissionDenied: when the person may not reassign work.
    """
    _require_permission(by)
    if row.ended_at is None:
        row.ended_at, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
        log(instance=row, action="microacq.reassignment_ended", user=by, data={"kind": row.kind})


def _make(row: Reassignment, data: dict[str, Any]) -> Reassignment:
    _require_permission(row.made_by)
    row.full_clean()
    row.save()
    data |= {"to": row.to_person.get_username(), "until": row.until.isoformat() if row.until else ""}
    action = "microacq.marked_absent" if row.kind == "absence" else "microacq.reassigned"
    log(instance=row, action=action, user=row.made_by, data=data)
    work_reassigned.send(sender=type(row), instance=row)
    return row


def _require_permission(user: Any) -> None:
    if not user.has_perm(REASSIGN):
        raise PermissionDenied


def _page_type() -> ContentType:
    return ContentType.objects.get_for_model(Page)


def _about(page: Page) -> Q:
    return Q(kind="review", content_type=_page_type(), object_id=str(page.pk))
