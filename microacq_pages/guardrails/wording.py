"""What can be told from the words of a text, in English and in French: long sentences, demands that are not allowed,
markings of protected information, criteria that cannot be answered with pass or fail.

Pure: text in, the words that were found out. A text is looked at with the patterns of both languages, because people
quote one in the other. Must not import Django.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

#: Most words that a sentence should have. Source: Canada.ca Content Style Guide, plain language.
LONGEST_SENTENCE = 25

_BLOCKS = frozenset(
    {"p", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "div", "blockquote"}
)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")  # no-break spaces stay: typography is judged too
#: A mark that ends a sentence, closing quotes or brackets with it, and what a sentence can begin with after it.
_END = re.compile(
    r"(?<=[.!?…])(?P<closing>[\s\u00a0\u202f]*[»”\"')\]]*)\s+(?=[«“\"'(\[]?[\s\u00a0\u202f]*[A-ZÀ-ÖØ-Þ0-9])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|approx|fig|incl|No|Nos|p\. ?ex|c\.-à-d|env|M|MM|Mr|Mrs|Ms|Dr|St|Ste|Inc|Ltd|Co)"
    r"|\b[A-Z])\.$"
)
_GROUPED_NUMBER = re.compile(r"(?<=\d)[\u00a0\u202f ](?=\d{3}\b)")


class _Passages(HTMLParser):
    """Cuts rich text at its paragraphs, headings and list items."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("")

    def handle_data(self, data: str) -> None:
        self.parts[-1] += data


def passages(html: str) -> list[str]:
    """The texts of paragraphs, headings and list items, in order, without marks."""
    parser = _Passages()
    parser.feed(html)
    parser.close()
    return [text for part in parser.parts if (text := _SPACE.sub(" ", part).strip())]


def sentences(passage: str) -> list[str]:
    """The sentences of one passage. A point after an abbreviation, or within a number or a name, ends none."""
    found, start = [], 0
    for match in _END.finditer(passage):
        before = passage[start : match.start()]
        if not match["closing"].strip() and _ABBREVIATION.search(before):
            continue
        found.append(passage[start : match.end("closing")].strip())
        start = match.end()
    found.append(passage[start:].strip())
    return [sentence for sentence in found if sentence]


def count_words(sentence: str) -> int:
    """How many words; an elision is part of its word, a number in groups is one."""
    return sum(any(map(str.isalnum, part)) for part in _GROUPED_NUMBER.sub("", sentence).split())


def long_sentences(passage: str) -> list[tuple[str, int]]:
    """The sentences that are too long, each with its number of words."""
    counted = ((sentence, count_words(sentence)) for sentence in sentences(passage))
    return [(sentence, words) for sentence, words in counted if words > LONGEST_SENTENCE]


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{alternative})" for alternative in alternatives), re.IGNORECASE)


_NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|many|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|"
    r"plusieurs)"
)

YEARS_OF_EXPERIENCE = _pattern(
    rf"\b{_NUMBER}(?:\s*\(\d+\))?\s*\+?(?:\s+or more)?\s+years?\b[’']?(?:\s+of)?"
    r"(?:\s+[\w/#+.-]+){0,4}?\s+experience\b",
    r"\byears\s+of\s+(?:[\w/#+.-]+\s+){0,3}experience\b",
    r"\bexperience\s+of\s+(?:at\s+least\s+)?\d+\s+years?\b",
    r"\bexperience\b[^.;!?]{0,40}\b(?:at\s+least|minimum\s+of)\s+\d+\s+years?\b",
    r"\b(?:ans|années)\s+(?:d[’']|de\s+(?:[\w/#+.-]+\s+){0,3})expérience\b",
    r"\bexpérience\s+(?:minimale\s+)?(?:d[’']au\s+moins|de|minimale\s+de)\s+\d+\s+(?:ans|années)\b",
)

CLEARANCE = _pattern(
    r"\bsecurity[\s-]+(?:clearances?|screening|checks?)\b",
    r"\breliability\s+(?:status|screening|clearance)\b",
    r"\b(?:secret|top\s+secret|enhanced\s+reliability)\s+(?:clearance|status|level)\b",
    r"\b(?:cotes?|attestations?|autorisations?|habilitations?|enquêtes?)\s+de\s+(?:sécurité|fiabilité)\b",
    r"\bvérification\s+(?:de\s+sécurité|de\s+fiabilité|d[’']antécédents)\b",
    r"\bcote\s+(?:«\s*)?(?:très\s+)?secret\b",
)

