"""What every template may need to know of the installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def site_facts(request: HttpRequest) -> dict[str, Any]:
    """Give templates `microacq.demo`, `microacq.department` and `microacq.contact_email`."""
    names = settings.MICROACQ_DEPARTMENT
    return {
        "microacq": {
            "demo": settings.MICROACQ_DEMO,
            "department": names.get(get_language() or "en", names["en"]),
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        }
    }
