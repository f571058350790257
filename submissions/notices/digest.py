"""The daily digest: one message a business day of what waits for a person, if anything does.

Owns the rows ``DailyDigest`` (whether a person wants it, and the last day that was looked at). What waits is asked of
``microacq_pages.waiting``; nothing in it names a supplier. Imports no later stage.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, WorkflowState

from microacq_pages.business_days import is_business_day
from microacq_pages.formats import EASTERN, date_long
from microacq_pages.reviewing import my_work
from microacq_pages.waiting import WaitingItem, kind_label, waiting_for

from .models import DailyDigest
from .reviews import address_of, language_of
from .services import send_notice

#: So many things are named; the rest is counted.
NAMED = 30


def digest_hour() -> int:
    """From which hour of a business day (Eastern time) it is sent."""
    return getattr(settings, "MICROACQ_DIGEST_HOUR", 7)


def send_digests(now: datetime | None = None) -> int:
    """Send today’s digest to everyone who has not been looked at today.

    Args:
        now: Another moment, for tests.

    Returns:
        How many were sent. None is sent before the hour of the settings (Eastern time), or when nobody works.
    """
    local = (now or timezone.now()).astimezone(EASTERN)
    if local.hour < digest_hour() or not is_business_day(local.date()):
        return 0
    may_enter = Q(groups__permissions__codename="access_admin") | Q(is_superuser=True)
    people = get_user_model().objects.filter(may_enter, is_active=True).exclude(email="")
    done = DailyDigest.objects.filter(last_day__gte=local.date()).values("user_id")
    return sum(_send(person, local.date()) for person in people.exclude(pk__in=done).distinct())


@transaction.atomic
def _send(person: Any, day: date) -> bool:
    """Look at one person once a day; two ticks at the same time wait for each other."""
    DailyDigest.objects.get_or_create(user=person)
    row = DailyDigest.objects.select_for_update().get(user=person)
    if row.last_day is not None and row.last_day >= day:
        return False
    items = waiting_for(person) if row.wanted else []
    published = _published_since(person, row.last_day) if row.wanted else []
    row.last_day = day
    row.save(update_fields=["last_day"])
    if not items and not published:
        return False
    send_notice(
        "waiting_digest",
        person.email,
        key=f"waiting-digest:{row.pk}:{day.isoformat()}",
        language=language_of(person),
        context=lambda language: _words(person, published, day, language),
    )
    return True


def _words(person: Any, published: list[str], day: date, language: str) -> dict[str, str]:
    # Asked again, because the labels of the items are words in a language.
    items = waiting_for(person)
    own = my_work.own_texts(person)
    return {
        "day": date_long(day, language),
        "waiting": _listed(items, language) or _("Nothing waits for you."),
        "own_texts": "\n".join(_own(text, language) for text in own) or _("None of your texts is in review."),
        "published": "\n".join(f"- {title}" for title in published) or "–",
        "link": address_of(reverse("microacq_my_work")),
        "settings_link": address_of(reverse("wagtailadmin_account")),
    }


def _listed(items: list[WaitingItem], language: str) -> str:
    lines: list[str] = []
    kinds = dict.fromkeys(item.kind for item in items)
    shown = items[:NAMED]
    for kind in kinds:
        of_kind = [item for item in shown if item.kind == kind]
        if of_kind:
            lines += [f"{kind_label(kind)}{':' if language == 'en' else chr(0xA0) + ':'}"]
            lines += [_line(item, language) for item in of_kind]
    if len(items) > NAMED:
        lines.append(_("… and %(count)d more.") % {"count": len(items) - NAMED})
    return "\n".join(lines)


def _line(item: WaitingItem, language: str) -> str:
    since = _("since %(day)s") % {"day": date_long(item.since, language)}
    late = " " + _("Late.") if item.is_late else ""
    return f"- {item.title} – {item.label}, {since}.{late}\n  {address_of(item.url)}"


def _own(text: dict[str, Any], language: str) -> str:
    progress = text["progress"]
    since = date_long(progress.since, language)
    if progress.sent_back:
        where = _("sent back at “%(step)s”, %(since)s") % {"step": progress.step, "since": since}
    else:
        where = _("step %(number)s of %(total)s: %(step)s, waits for %(groups)s since %(since)s") % {
            "number": progress.number,
            "total": progress.total,
            "step": progress.step,
            "groups": ", ".join(progress.groups),
            "since": since,
        }
    return f"- {text['title']} – {where}"


def _published_since(person: Any, last_day: date | None) -> list[str]:
    """Titles of the texts of a person whose review ended by publication since the last digest."""
    if last_day is None:
        return []
    began = datetime.combine(last_day, datetime.min.time(), EASTERN).replace(hour=digest_hour())
    ended = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_APPROVED,
        requested_by=person,
        base_content_type__model="page",
        current_task_state__finished_at__gte=began,
    )
    keys = list(ended.values_list("object_id", flat=True))
    pages = Page.objects.filter(pk__in=keys, live=True).order_by("title")
    return [page.get_admin_display_title() for page in pages]
