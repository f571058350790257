"""The Open Contracting Data Standard, as its own schemas say it: what is valid, and how releases are merged.

The schemas stand in ``standard/`` with their licence; nothing is fetched. Knows no model.

Source: https://standard.open-contracting.org/1.1/en/ (version 1.1.5), with the bids and the enquiries extensions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from jsonschema import Draft4Validator
from ocdsmerge import Merger

VERSION = "1.1"
EXTENSIONS = (
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_bid_extension/v1.1.5/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_enquiry_extension/v1.1.5/extension.json",
)
#: The form of a prefix that the Open Contracting Partnership registers.
PREFIX = re.compile(r"ocds-[a-z0-9]{6}")
#: What the standard's own examples use; nobody publishes under it.
EXAMPLE_PREFIX = "ocds-213czf"

_FOLDER = Path(__file__).with_name("standard")


def prefix() -> str:
    """The registered prefix of the department; empty where there is none, and then nothing is published."""
    return str(settings.MICROACQ_OCID_PREFIX)


def ocid_of(number: str) -> str:
    """The open contracting ID of the file with a number."""
    return f"{prefix()}-{number}"


@lru_cache(maxsize=1)
def release_schema() -> dict[str, Any]:
    """The schema of a release with both extensions merged into it (JSON merge patch, RFC 7386)."""
    schema = _read("release-schema")
    for name in ("bid-extension", "enquiry-extension"):
        _merge(schema, _read(name))
    return schema


@lru_cache(maxsize=1)
def _validator() -> Draft4Validator:
    return Draft4Validator(release_schema())


@lru_cache(maxsize=1)
def _merger() -> Merger:
    return Merger(release_schema())


def faults_of(release: dict[str, Any]) -> list[str]:
    """What a validator finds against a release, a sentence each; nothing where it is valid."""
    return [f"{error.json_path}: {error.message}" for error in _validator().iter_errors(release)]


def compiled(releases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All releases of one file as one, as the standard merges them."""
    merged: dict[str, Any] = _merger().create_compiled_release(list(releases))
    return merged


def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return schema


def _merge(target: dict[str, Any], patch: dict[str, Any]) -> None:
    for key, value in patch.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = value
