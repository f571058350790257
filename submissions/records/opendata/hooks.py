"""What the open data answers when the clock strikes. Thin."""

from __future__ import annotations

from wagtail import hooks

from . import collecting


@hooks.register("microacq_tick", order=700)
def publish_releases() -> str | None:
    """Publish what happened since the last time as Open Contracting data."""
    count = collecting.collect()
    return f"{count} open contracting releases published" if count else None
