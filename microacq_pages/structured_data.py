"""What search engines are told of an opportunity, in the words of schema.org, as JSON-LD.

An opportunity is a ``Demand``: an announcement that somebody seeks a service. The block is data, which browsers do not
run and the security policy does not stop. Must not import ``submissions``.

Source: https://schema.org/Demand, https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .furniture import absolute

if TYPE_CHECKING:
    from .models import Opportunity

#: Characters that could end the block or begin another, as JSON writes them without them.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def element(page: Opportunity) -> SafeString:
    """The ``script`` element of a posted opportunity; nothing before it is posted."""
    said = data_of(page)
    if not said:
        return mark_safe("")
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def data_of(page: Opportunity) -> dict[str, Any]:
    """The description, as plain values."""
    status = page.public_status
    if status is None:
        return {}
    language = page.locale.language_code
    names = settings.MICROACQ_DEPARTMENT
    address = absolute(page.url)
    buyer = {"@type": "GovernmentOrganization", "name": page.department or names[language]}
    demand: dict[str, Any] = {
        "@type": "Demand",
        "name": page.title,
        "description": page.teaser,
        "identifier": status.number,
        "url": address,
        "validFrom": status.posted_at.isoformat(),
        "validThrough": status.deadline.isoformat(),
        "areaServed": {"@type": "Country", "name": "Canada"},
        "itemOffered": {"@type": "Service", "name": page.title, "category": page.localized_skills},
    }
    if page.price is not None:
        demand["priceSpecification"] = {
            "@type": "PriceSpecification",
            "price": str(page.price),
            "priceCurrency": "CAD",
            "valueAddedTaxIncluded": False,
        }
    return {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "url": address,
        "name": page.title,
        "inLanguage": f"{language}-CA",
        "datePublished": status.posted_at.isoformat(),
        "dateModified": (status.amended_at or status.posted_at).isoformat(),
        "publisher": buyer,
        "mainEntity": demand,
    }
