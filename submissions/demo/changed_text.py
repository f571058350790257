"""A text that changed after it was translated, so that the translator of the demonstration has something to compare.

The guide page gets one more sentence, as a draft: what is public stays as it is, in both languages.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from microacq_pages import pairs
from microacq_pages.models import ContentPage, ReplacedString

from . import files
from .accounts import person

#: The page that changes, by the key of its text.
PAGE = files.GUIDE_PAGES[0]
SENTENCE = "Ask us whenever something is not clear."


@transaction.atomic
def load() -> Iterator[str]:
    """Change the text, once."""
    page = ContentPage.objects.get(slug=files.page(PAGE)["en"]["slug"], locale__language_code="en")
    if ReplacedString.objects.filter(context__object_id=page.translation_key).exists():
        return
    draft = pairs.latest(page)
    before, closing, after = draft.intro.rpartition("</p>")
    draft.intro = f"{before} {SENTENCE}{closing}{after}"
    draft.save_revision(user=person("it-strategy"))
    pairs.refresh_translation(draft)
    yield f"changed text of {page.title}"
