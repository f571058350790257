"""What waits for a translator, on the dashboard of the Wagtail admin. Reviews are shown by Wagtail itself."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState, WorkflowState
from wagtail_localize.models import Translation

from . import pairs
from .blockers import LANGUAGE_NAMES
from .models import Skill, TranslationTask
from .permission_testers import EDIT_TRANSLATION

WAITING_SHOWN = 20


class TranslationsWaitingPanel(Component):
    """On a translator's dashboard: what is not translated yet, with its progress."""

    name = "translations_waiting"
    template_name = "microacq_pages/admin/translations_waiting.html"
    order = 150

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        if not request.user.has_perm(EDIT_TRANSLATION):
            return {"waiting": []}
        return {"waiting": translations_waiting(), "request": request, "csrf_token": get_token(request)}


def translations_waiting() -> list[dict[str, Any]]:
    """Translations with something left to do, or complete and waited for, the oldest source first.

    The number of queries does not depend on how many there are.
    """
    translations = list(
        Translation.objects.filter(enabled=True)
        .select_related("source__specific_content_type", "target_locale")
        .order_by("source__last_updated_at", "pk")
    )
    progress = pairs.progress_of(translations)
    addresses = _editor_addresses(translations)
    steps = _translation_steps()
    waiting = []
    for translation in translations:
        total, done = progress.get(translation.pk, (0, 0))
        address = addresses.get((translation.source.object_id, translation.target_locale_id))
        step = steps.get(translation.source.object_id)
        if address and (done < total or step):
            waiting.append(
                {
                    "title": translation.source.object_repr,
                    "language": LANGUAGE_NAMES[translation.target_locale.language_code],
                    "total": total,
                    "done": done,
                    "url": address,
                    "submitted": step is not None,
                    "complete_url": step if done == total else "",
                }
            )
    # What a review waits for comes first.
    return sorted(waiting, key=lambda item: not item["submitted"])[:WAITING_SHOWN]


def _editor_addresses(translations: list[Translation]) -> dict[tuple[Any, int], str]:
    """Where each translation is written, by translation key and language."""
    keys = {translation.source.object_id for translation in translations}
    addresses = {}
    for model, name in (
        (Page, "wagtailadmin_pages:edit"),
        (Skill, Skill.snippet_viewset.get_url_name("edit")),
    ):
        rows = model.objects.filter(translation_key__in=keys).values_list(
            "translation_key", "locale_id", "pk"
        )
        addresses.update({(key, locale): reverse(name, args=[pk]) for key, locale, pk in rows})
    return addresses


def _translation_steps() -> dict[Any, str]:
    """Of the reviews that wait for their translation: where its completion is confirmed, by translation key."""
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        task__in=TranslationTask.objects.all(),
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
    ).values_list("pk", "workflow_state__object_id")
    pages = dict(
        Page.objects.filter(pk__in=[page for _state, page in states]).values_list("pk", "translation_key")
    )
    return {
        pages[int(page)]: reverse("wagtailadmin_pages:workflow_action", args=[page, "approve", state])
        for state, page in states
        if int(page) in pages
    }
