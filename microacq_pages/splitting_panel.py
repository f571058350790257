"""The place of contract splitting on the edit view. Imports no model: page types name it while they are defined."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel


class SplittingPanel(Panel):
    """What was found about the opportunity, in short."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "microacq_pages/admin/splitting_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            from .splitting_admin import SplittingComponent

            context: dict[str, Any] = super().get_context_data(parent_context)
            if self.instance.pk:
                context["part"] = SplittingComponent(self.instance, self.request.user)
            return context
