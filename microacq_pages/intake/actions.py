"""The acts on requests that Wagtail's log knows, as data. The reasons stay with the decisions, not in the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry

ACTS = (
    ("request.received", _("Request received"), _("Made the request")),
    ("request.fits", _("Request fits"), _("Decided that the request fits")),
    ("request.drafted", _("Draft made of a request"), _("Made a draft opportunity of the request")),
    ("request.does_not_fit", _("Request does not fit"), _("Decided that the request does not fit")),
    ("request.withdrawn", _("Request withdrawn"), _("Withdrew the request")),
    ("request.came_to_nothing", _("Request came to nothing"), _("Recorded that the request came to nothing")),
    ("request.reopened", _("Request looked at again"), _("Took up the request again")),
    ("request.effort", _("Effort on a request"), _("Recorded effort spent on the request")),
    ("request.decision_refused", _("Decision on a request refused"), _("Decision on the request refused")),
    ("request.draft_begun", _("Begun from a request"), _("Began this opportunity from a request")),
)


def register_acts(registry: LogActionRegistry) -> None:
    """Make every act on a request known to Wagtail's log."""
    for name, label, sentence in ACTS:
        registry.register_action(name, label, sentence)
