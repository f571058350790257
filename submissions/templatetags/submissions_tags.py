"""What the public pages show of a procurement file: the templates' way up, where imports may not go."""

from __future__ import annotations

from typing import Any

from django import template

from microacq_pages import page_cache
from microacq_pages.models import Opportunity
from submissions.proposals.pages import ProposalFormPage
from submissions.questions import public

register = template.Library()


@register.inclusion_tag("submissions/includes/apply.html")
def apply_link(page: Opportunity) -> dict[str, Any]:
    """How to apply to an opportunity: the form's address while it is open, and why not when it is not."""
    status = page.public_status
    is_open = status is not None and status.is_taking_applications()
    form = ProposalFormPage.objects.live().filter(locale_id=page.locale_id).first() if is_open else None
    return {
        "is_open": is_open,
        "status": status,
        "deadline": page.public_deadline,
        "apply_url": form.address_of("apply", status.number)
        if form is not None and status is not None
        else "",
    }


@register.inclusion_tag("submissions/includes/questions.html", takes_context=True)
def questions_and_answers(context: template.Context, page: Opportunity) -> dict[str, Any]:
    """What was asked about an opportunity and answered, until when questions are taken, and where to ask."""
    shown = public.shown_for(page)
    if shown.get("is_open"):
        page_cache.keep_until(context.get("request"), shown["closes_at"])
    return shown
