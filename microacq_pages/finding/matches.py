"""What keywords found, as conditions and in as few bytes as may be, because every count of a search begins from it.

Few are named one by one, which an index answers. Many become one bit each of the listed opportunity's key, so that a
word that all ten thousand have costs each count a kilobyte and no list to be read. Must not import ``submissions``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models import Case, F, Func, Value, When
from django.db.models.lookups import Exact

#: From so many on, bits are shorter and quicker than names.
MANY = 500


class _AnyOf(Func):
    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class _Bit(Func):
    function = "get_bit"
    output_field = models.IntegerField()


@dataclass(frozen=True)
class Matches:
    """Keys of the listed opportunities that have the keywords."""

    keys: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.keys)

    @cached_property
    def condition(self) -> Func | Exact:
        """That a listed opportunity is one of them."""
        if len(self.keys) < MANY:
            named = "{" + ",".join(map(str, self.keys)) + "}"
            return _AnyOf(F("pk"), Value(named, output_field=models.TextField()))
        bits = self.bits
        bit = _Bit(Value(bits, output_field=models.BinaryField()), F("pk"))
        # What was listed since has no bit, and to ask for it would be an error.
        return Exact(Case(When(pk__lt=len(bits) * 8, then=bit), default=Value(0)), 1)

    @property
    def bits(self) -> bytes:
        """One bit a key: what ``get_bit(bits, key)`` of PostgreSQL gives."""
        marked = bytearray(max(self.keys, default=0) // 8 + 1)
        for key in self.keys:
            marked[key >> 3] |= 1 << (key & 7)
        return bytes(marked)
