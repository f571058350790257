"""How an author meets the fields: the form of an opportunity is a template that teaches.

Grouped as a person thinks: what it is about, the work, how code and applications are judged, price,
dates, who it is for, what the client confirms.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)

from . import amending, pairs
from .admin import PublicationPanel, ReviewPanel
from .findings import EstimatePanel, FindingsPanel, with_anchors
from .guidance import explained
from .intake.panels import RequestOfPagePanel
from .pasted import with_lists
from .splitting_panel import SplittingPanel

#: Rows of skills that are looked through; no form has as many.
MOST_SKILLS = 1000


def index_panels(base: list[Any]) -> list[Any]:
    return [*base, FieldPanel("intro")]


def skill_panels() -> list[Any]:
    return [FieldPanel("skill")]


def criterion_panels() -> list[Any]:
    return [
        FieldPanel(
            "statement",
            help_text=_(
                "One thing that an application shows or does not show, so that the answer is pass or fail. "
                "Accept similar skills."
            ),
        ),
        FieldRowPanel([FieldPanel("word_limit"), FieldPanel("standard")]),
    ]


def acceptance_criterion_panels() -> list[Any]:
    return [
        FieldPanel(
            "statement", help_text=_("Something that anyone can check on the delivered code, with its test.")
        ),
        FieldPanel("standard"),
    ]


def attachment_panels() -> list[Any]:
    return [FieldPanel("title"), FieldRowPanel([FieldPanel("document_en"), FieldPanel("document_fr")])]


def _about() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            TitleFieldPanel(
                "title", help_text=_("At most 100 characters. Say what will exist when the work is done.")
            ),
            FieldPanel(
                "teaser",
                help_text=_("At most 500 characters. This is what people read in the list and in mail."),
                widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
            ),
            FieldPanel(
                "background",
                help_text=explained(
                    _("Who you are, what problem you have, what was done before. No acronym unexplained."),
                    "plain-language",
                ),
            ),
            FieldPanel(
                "work",
                help_text=explained(
                    _(
                        "Everything the supplier must deliver, as a list. What is not written here cannot be asked "
                        "for later. All of it is public: write nothing classified or protected."
                    ),
                    "unclassified",
                ),
            ),
            FieldPanel(
                "repository",
                help_text=_("Where the work will be done, in the open. It must start with https://."),
            ),
            InlinePanel(
                "opportunity_skills",
                label=_("required skill"),
                heading=_("Required skills"),
                help_text=_("Choose from the list, the most important first."),
            ),
            FieldPanel(
                "project",
                help_text=_("The project that this opportunity is part of."),
                widget=forms.Select,
            ),
        ],
        heading=_("What it is about"),
    )


def _judged() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            FieldPanel(
                "licence",
                help_text=_(
                    "SPDX identifier. Keep the licence of an existing repository; for a new one we suggest MIT."
                ),
            ),
            InlinePanel(
                "acceptance_criteria",
                label=_("work acceptance criterion"),
                heading=_("Work acceptance criteria"),
                help_text=explained(
                    _("The delivered code is paid for when it meets all of these, and only these."),
                    "acceptance-criteria",
                ),
            ),
            InlinePanel(
                "criteria",
                label=_("application evaluation criterion"),
                heading=_("Application evaluation criteria"),
                help_text=explained(
                    _("Each is mandatory. Applications that pass all of them enter the random selection."),
                    "evaluation-criteria",
                ),
            ),
        ],
        heading=_("How code and applications are judged"),
    )


def _price_and_dates() -> list[MultiFieldPanel]:
    return [
        MultiFieldPanel(
            [
                FieldPanel(
                    "price",
                    help_text=explained(
                        _(
                            "In Canadian dollars before tax: hourly rate × (estimated hours + 10 hours of "
                            "administration). At most 8,695.65, so that it stays under 10,000 with tax."
                        ),
                        "estimating",
                    ),
                ),
                FieldRowPanel(
                    [
                        FieldPanel("estimated_hours", help_text=_("Never shown to the public.")),
                        FieldPanel(
                            "hourly_rate",
                            help_text=_("From 60 to 100, by skill. Never shown to the public."),
                        ),
                    ]
                ),
                EstimatePanel(heading=_("Estimate")),
            ],
            heading=_("Price"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(
                    "deadline",
                    help_text=explained(
                        _("Eastern time. At least ten business days after posting; avoid Fridays."), "process"
                    ),
                ),
                FieldRowPanel(
                    [
                        FieldPanel("selection_date", help_text=_("The day the supplier is selected.")),
                        FieldPanel(
                            "delivery_date",
                            help_text=_("Allow at most 37.5 hours of work a week until then."),
                        ),
                    ]
                ),
            ],
            heading=_("Dates"),
        ),
    ]


def _who() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_email")]),
            FieldPanel("department"),
            FieldRowPanel([FieldPanel("branch"), FieldPanel("team")]),
            InlinePanel(
                "attachments",
                label=_("attachment"),
                heading=_("Attachments"),
                help_text=_("Each document in English and in French."),
            ),
        ],
        heading=_("Who it is for"),
    )


def _confirmations() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            FieldPanel("confirm_standalone"),
            FieldPanel("confirm_no_internal_capacity"),
            FieldPanel("confirm_unclassified"),
            FieldPanel(
                "confirm_not_split",
                help_text=explained(_("Two needs that only look alike are not one need."), "splitting"),
            ),
            FieldPanel("confirm_funds_committed"),
            FieldPanel(
                "section_32_reference",
                help_text=_("The number of the commitment, as your finance officer gave it."),
            ),
        ],
        heading=_("What you confirm as the client"),
    )


class ReadingInterface(TabbedInterface):
    """Tabs whose panels read the pair once, however many of them ask about it."""

    class BoundPanel(TabbedInterface.BoundPanel):
        def render_form_content(self) -> Any:
            with pairs.reading():
                return super().render_form_content()


def opportunity_edit_handler() -> TabbedInterface:
    """The whole form of an opportunity."""
    handler = ReadingInterface(
        [
            ObjectList(
                [
                    ReviewPanel(),
                    amending.amendment_panel(),
                    PublicationPanel(lists_findings=False),
                    RequestOfPagePanel(),
                    FindingsPanel(heading=_("What the rules say"), classname="microacq-findings-panel"),
                    SplittingPanel(),
                    HelpPanel(template="microacq_pages/admin/opportunity_help.html"),
                    _about(),
                    _judged(),
                    *_price_and_dates(),
                    _who(),
                    _confirmations(),
                ],
                heading=_("Opportunity"),
            ),
            ObjectList(
                [
                    FieldPanel(
                        "slug", help_text=_("The last part of the address, in the language of this page.")
                    ),
                    FieldPanel("seo_title"),
                    FieldPanel("search_description"),
                ],
                heading=_("Address and search engines"),
            ),
            ObjectList([PublishingPanel()], heading=_("Schedule")),
        ]
    )
    return with_anchors(handler)


class OpportunityForm(WagtailAdminPageForm):
    """Starts a new opportunity with the standard statements, and holds the limits of the text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        data = args[0] if args else kwargs.get("data")
        # What is sent back already holds the statements, as the author left them.
        if instance is not None and instance.pk is None and data is None:
            prefill_standard_statements(instance)
        if data is not None:
            data = without_blank_skills(data)
            args, kwargs = ((data, *args[1:]), kwargs) if args else (args, {**kwargs, "data": data})
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            # Left blank it is made from the title, so that a title alone can be saved.
            self.fields["slug"].required = False
        if "project" in self.fields:
            self.fields["project"].queryset = self._projects()
        if "title" in self.fields:
            self.fields["title"].max_length = self.instance.TITLE_LIMIT
            self.fields["title"].widget.attrs["maxlength"] = self.instance.TITLE_LIMIT

    def _projects(self) -> Any:
        """The projects in the language of the page, and the one that is chosen already."""
        projects = self.fields["project"].queryset
        return projects.filter(
            Q(locale_id=self.instance.locale_id) | Q(pk=self.instance.project_id)
        ).order_by("title")

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if len(title) > self.instance.TITLE_LIMIT:
            raise forms.ValidationError(_("Use at most 100 characters."), code="title-too-long")
        return title

    def clean_background(self) -> str:
        return with_lists(self.cleaned_data["background"])

    def clean_work(self) -> str:
        return with_lists(self.cleaned_data["work"])

    def clean_deadline(self) -> Any:
        """After posting the deadline only moves later, and only before it passes."""
        deadline = self.cleaned_data.get("deadline")
        if sentence := amending.deadline_refusal(self.instance, deadline):
            raise forms.ValidationError(sentence, code="deadline-is-posted")
        return deadline


