"""A file that went through everything up to its award, once a module; its releases are made afresh in each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from microacq_pages import roles
from submissions.questions.models import Question
from submissions.records.opendata import collecting
from submissions.records.opendata.models import Release
from submissions.solicitations.models import Solicitation
from tests.factories import amendments, awards, people, proposals, questions, selections

PREFIX = "ocds-213czf"


@pytest.fixture(autouse=True)
def _published_under_a_prefix(settings: Any) -> Iterator[None]:
    settings.MICROACQ_OCID_PREFIX = PREFIX
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def _awarded_of_module(_posted_of_module: int) -> int:
    file = Solicitation.objects.get(pk=_posted_of_module)
    question: Question = questions.make_published(file)
    assert question.pk
    amendments.amend(
        file, people.the(roles.CLIENT), people.the(roles.IT_STRATEGY), teaser="A date picker for everyone."
    )
    selected = selections.selected(3, failing=2, file=Solicitation.objects.get(pk=file.pk))
    awards.awarded(awards.accepted(awards.offered(selected)))
    return file.pk


@pytest.fixture(scope="module")
def _other_of_module(module_transaction: None) -> int:
    file = proposals.make_posted_file(
        people.the(roles.CLIENT), people.the(roles.IT_STRATEGY), title="Map of schools"
    )
    connection.check_constraints()
    return file.pk


@pytest.fixture
def posted(_other_of_module: int, db: None) -> Solicitation:
    """Another file, posted and nothing more."""
    return Solicitation.objects.get(pk=_other_of_module)


@pytest.fixture
def awarded(_awarded_of_module: int, db: None) -> Solicitation:
    """Posted, asked about, amended; five applied, three passed, one was drawn and signed."""
    return Solicitation.objects.get(pk=_awarded_of_module)


@pytest.fixture
def releases(awarded: Solicitation) -> list[Release]:
    """Its releases, in order."""
    collecting.collect()
    return list(Release.objects.filter(solicitation=awarded).order_by("sequence"))
