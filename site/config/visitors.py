"""Where a request comes from, for counting failed sign-ins."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of_visitor(request: HttpRequest) -> str | None:
    """The visitor's address, as the outermost of our own proxies saw it.

    Each proxy adds at the right of ``X-Forwarded-For`` whom it heard from; what stands further left is the visitor's
    own invention. Without proxies, or where they did not add it, the address of the connection.
    """
    direct: str | None = request.META.get("REMOTE_ADDR")
    count = settings.MICROACQ_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
    if not 0 < count <= len(hops):
        return direct
    try:
        return str(ip_address(hops[-count]))
    except ValueError:
        return direct
