"""What the tests of translators do over and over."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from microacq_pages import pairs


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save_source(page: Any, user: Any = None, **changes: Any) -> Any:
    """Save a change of the source as its author does; translators see it at once."""
    draft = pairs.latest(page.specific_class.objects.get(pk=page.pk))
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=user)
    pairs.refresh_translation(draft)
    return draft


def translation_of(page: Any) -> Translation:
    found = pairs.translation_of(page)
    assert found is not None
    return found


def segment_with(translation: Translation, text: str) -> StringSegment:
    segment: StringSegment = (
        StringSegment.objects.filter(source=translation.source, string__data=text)
        .select_related("string", "context")
        .get()
    )
    return segment


def put(translation: Translation, text: str, data: str, user: Any = None) -> StringTranslation:
    """Translate one text, as wagtail-localize's own editor does."""
    segment = segment_with(translation, text)
    made, _created = StringTranslation.objects.update_or_create(
        translation_of=segment.string,
        context=segment.context,
        locale=translation.target_locale,
        defaults={"data": data, "last_translated_by": user, "has_error": False},
    )
    return made


def left_address(translation: Translation) -> str:
    return reverse("microacq_translation_left", args=[translation.pk])


def parsed(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def fields_of(page: BeautifulSoup | Tag) -> dict[str, str]:
    """What a form would send."""
    sent = {field["name"]: field.text.removeprefix("\n") for field in page.select("textarea[name]")}
    sent.update(
        {field["name"]: field.get("value", "") for field in page.select("input[type=hidden][name^=seen]")}
    )
    return {str(name): str(value) for name, value in sent.items()}


def key_of(segment: StringSegment) -> str:
    return f"{segment.context_id}-{segment.string_id}"


def messages_of(response: Any) -> str:
    return " ".join(item.get_text(" ", strip=True) for item in parsed(response).select(".messages li"))
