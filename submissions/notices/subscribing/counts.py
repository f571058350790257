"""How many are on the mailing list, by what they chose. Numbers only: nobody is named. Imports no later stage."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from ..following.models import Following, Subscriber
from .models import Announcement, ChosenSkill, Rhythm, Subscription
from .services import language_in_words, skill_names

#: So many of the last announcements are shown.
SHOWN = 20


def figures(language: str) -> dict[str, Any]:
    """What the screen of staff shows, in a language."""
    on_the_list = Subscription.objects.confirmed()
    return {
        "total": on_the_list.count(),
        "reached": Subscription.objects.reachable().count(),
        "waiting": Subscription.objects.filter(confirmed_at=None).count(),
        "followings": Following.objects.confirmed().count(),
        "by_rhythm": _by_rhythm(),
        "by_language": _by_language(),
        "by_skill": _by_skill(language),
        "aside": _aside(),
        "announcements": Announcement.objects.all()[:SHOWN],
    }


def _by_rhythm() -> list[tuple[str, int]]:
    rows = Subscription.objects.confirmed().values_list("rhythm").annotate(count=Count("pk"))
    found = dict(rows)
    return [(str(rhythm.label), found.get(rhythm.value, 0)) for rhythm in Rhythm]


def _by_language() -> list[tuple[str, int]]:
    rows = Subscription.objects.confirmed().values_list("subscriber__language").annotate(count=Count("pk"))
    found = dict(rows)
    return [(language_in_words(code), found.get(code, 0)) for code in ("en", "fr", "")]


def _by_skill(language: str) -> list[tuple[str, int]]:
    """Every skill, those that nobody chose as well: that is where suppliers are wanting."""
    rows = ChosenSkill.objects.filter(subscription__confirmed_at__isnull=False)
    found = dict(rows.values_list("translation_key").annotate(count=Count("pk")))
    return [(name, found.get(key, 0)) for key, name in skill_names(language).items()]


def without_choice() -> int:
    """How many want to hear of every skill."""
    return Subscription.objects.confirmed().filter(skills=None).count()


def _aside() -> list[tuple[str, int]]:
    """Addresses from which mail came back, by what their mail server said."""
    rows = Subscriber.objects.exclude(set_aside_at=None).values_list("set_aside_status")
    return list(rows.annotate(count=Count("pk")).order_by("-count", "set_aside_status"))
