"""The panel beside the editor by which a translation leaves and comes back."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail_localize.models import Translation

from . import services


class ExchangePanel(Component):
    """Downloads in both formats, whole or what is left, and the way back."""

    name = "translation_exchange"
    template_name = "microacq_pages/exchange/panel.html"
    order = 360

    def __init__(self, translation: Translation) -> None:
        self.translation = translation

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        pk = self.translation.pk
        return {
            "files": [
                (form.NAME, reverse("microacq_exchange_download", args=[pk, name]))
                for name, form in services.FORMATS.items()
            ],
            "upload_url": reverse("microacq_exchange_upload", args=[pk]),
            "csrf_token": get_token(parent_context["request"]),
        }