def without_blank_skills(data: Any) -> Any:
    """What was sent, without rows that were added and in which no skill was chosen yet.

    Such a row is how choosing a skill begins; refused, it would stop Wagtail from saving what is typed meanwhile.
    """
    blank = [
        f"opportunity_skills-{number}-DELETE"
        for number in range(min(_count(data.get("opportunity_skills-TOTAL_FORMS")), MOST_SKILLS))
        if not data.get(f"opportunity_skills-{number}-skill")
        and not data.get(f"opportunity_skills-{number}-id")
    ]
    if not blank:
        return data
    kept = data.copy()
    for name in blank:
        kept[name] = "1"
    return kept


def _count(text: Any) -> int:
    return int(text) if str(text).isdecimal() and len(str(text)) < 7 else 0


def standard_statements(language: str) -> dict[str, list[dict[str, Any]]]:
    """The statements that every opportunity begins with, in one language."""
    with override(language):
        return {
            "acceptance_criteria": [
                {
                    "standard": "licence",
                    "statement": gettext(
                        "<p>The code is delivered with the licence named in this opportunity, in a licence file "
                        "at the root of the repository.</p>"
                    ),
                },
                {
                    "standard": "requirements",
                    "statement": gettext(
                        "<p>A pull request or merge request adds source code that meets all the requirements in "
                        "the description of the work.</p>"
                    ),
                },
                {
                    "standard": "tests",
                    "statement": gettext("<p>The code passes the quality assurance tests listed here.</p>"),
                },
            ],
            "criteria": [
                {
                    "standard": "skills",
                    "word_limit": 250,
                    "statement": gettext(
                        "<p>In 250 words or fewer, show that you have the required skills or similar ones. Say "
                        "when you gained them, what you did and how you did it. Examples: paid work, school "
                        "work, volunteer or personal projects.</p>"
                    ),
                },
            ],
        }


