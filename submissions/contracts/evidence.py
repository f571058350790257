"""Reads the results of automated checks and sums them up: JUnit XML, SARIF, axe JSON. Knows no database and no request.

What comes is from outside: its size is limited before anything is read, XML with entities or a document type is
refused, and only counts and the names of tools leave this module. A file that is in none of these formats is refused
with a sentence, never guessed at. Sources: the JUnit schema as junitparser reads it; SARIF 2.1.0 (OASIS); the results
object of axe-core.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from junitparser import JUnitXml, JUnitXmlError

from microacq_pages import formats

from .enums import ResultFormat

#: In bytes. A result of a thousand tests has about two hundred thousand.
LARGEST = 2 * 1024 * 1024
#: Suites of tests stand in each other a few deep; each level would be counted again for the one above.
DEEPEST = 20
LONGEST_NAME = 100
#: How many names of tools are kept, and how long each may be.
MOST_TOOLS, LONGEST_TOOL = 5, 60

Summary = dict[str, Any]

_NOT_IN_A_NAME = re.compile(r"[^\w .,()\-]+")
#: A sum that a file says of itself; nobody runs more tests than seven digits can say.
_DIGITS = re.compile(r"[0-9]{1,7}")
_SUMS = ("tests", "failures", "errors", "skipped")
_LEVELS = ("error", "warning", "note")
_IMPACTS = ("critical", "serious", "moderate", "minor")


class NotRead(ValueError):
    """The file is not taken; the message says why, in the reader’s language."""


def read(content: bytes, language: str) -> tuple[ResultFormat, Summary]:
    """Which format a file of results has, and its counts.

    Args:
        content: All of it.
        language: In which sizes are written.

    Raises:
        NotRead: it is empty, too large, damaged, dangerous or in no format that is known.
    """
    if not content.strip():
        raise NotRead(_("This file is empty. Choose the file of results."))
    if len(content) > LARGEST:
        raise NotRead(
            _("This file has %(size)s: the limit is %(limit)s. Give a link instead.")
            % {
                "size": formats.file_size(len(content), language),
                "limit": formats.file_size(LARGEST, language),
            }
        )
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return ResultFormat.JUNIT, _junit(content)
    if text.startswith((b"{", b"[")):
        return _json(content)
    raise _unknown()


def _unknown() -> NotRead:
    return NotRead(
        _(
            "This is neither JUnit XML, nor SARIF, nor axe JSON. Save the results in one of these, or give a link."
        )
    )


def _damaged() -> NotRead:
    return NotRead(
        _("This file cannot be read: it is damaged or was cut off. Save it again, or give a link.")
    )


# --- tests -------------------------------------------------------------------------------------------


def _junit(content: bytes) -> Summary:
    try:
        root = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        if _is_deeper(root, DEEPEST):
            raise _damaged()
        sums = _told_by_attributes(root)
        results = JUnitXml.fromroot(root)  # writes over what the suites say of themselves
        results.update_statistics()
    except DefusedXmlException as refusal:
        raise NotRead(
            _("This file has a document type or entities, and is not read. Save it without them.")
        ) from refusal
    except JUnitXmlError as refusal:
        raise _unknown() from refusal
    except (ParseError, ValueError, TypeError, LookupError, RecursionError) as refusal:
        raise _damaged() from refusal
    counted = Counter(
        tests=int(results.tests),
        failures=int(results.failures),
        errors=int(results.errors),
        skipped=int(results.skipped),
    )
    counted.update(sums)
    failed, errors, skipped = counted["failures"], counted["errors"], counted["skipped"]
    total = counted["tests"]
    return {
        "tests": total,
        "passed": max(0, total - failed - errors - skipped),
        "failed": failed,
        "errors": errors,
        "skipped": skipped,
    }


def _told_by_attributes(element: Any) -> Counter[str]:
    """What suites say of their tests in attributes, where they name none: some programs write sums alone.

    The innermost sums count, so that nothing is counted twice. Knows that ``element`` is not deep.
    """
    if next(element.iter("testcase"), None) is None:
        inner = sum((_told_by_attributes(suite) for suite in element if suite.tag == "testsuite"), Counter())
        return inner if inner["tests"] else Counter({name: _number(element.get(name)) for name in _SUMS})
    return sum((_told_by_attributes(suite) for suite in element if suite.tag == "testsuite"), Counter())


def _number(written: str | None) -> int:
    """A sum as an attribute has it; nothing is none."""
    if not (written or "").strip():
        return 0
    if not _DIGITS.fullmatch(str(written)):
        raise _damaged()
    return int(str(written))


def _is_deeper(root: Any, levels: int) -> bool:
    """Whether elements stand in each other more than so many deep; knows it without calling itself."""
    level = [root]
    for _each in range(levels):
        level = [child for element in level for child in element]
    return bool(level)


# --- security and accessibility ----------------------------------------------------------------------


def _json(content: bytes) -> tuple[ResultFormat, Summary]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as refusal:
        raise _damaged() from refusal
    if isinstance(data, dict) and isinstance(data.get("runs"), list) and "version" in data:
        return ResultFormat.SARIF, _sarif(data["runs"])
    pages = data if isinstance(data, list) else [data]
    if pages and all(_is_axe(page) for page in pages):
        return ResultFormat.AXE, _axe(pages)
    raise _unknown()


def _sarif(runs: list[Any]) -> Summary:
    """Findings by level; suppressed ones and what only passed or does not apply are counted apart or not at all."""
    levels: Counter[str] = Counter()
    suppressed = 0
    tools: list[str] = []
    for run in _dicts(runs):
        tools.append(_name_of(run.get("tool")))
        rules = _Rules(run.get("tool"))
        for result in _dicts(run.get("results")):
            if _is_suppressed(result):
                suppressed += 1
            elif result.get("kind", "fail") == "fail":
                level = result["level"] if "level" in result else rules.level_of(result)
                levels[level if level in _LEVELS else "note"] += 1
    return {
        **{level: levels[level] for level in _LEVELS},
        "suppressed": suppressed,
        "tools": [name for name in dict.fromkeys(tools) if name][:MOST_TOOLS],
    }


def _is_suppressed(result: dict[str, Any]) -> bool:
    """Whether each suppression of a finding is accepted; one without a status is (SARIF 2.1.0, 3.27.23 and 3.35.3)."""
    found = _dicts(result.get("suppressions"))
    return bool(found) and all(each.get("status", "accepted") == "accepted" for each in found)


class _Rules:
    """The levels that the rules of a run have by default: most programs name a level there, and not with each finding.

    SARIF 2.1.0, 3.27.10 and 3.52: a finding names its rule by index or identifier, of the program or of an extension;
    where nothing names a level, it is a warning.
    """

    def __init__(self, tool: Any) -> None:
        tool = tool if isinstance(tool, dict) else {}
        self._driver = self._levels(tool.get("driver"))
        extensions = tool.get("extensions")
        self._extensions = [self._levels(each) for each in extensions] if isinstance(extensions, list) else []

    @staticmethod
    def _levels(component: Any) -> list[tuple[Any, Any]]:
        rules = component.get("rules") if isinstance(component, dict) else None
        found = []
        for rule in rules if isinstance(rules, list) else []:
            said = rule if isinstance(rule, dict) else {}
            default = said.get("defaultConfiguration")
            level = default.get("level", "warning") if isinstance(default, dict) else "warning"
            found.append((said.get("id"), level))
        return found

    def level_of(self, result: dict[str, Any]) -> Any:
        """The level of a finding that names none."""
        rule = result.get("rule")
        named = rule if isinstance(rule, dict) else {}
        component = named.get("toolComponent")
        place = component.get("index") if isinstance(component, dict) else None
        levels = self._driver if place is None else _at(self._extensions, place) or []
        found = _at(levels, named.get("index", result.get("ruleIndex")))
        if found is not None:
            return found[1]
        name = named.get("id", result.get("ruleId"))
        return next((level for identity, level in levels if identity == name), "warning")


def _at(rows: list[Any], place: Any) -> Any:
    """The row at a place that a file names; nothing where there is none."""
    is_place = isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(rows)
    return rows[place] if is_place else None


def _name_of(tool: Any) -> str:
    driver = tool.get("driver") if isinstance(tool, dict) else None
    name = driver.get("name") if isinstance(driver, dict) else ""
    return _plain(name)[:LONGEST_TOOL]


def _is_axe(page: Any) -> bool:
    return (
        isinstance(page, dict)
        and isinstance(page.get("violations"), list)
        and isinstance(page.get("passes"), list)
    )


def _axe(pages: list[dict[str, Any]]) -> Summary:
    """Rules that are not met by their impact, and what a person has to look at."""
    impacts: Counter[str] = Counter()
    elements = incomplete = passed = 0
    for page in pages:
        for rule in _dicts(page["violations"]):
            impact = rule.get("impact")
            impacts[impact if impact in _IMPACTS else "minor"] += 1
            nodes = rule.get("nodes")
            elements += len(nodes) if isinstance(nodes, list) else 0
        passed += len(page["passes"])
        left = page.get("incomplete")
        incomplete += len(left) if isinstance(left, list) else 0
    return {
        "pages": len(pages),
        "violations": sum(impacts.values()),
        **{impact: impacts[impact] for impact in _IMPACTS},
        "elements": elements,
        "incomplete": incomplete,
        "passed": passed,
    }


def _dicts(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _plain(text: Any) -> str:
    """A name without characters that are not shown."""
    said = unicodedata.normalize("NFC", text) if isinstance(text, str) else ""
    return "".join(letter for letter in said if letter.isprintable()).strip()


def clean_name(name: str, result_format: ResultFormat) -> str:
    """The name of a file without folders and odd characters; its ending is that of what was read."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    ending = "xml" if result_format == ResultFormat.JUNIT else "json"
    stem = last.rpartition(".")[0] or last
    stem = _NOT_IN_A_NAME.sub("_", stem).strip(" ._")[: LONGEST_NAME - 5].strip(" ._")
    return f"{stem or 'results'}.{ending}"


