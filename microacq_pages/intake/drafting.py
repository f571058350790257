"""The draft opportunity that is made of a request: what it holds already, and the way between the two.

Decides nothing; ``services.decide`` calls it in its transaction, with the request's row locked.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.html import escape
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Locale, ModelLogEntry, Page

from microacq_pages import pairs, panels
from microacq_pages.models.opportunity import Opportunity, OpportunityIndex
from microacq_pages.pasted import with_lists

from .models import ClientRequest


def make_draft(request: ClientRequest, user: Any) -> Opportunity:
    """The opportunity of a request, made unless it exists already, with its draft in the other language.

    The text is the client's, whoever makes the draft: a person of IT Strategy who did is no author of it, and may
    approve it, unless they filled in the request for the client.

    Args:
        request: Its row is locked.
        user: Who asked for the draft.
    """
    existing = page_of(request)
    if existing is not None:
        return existing
    locale = Locale.objects.get(language_code=request.language)
    # Two drafts made at once would be given the same place in the tree.
    place = Page.objects.select_for_update().get(pk=OpportunityIndex.objects.only("pk").get(locale=locale).pk)
    opportunity = Opportunity(
        title=request.title,
        slug="" if slugify(request.title) else f"request-{request.pk}",
        background=as_paragraphs(request.description),
        team=request.team,
        department=settings.MICROACQ_DEPARTMENT[request.language],
        estimated_hours=request.rough_hours,
        delivery_date=request.needed_by,
        owner=request.requester,
        locale=locale,
        live=False,
    )
    panels.prefill_standard_statements(opportunity)
    place.add_child(instance=opportunity)
    opportunity.save_revision(user=request.requester, log_action=False)
    pairs.keep_in_step(opportunity, user)
    writer = who_filled_in(request)
    if writer is not None and writer.pk != request.requester_id:
        # An act of writing: the page's history names them, and they do not approve their own words.
        log(instance=opportunity, action="wagtail.create", user=writer)
    log(instance=opportunity, action="request.draft_begun", user=user, data={"request": request.pk})
    return opportunity


def who_filled_in(request: ClientRequest) -> Any:
    """Who typed the request, for themselves or for a client; None when nobody is known to have."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(ClientRequest),
        object_id=str(request.pk),
        action="request.received",
    )
    entry = entries.select_related("user").order_by("pk").first()
    return entry.user if entry is not None else None


def as_paragraphs(text: str) -> str:
    """What was typed, as rich text: an empty line begins a paragraph, lines with hyphens are a list."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return "".join(_paragraph(part) for part in parts if part)


def _paragraph(text: str) -> str:
    lines = [f"<p>{escape(line)}</p>" for line in text.split("\n")]
    listed = with_lists("".join(lines))
    return listed if "<ul>" in listed else f"<p>{escape(text).replace(chr(10), '<br/>')}</p>"


def page_of(request: ClientRequest) -> Opportunity | None:
    """The source page of the opportunity that was made of a request, if it still exists."""
    if request.opportunity_key is None:
        return None
    pages = Opportunity.objects.filter(translation_key=request.opportunity_key)
    return pages.filter(locale__language_code=request.language).first() or pages.order_by("pk").first()


def request_of(page: Page) -> ClientRequest | None:
    """The request that an opportunity, in either language, was made of."""
    return ClientRequest.objects.filter(opportunity_key=page.translation_key).first()
