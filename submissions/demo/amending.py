"""One opportunity that is amended after posting, and one that is posted again once it has closed.

Every step is taken by the account whose step it is, through the workflow. What exists already is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import business_days, guardrails, pairs
from microacq_pages.models import Opportunity
from submissions.proposals import opening
from submissions.solicitations import again
from submissions.solicitations.models import Solicitation

from . import files, opportunities, proposals, splitting
from .accounts import person
from .files import Planned


def load() -> Iterator[str]:
    """Amend what is to be amended, and ask the worker to post again what closes in a moment."""
    from .tasks import post_again_when_closed

    plan = files.load("amendment.yaml")
    file = proposals.solicitation_of(_planned(plan["amended"]["file"]))
    if file.postings.count() == 1:
        amend(file, plan["amended"])
        yield f"amendment 1 of {file.number}"
    ended = proposals.solicitation_of(_planned(plan["posted_again"]["file"]))
    if not Opportunity.objects.filter(follows=ended.translation_key).exists() and not _is_asked(ended):
        post_again_when_closed.using(run_after=opening.opens_from(ended)).enqueue(ended.pk)
        yield f"the worker posts {ended.number} again once it has closed"


def _planned(name: str) -> Planned:
    return next(planned for planned in files.planned_opportunities() if planned.file == name)


def _is_asked(file: Solicitation) -> bool:
    from django_tasks_db.models import DBTaskResult

    asked = DBTaskResult.objects.filter(task_path="submissions.demo.tasks.post_again_when_closed")
    return any(result.args_kwargs["args"] == [file.pk] for result in asked)


@transaction.atomic
def amend(file: Solicitation, plan: dict[str, Any]) -> None:
    """Add a paragraph and move the deadline, through the whole review."""
    page = _source(file)
    language = page.locale.language_code
    other = "fr" if language == "en" else "en"
    draft = pairs.latest(page)
    draft.work += f"<p>{plan['paragraph'][language]}</p>"
    draft.amendment_summary = plan["summary"][language]
    draft.deadline = _later(draft.deadline, plan["business_days"])
    day = timezone.localdate(draft.deadline)
    draft.selection_date = max(draft.selection_date, business_days.add_business_days(day, 2))
    draft.delivery_date = max(draft.delivery_date, draft.selection_date + timedelta(days=20))
    client = person("client")
    draft.save_revision(user=client)
    pairs.keep_in_step(_source(file), client)
    translate(_source(file), {plan[key][language]: plan[key][other] for key in ("paragraph", "summary")})
    opportunities.submit(_source(file))


def translate(page: Opportunity, texts: dict[str, str]) -> None:
    """Store the translation of what is not translated yet, as the translator does."""
    translation = pairs.translation_of(page)
    if translation is None:
        return
    missing = (
        StringSegment.objects.filter(source=translation.source)
        .annotate_translation(translation.target_locale)
        .filter(translation__isnull=True, string__data__in=texts)
    )
    for segment in missing.select_related("string", "context"):
        StringTranslation.objects.create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            data=texts[segment.string.data],
            last_translated_by=person("translator"),
        )


@transaction.atomic
def post_again(ended: Solicitation) -> Opportunity:
    """The client begins the opportunity again, chooses its dates, and it goes through the whole review."""
    client = person("client")
    new = again.post_again(ended, client)
    draft = pairs.latest(new)
    days = files.load("amendment.yaml")["posted_again"]["closes_in_business_days"]
    draft.deadline = _later(timezone.localtime().replace(hour=23, minute=59, second=0, microsecond=0), days)
    day = timezone.localdate(draft.deadline)
    draft.selection_date = business_days.add_business_days(day, 5)
    draft.delivery_date = draft.selection_date + timedelta(days=40)
    draft.section_32_reference = "S32-2026-0499"
    for name, _statement in guardrails.CONFIRMATIONS:
        setattr(draft, name, True)
    draft.save_revision(user=client)
    page = Opportunity.objects.get(pk=new.pk)
    pairs.keep_in_step(page, client)
    splitting.justify(page, True)
    return opportunities.submit(page)


def _later(moment: datetime, days: int) -> datetime:
    """So many business days later, or more where that day is a holiday in a province, on which nothing may close."""
    later = business_days.add_business_days(moment, days)
    while business_days.provinces_off(timezone.localdate(later)):
        later = business_days.add_business_days(later, 1)
    return later


def _source(file: Solicitation) -> Opportunity:
    page = pairs.source_of(Opportunity.objects.filter(translation_key=file.translation_key)[0])
    found: Opportunity = Opportunity.objects.get(pk=page.pk)
    return found
