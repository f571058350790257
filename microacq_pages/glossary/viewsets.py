"""The glossary in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from microacq_pages.models.glossary import GlossaryTerm


class GlossaryIndexView(IndexView):
    """The terms, with the ways out to CSV and in."""

    @property
    def header_more_buttons(self) -> list[Any]:
        buttons = list(super().header_more_buttons)
        buttons.append(
            HeaderButton(
                _("Export CSV"), url=reverse("microacq_glossary_export"), icon_name="download", priority=80
            )
        )
        if self.permission_policy.user_has_permission(self.request.user, "add"):
            buttons.append(
                HeaderButton(
                    _("Import CSV"), url=reverse("microacq_glossary_import"), icon_name="upload", priority=90
                )
            )
        return buttons


class GlossaryTermViewSet(SnippetViewSet):
    """Terms, for translators and IT Strategy."""

    model = GlossaryTerm
    icon = "openquote"
    menu_label = _("Glossary")
    menu_order = 450
    add_to_admin_menu = True
    index_view_class = GlossaryIndexView
    list_display = ("english", "french", "domain", "note")
    list_filter = ("domain",)
    list_per_page = 50
    search_fields = (
        "english",
        "french",
        "note",
        "also_english",
        "also_french",
        "avoid_english",
        "avoid_french",
    )
    ordering = ("english",)
