"""What wagtail-localize stores, by whatever route: its editor, a file, a command. Loaded by ``apps.ready``."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail_localize.models import String, StringSegment, StringTranslation

from . import changes, measure, saving


@receiver(pre_delete, sender=StringSegment)
def record_what_changed(instance: StringSegment, origin: Any = None, **kwargs: Any) -> None:
    """A refreshed source drops its old strings in one query set; the first of them stands for all.

    Strings that go with their page or snippet leave nothing to compare.
    """
    if getattr(origin, "model", None) is not StringSegment or getattr(origin, "microacq_recorded", False):
        return
    origin.microacq_recorded = True
    gone = origin.all().select_related("context", "string", "source")
    by_source: dict[int, list[StringSegment]] = {}
    for segment in gone:
        by_source.setdefault(segment.source_id, []).append(segment)
    for segments in by_source.values():
        changes.record(segments[0].source, segments)


@receiver(post_save, sender=String)
def count_words(instance: String, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        measure.keep(instance)


@receiver(pre_save, sender=StringTranslation)
def keep_what_is_written_over(instance: StringTranslation, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        # No text of the database can hold that character, and wagtail-localize's own address lets it pass.
        instance.data = instance.data.replace("\x00", "")
        saving.keep_what_is_written_over(instance)
