"""Template tags by which public pages show what ``submissions`` knows of them: no import runs backwards."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from microacq_pages.formats import known_language
from microacq_pages.models import Opportunity
from submissions.proposals.pages import ProposalFormPage

register = template.Library()


@register.simple_tag
def apply_link(page: Opportunity) -> str:
    """The address of the form of an opportunity that takes applications; empty for any other."""
    status = page.public_status
    if status is None or not status.is_taking_applications():
        return ""
    form = (
        ProposalFormPage.objects.live()
        .filter(locale__language_code=known_language(get_language()))
        .only("pk", "url_path", "path", "depth", "locale_id", "live")
        .first()
    )
    return form.address_of("apply", status.number) if form else ""
