"""Who is asked, when, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from wagtail import hooks
from wagtail.models import ModelLogEntry

from submissions.audit.services import record
from submissions.notices.crypto import decrypt
from submissions.notices.envelope import make_again
from submissions.notices.models import OutgoingMessage
from submissions.proposals import custody, opening
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from submissions.survey import inviting, tokens
from submissions.survey.enums import Cohort
from submissions.survey.models import SurveyAddress, SurveyMailing
from tests.factories import proposals
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(it_strategy: Any) -> Callable[..., Solicitation]:
    """Make a file with three opened applications that ended so many days ago."""

    def make(state: State = State.NONE_SUITABLE, days: int = 8, **changes: Any) -> Solicitation:
        file = proposals.make_file()
        for number in range(3):
            email = f"supplier-{number}@example.org"
            proposals.send(file, language="fr" if number == 2 else "en", email=email)
        proposals.pass_deadline(file)
        opening.open_proposals(file, it_strategy, custody.custodian_identities())
        connection.check_constraints()
        with guards_down("submissions_solicitation"):
            Solicitation.objects.filter(pk=file.pk).update(
                state=state, state_reason="Ended.", state_reason_fr="Terminé."
            )
        entry = record(file, "file.cancelled", data={"number": file.number})
        connection.check_constraints()
        act = next(iter(_acts_to(state)), "file.cancelled")
        with guards_down("wagtailcore_modellogentry"), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE wagtailcore_modellogentry SET action = %s, timestamp = %s WHERE id = %s",
                [act, database_clock() - timedelta(days=days), entry.pk],
            )
        return Solicitation.objects.get(pk=file.pk)

    return make


def _acts_to(state: State) -> list[str]:
    from submissions.solicitations.states import TRANSITIONS

    return [rule.act for rule in TRANSITIONS.values() if rule.target == state]


@pytest.fixture(autouse=True)
def _ends_have_acts(monkeypatch: Any) -> None:
    """The end that these tests bring about by hand is known to the table of states."""
    from submissions.solicitations import states

    rules = {
        f"end-{state}": states.Transition(
            name=f"end-{state}",
            sources=frozenset({State.OPENED}),
            target=state,
            act=f"file.end-{state}",
            permission="submissions.open_solicitation",
            label=f"End {state}",
        )
        for state in inviting.ENDS
        if not _acts_to(state)
    }
    monkeypatch.setattr(states, "TRANSITIONS", {**states.TRANSITIONS, **rules})


def letters() -> list[Any]:
    return [
        make_again(decrypt(message.payload))
        for message in OutgoingMessage.objects.filter(kind="survey_asked")
    ]


def test_nobody_is_asked_in_the_days_of_the_letters(ended: Callable[..., Solicitation]) -> None:
    ended(days=6)
    assert inviting.ask_where_due() == 0


def test_each_applicant_is_asked_once_in_their_language(ended: Callable[..., Solicitation]) -> None:
    ended()
    assert inviting.ask_where_due() == 3
    assert inviting.ask_where_due() == 0
    assert {message.to[0] for message in letters()} == {
        f"supplier-{number}@example.org" for number in range(3)
    }
    texts = [message.body for message in letters()]
    assert sum("/fr/sondage/" in text for text in texts) == 1
    assert sum("/en/survey/" in text for text in texts) == 2
    assert not any("not drawn" in text or "refus" in text for text in texts)


def test_a_cancelled_file_asks_nobody(ended: Callable[..., Solicitation]) -> None:
    ended(state=State.CANCELLED)
    assert inviting.ask_where_due() == 0


def test_who_was_awarded_the_work_is_asked_as_such(ended: Callable[..., Solicitation]) -> None:
    file = ended(state=State.AWARDED)
    assert inviting.ask_where_due() == 0, "nobody says who was awarded"
    winner = file.proposals.sent().first()
    with hooks.register_temporarily("survey_awarded", lambda file: winner.receipt_number):
        assert inviting.ask_where_due() == 3
    cohorts = {}
    for message in letters():
        link = next(line for line in message.body.splitlines() if "/survey/" in line or "/sondage/" in line)
        cohorts[message.to[0]] = tokens.read(link.rstrip("/").rsplit("/", 1)[1], date.today()).cohort
    assert cohorts.pop(winner.address) == Cohort.AWARDED
    assert set(cohorts.values()) == {Cohort.APPLIED}


def test_a_supplier_of_two_files_is_asked_once_a_year(ended: Callable[..., Solicitation]) -> None:
    ended()
    assert inviting.ask_where_due() == 3
    ended()
    assert inviting.ask_where_due() == 0
    assert SurveyMailing.objects.count() == 2


def test_what_is_kept_leads_from_no_right_to_a_person(ended: Callable[..., Solicitation]) -> None:
    ended()
    inviting.ask_where_due()
    assert [field.name for field in SurveyAddress._meta.fields] == ["id", "digest", "year", "cohort"]
    assert "supplier" not in str(list(SurveyAddress.objects.values()))
    act = ModelLogEntry.objects.get(action="survey.asked")
    assert act.data["count"] == 3
    assert "example.org" not in str(act.data)
    for message in OutgoingMessage.objects.filter(kind="survey_asked"):
        assert message.private


def test_digests_of_addresses_go_with_the_year() -> None:
    SurveyAddress.objects.create(digest="d", year=2020, cohort=Cohort.APPLIED)
    assert inviting.forget() == 1
