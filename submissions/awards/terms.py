"""The terms of one agreement as plain text, in one language, filled in for its file, and their digest.

Owns: the text that a supplier reads and accepts, to the byte. Its sentences are in
``templates/submissions/awards/terms.<language>.txt``, which a department replaces with its own. Imports no view.
"""

from __future__ import annotations

import hashlib
import html
import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template import Context, engines
from django.utils.html import strip_tags
from django.utils.translation import override

from microacq_pages import formats
from submissions.solicitations.enums import ItemKind

if TYPE_CHECKING:
    from .models import Offer

_END_OF_BLOCK = re.compile(r"</(?:p|h\d|li|ul|ol)>|<br\s*/?>")
_BLANK_LINES = re.compile(r"\n{3,}")


def text_of(offer: Offer, language: str) -> str:
    """The whole text of the agreement: the same bytes as often as it is asked for.

    Args:
        offer: With its file.
        language: ``en`` or ``fr``.
    """
    file = offer.solicitation
    posting = file.current_posting
    posted = [
        plain(getattr(item, f"text_{language}"))
        for item in posting.items.all()
        if item.kind == ItemKind.TERMS
    ]
    values: dict[str, Any] = {
        "reference": offer.reference,
        "number": file.number,
        "title": file.get_title(language),
        "department": settings.MICROACQ_DEPARTMENT[language],
        "contractor": offer.contractor,
        "price": formats.money(offer.price, language),
        "delivery_date": formats.date_long(offer.delivery_date, language),
        "licence": file.licence,
        "repository": file.repository,
        "posting": posting.digest,
        "amendment": posting.amendment,
        "posted_terms": "\n\n".join(posted),
    }
    engine: Any = engines["django"]
    template = engine.engine.get_template(f"submissions/awards/terms.{language}.txt")
    with override(language):
        filled = template.render(Context(values, autoescape=False))
    return _BLANK_LINES.sub("\n\n", filled).strip() + "\n"


def digest_of(text: str) -> str:
    """SHA-256 of the text in UTF-8, in lower-case hexadecimal: what ``sha256sum`` says of the file."""
    return hashlib.sha256(text.encode()).hexdigest()


def plain(rich: str) -> str:
    """Rich text as plain text: a line a block."""
    lines = html.unescape(strip_tags(_END_OF_BLOCK.sub("\n", rich))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
