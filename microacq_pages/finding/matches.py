"""What keywords found, as conditions and in as few bytes as may be, because every count of a search begins from it.

Few are named one by one, which an index answers. Many become one bit each of the listed opportunity's key, so that a
word that all ten thousand have costs each count a kilobyte and no list to be read. Must not import ``submissions``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Func, Value

#: From so many on, bits are shorter and quicker than names.
MANY = 500


class _AnyOf(Func):
    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class _HasBit(Func):
    """That the bit of a key is set; a key beyond the last bit, listed since, has none, and asking would be an error."""

    template = "(CASE WHEN %(key)s < %(length)s THEN get_bit(%(expressions)s) = 1 ELSE FALSE END)"
    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        bits, key = self.source_expressions
        column, _parameters = compiler.compile(key)
        return super().as_sql(compiler, connection, key=column, length=len(bits.value) * 8, **context)


@dataclass(frozen=True)
class Matches:
    """Keys of the listed opportunities that have the keywords."""

    keys: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.keys)

    @cached_property
    def condition(self) -> Func:
        """That a listed opportunity is one of them."""
        if len(self.keys) < MANY:
            named = "{" + ",".join(map(str, self.keys)) + "}"
            return _AnyOf(F("pk"), Value(named, output_field=models.TextField()))
        return _HasBit(Value(self.bits, output_field=models.BinaryField()), F("pk"))

    @property
    def bits(self) -> bytes:
        """One bit a key: what ``get_bit(bits, key)`` of PostgreSQL gives."""
        marked = bytearray(max(self.keys, default=0) // 8 + 1)
        for key in self.keys:
            marked[key >> 3] |= 1 << (key & 7)
        return bytes(marked)
