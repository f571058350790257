"""Hides addresses of people in text that staff may read.

Owns the one rule by which an e-mail address is shortened, for the outbox, its errors and the audit. Pure:
imports nothing of Django.
"""

from __future__ import annotations

import re

MASK = "•••"

_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]@]+@[^\s<>\"'(),;:\[\]@]+")


def mask_address(address: str) -> str:
    """Shorten an e-mail address so that its owner recognizes it and nobody else learns it.

    The first character of the name and the top-level domain stay: ``marie@example.ca`` becomes
    ``m•••@•••.ca``. A text that is not an address is hidden whole.
    """
    name, at, domain = address.strip().rpartition("@")
    if not (at and name and domain):
        return MASK
    _, dot, suffix = domain.rpartition(".")
    ending = f".{suffix}" if dot and suffix.isalpha() else ""
    return f"{name[0] if len(name) > 1 else ''}{MASK}@{MASK}{ending}"


def mask_addresses(text: str) -> str:
    """Shorten every e-mail address that the text holds and leave the rest as it is."""
    return _ADDRESS.sub(lambda found: mask_address(found.group()), text)
