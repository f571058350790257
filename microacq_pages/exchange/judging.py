"""Whether a string that came back may be stored, and if not, why.

Owns no format and stores nothing. What passes can be stored by wagtail-localize and breaks no page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail_localize.strings import StringValue

from .markup import normalized, placeholders_of, tags_of
from .returned import Returned
from .units import Unit, key_of

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class Verdict(Enum):
    """What becomes of one string of a file."""

    TAKEN = "taken"
    SAME = "same"
    LEFT = "left"
    REFUSED = "refused"


@dataclass(frozen=True)
class Judged:
    """One string of a file with its verdict.

    Attributes:
        verdict: See ``Verdict``.
        label: Its place, in the reader's language.
        source, target: The texts; ``target`` as it would be stored.
        reason: Why it was refused or left, in the reader's language.
        unit: The string of the site, when there is one.
    """

    verdict: Verdict
    label: str
    source: str
    target: str
    reason: Any = ""
    unit: Unit | None = None


def judge(units: Iterable[Unit], returned: Iterable[Returned]) -> list[Judged]:
    """Judge every string of a file, in its order, then those that the file lacks.

    Args:
        units: The strings of the site as they are now.
        returned: The strings of the file.
    """
    by_key = {unit.key: unit for unit in units}
    paths = {unit.path: unit for unit in by_key.values()}
    judged: list[Judged] = []
    seen: set[str] = set()
    for string in returned:
        key = string.key or key_of(string.path, string.source or "")
        unit = by_key.get(key)
        if unit is None:
            judged.append(_without_place(string, paths))
        elif key in seen:
            judged.append(_refused(unit, string, _("It is in the file twice: the first one counts.")))
        else:
            seen.add(key)
            judged.append(_judged(unit, string))
    judged += [
        Judged(Verdict.LEFT, unit.label, unit.source, "", _("It is not in the file."), unit)
        for unit in by_key.values()
        if unit.key not in seen and not unit.is_translated
    ]
    return judged


def _without_place(string: Returned, paths: Mapping[str, Unit]) -> Judged:
    """A string that the site does not have: its text changed, or it was never there."""
    unit = paths.get(string.path)
    if unit is None:
        reason = _("The site has no such text: it was removed, or it belongs to something else.")
    else:
        reason = _("The text was changed after the file was made. Translate the new text.")
    label = unit.label if unit else string.path
    verdict = Verdict.REFUSED if string.target else Verdict.LEFT
    return Judged(verdict, label, string.source or "", string.target, reason)


def _judged(unit: Unit, string: Returned) -> Judged:
    if string.fault:
        return _refused(unit, string, string.fault)
    if string.source is not None and string.source != unit.source:
        return _refused(unit, string, _("The file says another source text than the site has."))
    if not string.target.strip():
        return Judged(Verdict.LEFT, unit.label, unit.source, "", _("It is not translated in the file."), unit)
    if string.target == unit.target and unit.is_translated:
        return Judged(Verdict.SAME, unit.label, unit.source, unit.target, "", unit)
    if not string.confirmed:
        return Judged(
            Verdict.LEFT,
            unit.label,
            unit.source,
            string.target,
            _("The file marks it as not confirmed."),
            unit,
        )
    target, reason = usable(unit, string.target)
    if reason:
        return _refused(unit, string, reason)
    if target == unit.target and unit.is_translated:
        return Judged(Verdict.SAME, unit.label, unit.source, target, "", unit)
    return Judged(Verdict.TAKEN, unit.label, unit.source, target, "", unit)


def _refused(unit: Unit, string: Returned, reason: Any) -> Judged:
    return Judged(Verdict.REFUSED, unit.label, unit.source, string.target, reason, unit)


def usable(unit: Unit, target: str) -> tuple[str, str]:
    """A translation as it may be stored, and why it may not; one of the two is empty.

    Args:
        unit: The string.
        target: Its translation, as somebody or their tool wrote it.
    """
    if set(_CONTROL.findall(target)) - set(_CONTROL.findall(unit.source)):
        return "", _("It has a character that no text of the site can hold.")
    if "\n" not in unit.source:
        target = re.sub(r"\s*\n\s*", " ", target)
    try:
        target = normalized(target)
    except ValueError:
        return "", _("It has mark-up that a text cannot hold: only what the source text has can stay.")
    if reason := _differences(tags_of(unit.source), tags_of(target), _markup_words):
        return "", reason
    if reason := _differences(placeholders_of(unit.source), placeholders_of(target), str):
        return "", reason
    if unit.field is not None:
        try:
            unit.field.run_validators(StringValue(target).render_text())
        except ValidationError as error:
            return "", " ".join(error.messages)
    return target, ""


def _differences(before: list[str], after: list[str], words: Any) -> str:
    missing, added = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if missing:
        return _("This is missing: %(names)s.") % {"names": ", ".join(map(words, missing.elements()))}
    if added:
        return _("The source text does not have: %(names)s.") % {
            "names": ", ".join(map(words, added.elements()))
        }
    return ""


def _markup_words(name: str) -> str:
    tag, _space, identifier = name.partition(" ")
    return f'<{tag} id="{identifier}">' if identifier else f"<{tag}>"
