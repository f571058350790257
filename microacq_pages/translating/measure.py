"""How many words each string has, kept beside it: a list of all that waits adds them up in the database."""

from __future__ import annotations

from wagtail_localize.models import String

from microacq_pages.models.translating import StringWords

from . import words


def keep(string: String) -> None:
    """Count the words of a new string."""
    StringWords.objects.get_or_create(string=string, defaults={"words": words.count(string.data)})


def keep_all() -> int:
    """Count what was never counted, such as strings from before this table.

    Returns:
        How many strings were counted.
    """
    uncounted = String.objects.exclude(pk__in=StringWords.objects.values("string"))
    rows = [StringWords(string=string, words=words.count(string.data)) for string in uncounted.iterator()]
    StringWords.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)
    return len(rows)