PREQUALIFICATION = _pattern(
    r"\bpre-?\s?qualif\w*",
    r"\bsupply\s+arrangements?\b",
    r"\bstanding\s+offers?\b",
    r"\b(?:pre-?approved|registered)\s+(?:suppliers?|vendors?)\b",
    r"\bpré-?\s?qualif\w*",
    r"\barrangements?\s+en\s+matière\s+d[’']approvisionnement\b",
    r"\boffres?\s+à\s+commandes\b",
    r"\bfournisseurs?\s+(?:préapprouvés?|inscrits?)\b",
    r"\b(?:ProServices|TBIPS|SPICT)\b",
)

_REGION = r"(?:the\s+)?(?:Ottawa|Gatineau|National\s+Capital(?:\s+Region)?)"
PLACE = _pattern(
    r"\bNational\s+Capital\s+(?:Region|Area)\b",
    r"\brégion\s+de\s+la\s+capitale\s+nationale\b",
    r"\b(?-i:NCR|RCN)\b",
    rf"\b(?:located|based|liv(?:e|es|ing)|resid(?:e|es|ing)|work(?:s|ing)?|present|available|come|travel)\s+(?:in|to|from|near)\s+{_REGION}\b",
    r"\bon[\s-]site\b",
    r"\bin[\s-]person\b",
    r"\bat\s+our\s+(?:offices?|premises)\b",
    r"\b(?:située?s?|établie?s?|basée?s?|habiter|habitez|résider|résidez|travailler|travaillez|présente?s?|disponibles?|vous\s+rendre)\s+(?:à|dans\s+la\s+région\s+d[’']|près\s+d[’'])\s?(?:Ottawa|Gatineau)\b",
    r"\bsur\s+place\b",
    r"\ben\s+personne\b",
    r"\b(?:à|dans)\s+nos\s+(?:bureaux|locaux)\b",
)

#: Words by which an answer would be given points or compared with others instead of passing or failing.
SCORING = _pattern(
    r"\brated\b(?!\s+(?:current|voltage|power))",
    r"\bratings?\s+(?:scale|grid|of\s+\d)",
    r"\b(?:up\s+to\s+|maximum\s+(?:of\s+)?|minimum\s+(?:of\s+)?)?\d+\s+(?:points?|marks?|pts)\b(?!\s+of\s+(?:interest|sale|contact))",
    r"\bpoints?\s+(?:will\s+be|are|is)\s+(?:given|awarded|assigned|allocated)\b",
    r"\b(?:more|extra|bonus|additional|full)\s+(?:points?|marks?)\b",
    r"\b(?:will\s+be|are|is)\s+(?:scored|ranked|weighted|graded)\b",
    r"\b(?:minimum|passing|total|highest|overall|best)\s+(?:score|mark)\b",
    r"\bscor(?:ed|ing)\s+(?:out\s+of|grid|on|from)\b",
    r"\bweight(?:ing|ed)?\s+of\s+\d",
    r"\b(?:is|are|be|as|considered|considered\s+as)\s+an?\s+(?:strong\s+|definite\s+|added\s+)?(?:asset|advantage|plus)\b",
    r"\ban\s+asset\s*(?:[.:;,)]|$)",
    r"^assets?\s*:",
    r"\b(?:is|are|be)\s+(?:strongly\s+)?preferred\b",
    r"\bpreferred(?:\s+(?:skills?|qualifications?|experience|candidates?|suppliers?|applicants?)|\s*[.:;,)]|$)",
    r"\bpreferably\b",
    r"\bpreference\s+(?:will\s+be\s+|is\s+)?(?:given|goes)\b",
    r"\bnice[\s-]to[\s-]have\b",
    r"\bthe\s+best\s+(?:application|answer|proposal|candidate|supplier|example|portfolio)s?\b",
    r"\b(?:notée?s?|cotée?s?|pondérée?s?|classée?s?)\s+(?:sur|selon|de\s+\d|en\s+ordre|par\s+ordre)",
    r"\b(?:sera|seront|est|sont)\s+(?:notée?s?|cotée?s?|pondérée?s?|classée?s?)\b",
    r"\bcritères?\s+cotés?\b",
    r"\b(?:jusqu[’']à\s+|maximum\s+(?:de\s+)?|minimum\s+(?:de\s+)?)?\d+\s+points?\b(?!\s+(?:d[’']intérêt|de\s+vente|de\s+service))",
    r"\bpoints?\s+(?:seront|sera|sont|est)\s+(?:accordés?|attribués?|alloués?|donnés?)\b",
    r"\bpoints?\s+(?:supplémentaires?|additionnels?|bonis?)\b",
    r"\b(?:pointage|pondération|note\s+de\s+passage|meilleure\s+note|note\s+minimale)\b",
    r"\b(?:est|sont|sera|seront|serait|constitue|constituent|considérée?s?\s+comme)\s+une?\s+(?:précieux\s+)?(?:atout|avantage|plus)\b",
    r"\bun\s+atout\s*(?:[.:;,)]|$)",
    r"^atouts?\s*:",
    r"\b(?:de|une)\s+préférence\b",
    r"\bpréférablement\b",
    r"\bpréférence\s+(?:sera\s+|est\s+)?(?:accordée|donnée)\b",
    r"\b(?:la|les)\s+meilleure?s?\s+(?:demandes?|réponses?|propositions?|candidatures?|exemples?|portfolios?)\b",
    r"\ble\s+meilleur\s+(?:fournisseur|candidat|exemple|portfolio)\b",
)

