"""``publiccode.yml`` below a supplier’s link: what the supplier puts into the repository. Reads only."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from submissions.contracts.models import Contract
from submissions.contracts.views import of_link
from submissions.notices.answers import NOT_FOUND

from .models import CatalogueEntry
from .viewsets import as_file, publiccode_of


@of_link
def publiccode(request: HttpRequest, token: str, contract: Contract) -> HttpResponse:
    """The file, once the contract is complete."""
    found = CatalogueEntry.objects.filter(contract=contract).select_related("contract__solicitation").first()
    if found is None:
        context = {"contact_email": settings.MICROACQ_CONTACT_EMAIL}
        return render(request, "submissions/awards/no_such_link.html", context, status=NOT_FOUND)
    return as_file(publiccode_of(found), "publiccode.yml")
