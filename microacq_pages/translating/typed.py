"""What a translator typed in the form of what is left: read from the request, kept when it cannot be stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from .saving import Written

_FIELD = re.compile(r"text-(\d{1,10})-(\d{1,10})")
_KEY = re.compile(r"(\d{1,10})-(\d{1,10})")
_BREAK = re.compile(r"\s*[\r\n]+\s*")
#: wagtail-localize holds a text in one line; longer than any text of the site.
_TEXT = forms.CharField(required=False, max_length=50_000)

Place = tuple[int, int]


@dataclass(frozen=True)
class Typed:
    """One field of the form.

    Attributes:
        place: Context and string.
        raw: As it came, to be shown again.
        data: As it would be stored.
        seen: What was stored when the person began.
        error: Why it cannot be stored at all.
    """

    place: Place
    raw: str
    data: str
    seen: str
    error: str = ""

    def written(self) -> Written:
        return Written(*self.place, data=self.data, seen=self.seen)


def read(posted: QueryDict) -> dict[Place, Typed]:
    """Every text of the form, empty ones too, by place."""
    found: dict[Place, Typed] = {}
    for name in posted:
        match = _FIELD.fullmatch(name)
        if match is None:
            continue
        place = (int(match[1]), int(match[2]))
        raw, seen = str(posted[name]), str(posted.get(f"seen-{match[1]}-{match[2]}", ""))
        try:
            data = _TEXT.clean(_BREAK.sub(" ", raw))
        except ValidationError as refusal:
            found[place] = Typed(place, raw.replace("\x00", ""), "", seen, " ".join(refusal.messages))
        else:
            found[place] = Typed(place, raw, data, seen)
    return found


def place_of(key: str) -> Place | None:
    """The place that a key names; none when it names nothing."""
    match = _KEY.fullmatch(key)
    return (int(match[1]), int(match[2])) if match else None


def choice_of(value: str) -> tuple[Place, int] | None:
    """The place and the suggestion that the button “Use this” names."""
    key, _colon, suggestion = value.partition(":")
    place = place_of(key)
    return (place, int(suggestion)) if place and re.fullmatch(r"\d{1,10}", suggestion) else None
