"""The network that a visitor comes from, as limits count it. Knows no request and keeps nothing."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

#: Addresses that count as one network: a subscriber’s own line has as many as these bits leave.
NETWORK_BITS = {4: 32, 6: 64}


def network_of(address: str | None) -> str:
    """The network of an address; empty when that is none."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return ""
    return str(ip_network(f"{known}/{NETWORK_BITS[known.version]}", strict=False))