#: Each count in words.
_COUNTED: dict[str, Any] = {
    "tests": ngettext_lazy("%(count)s test", "%(count)s tests", "count"),
    "passed": ngettext_lazy("%(count)s passed", "%(count)s passed", "count"),
    "failed": ngettext_lazy("%(count)s failed", "%(count)s failed", "count"),
    "errors": ngettext_lazy("%(count)s with an error", "%(count)s with errors", "count"),
    "skipped": ngettext_lazy("%(count)s skipped", "%(count)s skipped", "count"),
    "error": ngettext_lazy("%(count)s error", "%(count)s errors", "count"),
    "warning": ngettext_lazy("%(count)s warning", "%(count)s warnings", "count"),
    "note": ngettext_lazy("%(count)s note", "%(count)s notes", "count"),
    "suppressed": ngettext_lazy("%(count)s suppressed", "%(count)s suppressed", "count"),
}


# --- in words ------------------------------------------------------------------------------------------


def is_clean(result_format: str, summary: Summary) -> bool:
    """Whether nothing failed: no failed test, no error or warning, no violation."""
    wanted = {
        ResultFormat.JUNIT: ("failed", "errors"),
        ResultFormat.SARIF: ("error", "warning"),
        ResultFormat.AXE: ("violations",),
    }
    return not any(summary.get(name) for name in wanted.get(ResultFormat(result_format), ()))


