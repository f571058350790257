"""A file that went all the way to its award holds, link by link, with nothing dated back."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from microacq_pages import roles
from submissions.selection import services as selection
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import awards, evaluations, people, selections, whole_files
from tests.support.guards import guards_down


@pytest.fixture(scope="module")
def awarded(committed_database: str) -> Solicitation:
    with override_settings(MICROACQ_DRAW_SOURCE="witnesses"):
        file = whole_files.make_opened_file(people.the(roles.CLIENT), people.the(roles.IT_STRATEGY))
    evaluations.submitted(file, failing=evaluations.receipts(file)[:1])
    transition(file, "sign_off", user=people.the(roles.CFOB))
    selection.freeze(file, selections.drawer())
    selections.enter_input(file)
    selection.carry_out(file, selections.drawer())
    awards.awarded(awards.accepted(awards.offered(file)))
    return Solicitation.objects.get(pk=file.pk)


@pytest.fixture
def file(awarded: Solicitation) -> Iterator[Solicitation]:
    with transaction.atomic():
        yield Solicitation.objects.get(pk=awarded.pk)
        transaction.set_rollback(True)


def verify(file: Any, **options: Any) -> tuple[int, str]:
    """Exit code, and all that was said."""
    out = StringIO()
    try:
        call_command("verify_file", str(file), stdout=out, stderr=out, no_color=True, **options)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


@pytest.mark.parametrize(("language", "words"), [("en", "holds"), ("fr", "est conforme")])
def test_a_whole_file_holds_to_its_award(file: Solicitation, language: str, words: str) -> None:
    code, said = verify(file, language=language)
    assert (file.state, code) == (State.AWARDED, 0), said
    assert f"{file.number} {words}" in said


def test_the_supplier_of_an_award_cannot_be_exchanged_unseen(file: Solicitation) -> None:
    connection.check_constraints()
    with guards_down("submissions_offer"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE submissions_offer SET proposal_id = (SELECT max(id) FROM submissions_proposal"
            " WHERE solicitation_id = %s AND state = 'sent' AND id <> proposal_id) WHERE solicitation_id = %s",
            [file.pk, file.pk],
        )
    code, said = verify(file)
    assert code == 1
    assert "FAILS" in said
