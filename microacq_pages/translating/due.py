"""Until when translations are needed: the earliest answer of whoever knows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail import hooks
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
    sources = TranslationSource.objects.filter(
        object_id__in=object_ids,
        specific_content_type__in=_types_with_dates(),
    )
    found = {}
    for key, content in sources.values_list("object_id", "content_json"):
        values = json.loads(content)
        moments = [moment for name in FIELDS if (moment := _moment(values.get(name)))]
        if moments:
            found[key] = min(moments)
    return found


def _types_with_dates() -> list[int]:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page, get_page_models

    models = [model for model in get_page_models() if issubclass(model, Page)]
    return [found.pk for found in ContentType.objects.get_for_models(*models).values()]


def _moment(value: object) -> datetime | None:
    moment = parse_datetime(value) if isinstance(value, str) else None
    if moment is not None and timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment
