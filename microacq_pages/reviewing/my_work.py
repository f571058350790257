"""“My work”: everything that waits for a person, as a screen and on the dashboard; and where their texts are.

Draws what ``waiting`` and ``steps`` know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page, WorkflowState

from ..admin import person
from ..waiting import kind_label, waiting_for
from . import steps

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

SHOWN_ON_DASHBOARD = 10
SHOWN_ON_A_PAGE = 50
#: Texts of one’s own that the dashboard follows.
OWN_TEXTS_SHOWN = 20

CSS = {"all": ["microacq_pages/css/review.css"]}


class MyWorkView(WagtailAdminTemplateMixin, TemplateView):
    """Everything that waits for this person, of every kind or of one."""

    template_name = "microacq_pages/admin/my_work.html"
    page_title = _("My work")
    header_icon = "tasks"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        items = waiting_for(person(self.request))
        counts = Counter(item.kind for item in items)
        kind = self.request.GET.get("kind", "")
        chosen = [item for item in items if item.kind == kind] if kind in counts else items
        kinds = [{"kind": "", "label": _("Everything"), "count": len(items), "chosen": kind not in counts}]
        kinds += [
            {"kind": name, "label": kind_label(name), "count": count, "chosen": name == kind}
            for name, count in sorted(counts.items())
        ]
        page = WagtailPaginator(chosen, SHOWN_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "items": page.object_list,
            "kinds": kinds,
            "kind": kind if kind in counts else "",
            "page": page,
            "late": sum(item.is_late for item in chosen),
        }


class MyWorkPanel(Component):
    """On the dashboard: the first of what waits for this person."""

    name = "my_work"
    template_name = "microacq_pages/admin/my_work_panel.html"
    order = 120

    class Media:
        css = CSS

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request = (parent_context or {})["request"]
        items = waiting_for(request.user)
        return {
            "items": items[:SHOWN_ON_DASHBOARD],
            "total": len(items),
            "url": reverse("microacq_my_work"),
            "request": request,
        }


class OwnTextsPanel(Component):
    """On the dashboard: where the texts stand that this person wrote or submitted."""

    name = "own_texts"
    template_name = "microacq_pages/admin/own_texts_panel.html"
    order = 130

    class Media:
        css = CSS

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request = (parent_context or {})["request"]
        return {"texts": own_texts(request.user), "request": request}


def own_texts(user: AbstractBaseUser) -> list[dict[str, Any]]:
    """Where the review of each text of a person stands, what must be changed first, then the oldest.

    The number of queries does not depend on how many there are.
    """
    requested = WorkflowState.objects.active().filter(
        base_content_type__model="page", requested_by_id=user.pk
    )
    mine = Page.objects.filter(owner_id=user.pk).values_list("pk", flat=True)
    keys = {*requested.values_list("object_id", flat=True), *(str(pk) for pk in mine)}
    pages = list(Page.objects.select_related("locale").filter(pk__in=keys))
    progress = steps.progress_by_page(pages)
    texts = [
        {
            "title": page.get_admin_display_title(),
            "language": page.locale.language_code,
            "url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
            "progress": progress[page.pk],
        }
        for page in pages
        if page.pk in progress
    ]
    texts.sort(key=lambda text: (not text["progress"].sent_back, text["progress"].since))
    return texts[:OWN_TEXTS_SHOWN]
