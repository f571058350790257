"""How texts are set in French and in English: what breaks the rules, and the text put right.

Pure: no model, no request. The rules are those of *The Canadian Style* and *Le guide du rédacteur* (Translation
Bureau) and of section 4 of the design: a no-break space before : » % $ and after «, none before ; ! ?, « » as
quotation marks, ``6 500 $``, ``23 h 59``. The catalogue of the interface, the translators' panel and the guardrails ask
the same rules. Texts may be plain or carry the inline mark-up of wagtail-localize; addresses, mark-up, code, entities
and placeholders are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

NBSP = "\u00a0"
_GAPS = "[ \t\u2009\u00a0\u202f]"  # any space within a line
_LOOSE = "[ \t\u2009]"  # one at which a line may break
_OPAQUE, _TAG = "\ue000", "\ue001"  # stand for what is no prose, and for mark-up, while the rules look

_HIDDEN = re.compile(
    r"(?P<tag><code>.*?</code>|</?[a-zA-Z][^<>]*>)"
    r"|&lt;/?[a-zA-Z].*?&gt;"  # mark-up that a text shows
    r"|(?:https?|mailto):[^\s<>]+|[\w.+-]+@[\w-]+\.[\w.-]+|&(?!nbsp;|#160;|#xa0;)#?\w+;"
    r"|%\(\w+\)[#0\- +]?\d*\.?\d*[a-z]|%[sdif]\b|\{\{.*?\}\}|\{%.*?%\}|\{\w*\}|\b\d{1,2}:\d{2}\b"
    r"|[\ue000\ue001]",
    re.DOTALL,
)
_NBSP_ENTITY = re.compile(r"&(?:nbsp|#160|#xa0);", re.IGNORECASE)
_PASSES = 6
_CONTEXT = 12


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule.

    Attributes:
        code: Stable name of the rule.
        message: What is wrong, in the reader's language; names the mark.
        excerpt: The place with a little of what stands around it, without mark-up.
        correctable: Whether ``corrected`` puts it right; some need a person's judgement.
    """

    code: str
    message: Any
    excerpt: str
    correctable: bool = True


@dataclass(frozen=True)
class _Rule:
    code: str
    pattern: re.Pattern[str]
    message: Any
    #: Gives what should stand there; None where only a person can tell.
    replacement: Callable[[re.Match[str]], str] | None


def _rule(code: str, pattern: str, message: Any, replacement: Any = None) -> _Rule:
    if isinstance(replacement, str):
        text = replacement
        return _Rule(code, re.compile(pattern), message, lambda match: match.expand(text))
    return _Rule(code, re.compile(pattern), message, replacement)


