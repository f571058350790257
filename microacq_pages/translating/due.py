"""Until when translations are needed: the earliest answer of whoever knows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail import hooks
from wagtail.models import get_page_models
from wagtail_localize.models import TranslationSource

#: Fields of a page that say when both languages must be there: its planned posting, then its own deadline.
FIELDS = ("go_live_at", "deadline")


def due_by(object_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Until when the translations of objects are needed (UTC); those that nobody waits for are absent.

    Args:
        object_ids: Translation keys of pages and snippets.
    """
    asked = set(object_ids)
    found: dict[UUID, datetime] = {}
    for answer in hooks.get_hooks("microacq_translation_due"):
        for key, moment in answer(asked).items():
            if key in asked and (key not in found or moment < found[key]):
                found[key] = moment
    return found


def of_pages(object_ids: set[UUID]) -> dict[UUID, datetime]:
    """What pages answer: the time of their planned posting, or the deadline to apply, as last shown to translators."""
    pages = TranslationSource.objects.filter(specific_content_type__in=_page_types())
    # Thousands of keys in one condition cost more than reading the keys of all pages.
    asked = [pk for pk, key in pages.values_list("pk", "object_id") if key in object_ids]
    found = {}
    contents = TranslationSource.objects.filter(pk__in=asked).values_list("object_id", "content_json")
    for key, content in contents:
        values = json.loads(content)
        moments = [moment for name in FIELDS if (moment := _moment(values.get(name)))]
        if moments:
            found[key] = min(moments)
    return found


def _page_types() -> list[int]:
    return [found.pk for found in ContentType.objects.get_for_models(*get_page_models()).values()]


def _moment(value: object) -> datetime | None:
    moment = parse_datetime(value) if isinstance(value, str) else None
    if moment is not None and timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment
