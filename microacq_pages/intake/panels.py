"""What of requests stands on other screens of the admin: the dashboard, and the editor of an opportunity."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component

SHOWN = 5


class RequestsPanel(Component):
    """On the dashboard: the way to a new request, and what became of one's own."""

    name = "requests"
    template_name = "microacq_pages/intake/dashboard.html"
    order = 110

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        from . import permissions
        from .models import ClientRequest

        user = parent_context["request"].user
        if not user.has_perm(permissions.ADD):
            return {"may_add": False}
        return {
            "may_add": True,
            "requests": ClientRequest.objects.of(user).for_report()[:SHOWN],
            "add_url": reverse("requests:add"),
            "index_url": reverse("requests:index"),
        }


class RequestOfPagePanel(Panel):
    """In the editor of an opportunity: the request that it began as."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "microacq_pages/intake/editor_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            from .drafting import request_of
            from .permissions import ClientRequestPermissionPolicy

            context: dict[str, Any] = super().get_context_data(parent_context)
            asked = request_of(self.instance) if self.instance.pk else None
            if asked is not None:
                policy = ClientRequestPermissionPolicy(type(asked))
                visible = policy.user_has_permission_for_instance(self.request.user, "view", asked)
                context.update(asked=asked, asked_url=_url_of(asked) if visible else "")
            return context


def _url_of(asked: Any) -> str:
    return reverse("requests:inspect", args=[asked.pk])
