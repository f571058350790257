"""Links to the client's guide, for templates of the admin: thin, over ``guidance``."""

from __future__ import annotations

from django import template

from microacq_pages import guidance

register = template.Library()


@register.simple_tag
def guidance_link(topic: str) -> str:
    """The address that leads to the page of a topic in the reader's language; empty for no topic."""
    return guidance.guidance_link(topic)


@register.simple_tag
def guidance_url(topic: str, language: str = "") -> str:
    """The address of the page of a topic itself; empty while it is not published."""
    return guidance.guidance_url(topic, language or None)
