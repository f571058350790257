"""What a reference of SAP or of a payment service may look like. Knows no database."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from . import numbers
from .models import LONG_NUMBER, REFERENCE


def faults(text: str) -> list[str]:
    """Sentences against a reference: what it is, and that it holds no number of a card or of an account."""
    typed = text.strip()
    found = numbers.found_in(typed)
    if found is not None:
        return [str(numbers.SENTENCES[found])]
    if re.search(LONG_NUMBER, typed):
        return [str(numbers.SENTENCES[numbers.Found.CARD])]
    if not re.match(REFERENCE, typed):
        return [_("Write the reference in at most 40 letters, digits, spaces, dots, dashes or slashes.")]
    return []
