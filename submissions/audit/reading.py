"""Turns entries of the chain into words for a reader.

Owns the reconstruction of a log row from what the chain holds, so that the report shows what was recorded
and not what a log table says today, in a number of queries that does not grow with the rows. Imports no
later stage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.coreutils import get_content_type_label
from wagtail.log_actions import registry
from wagtail.models import BaseLogEntry, ModelLogEntry, Page, PageLogEntry
from wagtail.users.utils import get_deleted_user_display_name

from .models import AuditEntry
from .verification import chaining_time


@dataclass(frozen=True)
class ReadableEntry:
    """One act as the report shows it, with every part of what is hashed."""

    sequence: int
    happened_at: datetime
    actor: str
    act: str
    action: str
    object_type: str
    object_id: str
    label: str
    file_number: str
    hash: str
    previous_hash: str
    chained_at: str
    source: str
    source_id: int
    payload: str

    @property
    def short_hash(self) -> str:
        """Enough of the hash to recognize it."""
        return self.hash[:12]


def make_readable(entries: Iterable[AuditEntry]) -> list[ReadableEntry]:
    """The entries in words; the number of queries does not depend on how many there are."""
    entries = list(entries)
    actors = get_user_model()._default_manager.in_bulk({e.actor_id for e in entries if e.actor_id})
    types = ContentType.objects.in_bulk({e.object_type_id for e in entries if e.object_type_id})
    page_ids = {e.object_id for e in entries if e.source == PageLogEntry._meta.db_table}
    pages = Page.objects.in_bulk(page_ids) if page_ids else {}
    return [
        ReadableEntry(
            sequence=entry.sequence,
            happened_at=entry.happened_at,
            actor=_actor_name(entry.actor_id, actors),
            act=_sentence(_log_entry(entry, types, pages)),
            action=entry.action,
            object_type=_type_name(entry, types),
            object_id=entry.object_id or "",
            label=entry.label,
            file_number=entry.file_number or "",
            hash=entry.hash,
            previous_hash=entry.previous_hash,
            chained_at=chaining_time(entry),
            source=entry.source,
            source_id=entry.source_id,
            payload=entry.payload,
        )
        for entry in entries
    ]


def _log_entry(entry: AuditEntry, types: dict[int, ContentType], pages: dict[int, Page]) -> BaseLogEntry:
    """The log row as it was recorded, unsaved, with its relations already loaded."""
    recorded = json.loads(entry.payload)
    model = PageLogEntry if entry.source == PageLogEntry._meta.db_table else ModelLogEntry
    known = {field.attname for field in model._meta.concrete_fields}
    log_entry = model(**{key: value for key, value in recorded.items() if key in known})
    cached = log_entry._state.fields_cache
    cached["content_type"] = types.get(entry.object_type_id)
    if model is PageLogEntry:
        cached["page"] = pages.get(log_entry.page_id)
    return log_entry


def _sentence(log_entry: BaseLogEntry) -> str:
    """What was done, in words; the label of the act where its object is gone."""
    formatter = registry.get_formatter(log_entry)
    if formatter is None:
        return log_entry.action
    try:
        return capfirst(str(formatter.format_message(log_entry)))
    except (AttributeError, KeyError, LookupError, ObjectDoesNotExist):
        return capfirst(str(formatter.label))


def _actor_name(actor_id: str | None, actors: dict[Any, Any]) -> str:
    if not actor_id:
        return _("The system or a visitor")
    actor = actors.get(get_user_model()._meta.pk.to_python(actor_id))
    return str(get_user_display_name(actor) if actor else get_deleted_user_display_name(actor_id))


def _type_name(entry: AuditEntry, types: dict[int, ContentType]) -> str:
    content_type = types.get(entry.object_type_id)
    return str(get_content_type_label(content_type)) if content_type else ""
