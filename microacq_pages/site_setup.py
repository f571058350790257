"""The two language trees that the site needs before anyone writes: made once, never duplicated.

Called by ``setup_site``. Pages of other apps join through the hook ``microacq_site_pages(home_en)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail import hooks
from wagtail.models import Locale, Page, Site, Task, Workflow, WorkflowPage, WorkflowTask
from wagtail_localize.models import StringSegment, StringTranslation

from . import guidance_setup, pairs, publishing, roles
from .finding import index
from .glossary import seeding
from .models import HomePage, OpportunityIndex, ProjectIndex
from .review import PublicationTask, ReviewTask, TranslationTask


@dataclass(frozen=True)
class Bilingual:
    """A page as it is first made: its values in English and in French, by field."""

    model: type[Page]
    en: dict[str, Any]
    fr: dict[str, str]


HOME = Bilingual(
    HomePage,
    {"title": "Micro-Acquisition", "slug": "home"},
    {"title": "Micro-acquisition", "slug": "accueil"},
)
OPPORTUNITIES = Bilingual(
    OpportunityIndex,
    {"title": "Opportunities", "slug": "opportunities", "show_in_menus": True},
    {"title": "Opportunités", "slug": "opportunites"},
)
PROJECTS = Bilingual(
    ProjectIndex,
    {"title": "Projects", "slug": "projects", "show_in_menus": True},
    {"title": "Projets", "slug": "projets"},
)

OPPORTUNITY_WORKFLOW = "Opportunity review / Examen de l’opportunité"
PAGE_WORKFLOW = "Page review / Examen de la page"


@transaction.atomic
def set_up() -> list[str]:
    """Locales, trees, workflows and roles. Running it again changes nothing.

    Returns:
        A line for each thing made.
    """
    done: list[str] = []
    for code in pairs.LANGUAGES:
        if Locale.objects.get_or_create(language_code=code)[1]:
            done.append(f"language {code}")
    home = ensure_pair(Page.get_first_root_node(), HOME, done)
    for page in (OPPORTUNITIES, PROJECTS):
        ensure_pair(home, page, done)
    for answer in hooks.get_hooks("microacq_site_pages"):
        for page in answer():
            ensure_pair(home, page, done)
    done.extend(guidance_setup.set_up())
    done.extend(_site(home))
    done.extend(roles.apply())
    done.extend(_workflows())
    done.extend(seeding.seed())
    done.extend(index.set_up())
    return done


def ensure_pair(parent: Page, page: Bilingual, done: list[str]) -> Page:
    """The English page of a pair, made and published in both languages when it does not exist.

    Args:
        parent: The English parent (or the root).
        page: What to make.
        done: Gets a line when the pair is made.
    """
    existing = page.model.objects.filter(locale__language_code="en").child_of(parent).first()
    if existing is not None:
        return existing
    english = page.model(locale=Locale.objects.get(language_code="en"), live=False, **page.en)
    parent.add_child(instance=english)
    english.save_revision()
    pairs.start_translation(english, None)
    translate_fields(english, page.fr)
    publishing.approve_installation(english)
    publishing.publish_pair(english, user=None)
    done.append(f"page {page.en['title']} / {page.fr['title']}")
    return page.model.objects.get(pk=english.pk)


def translate_fields(page: Page, values: dict[str, str], user: Any = None) -> None:
    """Give the translation of plain text fields, as a translator would.

    Args:
        page: The source.
        values: Translation by path of the field, such as ``title``.
        user: Whom to name as the translator.
    """
    translation = pairs.translation_of(page)
    if translation is None:
        raise ValueError(f"Page {page.pk} has no translation to fill in.")
    for segment in StringSegment.objects.filter(source=translation.source, context__path__in=values):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={
                "data": values[segment.context.path],
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "last_translated_by": user,
            },
        )


def _site(home: Page) -> list[str]:
    """The one site, at the address that the settings name."""
    address = urlsplit(settings.MICROACQ_BASE_URL)
    wanted = {
        "hostname": address.hostname,
        "port": address.port or (443 if address.scheme == "https" else 80),
        "root_page_id": home.pk,
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if all(getattr(site, name) == value for name, value in wanted.items()):
        return []
    for name, value in wanted.items():
        setattr(site, name, value)
    site.save()
    return [f"site {site.root_url}"]


def _workflows() -> list[str]:
    tasks = {
        "it": _task(ReviewTask, "IT Strategy review / Examen par la Stratégie de TI", roles.IT_STRATEGY),
        "cfob": _task(ReviewTask, "CFOB review / Examen par la DGDPF", roles.CFOB),
        "translation": _task(TranslationTask, "Translation / Traduction", roles.TRANSLATOR),
        "publication": _task(
            PublicationTask,
            "Publication in both languages / Publication dans les deux langues",
            roles.IT_STRATEGY,
        ),
    }
    done = []
    for name, steps, model in (
        (PAGE_WORKFLOW, ("it", "translation", "publication"), HomePage),
        (OPPORTUNITY_WORKFLOW, ("it", "cfob", "translation", "publication"), OpportunityIndex),
    ):
        workflow, created = Workflow.objects.get_or_create(name=name)
        if created:
            for order, step in enumerate(steps):
                WorkflowTask.objects.create(workflow=workflow, task=tasks[step], sort_order=order)
            done.append(f"workflow {name}")
        for page in Page.objects.type(model):
            WorkflowPage.objects.get_or_create(page=page, defaults={"workflow": workflow})
    return done


def _task(model: type[Task], name: str, group: str) -> Task:
    task = model.objects.filter(name=name).first() or model.objects.create(name=name)
    task.groups.set(roles.Group.objects.filter(name=group))
    return task
