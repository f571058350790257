"""The sections of a release that tell what is bought, by whom and how: parties and tender. Pure: postings in, data out.

Nothing personal: no contact person, no applicant, no author of a question. Imports no view.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.conf import settings

from microacq_pages.formats import EASTERN
from submissions.questions import closing
from submissions.solicitations.models import Posting
from submissions.solicitations.postings import fact_from

from . import wording
from .history import History
from .wording import both, in_lines, instant, money, pair

DEPARTMENT = "department"
DELIVERY = "delivery"
ITEM = "work"

ACTIVE, COMPLETE, UNSUCCESSFUL, CANCELLED = "active", "complete", "unsuccessful", "cancelled"


def buyer() -> dict[str, str]:
    """The department, as other sections refer to it."""
    return {"id": DEPARTMENT, "name": str(settings.MICROACQ_DEPARTMENT["en"])}


def department(*roles: str) -> dict[str, Any]:
    """The department as a party."""
    names = settings.MICROACQ_DEPARTMENT
    return {
        "id": DEPARTMENT,
        **pair("name", str(names["en"]), str(names["fr"])),
        "address": {"countryName": "Canada"},
        "contactPoint": {"email": settings.MICROACQ_CONTACT_EMAIL, "url": settings.MICROACQ_BASE_URL},
        "roles": list(roles),
    }


def tender_of(history: History, posting: Posting) -> dict[str, Any]:
    """The tender as a posting says it, whole."""
    english, french = posting.text["en"], posting.text["fr"]
    facts = {name: fact_from(name, stored) for name, stored in posting.text["facts"].items()}
    posted, deadline = instant(history.file.posted_at), facts["deadline"]
    return {
        "id": history.file.number,
        **pair("title", english["title"], french["title"]),
        **pair("description", _description(english), _description(french)),
        "status": ACTIVE,
        "procuringEntity": buyer(),
        "items": [work_of(posting)],
        "value": money(facts["price"]),  # type: ignore[arg-type]  # a posted file has its price
        "procurementMethod": "open",
        **both("procurementMethodDetails", wording.METHOD),
        **both("procurementMethodRationale", wording.RATIONALE),
        "mainProcurementCategory": "services",
        "awardCriteria": "qualityOnly",
        **both("awardCriteriaDetails", wording.CRITERIA),
        "submissionMethod": ["electronicSubmission", "written"],
        **both("submissionMethodDetails", wording.SUBMISSION),
        "tenderPeriod": {"startDate": posted, "endDate": instant(deadline)},  # type: ignore[arg-type]
        "enquiryPeriod": {
            "startDate": posted,
            "endDate": instant(closing.closes_at(deadline)),  # type: ignore[arg-type]
        },
        "hasEnquiries": bool(history.last_name("question.published")),
        **both("eligibilityCriteria", wording.ELIGIBILITY),
        "awardPeriod": _period(None, facts["selection_date"]),
        "contractPeriod": _period(None, facts["delivery_date"]),
        "milestones": [
            {
                "id": DELIVERY,
                **both("title", wording.DELIVERY),
                "type": "delivery",
                **({"dueDate": due} if (due := end_of(facts["delivery_date"])) else {}),
                "status": "scheduled",
            }
        ],
        "documents": _documents(history, str(facts.get("repository") or "")),
    }


def work_of(posting: Posting) -> dict[str, Any]:
    """The one thing that is bought."""
    english, french = posting.text["en"], posting.text["fr"]
    return {"id": ITEM, **pair("description", english["title"], french["title"]), "quantity": 1}


def selection_documents(addresses: dict[str, str]) -> list[dict[str, Any]]:
    """The public page of the random selection in each language.

    Args:
        addresses: Of that page, by language.
    """
    return [
        {
            "id": f"selection-{language}",
            "documentType": "evaluationReports",
            **both("title", wording.SELECTION_PAGE),
            "url": addresses[language],
            "format": "text/html",
            "language": language,
        }
        for language in wording.LANGUAGES
    ]


def end_of(day: Any) -> str:
    """The last second of a day in Eastern time; empty where there is none."""
    if not isinstance(day, date) or isinstance(day, datetime):
        return ""
    return instant(datetime.combine(day, time(23, 59, 59), tzinfo=EASTERN))


def _period(start: Any, end: Any) -> dict[str, str]:
    dates = {"startDate": instant(start) if start else "", "endDate": end_of(end)}
    return {name: moment for name, moment in dates.items() if moment}


def _description(words: dict[str, str]) -> str:
    parts = (words["teaser"], in_lines(words["background"]), in_lines(words["work"]))
    return "\n\n".join(part for part in parts if part)


def _documents(history: History, repository: str) -> list[dict[str, Any]]:
    documents = [
        {
            "id": f"page-{language}",
            "documentType": "tenderNotice",
            **both("title", wording.PAGE),
            "url": history.urls[language],
            "datePublished": instant(history.file.posted_at),
            "format": "text/html",
            "language": language,
        }
        for language in wording.LANGUAGES
        if language in history.urls
    ]
    if repository:
        documents.append(
            {
                "id": "repository",
                "documentType": "technicalSpecifications",
                **both("title", wording.REPOSITORY),
                "url": repository,
                "format": "text/html",
            }
        )
    return documents
