"""Skills, projects, guide pages and the introductions of the pages that the site brings.

Written by one person, translated by another, approved by a third, as the rules ask. What exists already
is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page

from microacq_pages import pairs, publishing
from microacq_pages.models import (
    ContentPage,
    HomePage,
    OpportunityIndex,
    Project,
    ProjectIndex,
    Skill,
)
from microacq_pages.page_texts import body, html
from microacq_pages.twins import translate_from

from . import files
from .accounts import ADMIN, person

#: The pages that ``setup_site`` makes, by the key of their text.
BROUGHT: dict[str, type[Page]] = {
    files.HOME: HomePage,
    files.OPPORTUNITIES: OpportunityIndex,
    files.PROJECTS: ProjectIndex,
}


@transaction.atomic
def load_skills() -> Iterator[str]:
    """Make the skills that do not exist, in both languages."""
    english, french = _locale("en"), _locale("fr")
    for row in files.load("skills.yaml"):
        if Skill.objects.filter(name__iexact=row["en"], locale=english).exists():
            continue
        skill = Skill.objects.create(name=row["en"], locale=english)
        if not Skill.objects.filter(name__iexact=row["fr"], locale=french).exists():
            Skill.objects.create(name=row["fr"], locale=french, translation_key=skill.translation_key)
        yield f"skill {row['en']}"


def load_projects() -> Iterator[str]:
    """Make and publish the projects that do not exist."""
    parent = _english(ProjectIndex)
    for row in files.load("projects.yaml"):
        if _child(parent, row["en"]["slug"]):
            continue
        with transaction.atomic():
            project = Project(
                repository=row["repository"], locale=parent.locale, **_project_fields(row["en"])
            )
            _add(parent, project)
            _finish(project, _project_fields(row["fr"]))
        yield f"project {row['en']['title']}"


def load_pages() -> Iterator[str]:
    """Make and publish the guide pages that do not exist; give the pages that the site brings their text."""
    home = _english(HomePage)
    with transaction.atomic():
        made = {key: _make_guide_page(home, key) for key in files.GUIDE_PAGES}
        known = known_pages()
        for key, (page, is_new) in made.items():
            if is_new:
                _write(page, key, known)
                yield f"page {page.title}"
        for key, model in BROUGHT.items():
            page = pairs.latest(_english(model))
            if not page.intro:
                _write(page, key, known)
                yield f"page {page.title}"


def known_pages() -> dict[str, int]:
    """The English pages to which a text may link, by the key of their text."""
    home = _english(HomePage)
    guides = {key: _child(home, files.page(key)["en"]["slug"]) for key in files.GUIDE_PAGES}
    brought = {key: _english(model).pk for key, model in BROUGHT.items()}
    return brought | {key: page.pk for key, page in guides.items() if page is not None}


def _english(model: type[Page]) -> Page:
    page: Page = model.objects.get(locale__language_code="en")
    return page


def _locale(code: str) -> Locale:
    return Locale.objects.get(language_code=code)


def _child(parent: Page, slug: str) -> Page | None:
    page: Page | None = Page.objects.child_of(parent).filter(slug=slug).specific().first()
    return page


def _add(parent: Page, page: Page) -> None:
    """Save a new page as a draft by the author."""
    author = person(ADMIN)
    page.live, page.owner = False, author
    parent.add_child(instance=page)
    page.save_revision(user=author)


def _make_guide_page(home: Page, key: str) -> tuple[Page, bool]:
    """The guide page, empty if it is new: links to it need its number before any text is written."""
    text = files.page(key)["en"]
    existing = _child(home, text["slug"])
    if existing is not None:
        return existing, False
    page = ContentPage(
        title=text["title"], slug=text["slug"], locale=home.locale, show_in_menus=key in files.IN_MENU
    )
    _add(home, page)
    return page, True


def _write(page: Page, key: str, known: dict[str, int]) -> None:
    text = files.page(key)
    for name, value in _page_fields(page, key, text["en"], known).items():
        setattr(page, name, value)
    page.save_revision(user=person(ADMIN))
    _finish(page, _page_fields(page, key, text["fr"], known))


def _finish(page: Page, translated: dict[str, Any]) -> None:
    twin = pairs.latest(page)
    for name, value in translated.items():
        setattr(twin, name, value)
    finish(page, twin)


def finish(page: Page, twin: Page) -> None:
    """Translate what was written, have it approved, publish both languages.

    Args:
        page: The source, saved as a draft.
        twin: An unsaved copy with the text of the other language.
    """
    translator, approver = person("translator"), person("it-strategy")
    if pairs.counterpart(page) is None:
        pairs.start_translation(page, translator)
    else:
        pairs.refresh_translation(page)
    translate_from(pairs.latest(page), twin, translator, "load_demo")
    publishing.approve(page, approver)
    publishing.publish_pair(page, user=approver)


def _project_fields(text: dict[str, str]) -> dict[str, str]:
    return {
        "title": text["title"],
        "slug": text["slug"],
        "search_description": text["seo_description"],
        "description": html(text["description"], {}),
    }


def _page_fields(page: Page, key: str, text: dict[str, Any], known: dict[str, int]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": text["title"],
        "slug": text["slug"],
        "search_description": text["seo_description"],
        "intro": html(text["intro"], known),
    }
    if isinstance(page, (HomePage, ContentPage)):
        stream = page._meta.get_field("body").stream_block
        fields["body"] = stream.to_python(body(key, text["body"], known))
    return fields
