"""Words for the codes that rows of the audit hold, so that its readers see no code.

Owns which key of an act’s data holds codes, and what each says; the words are those of the stages’ own lists, whose
codes these are. Imports no model and no stage.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: By the key of the data, then by the code.
WORDS: dict[str, dict[str, Promise]] = {
    "how": {
        "telephone": _("By telephone"),
        "paper": _("On paper"),
        "in_person": _("In person"),
    },
    "what": {
        "accepted": _("The supplier accepted"),
        "declined": _("The supplier declined"),
        "message": _("Message"),
        "delivery": _("Delivery of the work"),
        "extension": _("A later delivery date that the supplier asks for"),
        "extension_answer": _("Answer about a later delivery date"),
        "dispute": _("Dispute"),
        "end_answer": _("Answer about the end of the contract"),
        "end": _("Withdrawal from the contract"),
        "invoice": _("Invoice"),
    },
    "kind": {
        "default": _("Terminate for default"),
        "convenience": _("Terminate for convenience"),
        "followers": _("Followers on social media"),
        "reposts": _("Reposts on social media, per opportunity announced"),
        "forks": _("Forks of bought code"),
        "stories": _("Stories of teams that broke work into smaller pieces"),
        "usual_hours": _("Hours of a procurement officer for a usual small contract"),
        "usual_days": _("Days from invoice to payment of a usual contract"),
    },
}


def in_words(data: dict[str, Any]) -> dict[str, str]:
    """The values of a row’s data that are codes, in words."""
    return {
        key: str(words[data[key]])
        for key, words in WORDS.items()
        if isinstance(data.get(key), str) and data[key] in words
    }
