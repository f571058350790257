"""Pages in the states that tests need: a complete draft, translated, approved, posted."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from wagtail.models import Locale, Page, TaskState
from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import business_days, pairs, publishing
from microacq_pages.formats import EASTERN
from microacq_pages.models import (
    AcceptanceCriterion,
    ContentPage,
    Criterion,
    HomePage,
    Opportunity,
    OpportunityIndex,
    OpportunitySkill,
    Project,
    ProjectIndex,
    Skill,
)
from microacq_pages.reviewing import looks
from tests.factories import splitting

OTHER = {"en": "fr", "fr": "en"}


def add_pair(parent: Page, page: Page, owner: Any = None) -> Page:
    """Save a page as a draft, with its draft in the other language."""
    page.live = False
    page.owner = owner
    parent.add_child(instance=page)
    page.save_revision(user=owner)
    pairs.start_translation(page, owner)
    return page


def translate(page: Page, user: Any = None, leave: int = 0) -> None:
    """Translate every piece of text but the last ``leave`` ones."""
    translation = pairs.translation_of(page)
    assert translation is not None
    locale = translation.target_locale
    segments = list(
        StringSegment.objects.filter(source=translation.source)
        .select_related("string", "context")
        .order_by("order", "pk")
    )
    written = StringTranslation.objects.filter(locale=locale, context__object_id=page.translation_key)
    kept = {(each.translation_of_id, each.context_id): each for each in written}
    for segment in segments[: len(segments) - leave]:
        text, path = segment.string.data, segment.context.path
        key = (segment.string_id, segment.context_id)
        each = kept.get(key) or StringTranslation(translation_of=segment.string, locale=locale)
        each.context, each.last_translated_by = segment.context, user
        each.data = f"{text}-{locale.language_code}" if path == "slug" else f"[{locale.language_code}] {text}"
        if each.pk or path == "title":  # who listens to the saving keeps what stood there, and the title
            each.save()
        kept[key] = each
    StringTranslation.objects.bulk_create(each for each in kept.values() if each.pk is None)


def publish(page: Page, approver: Any) -> None:
    """Approve and publish both languages, as the end of the workflow does."""
    publishing.approve(page, approver)
    publishing.publish_pair(page, user=approver)


def run_workflow(page: Page, author: Any, *people: Any) -> Page:
    """Submit the page and let one person after the other approve the step that waits."""
    page = page.specific_class.objects.get(pk=page.pk)
    page.get_workflow().start(page, author)
    for person in people:
        page = approve_step(page, person)
    return page.specific_class.objects.get(pk=page.pk)


def approve_step(page: Page, person: Any) -> Page:
    """Let a person read the text and approve the step that waits."""
    page = page.specific_class.objects.get(pk=page.pk)
    state = page.current_workflow_task_state
    looks.record_look(page, person)
    state.task.specific.on_action(TaskState.objects.get(pk=state.pk).specific, person, "approve")
    return page.specific_class.objects.get(pk=page.pk)


def index(model: type[Page], language: str = "en") -> Page:
    page: Page = model.objects.get(locale__language_code=language)
    return page


def make_skill(name: str = "Python", french: str = "") -> Skill:
    """A skill in both languages."""
    english, french_locale = (Locale.objects.get(language_code=code) for code in ("en", "fr"))
    skill = Skill.objects.create(name=name, locale=english)
    Skill.objects.create(
        name=french or f"{name} (fr)", locale=french_locale, translation_key=skill.translation_key
    )
    return skill


def make_project(owner: Any = None, **fields: Any) -> Project:
    """A draft project."""
    values: dict[str, Any] = {
        "title": "Open calendar",
        "slug": "open-calendar",
        "description": "<p>A calendar that everyone can reuse.</p>",
        "repository": "https://github.com/example-department/open-calendar",
        "locale": Locale.objects.get(language_code="en"),
    }
    values.update(fields)
    project: Project = add_pair(index(ProjectIndex, values["locale"].language_code), Project(**values), owner)
    return project


def make_content_page(owner: Any = None, language: str = "en", **fields: Any) -> ContentPage:
    """A draft guide page below the home page."""
    values: dict[str, Any] = {
        "title": "How it works",
        "slug": "how-it-works",
        "intro": "<p>Six steps from need to code.</p>",
        "locale": Locale.objects.get(language_code=language),
    }
    values.update(fields)
    page: ContentPage = add_pair(index(HomePage, language), ContentPage(**values), owner)
    return page


def deadline_in(days: int) -> datetime:
    """A moment at which applications may close, on the first good day after so many days."""
    day = timezone.localdate() + timedelta(days=days)
    while (
        not business_days.is_business_day(day)
        or business_days.provinces_off(day)
        or business_days.is_friday(day)
    ):
        day += timedelta(days=1)
    return datetime.combine(day, time(23, 59), tzinfo=EASTERN)


def opportunity_fields(days: int = 20) -> dict[str, Any]:
    """Everything that an opportunity must have before it may be posted."""
    deadline = deadline_in(days)
    day = deadline.date()
    return {
        "title": "Accessible date picker",
        "slug": "accessible-date-picker",
        "teaser": "Repair the date picker of our design system so that it works by keyboard.",
        "background": "<p>We maintain an open design system.</p>",
        "work": "<ul><li>Repair the keyboard support.</li><li>Write the tests.</li></ul>",
        "repository": "https://github.com/example-department/design-system",
        "licence": "MIT",
        "price": Decimal("6500"),
        "estimated_hours": Decimal("70"),
        "hourly_rate": Decimal("80"),
        "deadline": deadline,
        "selection_date": day + timedelta(days=4),
        "delivery_date": day + timedelta(days=30),
        "contact_name": "Digital Services team",
        "contact_email": "digital.services@example.org",
        "department": "Department of Demonstration",
        "branch": "Innovation",
        "team": "Digital Services",
        "section_32_reference": "S32-0042",
        "confirm_standalone": True,
        "confirm_no_internal_capacity": True,
        "confirm_unclassified": True,
        "confirm_not_split": True,
        "confirm_funds_committed": True,
    }


def make_opportunity(
    owner: Any = None,
    language: str = "en",
    *,
    project: Project | None = None,
    skills: list[Skill] | None = None,
    criteria: int = 1,
    days: int = 20,
    justified: bool = True,
    **fields: Any,
) -> Opportunity:
    """A draft opportunity that lacks only its translation and its approval.

    Opportunities of tests resemble one another: ``justified`` has CFOB accept why they are not one larger need.
    """
    locale = Locale.objects.get(language_code=language)
    values = {**opportunity_fields(days), **fields}
    if "slug" not in fields and (
        others := Opportunity.objects.filter(slug__startswith=values["slug"]).count()
    ):
        values["slug"] += f"-{others + 1}"
    if "project" not in values:
        values["project"] = project or Project.objects.first() or make_project()
    opportunity = Opportunity(locale=locale, **values)
    for order, skill in enumerate(skills or [Skill.objects.first() or make_skill()]):
        opportunity.opportunity_skills.add(OpportunitySkill(skill=skill, sort_order=order))
    for order in range(criteria):
        opportunity.criteria.add(
            Criterion(
                statement=f"<p>Show skill {order + 1}.</p>",
                standard=Criterion.Standard.SKILLS if order == 0 else Criterion.Standard.OTHER,
                sort_order=order,
                locale=locale,
            )
        )
    for order, standard in enumerate(("licence", "requirements", "tests")):
        opportunity.acceptance_criteria.add(
            AcceptanceCriterion(
                statement=f"<p>Meets the {standard}.</p>", standard=standard, sort_order=order, locale=locale
            )
        )
    page: Opportunity = add_pair(index(OpportunityIndex, language), opportunity, owner)
    if justified:
        splitting.justify_all()
    return page


def the_opportunity(owner: Any) -> Opportunity:
    """The one draft that ``make_opportunity`` makes of a client, made now unless the module's tests share it."""
    found = Opportunity.objects.filter(slug="accessible-date-picker", owner=owner).first()
    return found or make_opportunity(owner)


def make_posted_opportunity(owner: Any, approver: Any, **kwargs: Any) -> Opportunity:
    """An opportunity that is public in both languages, with its file."""
    opportunity = make_opportunity(owner, **kwargs)
    translate(opportunity)
    publish(opportunity, approver)
    page: Opportunity = Opportunity.objects.get(pk=opportunity.pk)
    return page
