"""Runs the command, and looks at what it made."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import PageLogEntry, Revision
from wagtail_localize.models import StringTranslation

from microacq_pages import pairs
from microacq_pages.models import Opportunity, Skill

Paths = Callable[..., tuple[str, str]]


def run(paths: tuple[str, str], *options: Any, **more: Any) -> str:
    out = StringIO()
    call_command("import_opportunity", *paths, *options, stdout=out, **more)
    return out.getvalue()


def refused(paths: tuple[str, str], *options: Any) -> str:
    with pytest.raises(CommandError) as raised:
        run(paths, *options)
    return str(raised.value)


def imported(language: str = "en") -> Opportunity:
    page: Opportunity = pairs.latest(Opportunity.objects.get(locale__language_code=language))
    return page


def french_version(page: Opportunity) -> Opportunity:
    """The page as readers of the other language will see it."""
    translation = pairs.translation_of(page)
    version: Opportunity = translation.source.get_ephemeral_translated_instance(translation.target_locale)
    return version


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Opportunity, Revision, StringTranslation, Skill, PageLogEntry)
    )
