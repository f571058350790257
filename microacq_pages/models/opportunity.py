"""The posted page: what is to be built, for what price, by when, and how applications are judged.

Owns the fields and how an author meets them. Whether they make a lawful opportunity is decided in
``guardrails.py``; what happens after posting is not known here, only read from ``PublicStatus``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Orderable, PageManager, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from microacq_pages import amending, guardrails, panels, publishing, splitting_words, timetable
from microacq_pages.blocks import TEXT_FEATURES
from microacq_pages.querysets import OpportunityQuerySet, OpportunitySkillQuerySet

from .base import BilingualPage, PartOfPage, synchronised
from .project import Project
from .skill import Skill
from .status import PublicStatus

DESCRIPTION_FEATURES = ["h3", "h4", *TEXT_FEATURES]


class OpportunityIndex(RoutablePageMixin, BilingualPage):
    """The list of opportunities, which can be searched, and its feeds; see ``finding`` and ``feeds``."""

    is_structural = True

    intro = RichTextField(_("introduction"), features=TEXT_FEATURES, blank=True)

    parent_page_types: ClassVar[list[str]] = ["microacq_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["microacq_pages.Opportunity"]
    content_panels = panels.index_panels(BilingualPage.content_panels)

    class Meta:
        verbose_name = _("list of opportunities")
        verbose_name_plural = _("lists of opportunities")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from microacq_pages.finding import results

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(results.context_of(self, request))
        return context

    @path("feed/atom/", name="atom")
    def atom(self, request: HttpRequest) -> HttpResponse:
        """What was found, the latest first, for a feed reader."""
        from microacq_pages import feeds

        return feeds.atom(self, request)

    @path("feed/json/", name="json")
    def json_feed(self, request: HttpRequest) -> HttpResponse:
        """The same as JSON."""
        from microacq_pages import feeds

        return feeds.json_feed(self, request)

    @path("feed/calendar/", name="calendar")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        """The deadlines of what was found, for a calendar."""
        from microacq_pages import feeds

        return feeds.calendar(self, request)


class Opportunity(RoutablePageMixin, BilingualPage):
    """A small, fixed-price piece of open-source work that anyone eligible may apply for."""

    TITLE_LIMIT = 100
    TEASER_LIMIT = 500

    teaser = models.TextField(_("short description"), max_length=TEASER_LIMIT, blank=True)
    background = RichTextField(_("background"), features=DESCRIPTION_FEATURES, blank=True)
    work = RichTextField(_("the work"), features=DESCRIPTION_FEATURES, blank=True)
    repository = models.URLField(_("repository"), blank=True)
    licence = models.CharField(_("licence"), max_length=100, default="MIT", blank=True)
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opportunities",
    )

    price = models.DecimalField(
        _("fixed price"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    estimated_hours = models.DecimalField(
        _("estimated hours"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.5"))],
    )
    hourly_rate = models.DecimalField(
        _("hourly rate"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("1"))],
    )

    deadline = models.DateTimeField(_("deadline to apply"), null=True, blank=True)
    selection_date = models.DateField(_("supplier selection date"), null=True, blank=True)
    delivery_date = models.DateField(_("work delivery date"), null=True, blank=True)

    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    department = models.CharField(_("department"), max_length=160, blank=True)
    branch = models.CharField(_("branch"), max_length=160, blank=True)
    team = models.CharField(_("team"), max_length=160, blank=True)

    section_32_reference = models.CharField(_("section 32 reference"), max_length=60, blank=True)
    confirm_standalone = models.BooleanField(_("This is a standalone piece of work."), default=False)
    confirm_no_internal_capacity = models.BooleanField(
        _("Nobody in the department is available to do it."), default=False
    )
    confirm_unclassified = models.BooleanField(_("Only unclassified information is involved."), default=False)
    confirm_not_split = models.BooleanField(_("It is not split from a larger need."), default=False)
    confirm_funds_committed = models.BooleanField(
        _("Funds are committed under section 32 of the Financial Administration Act."), default=False
    )

    amendment_summary = models.TextField(_("summary of the amendment"), max_length=1000, blank=True)
    amendment_asks_confirmation = models.BooleanField(
        _("Ask each applicant to confirm or replace their application."), default=False
    )
    #: Translation key of the opportunity that this one posts again.
    follows = models.UUIDField(_("posts again"), null=True, blank=True, editable=False)

    #: The ``ref`` of the file it was imported from, so that importing again updates it.
    import_ref = models.CharField(_("import reference"), max_length=80, blank=True, editable=False)

    objects = PageManager.from_queryset(OpportunityQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["microacq_pages.OpportunityIndex"]
    subpage_types: ClassVar[list[str]] = []
    # A copy is another opportunity: importing again must find only the one that was imported.
    exclude_fields_in_copy: ClassVar[list[str]] = [
        "import_ref",
        "follows",
        "amendment_summary",
        "amendment_asks_confirmation",
    ]
    base_form_class = panels.OpportunityForm
    edit_handler = panels.opportunity_edit_handler()
    override_translatable_fields: ClassVar[list[SynchronizedField]] = synchronised(
        "show_in_menus",
        "repository",
        "licence",
        "project",
        "price",
        "estimated_hours",
        "hourly_rate",
        "deadline",
        "selection_date",
        "delivery_date",
        "contact_name",
        "contact_email",
        "section_32_reference",
        "confirm_standalone",
        "confirm_no_internal_capacity",
        "confirm_unclassified",
        "confirm_not_split",
        "confirm_funds_committed",
        "amendment_asks_confirmation",
        "follows",
        "opportunity_skills",
    )

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        constraints = (
            models.CheckConstraint(
                name="price_with_highest_tax_within_cap",
                condition=models.Q(price__isnull=True)
                | models.Q(price__gt=0, price__lte=guardrails.PRICE_LIMIT),
            ),
        )

    def content_blockers(self) -> list[publishing.Blocker]:
        return guardrails.opportunity_findings(self)

    def submission_blockers(self) -> list[publishing.Blocker]:
        return [*guardrails.submission_blockers(self), *splitting_words.submission_blockers(self)]

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Save what was typed, and compare it with other opportunities (``splitting``)."""
        from microacq_pages import splitting_records

        revision = super().save_revision(*args, **kwargs)
        splitting_records.refresh(self, saved=True)
        return revision

    @cached_property
    def public_status(self) -> PublicStatus | None:
        return PublicStatus.objects.with_clock().filter(translation_key=self.translation_key).first()

    @property
    def is_posted(self) -> bool:
        return PublicStatus.objects.filter(translation_key=self.translation_key).exists()

    def get_lock(self) -> Any:
        """What has ended stays as it was; see ``amending``."""
        status = self.public_status
        if status is not None and not status.is_taking_applications():
            return amending.EndedLock(self)
        return super().get_lock()

    @property
    def public_deadline(self) -> Any:
        """The deadline that counts: the file's once posted, the author's before (UTC)."""
        return self.public_status.deadline if self.public_status else self.deadline

    @cached_property
    def timetable(self) -> list[timetable.Step]:
        """Every step with its planned and actual dates."""
        return timetable.timetable_of(self)

    @path("", name="index")
    def index_route(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page itself."""
        return self.render(request)

    @path("calendar/", name="calendar")
    def calendar_route(self, request: HttpRequest) -> HttpResponse:
        """Its dates, for the reader's calendar."""
        from microacq_pages import opportunity_calendar

        return opportunity_calendar.answer(self)

    @property
    def calendar_url(self) -> str:
        """Where its dates can be had as a calendar; empty before it is posted."""
        return f"{self.url}{self.reverse_subpage('calendar')}" if self.public_status and self.url else ""

    @property
    def price_with_highest_tax(self) -> Decimal | None:
        """Fixed price with the highest combined sales tax in Canada, in CAD."""
        return None if self.price is None else guardrails.with_highest_tax(self.price)

    @property
    def localized_skills(self) -> list[str]:
        """Names of the required skills in the language of this page, in order."""
        links = self.opportunity_skills.all()
        if all(hasattr(link, "name") for link in links):
            return [link.name for link in links]
        skills = Skill.objects.in_bulk([link.skill_id for link in links])
        keys = [skill.translation_key for skill in skills.values()]
        names = dict(
            Skill.objects.filter(translation_key__in=keys, locale_id=self.locale_id).values_list(
                "translation_key", "name"
            )
        )
        required = [skills[link.skill_id] for link in links]
        return [names.get(skill.translation_key, skill.name) for skill in required]

    @cached_property
    def localized_project(self) -> Project | None:
        """The project in the language of this page."""
        if self.project is None or self.project.locale_id == self.locale_id:
            return self.project
        return Project.objects.filter(
            translation_key=self.project.translation_key, locale_id=self.locale_id
        ).first()


class OpportunitySkill(PartOfPage, Orderable):
    """A skill that the work requires."""

    page = ParentalKey(Opportunity, on_delete=models.CASCADE, related_name="opportunity_skills")
    skill = models.ForeignKey(Skill, verbose_name=_("skill"), on_delete=models.PROTECT, related_name="+")

    objects = OpportunitySkillQuerySet.as_manager()

    panels = panels.skill_panels()

    class Meta(Orderable.Meta):
        verbose_name = _("required skill")
        verbose_name_plural = _("required skills")
        constraints = (
            models.UniqueConstraint(fields=["page", "skill"], name="skill_required_once_an_opportunity"),
        )

    def __str__(self) -> str:
        return str(self.skill)


class Criterion(PartOfPage, TranslatableMixin, Orderable):
    """One mandatory, pass-or-fail requirement of an application; ``translation_key`` is its identity."""

    class Standard(models.TextChoices):
        OTHER = "", _("Written by the author")
        SKILLS = "skills", _("Standard: you have the skills")

    page = ParentalKey(Opportunity, on_delete=models.CASCADE, related_name="criteria")
    statement = RichTextField(_("statement"), features=TEXT_FEATURES)
    word_limit = models.PositiveSmallIntegerField(
        _("word limit of the answer"),
        default=250,
        validators=[MinValueValidator(10), MaxValueValidator(1000)],
    )
    standard = models.CharField(
        _("kind"), max_length=20, choices=Standard.choices, default=Standard.OTHER, blank=True
    )

    panels = panels.criterion_panels()
    override_translatable_fields = synchronised("word_limit", "standard")

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("application evaluation criterion")
        verbose_name_plural = _("application evaluation criteria")

    def __str__(self) -> str:
        return str(self.translation_key)


class AcceptanceCriterion(PartOfPage, TranslatableMixin, Orderable):
    """What the delivered code must meet to be paid; ``translation_key`` is its identity."""

    class Standard(models.TextChoices):
        OTHER = "", _("Written by the author")
        LICENCE = "licence", _("Standard: the licence")
        REQUIREMENTS = "requirements", _("Standard: all requirements are met")
        TESTS = "tests", _("Standard: the tests pass")

    page = ParentalKey(Opportunity, on_delete=models.CASCADE, related_name="acceptance_criteria")
    statement = RichTextField(_("statement"), features=TEXT_FEATURES)
    standard = models.CharField(
        _("kind"), max_length=20, choices=Standard.choices, default=Standard.OTHER, blank=True
    )

    panels = panels.acceptance_criterion_panels()
    override_translatable_fields = synchronised("standard")

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("work acceptance criterion")
        verbose_name_plural = _("work acceptance criteria")

    def __str__(self) -> str:
        return str(self.translation_key)


class OpportunityAttachment(PartOfPage, TranslatableMixin, Orderable):
    """A document that suppliers need, in both languages."""

    page = ParentalKey(Opportunity, on_delete=models.CASCADE, related_name="attachments")
    title = models.CharField(_("title"), max_length=120)
    document_en = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("English document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    document_fr = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("French document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    panels = panels.attachment_panels()
    override_translatable_fields = synchronised("document_en", "document_fr")

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.title

    @property
    def document(self) -> Any:
        """The document in the language of the page."""
        return self.document_fr if self.locale.language_code == "fr" else self.document_en