def _is_quoted(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    return before.count("«") > before.count("»")


def _outside_quotation(match: re.Match[str]) -> str:
    """« » around a quotation; within another, “ ” is right."""
    if _is_quoted(match):
        return match.group()
    return f"«{NBSP}{match['quoted'].strip()}{NBSP}»"


def _grouped(digits: str, separator: str) -> str:
    return f"{int(digits):,}".replace(",", separator) if not digits.startswith("0") else digits


def _french_price(match: re.Match[str]) -> str:
    if _is_quoted(match):  # an example of what somebody wrote
        return match.group()
    cents = f",{match['cents']}" if match["cents"] else ""
    return f"{match['units'].replace(',', NBSP)}{cents}{NBSP}$"


def _english_price(match: re.Match[str]) -> str:
    cents = f".{match['cents']}" if match["cents"] else ""
    return f"${re.sub(_GAPS, ',', match['units'])}{cents}"


#: Words that often lose the accent of their capital, without it.
_CAPITALS = {
    "Etat": "État",
    "Etats": "États",
    "Ecole": "École",
    "Ecoles": "Écoles",
    "Edition": "Édition",
    "Egalement": "Également",
    "Equipe": "Équipe",
    "Equipes": "Équipes",
    "Etape": "Étape",
    "Etapes": "Étapes",
    "Etre": "Être",
    "Evaluation": "Évaluation",
    "Evaluations": "Évaluations",
    "Evaluer": "Évaluer",
    "Evenement": "Événement",
    "Ecrire": "Écrire",
    "Ecrit": "Écrit",
    "Ecran": "Écran",
    "Echeance": "Échéance",
    "Echeancier": "Échéancier",
    "Element": "Élément",
    "Elements": "Éléments",
    "Etude": "Étude",
    "Etudiant": "Étudiant",
}

_FRENCH = (
    _rule(
        "colon",
        rf"(?:{_GAPS}*{_LOOSE}|(?<=[^\s{_TAG}])|(?<=\S{_TAG})):(?=[\s{_TAG}]|$)",
        _("needs a no-break space before “:”"),
        f"{NBSP}:",
    ),
    _rule(
        "closing-guillemet",
        rf"(?:{_GAPS}*{_LOOSE}|(?<=[^\s{_TAG}(\[])|(?<=[^\s(\[]{_TAG}))»",
        _("needs a no-break space before “»”"),
        f"{NBSP}»",
    ),
    _rule(
        "opening-guillemet",
        rf"«(?:{_LOOSE}{_GAPS}*|(?=[^\s{_TAG})\];!?])|(?={_TAG}[^\s)\];!?]))",
        _("needs a no-break space after “«”"),
        f"«{NBSP}",
    ),
    _rule("space-before-semicolon", rf"{_GAPS}+;", _("has a space before “;”"), ";"),
    _rule("space-before-exclamation", rf"{_GAPS}+!(?!=)", _("has a space before “!”"), "!"),
    _rule("space-before-question", rf"{_GAPS}+\?", _("has a space before “?”"), "?"),
    _rule(
        "quotation-marks",
        r"“(?P<quoted>[^“”«»]*)”",
        _("has “ ” where French has « »"),
        _outside_quotation,
    ),
    _rule(
        "straight-quotation-marks",
        r'(?<![\w"])"(?P<quoted>[^\s"«»][^"«»\n]*)"(?!\w)',
        _("has straight quotation marks where French has « »"),
        _outside_quotation,
    ),
    _rule("apostrophe", r"(?<=\w)'(?=\w)", _("has the straight apostrophe “'” instead of ’"), "’"),
    _rule(
        "number",
        r"(?<=\d) (?=\d{3}(?!\d))",
        _("needs a no-break space within the number"),
        NBSP,
    ),
    _rule(
        "dollar-first",
        r"(?<![\w$])\$ ?(?P<units>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<cents>\d\d))?(?![\d,.]*\d)",
        _("has “$” before the number; in French it comes after"),
        _french_price,
    ),
    _rule(
        "thousands",
        rf"(?<![\d.,\u00a0\u202f ])\d{{4,9}}(?=(?:,\d\d)?{_GAPS}?\$)",
        _("needs a no-break space within the number"),
        lambda match: _grouped(match.group(), NBSP),
    ),
    _rule(
        "symbol",
        rf"(?<=\d)(?:{_LOOSE}+|(?=[$%€]))(?=[$%€](?!\w))",
        _("needs a no-break space within the number, before “$”, “%” or “€”"),
        NBSP,
    ),
    _rule(
        "hour",
        rf"(?<![\w.,:])(?P<hour>[01]?\d|2[0-4]){_GAPS}?h(?:{_GAPS}?(?P<minute>[0-5]\d))?(?!\w)",
        _("is not written as a time of day: 23 h 59"),
        lambda match: f"{match['hour']}{NBSP}h" + (f"{NBSP}{match['minute']}" if match["minute"] else ""),
    ),
    _rule(
        "numero",
        rf"(?<!\w)(?P<letter>[nN])(?:o{_LOOSE}+|[°º]{_LOOSE}*|[º]{_GAPS})(?=\d)",
        _("is not written as the abbreviation of number: n° 5"),
        lambda match: f"{match['letter']}°{NBSP}",
    ),
    _rule("ordinal", r"(?<!\w)\d+(?:ième|ieme|ème|eme)s?(?!\w)", _("is not the short form: 2e, 3e")),
    _rule(
        "capital-accent",
        rf"(?<!\w)(?:{'|'.join(_CAPITALS)})(?!\w)",
        _("lacks the accent of its capital"),
        lambda match: _CAPITALS[match.group()],
    ),
    _rule(
        "capital-a",
        r"(?:^|(?<=[.!?] ))A(?= (?:partir|compter|titre|cause|défaut|noter|la|l’|ce|cette|chaque)(?!\w))",
        _("lacks the accent of its capital"),
        "À",
    ),
    _rule("ellipsis", r"(?<!\.)\.\.\.(?!\.)", _("has three full stops instead of “…”"), "…"),
    _rule("doubled-space", r"(?<=\S) {2,}(?=\S)", _("has a doubled space"), " "),
)

_ENGLISH = (
    _rule(
        "space-before-mark",
        rf"(?<=\w){_GAPS}+(?P<mark>[;:!?])(?=\s|$)",
        _("has a space before a punctuation mark"),
        r"\g<mark>",
    ),
    _rule(
        "quotation-marks",
        rf"«{_GAPS}*(?P<quoted>[^«»“”]*?){_GAPS}*»",
        _("has « » where English has “ ”"),
        r"“\g<quoted>”",
    ),
    _rule(
        "dollar-last",
        r"(?<![\d.,$\u00a0\u202f])(?P<units>\d{1,3}(?:[ \u00a0\u202f]\d{3})*)"
        r"(?:,(?P<cents>\d\d))?[ \u00a0\u202f]\$(?!\d)",
        _("has “$” after the number; in English it comes first: $6,500"),
        _english_price,
    ),
    _rule("doubled-space", r"(?<=\S) {2,}(?=\S)", _("has a doubled space"), " "),
)

_RULES = {"fr": _FRENCH, "en": _ENGLISH}


def findings(text: str, language: str) -> list[Finding]:
    """What breaks the rules of a language in a text, in the order of the text.

    Args:
        text: Plain, or with inline mark-up.
        language: ``fr`` or ``en``; any other has no rules.
    """
    prose, _hidden = _hide(text)
    found = []
    for rule in _RULES.get(language, ()):
        for match in rule.pattern.finditer(prose):
            if rule.replacement is None or rule.replacement(match) != match.group():
                finding = Finding(rule.code, rule.message, _excerpt(match), rule.replacement is not None)
                found.append((match.start(), finding))
    return [finding for _start, finding in sorted(found, key=lambda item: item[0])]


def corrected(text: str, language: str) -> str:
    """The text with every place put right that can be without a person's judgement; otherwise unchanged.

    Putting right what was put right changes nothing, and no word or mark-up is lost.
    """
    if not any(finding.correctable for finding in findings(text, language)):
        return text
    prose, hidden = _hide(text)
    for _attempt in range(_PASSES):
        before = prose
        for rule in _RULES[language]:
            if rule.replacement is not None:
                prose = rule.pattern.sub(rule.replacement, prose)
        if prose == before:
            break
    return _show(prose, hidden)


def _hide(text: str) -> tuple[str, list[str]]:
    """The text with one character for each piece that is no prose, and these pieces in order."""
    hidden: list[str] = []

    def keep(match: re.Match[str]) -> str:
        hidden.append(match.group())
        return _TAG if match["tag"] else _OPAQUE

    return _NBSP_ENTITY.sub(NBSP, _HIDDEN.sub(keep, text)), hidden


def _show(prose: str, hidden: list[str]) -> str:
    pieces = iter(hidden)
    return re.sub(f"[{_OPAQUE}{_TAG}]", lambda _match: next(pieces), prose)


def _excerpt(match: re.Match[str]) -> str:
    place = match.string[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT]
    return place.replace(_TAG, "").replace(_OPAQUE, "…").strip()
