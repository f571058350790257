"""The network that a visitor comes from, as limits count it. Keeps nothing."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.http import HttpRequest

#: Addresses that count as one network: a subscriber’s own line has as many as these bits leave.
NETWORK_BITS = {4: 32, 6: 64}


def network_of(address: str | None) -> str:
    """The network of an address; empty when that is none. IPv4 written as IPv6 is the IPv4 that it stands for."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(known, IPv6Address) and known.ipv4_mapped is not None:
        known = known.ipv4_mapped
    return str(ip_network(f"{str(known).partition('%')[0]}/{NETWORK_BITS[known.version]}", strict=False))


def network_of_visitor(request: HttpRequest) -> str:
    """Where a request comes from. The project says how many proxies stand before it; the sign-in counts alike."""
    return network_of(import_string(settings.AXES_CLIENT_IP_CALLABLE)(request))