def prefill_standard_statements(opportunity: Any) -> None:
    """Give a new opportunity the standard statements, the department and its author as contact, to be edited."""
    language = getattr(opportunity.locale, "language_code", None) or get_language() or "en"
    for relation, rows in standard_statements(language).items():
        manager = getattr(opportunity, relation)
        if not manager.count():
            for position, row in enumerate(rows):
                manager.add(manager.model(sort_order=position, locale=opportunity.locale, **row))
    prefill_who_it_is_for(opportunity)


def prefill_who_it_is_for(opportunity: Any) -> None:
    """Give an opportunity the department of the site and its author as contact, where they are blank."""
    language = getattr(opportunity.locale, "language_code", None) or get_language() or "en"
    opportunity.department = opportunity.department or settings.MICROACQ_DEPARTMENT[language]
    if opportunity.contact_email == "" and opportunity.owner is not None:
        opportunity.contact_email = opportunity.owner.email
        opportunity.contact_name = opportunity.owner.get_full_name()


__all__ = [
    "OpportunityForm",
    "acceptance_criterion_panels",
    "attachment_panels",
    "criterion_panels",
    "index_panels",
    "opportunity_edit_handler",
    "prefill_standard_statements",
    "prefill_who_it_is_for",
    "skill_panels",
    "standard_statements",
]
