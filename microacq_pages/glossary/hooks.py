"""What the glossary adds to Wagtail: its terms, its panels, and its addresses."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail_localize.models import Translation

from microacq_pages.exchange.services import CORRECTED

from . import checks, views
from .panels import TermsPanel, TypographyPanel
from .viewsets import GlossaryTermViewSet

register_snippet(GlossaryTermViewSet)


@hooks.register("microacq_translation_aside")
def point_out(translation: Translation, user: Any) -> list[Component]:
    checked = checks.check(translation)
    panels: list[Component] = []
    if checked.terms:
        panels.append(TermsPanel(checked, translation.pk))
    if checked.ill_set:
        panels.append(TypographyPanel(checked, translation.pk))
    return panels


@hooks.register("register_admin_urls")
def register_glossary_urls() -> list[URLPattern]:
    return [
        path(
            "translations/<int:translation_id>/strings/<str:key>/",
            views.edit_string,
            name="microacq_translation_string",
        ),
        path(
            "translations/<int:translation_id>/typography/",
            views.correct_typography,
            name="microacq_typography_correct",
        ),
        path("glossary/export/", views.export_terms, name="microacq_glossary_export"),
        path("glossary/import/", views.import_terms, name="microacq_glossary_import"),
    ]


@hooks.register("register_log_actions")
def register_correction(actions: LogActionRegistry) -> None:
    @actions.register_action(CORRECTED)
    class TypographyCorrected(LogFormatter):
        label = _("Correct the typography")

        def format_message(self, log_entry: Any) -> str:
            try:
                return _("Corrected the typography of %(count)s texts") % log_entry.data
            except KeyError:
                return str(self.label)
