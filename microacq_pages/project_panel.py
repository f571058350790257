"""In the editor of a project: its opportunities, drafts among them, with their state and the way to each.

Whoever may edit a project may edit what lies in the same tree, so the list hides nothing. Two queries at most.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from wagtail.admin.panels import Panel

SHOWN = 100


class ProjectOpportunitiesPanel(Panel):
    """The opportunities of a project, in the language of the page."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Opportunities of this project"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "microacq_pages/admin/project_opportunities.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "opportunities": _rows(self.instance) if self.instance.pk else []}


def _rows(project: Any) -> list[dict[str, Any]]:
    from .models import Opportunity, PublicStatus

    status = PublicStatus.objects.filter(translation_key=OuterRef("translation_key"))
    pages = (
        Opportunity.objects.filter(
            project__translation_key=project.translation_key, locale_id=project.locale_id
        )
        .annotate(
            state=Subquery(status.values("state")[:1]),
            number=Subquery(status.values("number")[:1]),
            taking=Exists(PublicStatus.objects.open().filter(translation_key=OuterRef("translation_key"))),
        )
        .order_by("-latest_revision_created_at", "-pk")
        .values("pk", "draft_title", "state", "number", "taking", "price")[:SHOWN]
    )
    return [
        {
            **page,
            "label": PublicStatus.label_of(page["state"], page["taking"])
            if page["state"]
            else pgettext("state of an opportunity", "Draft"),
        }
        for page in pages
    ]
