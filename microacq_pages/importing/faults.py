"""Faults and notes of an import: what, in which file, at which line.

Owns the only exception that reading a file may raise. Must not import models or another module of this
package.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Remark:
    """One thing to say about a file; line 0 means the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" if place else self.message


class ImportFault(Exception):
    """The input cannot be imported; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: Iterable[Remark]) -> None:
        self.faults = sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass
class Remarks:
    """Collects faults, which stop an import, and notes, which only have to be read."""

    file: str
    faults: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    def fault(self, line: int, message: object) -> None:
        """Add a reason for refusing the file."""
        self.faults.append(Remark(self.file, line, str(message)))

    def note(self, line: int, message: object) -> None:
        """Add something that the reader of the report should know."""
        self.notes.append(Remark(self.file, line, str(message)))

    def raise_faults(self) -> None:
        """Raise everything found so far, if anything was.

        Raises:
            ImportFault: at least one fault was found.
        """
        if self.faults:
            raise ImportFault(self.faults)
