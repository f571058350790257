"""By what the audit knows the rows about the work and its payment: each is written with its act, and never again.

Owns what is recorded of a row, and comparing it. Ciphertexts are compared, nothing is decrypted. A column that a later
version adds is empty in earlier rows, and an empty column is no part of a fingerprint. A row that may change is
recorded again with each change, and the last record counts. Later stages use it for their rows. Imports no view.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from submissions.proposals import custody
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Finding, broken, erased_digests, recorded

#: In the data of a recorded act: the rows that were written with it.
KEPT = "kept"
#: What anybody may read of a row, as one digest.
ROW = "row"
#: Names of files are erased with what is personal, and could be guessed from a digest. Content has a digest beside it.
_LEFT_OUT = frozenset({"name", "content"})
#: What moves by acts of its own, which other checks follow.
_FOLLOWED = {"contract": frozenset({"state", "delivery_date"})}
#: Encrypted columns that are not called ``locked_``.
_LOCKED_TOO = frozenset({"choices"})

#: A row as it is recorded: the digest of what is not encrypted as ``row``, that of each locked column by its name.
Print = dict[str, str]


def of(*rows: models.Model) -> dict[str, Print]:
    """What is recorded of rows that were just written, by table and key. One query a table."""
    by_model: dict[type[models.Model], list[int]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row.pk)
    found: dict[str, Print] = {}
    for model, keys in by_model.items():
        found |= dict(_prints(model._default_manager.filter(pk__in=keys)))
    return found


def findings(file: Solicitation, querysets: Iterable[models.QuerySet[Any]]) -> Iterator[Finding]:
    """Rows that are not as they were recorded, and recorded rows that are not there.

    Args:
        file: The file.
        querysets: Of each table that is recorded so, the rows of this file.
    """
    promised: dict[str, Print] = {}
    for act in recorded(file):
        kept = act.data.get(KEPT)
        promised |= kept if isinstance(kept, Mapping) else {}
    erased = erased_digests(file)
    tables = {}
    for queryset in querysets:
        label = queryset.model._meta.verbose_name
        tables[queryset.model._meta.model_name] = label
        for name, found in _prints(queryset):
            if not _is_as_recorded(promised.pop(name, {}), found, erased):
                key = name.partition(":")[2]
                yield broken(
                    _("What is stored is not what was recorded (%(what)s, no. %(key)s)."), what=label, key=key
                )
    for name in promised:
        table, _colon, key = name.partition(":")
        if table in tables:
            yield broken(
                _("What was recorded is not there (%(what)s, no. %(key)s)."), what=tables[table], key=key
            )


def _prints(queryset: models.QuerySet[Any]) -> Iterator[tuple[str, Print]]:
    name = queryset.model._meta.model_name
    left_out = _LEFT_OUT | _FOLLOWED.get(str(name), frozenset())
    columns = [
        field.attname for field in queryset.model._meta.concrete_fields if field.attname not in left_out
    ]
    for values in queryset.order_by("pk").values(*columns).iterator(chunk_size=100):
        locked = {column for column in columns if column.startswith("locked_") or column in _LOCKED_TOO}
        shown = {
            column: str(value)
            for column, value in values.items()
            if column not in locked and value not in (None, "")
        }
        said = json.dumps(shown, ensure_ascii=False, sort_keys=True)
        texts = {column: custody.digest(_text(values[column])) for column in sorted(locked)}
        yield f"{name}:{values['id']}", {ROW: hashlib.sha256(said.encode()).hexdigest(), **texts}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else bytes(value or b"").decode("ascii", "replace")


def _is_as_recorded(promised: Print, found: Print, erased: Collection[str]) -> bool:
    return all(
        custody.is_as_recorded(promised.get(column, ""), digest, erased) for column, digest in found.items()
    )
