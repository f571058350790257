"""Texts of a release in both languages: a field in English, and beside it the same with ``_fr``.

Source: https://standard.open-contracting.org/1.1/en/schema/reference/#language (the suffix is a BCP 47 tag). Knows no
model.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from submissions.solicitations.changes import plain

LANGUAGES = ("en", "fr")
_LIST = re.compile(r"<[uo]l\b")
#: The language of the fields without a suffix.
MAIN_LANGUAGE = "en"

METHOD = _(
    "Direct and open to anyone who is eligible: small, fixed-price work on open-source code, in the open"
)
RATIONALE = _(
    "The price is fixed and, with the highest sales tax in Canada, at most 10,000 Canadian dollars."
)
CRITERIA = _(
    "Each application passes or fails each criterion, without points and without the evaluators seeing who applied. "
    "Among the applications that pass every criterion, one is selected at random; anybody can repeat the selection."
)
SUBMISSION = _(
    "On the page of the opportunity, without an account. Applications are sealed until the deadline. Who cannot use "
    "the form can ask for another way."
)
ELIGIBILITY = _(
    "Whoever has reached the age of majority and can legally enter into a contract, and is Canadian, First Nations, "
    "Métis or Inuit, a permanent resident of Canada, or a foreign worker or student with the work permits that the "
    "work requires."
)
PAGE = _("Page of the opportunity")
SELECTION_PAGE = _("Random selection, with everything that is needed to repeat it")
REPOSITORY = _("Repository in which the work is done")
DELIVERY = _("Delivery of the work")
ACCEPTANCE = _("Acceptance of the work")
CODE = _("Code that was bought, in its repository")
MERGED = _("Merged commit: %(commit)s")
EXTENDED = _("Both sides agreed to a later delivery date.")
CANCELLED = _("The opportunity was cancelled.")
REOPENED = _(
    "The evaluation was reopened: this number no longer counts until the evaluation is signed off again."
)


def both(field: str, text: Any, **values: str) -> dict[str, str]:
    """A field with one of our own sentences in both languages, and what it names."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = str(text) % values if values else str(text)
    return pair(field, said["en"], said["fr"])


def pair(field: str, english: str, french: str) -> dict[str, str]:
    """A field with a text that is given in both languages; nothing where there is none."""
    return {name: text for name, text in ((field, english), (f"{field}_fr", french)) if text}


def in_lines(html: str) -> str:
    """The words of a rich text, a paragraph or an item of a list a line, also where a list stands within an item."""
    return plain(_LIST.sub(r"\n\g<0>", html or ""))


def instant(moment: datetime) -> str:
    """A moment as releases write it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(amount: Decimal) -> dict[str, Any]:
    """An amount in Canadian dollars, before tax."""
    return {"amount": int(amount) if amount == int(amount) else float(amount), "currency": "CAD"}
