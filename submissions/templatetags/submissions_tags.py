"""What the public pages show of a procurement file: the templates' way up, where imports may not go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from microacq_pages import formats, page_cache
from microacq_pages.models import Opportunity, PublicStatus
from submissions.awards import results as awards
from submissions.contracts import public as contracts
from submissions.contracts.public import Work
from submissions.proposals.pages import ProposalFormPage
from submissions.questions import public
from submissions.records.opendata import packages
from submissions.selection import results as selections
from submissions.solicitations import amendment_panels, amendments
from submissions.solicitations.models import Solicitation
from submissions.solicitations.permissions import SolicitationPermissionPolicy

register = template.Library()


@register.inclusion_tag("submissions/includes/apply.html")
def apply_link(page: Opportunity) -> dict[str, Any]:
    """How to apply to an opportunity: where it begins while it is open, and why not when it is not."""
    status = page.public_status
    is_open = status is not None and status.is_taking_applications()
    form = ProposalFormPage.objects.live().filter(locale_id=page.locale_id).first() if is_open else None
    return {
        "is_open": is_open,
        "status": status,
        "deadline": page.public_deadline,
        "apply_url": form.address_of("check", status.number)
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


@register.inclusion_tag("submissions/includes/award.html")
def award_notice(page: Opportunity) -> dict[str, Any]:
    """Who was given the work, for how much and until when: the same facts in both languages at once."""
    return {"award": awards.award_of(page.translation_key)}


@register.simple_tag
def work_of(page: Opportunity) -> Work | None:
    """What the public may know of the work of an opportunity that was awarded."""
    status = page.public_status
    return contracts.work_of(status) if status is not None else None


@register.simple_tag
def next_supplier_of(page: Opportunity) -> contracts.Next | None:
    """That the next supplier in the drawn order is asked, because a contract ended."""
    status = page.public_status
    return contracts.next_of(status) if status is not None else None


@register.simple_tag
def open_data_of(page: Opportunity) -> dict[str, str]:
    """Where the data of an opportunity is: ``json`` once it is posted, ``record`` once that is public."""
    known: dict[str, str] | None = getattr(page, "_microacq_open_data", None)
    if known is None:
        status = page.public_status
        known = packages.addresses_of(status.number) if status is not None else {}
        page._microacq_open_data = known  # the head and the foot of the page both ask
    return known


@register.filter
def eastern_clock(moment: datetime | None) -> str:
    """The time of day of an instant in Eastern time, to the minute."""
    if moment is None:
        return ""
    language = formats.known_language(get_language())
    return formats.clock(moment.astimezone(formats.EASTERN), language)


@register.simple_tag
def follow_url(page: Opportunity) -> str:
    """Where one asks to follow an opportunity by mail; empty before it is posted and once it is cancelled."""
    status = page.public_status
    if status is None or status.state == PublicStatus.State.CANCELLED:
        return ""
    return reverse("follow:ask", args=[status.number])


@register.inclusion_tag("submissions/includes/mailing_list.html")
def mailing_list() -> dict[str, str]:
    """The way to the mailing list of new opportunities."""
    return {"mailing_list_url": reverse("follow:list")}


@register.inclusion_tag("submissions/includes/amendments.html")
def public_amendments(page: Opportunity) -> dict[str, Any]:
    """Every amendment of a posted opportunity, in the language of its page."""
    status = page.public_status
    file = amendments.file_of(page) if status is not None and status.amendments else None
    language = page.locale.language_code
    return {"amendments": amendment_panels.told(file, language) if file is not None else []}


@register.inclusion_tag("submissions/selection/includes/announced.html")
def random_selection(page: Opportunity) -> dict[str, Any]:
    """The commitment of the draw that was published with an opportunity, and the way to its page."""
    status = page.public_status
    file = Solicitation.objects.filter(translation_key=page.translation_key).first() if status else None
    commitment = selections.current_commitment(file) if file is not None else None
    if file is None or commitment is None:
        return {}
    return {"commitment": commitment, "url": reverse("selection:page", args=[file.number])}


@register.simple_tag
def selection_url(page: Opportunity) -> str:
    """The public page of the selection of an opportunity; empty before it is posted."""
    status = page.public_status
    return reverse("selection:page", args=[status.number]) if status is not None else ""


@register.simple_tag
def file_of_page(page: Opportunity) -> dict[str, Any]:
    """What the public page says of its file besides its status: why it was cancelled, what it follows, what follows."""
    file = Solicitation.objects.select_related("follows").filter(translation_key=page.translation_key).first()
    if file is None:
        return {}
    language = page.locale.language_code
    return {
        "reason": file.get_state_reason(language) if file.state == "cancelled" else "",
        # No other act than reopening the evaluation leaves a reason in this state.
        "reopened_for": file.get_state_reason(language) if file.state == "opened" else "",
        "follows": _linked(file.follows, language),
        "followed_by": [_linked(other, language) for other in file.followed_by.order_by("pk")],
    }


def _linked(file: Solicitation | None, language: str) -> dict[str, str] | None:
    page = file.page(language) if file is not None else None
    if file is None or page is None:
        return None
    return {"number": file.number, "title": file.get_title(language), "url": page.url}


@register.inclusion_tag("submissions/solicitations/includes/editor_draft.html")
def amendment_draft(page: Opportunity) -> dict[str, Any]:
    """What the last saved text of a posted opportunity would change, for its editor."""
    return amendment_panels.draft_context(page)


@register.simple_tag(takes_context=True)
def file_link(context: Any, page: Opportunity) -> str:
    """Where a person who may see it finds the file of a page."""
    file = Solicitation.objects.filter(translation_key=page.translation_key).first()
    policy = SolicitationPermissionPolicy(Solicitation)
    user = context["request"].user
    if file is None or not policy.user_has_permission_for_instance(user, "view", file):
        return ""
    return reverse("solicitations:inspect", args=[file.pk])
