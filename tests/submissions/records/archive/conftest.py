"""A file that was awarded and went on to its end, once a module; each test works in a savepoint of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import override_settings

from submissions.awards import debriefs
from submissions.awards.enums import Topic
from submissions.records.archive import bundle
from submissions.solicitations.models import Solicitation
from tests.factories import awards, selections


@pytest.fixture(scope="module")
def _awarded_of_module(module_transaction: None) -> int:
    """Four applications: three passed, one was awarded the work; a supplier complained and was answered."""
    with override_settings(EMAIL_BACKEND="submissions.notices.backend.OutboxBackend"):
        return _made()


def _made() -> int:
    file = selections.selected(3, failing=1)
    award = awards.awarded(awards.accepted(awards.offered(file)))
    file = Solicitation.objects.get(pk=file.pk)
    other = file.proposals.sent().exclude(pk=award.offer.proposal_id).order_by("pk")[0]
    words = "Supplier 2 asks why, at home: 613-555-0199."
    asked = debriefs.write(other, Topic.COMPLAINT, words, language="en", key=uuid.uuid4())
    debriefs.answer(asked, selections.drawer(), "Here is why.")
    connection.check_constraints()
    return file.pk


@pytest.fixture
def file(_awarded_of_module: int, db: None) -> Solicitation:
    return Solicitation.objects.get(pk=_awarded_of_module)


@pytest.fixture(scope="module")
def _parts_of_module(_awarded_of_module: int) -> dict[str, bundle.Part]:
    return {part.path: part for part in bundle.parts_of(Solicitation.objects.get(pk=_awarded_of_module))}


@pytest.fixture
def parts(_parts_of_module: dict[str, bundle.Part], db: None) -> dict[str, bundle.Part]:
    """Every part of the file, by path; made once."""
    return _parts_of_module


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The storage named ``records``: a folder of the test."""
    from django.conf import settings

    mine: dict[str, Any] = {
        **settings.STORAGES["records"],
        "OPTIONS": {"location": str(tmp_path / "records")},
    }
    with override_settings(STORAGES={**settings.STORAGES, "records": mine}):
        assert storages["records"].location == str(tmp_path / "records")
        yield tmp_path / "records"
