"""Projects: what several opportunities build together."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from microacq_pages import progress, publishing
from microacq_pages.blocks import TEXT_FEATURES
from microacq_pages.project_panel import ProjectOpportunitiesPanel

from .base import BilingualPage, synchronised


class ProjectIndex(BilingualPage):
    """The list of projects."""

    is_structural = True

    intro = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)

    parent_page_types: ClassVar[list[str]] = ["microacq_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["microacq_pages.Project"]
    content_panels: ClassVar[list[Any]] = [*BilingualPage.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("list of projects")
        verbose_name_plural = _("lists of projects")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        projects = list(Project.objects.child_of(self).live().order_by("title"))
        found = progress.progress_of(projects)
        context["projects"] = [(project, found[project.translation_key]) for project in projects]
        return context


class Project(BilingualPage):
    """A project, its repository, its opportunities and what was awarded for them."""

    #: Named, because an opportunity has a field called ``project`` and both are pages.
    page_ptr = models.OneToOneField(
        Page, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_project"
    )
    description = RichTextField(_("description"), features=["h2", "h3", *TEXT_FEATURES], blank=True)
    repository = models.URLField(
        _("repository"),
        blank=True,
        help_text=_("Where the code of the project is public, for example on GitHub or GitLab."),
    )

    parent_page_types: ClassVar[list[str]] = ["microacq_pages.ProjectIndex"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *BilingualPage.content_panels,
        FieldPanel("description"),
        FieldPanel("repository"),
        ProjectOpportunitiesPanel(),
    ]
    override_translatable_fields = synchronised("show_in_menus", "repository")

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")

    def content_blockers(self) -> list[publishing.Blocker]:
        blockers = []
        if not self.description:
            blockers.append(publishing.missing("project-description", _("the description"), "description"))
        if not self.repository:
            blockers.append(publishing.missing("project-repository", _("the repository"), "repository"))
        return blockers

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .opportunity import Opportunity

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["opportunities"] = (
            Opportunity.objects.in_language_of(self)
            .live()
            .filter(project__translation_key=self.translation_key)
            .for_listing()
        )
        context["progress"] = progress.progress_of([self])[self.translation_key]
        return context
