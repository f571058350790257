"""Which PostgreSQL the project talks to: the one that DATABASE_URL names, else one from a wheel.

Two aliases lead to the same database. `refusals` is a second connection, on which a refused act is recorded so
that the rollback of the request does not erase the record.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

EMBEDDED_ENGINE = "config.embedded"
REFUSALS_ALIAS = "refusals"


def database_settings(
    embedded_folder: Path | None, *, throwaway: bool = False, keep: int = 0
) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES.

    Without DATABASE_URL a server of our own keeps its data in `embedded_folder`; where that is None there is none,
    and production is refused. `throwaway` data may be lost in a crash, which makes tests faster. A connection is kept
    for `keep` seconds, over requests: each new one costs a process of the database as much as a small request.
    """
    default = _from_environment()
    if default is None:
        if embedded_folder is None:
            raise ImproperlyConfigured(
                "DATABASE_URL is not set, and the embedded database is for trying only."
            )
        default = {
            "ENGINE": EMBEDDED_ENGINE,
            "NAME": "microacq",
            "USER": "postgres",
            "EMBEDDED": {"folder": embedded_folder, "throwaway": throwaway},
        }
    default["ATOMIC_REQUESTS"] = True
    default["CONN_MAX_AGE"] = keep
    default["CONN_HEALTH_CHECKS"] = True
    refusals = {**default, "ATOMIC_REQUESTS": False, "TEST": {"MIRROR": "default"}}
    return {"default": default, REFUSALS_ALIAS: refusals}


def _from_environment() -> dict[str, Any] | None:
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        return None
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=0))
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL cannot be read as the address of a database.") from error
    if parsed.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL must name a PostgreSQL database: nothing else carries the rules."
        )
    return parsed
