"""The Open Resource Exchange: an entry, and the whole file of the department, as YAML in the form of its schema.

Format: ``_data/schemaCode.yaml`` of canada-ca/ore-ero, schema version 1.0. Every text is quoted, so that dates and the
category stay texts, as the schema asks. Pure, but for the entry that it reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml
from license_expression import get_spdx_licensing

if TYPE_CHECKING:
    from .models import CatalogueEntry

SCHEMA_VERSION = "1.0"


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as the files of the exchange do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


class _Quoted(str):
    """A value; keys stay plain."""


def _represent(dumper: yaml.SafeDumper, text: _Quoted) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')


_Dumper.add_representer(_Quoted, _represent)


def _quoted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _quoted(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_quoted(each) for each in value]
    if isinstance(value, date):
        return _Quoted(value.isoformat())
    return _Quoted(value) if isinstance(value, str) else value


def write(data: Any) -> str:
    """Data as YAML: keys in their order, every text quoted, no line broken."""
    return yaml.dump(
        _quoted(data), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000, explicit_start=True
    )


def licences(expression: str) -> list[str]:
    """The SPDX names in an expression, each once, in order."""
    return list(get_spdx_licensing().license_keys(expression, unique=True)) or [expression]


def licence_url(spdx: str) -> str:
    """The text of a licence."""
    return f"https://spdx.org/licenses/{spdx}.html"


def release(entry: CatalogueEntry, contact: str, homepages: dict[str, str]) -> dict[str, Any]:
    """One item of ``releases``.

    Args:
        entry: Of the catalogue.
        contact: E-mail address of the department for questions.
        homepages: Address of the opportunity by language; left out unless there are both.
    """
    found: dict[str, Any] = {
        "contact": {"email": contact},
        "date": {"created": entry.created_on, "metadataLastUpdated": entry.changed_on},
        "description": {"whatItDoes": {"en": entry.what_en, "fr": entry.what_fr}},
        "category": entry.category,
        "name": {"en": entry.name_en, "fr": entry.name_fr},
        "licences": [
            {"URL": {"en": licence_url(spdx), "fr": licence_url(spdx)}, "spdxID": spdx}
            for spdx in licences(entry.licence)
        ],
        "repositoryURL": {"en": entry.repository, "fr": entry.repository},
        "tags": {"en": list(entry.tags_en), "fr": list(entry.tags_fr)},
        "status": entry.status,
    }
    if set(homepages) == {"en", "fr"}:
        found["homepageURL"] = {language: homepages[language] for language in ("en", "fr")}
    return found


def document(releases: Iterable[dict[str, Any]], admin_code: str) -> str:
    """The file of one administration, ``_data/code/federal/<admin code>.yml``."""
    return write({"schemaVersion": SCHEMA_VERSION, "adminCode": admin_code, "releases": list(releases)})
