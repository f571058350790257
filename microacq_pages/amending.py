"""How an editor meets an opportunity that is posted: what a change becomes, and what can no longer be changed.

Owns the lock of what has ended, the rule about the deadline as the form asks it, and the part of the form for the
amendment. What an amendment must have before it is published is answered by ``submissions`` through the hook
``microacq_publication_blockers``. Imports no page type.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.locks import BaseLock

from . import formats

if TYPE_CHECKING:
    from .models import Opportunity

ENDED = _(
    "This opportunity no longer takes applications, so its text stays as it was. To buy the work after all, use “Post "
    "again” on the page of the procurement file."
)


class EndedLock(BaseLock):
    """Nobody changes the text of an opportunity that is closed or cancelled: what was judged stays what was read."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> Any:
        return ENDED

    def get_locked_by(self, user: Any) -> Any:
        return gettext("No longer takes applications")

    def get_description(self, user: Any) -> Any:
        return ENDED


def deadline_refusal(opportunity: Opportunity, deadline: datetime | None) -> str:
    """Why the deadline of a posted opportunity may not be this one; empty when it may, or when it is not posted.

    Args:
        opportunity: As stored; its public status is asked for the deadline that counts.
        deadline: The one that is wanted (UTC).
    """
    status = opportunity.public_status if opportunity.pk else None
    if status is None or deadline == status.deadline:
        return ""
    if not status.is_taking_applications():
        return gettext("The opportunity no longer takes applications: its deadline cannot be moved.")
    if deadline is None or deadline < status.deadline:
        return gettext(
            "The opportunity is posted: its deadline can only be moved later than %(deadline)s, because suppliers "
            "rely on it."
        ) % {"deadline": formats.eastern(status.deadline, formats.known_language(get_language()))}
    return ""


class AmendmentPanel(MultiFieldPanel):
    """Shown on a posted opportunity alone: which amendment the changes become, and the summary that it needs."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "microacq_pages/admin/amendment_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.is_posted and super().is_shown())

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            status = self.instance.public_status
            context.update(
                {
                    "page": self.instance,
                    "request": self.request,
                    "status": status,
                    "number": status.amendments + 1,
                }
            )
            return context


def amendment_panel() -> AmendmentPanel:
    """The part of the form for the amendment."""
    return AmendmentPanel(
        [
            FieldPanel(
                "amendment_summary",
                help_text=_(
                    "What changes, and why, in a sentence or two. The public, the applicants and the followers read "
                    "it in both languages."
                ),
                widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
            ),
            FieldPanel(
                "amendment_asks_confirmation",
                help_text=_(
                    "Needed when criteria, price or licence change, or the delivery comes earlier, after applications "
                    "have arrived. Who neither confirms nor replaces before the deadline is set aside, and is told so "
                    "beforehand."
                ),
            ),
        ],
        heading=_("Amendment"),
    )
