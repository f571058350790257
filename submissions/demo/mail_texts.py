"""A text of staff that accompanies receipts, written in English, translated, and put in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import pairs
from submissions.notices import wording
from submissions.notices.models import NoticeText

KIND = "proposal_receipt"
ENGLISH = (
    "Questions about file {{ number }} are answered on the page of the opportunity, for everyone at "
    "the same time."
)
FRENCH = (
    "Les réponses aux questions sur le dossier {{ number }} paraissent sur la page de l’opportunité, pour tout le "
    "monde en même temps."
)


def load() -> Iterator[str]:
    """Write the text once; what staff made of it since stays."""
    if NoticeText.objects.filter(kind=KIND).exists():
        return
    user: Any = get_user_model().objects.filter(username="it-strategy").first()
    text = NoticeText(kind=KIND, body=ENGLISH, locale=Locale.objects.get(language_code="en"))
    text.full_clean()
    text.save()
    pairs.keep_snippet_in_step(text, user)
    for segment in StringSegment.objects.filter(source__object_id=text.translation_key):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=Locale.objects.get(language_code="fr"),
            defaults={"data": FRENCH, "last_translated_by": user},
        )
    wording.put_in_force(text, user=user)
    yield f"mail text: {text}"
