"""Django's entry to the app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MicroacqPagesConfig(AppConfig):
    name = "microacq_pages"
    verbose_name = _("Opportunities and pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import signals  # noqa: F401 (connects the receivers)
        from .translating import signals as translating_signals  # noqa: F401
