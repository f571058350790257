"""What this package itself puts around the editor: how much is left, what changed, what was written over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.middleware.csrf import get_token
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail_localize.models import Translation

from microacq_pages.models import OverwrittenTranslation

from . import left, waiting
from .due import due_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

Context = Mapping[str, Any]

STATUS, CHANGES, WRITTEN_OVER = 100, 200, 300
#: More than these are shown on the page that lists only what is left.
ITEMS_SHOWN = 20


def panels_for(translation: Translation, user: AbstractBaseUser) -> list[Component]:
    """What stands beside the editor of a translation."""
    items = left.left_in(translation)
    panels: list[Component] = [StatusPanel(translation, items, user)]
    if items:
        panels.append(ChangesPanel(translation, items))
    if overwritten := left.written_over(translation):
        panels.append(WrittenOverPanel(translation, overwritten))
    return panels


class StatusPanel(Component):
    """How much is left, of which kind, until when, and what can be done with it."""

    name = "translation_status"
    template_name = "microacq_pages/translating/panels/status.html"
    order = STATUS

    def __init__(
        self,
        translation: Translation,
        items: list[left.Left],
        user: AbstractBaseUser,
        *,
        is_list: bool = False,
    ) -> None:
        self.translation, self.items, self.user, self.is_list = translation, items, user, is_list

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        translation = self.translation
        request = (parent_context or {}).get("request")
        source = translation.source
        return {
            "translation": translation,
            "is_list": self.is_list,
            "counts": left.Counts.of(self.items),
            "due": due_by([source.object_id]).get(source.object_id),
            "changed_meanwhile": bool(self.items)
            and waiting.changed_since_last_written(translation, self.user),
            "step": "" if self.items else waiting.step_of(source.object_id),
            "is_page": issubclass(source.specific_content_type.model_class(), Page),
            "edit_url": left.edit_url(translation.get_target_instance()),
            "csrf_token": get_token(request) if request else "",
        }


class ChangesPanel(Component):
    """Only what is new or changed, with what was translated before."""

    name = "translation_changes"
    template_name = "microacq_pages/translating/panels/changes.html"
    order = CHANGES

    def __init__(self, translation: Translation, items: list[left.Left]) -> None:
        self.translation, self.items = translation, items

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        request = (parent_context or {}).get("request")
        # Changed texts are why a translator comes back; they come first, in the order of the page.
        items = sorted(self.items, key=lambda item: item.former is None)
        return {
            "translation": self.translation,
            "items": items[:ITEMS_SHOWN],
            "more": max(0, len(items) - ITEMS_SHOWN),
            "action": reverse("microacq_translation_left", args=[self.translation.pk]),
            "next": request.path if request else "",
            "csrf_token": get_token(request) if request else "",
            "request": request,
        }


class WrittenOverPanel(Component):
    """What one translator had written before another wrote over it."""

    name = "translation_written_over"
    template_name = "microacq_pages/translating/panels/written_over.html"
    order = WRITTEN_OVER

    def __init__(self, translation: Translation, rows: list[OverwrittenTranslation]) -> None:
        self.translation, self.rows = translation, rows

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return {"translation": self.translation, "rows": self.rows}
