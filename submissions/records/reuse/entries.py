"""Making an entry of the catalogue from the file at its completion, and what else of the file its documents need.

Knows no request and no page of its own. Imports no view.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.db import transaction
from django.utils.text import Truncator

from microacq_pages import page_cache
from microacq_pages.models import Opportunity
from submissions.audit.services import record
from submissions.awards import terms
from submissions.contracts import fingerprints, timing
from submissions.contracts import results as contracts
from submissions.contracts.enums import ContractState
from submissions.contracts.payment import results as payments
from submissions.solicitations.services import database_clock

from .models import TAG, CatalogueEntry

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.contracts.models import Contract
    from submissions.solicitations.models import Solicitation

LANGUAGES = ("en", "fr")
#: Where a list begins within an item.
_LIST = re.compile(r"<(?=[ou]l\b)")


@transaction.atomic
def make(file: Solicitation) -> CatalogueEntry | None:
    """Put the code of a completed file into the catalogue; again, it gives the entry that there is."""
    contract = contracts.contract_of(file)
    if contract is None or contract.state != ContractState.PAID:
        return None
    before: CatalogueEntry | None = CatalogueEntry.objects.filter(contract=contract).first()
    if before is not None:
        return before
    entry: CatalogueEntry = CatalogueEntry.objects.create(
        contract=contract, **_of_contract(contract), **_of_pages(file)
    )
    _record(entry, "reuse.entered")
    page_cache.bump()
    return entry


def changed(entry: CatalogueEntry, user: User) -> None:
    """Follow a change of an entry’s words: it is recorded with what the entry says now, and the public reads it."""
    _record(entry, "reuse.changed", user=user)
    page_cache.bump()


def _record(entry: CatalogueEntry, act: str, user: User | None = None) -> None:
    data = {"number": entry.number, fingerprints.KEPT: fingerprints.of(entry)}
    record(entry.contract.solicitation, act, user=user, data=data)


def _of_contract(contract: Contract) -> dict[str, Any]:
    accepted = contracts.acceptance_of(contract)
    payment = payments.paid(contract)
    file = contract.solicitation
    today = timing.today(database_clock())
    return {
        "number": file.number,
        "translation_key": file.translation_key,
        "licence": file.licence,
        "repository": contract.repository,
        "commit": accepted.commit if accepted is not None else "",
        "created_on": timing.today(accepted.accepted_at) if accepted is not None else today,
        "completed_at": payment.recorded_at if payment is not None else database_clock(),
        "changed_on": today,
    }


def _of_pages(file: Solicitation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for language in LANGUAGES:
        page = file.page(language)
        title = file.get_title(language)
        teaser = page.teaser if isinstance(page, Opportunity) else ""
        found[f"name_{language}"] = Truncator(title).chars(100)
        found[f"what_{language}"] = terms.plain(teaser) or title
        skills = page.localized_skills if isinstance(page, Opportunity) else []
        found[f"tags_{language}"] = [Truncator(skill).chars(TAG) for skill in skills]
        if isinstance(page, Opportunity) and page.project is not None:
            found["project_key"] = page.project.translation_key
    return found


def texts_of(entry: CatalogueEntry, language: str) -> tuple[str, list[str]]:
    """The background of the opportunity, and what was to be built, as plain text in a language.

    What was to be built are the items of the lists of *The work*; without a list there are none.
    """
    page = entry.contract.solicitation.page(language)
    if not isinstance(page, Opportunity):
        return "", []
    items = BeautifulSoup(page.work, "html.parser").find_all("li")
    whole = [item for item in items if item.find_parent("li") is None]
    built = [" ".join(terms.plain(_LIST.sub(" <", str(item))).split()) for item in whole]
    return terms.plain(page.background), [text for text in built if text]


def addresses_of(entry: CatalogueEntry) -> dict[str, str]:
    """The full address of the opportunity by language, of those that are public."""
    found = {}
    for language in LANGUAGES:
        page = entry.contract.solicitation.page(language)
        if page is not None and page.live and page.full_url:
            found[language] = page.full_url
    return found
