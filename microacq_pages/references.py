"""Which pages, documents and snippets a page refers to, as Wagtail's reference index knows it.

Owns when the index is told. Must not import models.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import Page


@contextmanager
def read_once(page: Page) -> Iterator[None]:
    """While a page is saved with its parts, have its references read once.

    Wagtail asks for it when the page is saved and again for each part of it; the answer is always that of the whole
    page.
    """
    from wagtail.models import ReferenceIndex
    from wagtail.signal_handlers import (
        disable_reference_index_auto_update,
        reference_index_auto_update_disabled,
    )
    from wagtail.tasks import update_reference_index_task

    if getattr(reference_index_auto_update_disabled, "value", False):
        yield
        return
    with disable_reference_index_auto_update():
        yield
    if ReferenceIndex.is_indexed(type(page)):
        update_reference_index_task.enqueue(page._meta.app_label, page._meta.model_name, str(page.pk))
