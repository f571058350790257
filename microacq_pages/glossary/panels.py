"""The panels beside the editor of a translation: its terms, and what glossary and typography point out."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from django.urls import reverse
from wagtail.admin.ui.components import Component

from .checks import Checked


class _CheckedPanel(Component):
    def __init__(self, checked: Checked, translation_id: int) -> None:
        self.checked, self.translation_id = checked, translation_id

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {
            "checked": self.checked,
            "translation_id": self.translation_id,
            "csrf_token": get_token(parent_context["request"]),
            "correct_url": reverse("microacq_typography_correct", args=[self.translation_id]),
        }


class TermsPanel(_CheckedPanel):
    """The terms that occur, with their counterparts, and where the translation departs from them."""

    name = "glossary_terms"
    template_name = "microacq_pages/glossary/terms_panel.html"
    order = 320


class TypographyPanel(_CheckedPanel):
    """Where the translation breaks the rules of its language, and the act that puts it right."""

    name = "typography"
    template_name = "microacq_pages/glossary/typography_panel.html"
    order = 340
