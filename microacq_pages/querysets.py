"""The questions that lists ask of opportunities, in the words of the domain.

A list costs the same number of queries whatever its length: what a row shows is annotated here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from wagtail.models import Page, PageQuerySet

from .models.status import PublicStatus

if TYPE_CHECKING:
    from typing import Self


class OpportunityQuerySet(PageQuerySet):
    def in_language_of(self, page: Page) -> Self:
        return self.filter(locale_id=page.locale_id)

    def _with_status(self, statuses: models.QuerySet[PublicStatus]) -> Self:
        return self.filter(Exists(statuses.filter(translation_key=OuterRef("translation_key"))))

    def open(self) -> Self:
        """Live and taking applications now, by the database's clock."""
        return self.live()._with_status(PublicStatus.objects.open())

    def closed(self) -> Self:
        """Live and no longer taking applications."""
        return self.live()._with_status(PublicStatus.objects.closed())

    def for_listing(self) -> Self:
        """With number, state, deadline, names of skills and project: open first, the next to close on top."""
        from .models.opportunity import OpportunitySkill

        status = PublicStatus.objects.filter(translation_key=OuterRef("translation_key"))
        project = Page.objects.filter(
            translation_key=OuterRef("project__translation_key"), locale_id=OuterRef("locale_id"), live=True
        )
        return (
            self.defer_streamfields()
            .annotate(
                listed_number=Subquery(status.values("number")[:1]),
                listed_state=Subquery(status.values("state")[:1]),
                listed_deadline=Subquery(status.values("deadline")[:1]),
                listed_amended_at=Subquery(status.values("amended_at")[:1]),
                listed_posted_at=Subquery(status.values("posted_at")[:1]),
                listed_awarded_value=Subquery(status.values("awarded_value")[:1]),
                is_taking_applications=Exists(
                    PublicStatus.objects.open().filter(translation_key=OuterRef("translation_key"))
                ),
                project_title=Subquery(project.values("title")[:1]),
            )
            .prefetch_related(
                Prefetch("opportunity_skills", queryset=OpportunitySkill.objects.with_names()),
            )
            .order_by("-is_taking_applications", "listed_deadline")
        )


class OpportunitySkillQuerySet(models.QuerySet):
    def with_names(self) -> Self:
        """Annotate ``name``: the skill in the language of the page, else as it was written."""
        from .models.skill import Skill

        same_language = Skill.objects.filter(
            translation_key=OuterRef("skill__translation_key"), locale_id=OuterRef("page__locale_id")
        )
        return self.annotate(
            name=Coalesce(Subquery(same_language.values("name")[:1]), models.F("skill__name"))
        ).order_by("sort_order")
