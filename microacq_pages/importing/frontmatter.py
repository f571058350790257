"""The front matter of a file: YAML keys and values, each with the line where it stands.

Owns the cutting of a file into front matter and body, and nothing about what the values mean. Values stay
text: YAML's own guesses (dates, booleans, numbers) would hide what the author wrote. Must not import
models.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from microacq_pages.importing.faults import Remarks

KNOWN_KEYS = frozenset(
    {
        *(
            "title",
            "ref",
            "lang",
            "skills",
            "value",
            "closing_date",
            "start_date",
            "delivery_date",
            "short_desc",
        ),
        *("repository", "licence", "project", "contact_name", "contact_email"),
        *("department", "branch", "team", "section_32", "confirmed"),
    }
)
# Keys of the static site that the files were written for: known, of no use here.
IGNORED_KEYS = frozenset(
    {
        *("layout", "last_modified", "permalink", "update"),
        *("selected_bidder", "selected_bidder-link", "submitted_work-link"),
    }
)
LIST_KEYS = frozenset({"skills", "confirmed"})
FENCE = "---"


@dataclass(frozen=True)
class Entry:
    """The value of one key: its text, or its texts when it was written as a list."""

    line: int
    values: tuple[str, ...]

    @property
    def text(self) -> str:
        """The value as one text."""
        return ", ".join(self.values)


@dataclass(frozen=True)
class SplitFile:
    """A file cut in two; ``body_line`` is the line of the file on which the body starts."""

    entries: dict[str, Entry]
    body: str
    body_line: int


def decode(data: bytes, remarks: Remarks) -> str:
    """Read the bytes of a file as UTF-8 text with plain line ends."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        remarks.fault(line, _("This is not valid UTF-8 text. Save the file with the encoding UTF-8."))
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        remarks.fault(text[: text.index("\0")].count("\n") + 1, _("This line holds a null character."))
        return ""
    return text


def split_file(text: str, remarks: Remarks) -> SplitFile:
    """Cut a file into front matter and body, adding a fault for everything unreadable."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        remarks.fault(1, _("The file must start with a line of three hyphens that opens the front matter."))
        return SplitFile({}, text, 1)
    for index in range(1, len(lines)):
        if lines[index].rstrip() == FENCE:
            entries = _entries("\n".join(lines[1:index]), remarks)
            return SplitFile(entries, "\n".join(lines[index + 1 :]), index + 2)
    remarks.fault(1, _("The front matter is not closed by a second line of three hyphens."))
    return SplitFile({}, "", len(lines))


def _entries(source: str, remarks: Remarks) -> dict[str, Entry]:
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        remarks.fault(
            line, _("The front matter is not valid YAML: %(problem)s.") % {"problem": error.problem}
        )
        return {}
    except yaml.reader.ReaderError as error:
        line = source[: error.position].count("\n") + 2
        remarks.fault(line, _("The front matter holds a character that is not allowed."))
        return {}
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        remarks.fault(1, _("The front matter is not valid YAML."))
        return {}
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        remarks.fault(2, _("The front matter must be a list of “key: value” lines."))
        return {}
    entries: dict[str, Entry] = {}
    for key_node, value_node in root.value:
        _add_entry(entries, key_node, value_node, remarks)
    return entries


def _add_entry(
    entries: dict[str, Entry], key_node: yaml.Node, value_node: yaml.Node, remarks: Remarks
) -> None:
    line = key_node.start_mark.line + 2
    if not isinstance(key_node, yaml.ScalarNode):
        remarks.fault(line, _("A key of the front matter must be a plain word."))
        return
    key = key_node.value
    if key in IGNORED_KEYS:
        return
    if key not in KNOWN_KEYS:
        remarks.note(line, _("Unknown key “%(key)s”: it is ignored.") % {"key": key})
        return
    if key in entries:
        remarks.fault(line, _("The key “%(key)s” is given twice.") % {"key": key})
        return
    values = _values(key, value_node, line, remarks)
    if values is not None:
        entries[key] = Entry(line, values)


def _values(key: str, node: yaml.Node, line: int, remarks: Remarks) -> tuple[str, ...] | None:
    if isinstance(node, yaml.ScalarNode):
        nodes = [node]
    elif isinstance(node, yaml.SequenceNode) and key in LIST_KEYS:
        nodes = node.value
    else:
        remarks.fault(line, _("The value of “%(key)s” must be plain text.") % {"key": key})
        return None
    texts = []
    for item in nodes:
        if not isinstance(item, yaml.ScalarNode):
            remarks.fault(line, _("The value of “%(key)s” must be a list of plain texts.") % {"key": key})
            return None
        # Not split(): no-break spaces stay, because French typography needs them.
        text = re.sub(r"[ \t\r\n]+", " ", item.value).strip(" ")
        if not is_storable(text):
            remarks.fault(line, _("The value of “%(key)s” holds a control character.") % {"key": key})
            return None
        # An unquoted null ("~", "null" or nothing) means that the value is not given.
        is_null = item.tag == "tag:yaml.org,2002:null"
        if text and not is_null:
            texts.append(text)
    return tuple(texts)


def is_storable(text: str) -> bool:
    """Tell whether a text holds no control characters and no half characters, which no page may hold."""
    return not any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)
