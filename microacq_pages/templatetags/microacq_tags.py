"""Tags and filters of the public templates: thin, over ``formats`` and ``furniture``.

Must not import ``submissions``.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from wagtail.rich_text import get_text_for_indexing

from microacq_pages import canada_ca, formats, furniture
from microacq_pages import structured_data as linked
from microacq_pages.models import Opportunity, PublicStatus

register = template.Library()

_PARAGRAPH = re.compile(r"<p\b.*?</p>", re.DOTALL)
_SPDX_ID = re.compile(r"[A-Za-z0-9.+-]+")


def _language() -> str:
    return formats.known_language(get_language())


@register.filter
def money(value: Decimal | int | None) -> str:
    """``$6,500`` or ``6 500 $``."""
    return formats.money(value, _language())


@register.filter
def eastern(value: datetime | None) -> str:
    """An instant in Eastern time with its zone named."""
    return formats.eastern(value, _language())


@register.inclusion_tag("microacq_pages/includes/moment.html")
def moment(value: date | datetime | None, css: str = "") -> dict[str, Any]:
    """A day, or an instant in Eastern time with the reader's own beside it where script runs."""
    return {"value": value, "is_instant": isinstance(value, datetime), "css": css}


@register.filter
def date_long(value: date | None) -> str:
    """``July 12, 2021`` or ``12 juillet 2021``."""
    return formats.date_long(value, _language())


@register.filter
def eastern_day(value: datetime | None) -> str:
    """The day of an instant in Eastern time, in words."""
    return formats.date_long(value.astimezone(formats.EASTERN).date() if value else None, _language())


@register.filter
def date_iso(value: date | None) -> str:
    """The day as ``2021-07-12``, an instant's in Eastern time: how Canada.ca dates its pages."""
    if isinstance(value, datetime):
        value = value.astimezone(formats.EASTERN).date()
    return value.isoformat() if value else ""


@register.filter
def file_size(value: int | None) -> str:
    return formats.file_size(value, _language())


@register.filter
def time_left(deadline: datetime | None, now: datetime | None = None) -> str:
    """How long until ``deadline``, counted from ``now`` (the database's clock, where the page knows it)."""
    return formats.time_left(deadline, now or timezone.now(), _language())


@register.filter
def spdx_url(licence: str) -> str:
    """Where the text of a licence is; empty for a combination of several."""
    return f"https://spdx.org/licenses/{licence}.html" if _SPDX_ID.fullmatch(licence or "") else ""


def _around(context: Context) -> furniture.Furniture:
    return furniture.furniture_of(context.get("request"), context.get("page"), get_language())


@register.simple_tag(takes_context=True)
def site_furniture(context: Context) -> furniture.Furniture:
    """The surroundings of the page being rendered; ``base.html`` asks once and keeps the answer."""
    return _around(context)


@register.simple_tag
def canada_ca_links(band: str) -> list[dict[str, str]]:
    """The links of one band of the Canada.ca header and footer, in the current language."""
    return [link.localized(_language()) for link in canada_ca.BANDS[band]]


@register.inclusion_tag("microacq_pages/includes/language_link.html", takes_context=True)
def language_link(context: Context) -> dict[str, Any]:
    """The link to this page in the other language; a view overrides its address with ``language_url``."""
    around = _around(context)
    return {
        "url": context.get("language_url") or around.language_url(),
        "code": around.other_language,
        "name": around.other_language_name,
    }


@register.inclusion_tag("microacq_pages/includes/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: Context) -> dict[str, Any]:
    """The way from Canada.ca to here; a view adds its own steps in ``breadcrumb_trail``."""
    around = _around(context)
    return {"crumbs": around.trail(context.get("breadcrumb_trail") or ())}


@register.inclusion_tag("microacq_pages/includes/state_label.html")
def state_label(state: str | None, is_open: bool = False) -> dict[str, str]:
    """The public state of an opportunity as a coloured word; none yet is a draft."""
    if not state:
        return {"text": pgettext("state of an opportunity", "Draft"), "kind": "draft"}
    kinds = {PublicStatus.State.POSTED.value: "open", PublicStatus.State.CANCELLED.value: "cancelled"}
    kind = "closed" if state == PublicStatus.State.POSTED and not is_open else kinds.get(state, "closed")
    return {"text": PublicStatus.label_of(state, is_open), "kind": kind}


@register.filter
def first_paragraph(html: str) -> str:
    """The first paragraph of a rich text without its markup, for summaries."""
    first = _PARAGRAPH.search(str(html or ""))
    return " ".join(get_text_for_indexing(first.group() if first else str(html or "")).split())


@register.filter
def short_url(url: str) -> str:
    """An address as people read it: no scheme, no slash at the end."""
    return re.sub(r"^https?://(www\.)?", "", url or "").rstrip("/")


@register.filter
def absolute(url: str) -> str:
    """An address with the public host."""
    return furniture.absolute(url)


@register.filter
def structured_data(page: Opportunity) -> SafeString:
    """What search engines are told of an opportunity."""
    return linked.element(page)


@register.filter
def headings(body: Any) -> list[str]:
    """The headings of a StreamField's value, for the list of what is on the page."""
    return [str(block.value) for block in body or () if block.block_type == "heading"]


@register.filter
def field_kind(field: BoundField) -> str:
    """Which part of ``includes/forms/field.html`` shows this field."""
    if field.is_hidden:
        return "hidden"
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    return "checkbox" if isinstance(field.field.widget, forms.CheckboxInput) else "single"


@register.filter
def first_input_id(field: BoundField) -> str:
    """Where a link from the list of errors leads."""
    return f"{field.auto_id}_0" if field_kind(field) == "group" else str(field.auto_id)
