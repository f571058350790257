"""Where an opportunity was announced, on the page of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from .models import Mention

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

SHOWN = 5


class MentionsPanel(Component):
    """How often it was announced, the latest places, and the way to the texts."""

    template_name = "submissions/communications/panel.html"
    order = 350  # after the timeline, before the record

    def __init__(self, solicitation: Solicitation) -> None:
        self.solicitation = solicitation

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        mentions = list(Mention.objects.standing().filter(solicitation=self.solicitation))
        return {
            "mentions": mentions[:SHOWN],
            "count": len(mentions),
            "url": reverse("communications:file", args=[self.solicitation.pk]),
        }
