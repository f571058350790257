"""When the code of files was entered in the Open Resource Exchange, as the stage that enters it says. Reads only.

Seam (Wagtail hook): ``file_code_listed(files) -> Mapping[int, date]``: the day on which the entry of a file’s code was
published, by the key of the file; ``files`` are keys. Where nobody answers, nothing is known of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wagtail import hooks

HOOK = "file_code_listed"


def is_known() -> bool:
    """Whether any stage records it."""
    return bool(hooks.get_hooks(HOOK))


def listed(files: Iterable[int]) -> dict[int, date]:
    """The day of the entry, by the key of the file."""
    wanted = list(files)
    found: dict[int, date] = {}
    for answer in hooks.get_hooks(HOOK):
        found.update(answer(wanted))
    return found
