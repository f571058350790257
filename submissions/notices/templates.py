"""The texts of notices: plain text, in the language of the reader, or in both where it is not known.

Owns the form of the template files: the first line is ``Subject: …``, then an empty line, then the text. An
``.html`` file beside the ``.txt`` one adds a second form of the same text. Imports no model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.template import Context, TemplateDoesNotExist, engines
from django.utils import translation

from .kinds import KINDS
from .words_of_staff import Words

LANGUAGES = ("en", "fr")
SUBJECT = "Subject:"
BOTH_WAYS = {"en": "Le texte français suit.", "fr": "The English text is above."}

Values = Mapping[str, Any] | Callable[[str], Mapping[str, Any]]
"""What a text is filled with; a function gives it by language, for values that are words."""


class Notice(NamedTuple):
    """A notice in words."""

    subject: str
    text: str
    html: str | None = None


def render_notice(
    kind: str, language: str | None, context: Values, wording: Callable[[str], Words] | None = None
) -> Notice:
    """Put a notice into words.

    Args:
        kind: a name of ``kinds.KINDS``.
        language: ``en`` or ``fr``; anything else gives both, English first.
        context: the values, or a function that gives them for a language.
        wording: gives the text that staff have put in force, by language.

    Raises:
        KeyError: the kind is unknown, or a value that its texts need is missing.
    """
    if language in LANGUAGES:
        return _render(kind, language, context, wording)
    both = [_render(kind, each, context, wording) for each in LANGUAGES]
    english, french = both
    text = f"{BOTH_WAYS['en']}\n\n{english.text}\n\n{'-' * 60}\n{BOTH_WAYS['fr']}\n\n{french.text}"
    html = f"{english.html}<hr>{french.html}" if english.html and french.html else None
    return Notice(f"{english.subject} / {french.subject}", text, html)


def _render(kind: str, language: str, context: Values, wording: Callable[[str], Words] | None) -> Notice:
    with translation.override(language):
        values = context(language) if callable(context) else context
        missing = KINDS[kind].needs - values.keys()
        if missing:
            raise KeyError(f"The notice “{kind}” needs: {', '.join(sorted(missing))}")
        name = f"submissions/notices/{kind}.{language}"
        subject, text = _split(_fill(f"{name}.txt", values, autoescape=False), name)
        try:
            html = _fill(f"{name}.html", values, autoescape=True)
        except TemplateDoesNotExist:
            html = None
        if wording is not None:
            words = wording(language)
            subject, text = words.subject_with(values, subject), words.text_with(values, text)
            html = words.html_with(values, html)
    return Notice(subject, text, html)


def _fill(name: str, values: Mapping[str, Any], *, autoescape: bool) -> str:
    # Django's loader function escapes whatever the file is called; the engine's own template lets us say.
    engine: Any = engines["django"]
    text: str = engine.engine.get_template(name).render(Context(dict(values), autoescape=autoescape))
    return text


def _split(filled: str, name: str) -> tuple[str, str]:
    first, _, rest = filled.strip().partition("\n")
    if not first.startswith(SUBJECT):
        raise ValueError(f"The first line of {name}.txt is not “{SUBJECT} …”")
    return " ".join(first.removeprefix(SUBJECT).split()), rest.strip() + "\n"
