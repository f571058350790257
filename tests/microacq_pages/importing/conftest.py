"""The pair of files that these tests import, and ways to write wrong versions of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from wagtail_localize.models import StringTranslation

from microacq_pages import pairs
from microacq_pages.models import Project
from tests.factories import pages

FILES = Path(__file__).parent / "files"
Texts = tuple[str, str]


@pytest.fixture(scope="module")
def _project_of_module(module_transaction: None) -> int:
    pages.make_skill("Python", "Python (langage)")
    project = pages.make_project()
    pages.translate(project)
    StringTranslation.objects.filter(
        context__object_id=project.translation_key, context__path="title"
    ).update(data="Calendrier ouvert")
    pairs.translation_of(project).save_target(publish=False)
    connection.check_constraints()
    return project.pk


@pytest.fixture
def skills_and_project(_project_of_module: int, db: None) -> Project:
    """What the files name and the site has: a skill, and a project known by its titles; made once a module."""
    return Project.objects.get(pk=_project_of_module)


@pytest.fixture
def texts() -> Texts:
    """The English and the French file, complete and right."""
    english, french = (FILES / f"link-checker.{language}.md" for language in ("en", "fr"))
    return english.read_text("utf-8"), french.read_text("utf-8")


@pytest.fixture
def paths(tmp_path: Path, texts: Texts) -> Callable[..., tuple[str, str]]:
    """Write both files, given texts or the right ones, and return their paths."""

    def write(english: str | bytes | None = None, french: str | bytes | None = None) -> tuple[str, str]:
        written = []
        for name, text in (("opportunity.md", english), ("opportunite.md", french)):
            default = texts[0 if name == "opportunity.md" else 1]
            data = default if text is None else text
            path = tmp_path / name
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
            written.append(str(path))
        return written[0], written[1]

    return write


def changed(text: str, old: str, new: str) -> str:
    """A file with one thing changed; the thing must be there."""
    assert old in text
    return text.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    """The line on which something stands."""
    return text[: text.index(part)].count("\n") + 1