def sentence(result_format: str, summary: Summary) -> str:
    """The counts in words, in the reader’s language."""

    def told(*names: str) -> str:
        counts = ((name, summary.get(name)) for name in names)
        return ", ".join(str(_COUNTED[name] % {"count": int(count or 0)}) for name, count in counts)

    if result_format == ResultFormat.JUNIT:
        parts = told("passed", "failed", "errors", "skipped")
        return _("%(sum)s: %(parts)s.") % {"sum": told("tests"), "parts": parts}
    if result_format == ResultFormat.SARIF:
        found = _("Findings: %(parts)s.") % {"parts": told("error", "warning", "note", "suppressed")}
        tools = summary.get("tools") or []
        named = _("Tools: %(names)s.") % {"names": ", ".join(tools)}
        return f"{found} {named}" if tools else found
    if result_format == ResultFormat.AXE:
        known = {name: value for name, value in summary.items() if isinstance(value, int)}
        return (
            ngettext(
                "Rules not met: %(violations)s (critical: %(critical)s, serious: %(serious)s, moderate: %(moderate)s, "
                "minor: %(minor)s) on %(pages)s page; to look at by hand: %(incomplete)s.",
                "Rules not met: %(violations)s (critical: %(critical)s, serious: %(serious)s, moderate: %(moderate)s, "
                "minor: %(minor)s) on %(pages)s pages; to look at by hand: %(incomplete)s.",
                known.get("pages", 0),
            )
            % known
        )
    return ""
