"""The part of the file’s page that says how far the file is written down, with what can be done. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from wagtail.admin.ui.components import Component

from submissions.solicitations.panels import when

from . import permissions, retention, services
from .models import ArchivedDocument, ArchivedFile, WriteState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import Solicitation

_TROUBLE = (WriteState.FAILED, WriteState.GIVEN_UP)


class RecordsPanel(Component):
    """How many documents are in the storage, what failed, until when personal data is kept."""

    template_name = "submissions/records/archive/panel.html"
    order = 460

    def __init__(self, solicitation: Solicitation, user: User) -> None:
        self.solicitation, self.user = solicitation, user

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        file = self.solicitation
        rows = ArchivedDocument.objects.filter(solicitation=file)
        counts = rows.aggregate(
            all=Count("pk"),
            written=Count("pk", filter=Q(state=WriteState.WRITTEN)),
            failed=Count("pk", filter=Q(state__in=_TROUBLE)),
            last=Max("written_at"),
        )
        archive = ArchivedFile.objects.filter(solicitation=file).first()
        return {
            "file": file,
            "counts": counts,
            "last": when(counts["last"]),
            "behind_since": when(services.behind_since(file)),
            "error": archive.last_error if archive else "",
            "retention": [
                {"label": each.category.label, "until": when(each.until), "erased": when(each.erased_at)}
                for each in retention.periods_of(file)
            ],
            "list_url": reverse("records:documents", args=[file.pk]),
            "download_url": self._may(permissions.DOWNLOAD, "download"),
            "disclose_url": self._may(permissions.DISCLOSE, "disclose"),
        }

    def _may(self, permission: str, name: str) -> str:
        if permissions.reason_against(self.solicitation, self.user, permission):
            return ""
        return reverse(f"records:{name}", args=[self.solicitation.pk])