#: Words about which two readers of the same answer may differ.
VAGUE = _pattern(
    r"\b(?:excellent|strong|solid|extensive|exceptional|outstanding|in-depth|superior|proven|thorough|good)\s+"
    r"(?:[\w-]+\s+){0,2}(?:skills?|knowledge|experience|understanding|ability|abilities|track\s+record|grasp|command)\b",
    r"\b(?:ideally|desirable|as\s+many\s+as\s+possible|if\s+possible)\b",
    r"\b(?:excellente?s?|solides?|vastes?|exceptionnelle?s?|approfondie?s?|supérieure?s?|bonnes?|grandes?)\s+"
    r"(?:[\w-]+\s+){0,2}(?:compétences?|connaissances?|expérience|compréhension|capacités?|maîtrise)\b",
    r"\b(?:compétences?|connaissances?|expérience|compréhension|capacités?|maîtrise)\s+"
    r"(?:excellente?s?|solides?|vastes?|exceptionnelle?s?|approfondie?s?|supérieure?s?|étendue?s?|poussée?s?)\b",
    r"\b(?:idéalement|souhaitables?|souhaitée?s?|autant\s+que\s+possible|si\s+possible)\b",
)

SIMILAR_SKILLS = _pattern(
    r"\b(?:similar|equivalent|comparable|transferable|related)\b",
    r"\b(?:semblables?|similaires?|équivalente?s?|comparables?|connexes?|transférables?|analogues?)\b",
)

_LEVEL = r"(?:PROTECTED|PROTÉGÉE?|PROTEGEE?)[\s\u00a0]*[-–«\"“/]?[\s\u00a0]*(?-i:[ABC])\b"
#: Written as a marking is: in capitals.
_MARKINGS = re.compile(
    rf"\b{_LEVEL}|\b(?:TOP[\s-]+SECRET|TRÈS[\s-]+SECRET|TRES[\s-]+SECRET)\b"
    r"|\b(?:SECRET|CONFIDENTIAL|CONFIDENTIEL|CLASSIFIED|CLASSIFIÉ)\s*//|//\s*(?:SECRET|CONFIDENTIAL|CONFIDENTIEL)\b"
    r"|[(\[]\s*(?:SECRET|CONFIDENTIAL|CONFIDENTIEL|CLASSIFIED|CLASSIFIÉ)\s*[)\]]"
    r"|\bCANADIAN\s+EYES\s+ONLY\b|\bRÉSERVÉ\s+AUX\s+CANADIENS\b"
)
#: Standing alone, or at the head or foot of a passage, as on a letterhead; capitals do not matter then.
_LABEL = re.compile(
    rf"^\W*(?:classification\s*:?\s*|security\s+level\s*:?\s*|cote\s*:?\s*)?"
    rf"(?:{_LEVEL}|top\s+secret|très\s+secret|secret|confidential|confidentiel|classified|classifié)\W*$",
    re.IGNORECASE,
)
#: Only spoken of: “no Protected B data”.
_MENTIONS = re.compile(rf"\b{_LEVEL}|\btop\s+secret\b|\btrès\s+secret\b", re.IGNORECASE)


def found(pattern: re.Pattern[str], passage: str) -> Iterator[str]:
    """The words of a passage that a pattern finds, each once."""
    seen: set[str] = set()
    for match in pattern.finditer(passage):
        words = match[0].strip(" .:;)")
        if words.casefold() not in seen:
            seen.add(words.casefold())
            yield words


def markings(passage: str) -> list[str]:
    """Markings of protected or classified information, as they stand on documents."""
    if label := _LABEL.match(passage):
        return [label[0].strip()]
    return list(found(_MARKINGS, passage))


def mentions_of_levels(passage: str) -> list[str]:
    """Levels of protection that the passage speaks of without being marked with one."""
    return [] if markings(passage) else list(found(_MENTIONS, passage))
