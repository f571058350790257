"""Tags of the screens of translators: thin, over ``translating``. Must not import ``submissions``."""

from __future__ import annotations

from django import template
from django.template import Context
from wagtail.admin.ui.components import MediaContainer

from microacq_pages.translating import aside

register = template.Library()


@register.simple_tag(takes_context=True)
def translation_aside(context: Context) -> MediaContainer:
    """The panels beside the editor; their ``media`` is that of all of them."""
    request = context["request"]
    panels: MediaContainer | None = getattr(request, "microacq_translation_aside", None)
    if panels is None:
        # Asked for in the head, the body and at the end of the page, answered once.
        panels = MediaContainer(aside.panels_of(context["translation"], request.user))
        request.microacq_translation_aside = panels
    return panels


@register.filter
def without_alias(props: str) -> str:
    """The editor's properties without its offer to convert to an alias."""
    return aside.without_alias(props)
