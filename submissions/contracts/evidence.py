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
        results = JUnitXml.fromroot(root)
        results.update_statistics()
    except DefusedXmlException as refusal:
        raise NotRead(
            _("This file has a document type or entities, and is not read. Save it without them.")
        ) from refusal
    except JUnitXmlError as refusal:
        raise _unknown() from refusal
    except (ParseError, ValueError, TypeError, LookupError, RecursionError) as refusal:
        raise _damaged() from refusal
    failed, errors, skipped = int(results.failures), int(results.errors), int(results.skipped)
    total = int(results.tests)
    return {
        "tests": total,
        "passed": max(0, total - failed - errors - skipped),
        "failed": failed,
        "errors": errors,
        "skipped": skipped,
    }


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
        for result in _dicts(run.get("results")):
            if result.get("suppressions"):
                suppressed += 1
            elif result.get("kind", "fail") == "fail":
                # SARIF 2.1.0, 3.27.10: without a level a finding is a warning.
                level = result.get("level", "warning")
                levels[level if level in _LEVELS else "note"] += 1
    return {
        **{level: levels[level] for level in _LEVELS},
        "suppressed": suppressed,
        "tools": [name for name in dict.fromkeys(tools) if name][:MOST_TOOLS],
    }


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
    known = {name: value for name, value in summary.items() if isinstance(value, int)}
    if result_format == ResultFormat.JUNIT:
        return (
            _(
                "%(tests)s tests: %(passed)s passed, %(failed)s failed, %(errors)s with errors, %(skipped)s skipped."
            )
            % known
        )
    if result_format == ResultFormat.SARIF:
        told = (
            _("Findings: %(error)s errors, %(warning)s warnings, %(note)s notes, %(suppressed)s suppressed.")
            % known
        )
        tools = summary.get("tools") or []
        return f"{told} {_('Tools: %(names)s.') % {'names': ', '.join(tools)}}" if tools else told
    if result_format == ResultFormat.AXE:
        return (
            _(
                "Rules not met: %(violations)s (critical: %(critical)s, serious: %(serious)s, moderate: %(moderate)s, "
                "minor: %(minor)s) on %(pages)s pages; to look at by hand: %(incomplete)s."
            )
            % known
        )
    return ""
