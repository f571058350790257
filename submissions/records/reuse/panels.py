"""Parts of other pages: the entry on the file’s page, and publiccode.yml on the supplier’s page of the work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from .viewsets import CHANGE, VIEW

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .models import CatalogueEntry

Context = Mapping[str, Any]


class EntryPanel(Component):
    """On the file’s page: what the catalogue says, and its files."""

    template_name = "submissions/records/reuse/panel.html"
    order = 246  # after the payment

    def __init__(self, entry: CatalogueEntry, user: User) -> None:
        self.entry, self.user = entry, user

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        changes = self.user.has_perm(CHANGE)
        return {
            "entry": self.entry,
            "edit_url": reverse("catalogue:edit", args=[self.entry.pk]) if changes else "",
            "sees": changes or self.user.has_perm(VIEW),
        }


class SupplierReusePanel(Component):
    """On the supplier’s page of the work: the file that tells others of the code."""

    template_name = "submissions/records/reuse/link_panel.html"
    order = 110

    def __init__(self, entry: CatalogueEntry, token: str) -> None:
        self.entry, self.token = entry, token

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return {"entry": self.entry, "address": reverse("reuse:publiccode", args=[self.token])}
