"""QuickXorHash, the digest by which SharePoint and OneDrive for Business tell whether a file arrived whole.

https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash: 160 bits; each byte is exclusive-ored into a
ring that turns by 11 bits a byte; the length is exclusive-ored into the last 64 bits. Against accidents, not attackers.
"""

from __future__ import annotations

import base64

WIDTH, SHIFT = 160, 11


def digest(content: bytes) -> str:
    """The hash of some content, in base64, as Microsoft Graph gives it."""
    # Bytes that are a whole turn of the ring apart (160 of them) meet in the same place: fold them first.
    folded = bytearray(WIDTH)
    for start in range(0, len(content), WIDTH):
        chunk = content[start : start + WIDTH]
        whole = int.from_bytes(folded, "big") ^ int.from_bytes(chunk.ljust(WIDTH, b"\0"), "big")
        folded = bytearray(whole.to_bytes(WIDTH, "big"))
    mask, ring = (1 << WIDTH) - 1, 0
    for place, byte in enumerate(folded):
        turned = byte << (place * SHIFT) % WIDTH
        ring ^= (turned & mask) | (turned >> WIDTH)
    ring ^= len(content) << (WIDTH - 64)
    return base64.b64encode((ring & mask).to_bytes(WIDTH // 8, "little")).decode("ascii")
