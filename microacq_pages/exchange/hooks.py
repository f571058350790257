"""What PO and XLIFF add to Wagtail: their panel, their addresses, and the acts that are logged."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path
from django.urls import path as address
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail_localize.models import Translation

from . import views
from .panels import ExchangePanel
from .services import IMPORTED, may_translate


@hooks.register("microacq_translation_aside")
def offer_exchange(translation: Translation, user: Any) -> list[Component]:
    return [ExchangePanel(translation)] if may_translate(user, translation) else []


@hooks.register("register_admin_urls")
def register_exchange_urls() -> list[URLPattern]:
    # The import of wagtail-localize checks nothing and its export has no context: their addresses lead to ours.
    return [
        re_path(
            r"^translations/(?P<translation_id>\d+)/(?P<format_name>po|xliff)/$",
            views.download,
            name="microacq_exchange_download",
        ),
        address("translations/<int:translation_id>/return/", views.upload, name="microacq_exchange_upload"),
        address(
            "translations/<int:translation_id>/return/apply/", views.apply, name="microacq_exchange_apply"
        ),
        address(
            "localize/translate/<int:translation_id>/pofile/download/",
            views.download,
            {"format_name": "po"},
            name="microacq_pofile_download",
        ),
        address(
            "localize/translate/<int:translation_id>/pofile/upload/",
            views.upload,
            name="microacq_pofile_upload",
        ),
    ]


@hooks.register("register_log_actions")
def register_import(actions: LogActionRegistry) -> None:
    @actions.register_action(IMPORTED)
    class TranslationImported(LogFormatter):
        label = _("Import a translation")

        def format_message(self, log_entry: Any) -> str:
            try:
                return (
                    _("Imported %(taken)s translations from %(format)s; refused %(refused)s") % log_entry.data
                )
            except KeyError:
                return str(self.label)
