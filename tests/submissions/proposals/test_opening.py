"""Opening a file, and the trial seal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection

from microacq_pages.models import PublicStatus
from submissions.audit.models import AuditEntry
from submissions.proposals import custody, opening, sealing
from submissions.proposals.models import OpenedProposal, Proposal, TrialSeal
from submissions.proposals.sealing import CannotOpen
from submissions.solicitations.enums import State
from submissions.solicitations.services import TransitionRefused, database_clock, transition
from tests.factories import proposals

pytestmark = pytest.mark.django_db


def acts(action: str) -> int:
    connection.check_constraints()
    return AuditEntry.objects.filter(action=action).count()


def open_now(file: Any, user: Any) -> int:
    return opening.open_proposals(file, user, custody.custodian_identities())


def test_opening_stores_every_sent_proposal_under_the_reading_key(file: Any, it_strategy: Any) -> None:
    proposal, _link = proposals.send(file)
    proposals.send(file, name="Alex Roy", email="alex@example.org")
    proposals.pass_deadline(file)
    assert open_now(file, it_strategy) == 2
    assert file.state == State.OPENED
    opened = OpenedProposal.objects.get(proposal=proposal)
    assert opened.text()["name"] == "Camille Tremblay"
    assert "Camille" not in opened.locked_text
    assert acts("file.opened") == 1
    assert AuditEntry.objects.get(action="file.opened").payload.count('"count": 2') == 1


def test_replaced_and_withdrawn_versions_are_never_opened(file: Any, it_strategy: Any) -> None:
    from submissions.proposals import services

    _replaced, link = proposals.send(file)
    current, _link = proposals.send(file, link, name="Camille T.")
    _withdrawn, other = proposals.send(file, email="other@example.org")
    services.withdraw(other, link_address="https://example.org/")
    proposals.pass_deadline(file)
    assert open_now(file, it_strategy) == 1
    assert [opened.proposal for opened in OpenedProposal.objects.all()] == [current]


def test_a_file_without_proposals_ends_and_the_public_reads_so(file: Any, it_strategy: Any) -> None:
    proposals.pass_deadline(file)

    assert open_now(file, it_strategy) == 0

    assert file.state == State.NO_PROPOSALS
    assert PublicStatus.objects.get(number=file.number).public_label == "Ended: no application"


@pytest.mark.parametrize("since", [timedelta(seconds=60), timedelta(0), -timedelta(seconds=60)])
def test_nobody_opens_before_the_last_request_can_have_arrived(
    file: Any, it_strategy: Any, admin: Any, settings: Any, since: timedelta
) -> None:
    settings.MICROACQ_REQUEST_TIMEOUT = 60
    proposals.send(file)
    proposals.set_deadline(file, after=-since)
    for user in (it_strategy, admin):
        with pytest.raises(opening.OpeningRefused):
            open_now(file, user)
        with pytest.raises(opening.OpeningRefused):
            opening.ask_to_open(file, user)
    assert OpenedProposal.objects.count() == 0
    assert acts("file.open_refused") == 2


def test_the_task_itself_looks_at_the_clock(file: Any, admin: Any) -> None:
    proposals.send(file)
    opening.open_file.call(file.pk, admin.pk)
    assert OpenedProposal.objects.count() == 0
    assert acts("file.opening_failed") == 1


def test_the_task_opens_the_file(file: Any, it_strategy: Any) -> None:
    proposals.send(file)
    proposals.pass_deadline(file)
    opening.open_file.call(file.pk, it_strategy.pk)
    file.refresh_from_db()
    assert file.state == State.OPENED


def test_opening_twice_opens_once(file: Any, it_strategy: Any) -> None:
    proposals.send(file)
    proposals.pass_deadline(file)
    open_now(file, it_strategy)
    with pytest.raises(opening.OpeningRefused):
        open_now(file, it_strategy)
    opening.open_file.call(file.pk, it_strategy.pk)
    assert OpenedProposal.objects.count() == 1
    assert acts("file.opening_failed") == 0


def test_only_who_may_open_files_can_ask(file: Any, evaluator: Any, author: Any) -> None:
    proposals.pass_deadline(file)
    for user in (evaluator, author):
        with pytest.raises(PermissionDenied):
            opening.ask_to_open(file, user)
        with pytest.raises(PermissionDenied):
            open_now(file, user)
    assert acts("file.open_refused") == 2


def test_the_state_opened_is_reached_by_opening_alone(file: Any, it_strategy: Any) -> None:
    proposals.send(file)
    proposals.pass_deadline(file)
    with pytest.raises(TransitionRefused, match="Not every application has been opened"):
        transition(file, "open", user=it_strategy)


def test_without_a_fitting_key_nothing_changes_and_the_failure_is_on_record(
    file: Any, it_strategy: Any, settings: Any, tmp_path: Path
) -> None:
    proposals.send(file)
    proposals.pass_deadline(file)
    custody.make_key(tmp_path / "other.age")
    settings.MICROACQ_CUSTODIAN_KEY_FILES = [str(tmp_path / "other.age")]
    opening.open_file.call(file.pk, it_strategy.pk)
    file.refresh_from_db()
    assert file.state == State.POSTED
    assert OpenedProposal.objects.count() == 0
    assert acts("file.opening_failed") == 1


def test_a_text_that_is_not_what_its_receipt_says_stops_the_opening(file: Any, it_strategy: Any) -> None:
    proposal, link = proposals.send(file)
    forged = sealing.seal(b"{}", [link.recipient, *custody.custodian_recipients()])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE submissions_proposal SET sealed = %s WHERE id = %s", [forged, proposal.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    proposals.pass_deadline(file)
    with pytest.raises(CannotOpen):
        open_now(file, it_strategy)


def test_any_custodian_opens(file: Any, it_strategy: Any, settings: Any, tmp_path: Path) -> None:
    second = custody.make_key(tmp_path / "second.age")
    settings.MICROACQ_CUSTODIAN_RECIPIENTS = [*settings.MICROACQ_CUSTODIAN_RECIPIENTS, second]
    proposals.send(file)
    proposals.pass_deadline(file)
    assert (
        opening.open_proposals(file, it_strategy, custody.custodian_identities([tmp_path / "second.age"]))
        == 1
    )


def test_nothing_but_the_opening_task_and_the_trial_loads_a_custodians_key() -> None:
    users = [
        path
        for path in Path("submissions").rglob("*.py")
        if "custodian_identities" in path.read_text(encoding="utf-8")
    ]
    assert sorted(path.as_posix() for path in users) == [
        "submissions/proposals/custody.py",
        "submissions/proposals/opening.py",
    ]


# --- trial -----------------------------------------------------------------------------------------


def test_a_trial_that_opens_allows_posting() -> None:
    TrialSeal.objects.all().delete()
    assert "No trial seal" in opening.reason_against_posting()
    assert opening.make_trial().passed
    assert opening.reason_against_posting() == ""
    assert acts("trial_seal.passed") >= 1


def test_a_trial_with_a_key_that_does_not_open_forbids_posting(settings: Any, tmp_path: Path) -> None:
    custody.make_key(tmp_path / "other.age")
    settings.MICROACQ_CUSTODIAN_KEY_FILES = [str(tmp_path / "other.age")]
    assert not opening.make_trial().passed
    assert "could not be opened" in opening.reason_against_posting()
    assert acts("trial_seal.failed") == 1


def test_a_retired_key_beside_one_that_opens_does_not_stop_posting(settings: Any, tmp_path: Path) -> None:
    custody.make_key(tmp_path / "retired.age")
    settings.MICROACQ_CUSTODIAN_KEY_FILES = [
        *settings.MICROACQ_CUSTODIAN_KEY_FILES,
        str(tmp_path / "retired.age"),
    ]
    trial = opening.make_trial()
    assert trial.passed
    assert "does not open" in trial.detail


@pytest.mark.parametrize("content", ["", "nothing of use", "AGE-SECRET-KEY-1DAMAGED"])
def test_a_key_file_without_a_key_fails_the_trial(settings: Any, tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.age").write_text(content)
    settings.MICROACQ_CUSTODIAN_KEY_FILES = [str(tmp_path / "bad.age")]
    trial = opening.make_trial()
    assert not trial.passed
    assert "DAMAGED" not in trial.detail


def test_a_trial_with_other_custodians_does_not_count(settings: Any, tmp_path: Path) -> None:
    opening.make_trial()
    settings.MICROACQ_CUSTODIAN_RECIPIENTS = [custody.make_key(tmp_path / "new.age")]
    assert "No trial seal" in opening.reason_against_posting()


def test_an_old_trial_does_not_count(settings: Any) -> None:
    trial = opening.make_trial()
    TrialSeal.objects.filter(pk=trial.pk).update(made_at=database_clock() - timedelta(hours=25))
    TrialSeal.objects.exclude(pk=trial.pk).delete()
    assert "too old" in opening.reason_against_posting()
    assert opening.ask_for_trial_when_due()
    assert not opening.ask_for_trial_when_due()


def test_tick_asks_for_a_trial_only_when_it_is_due() -> None:
    opening.make_trial()
    assert not opening.ask_for_trial_when_due()


def test_posting_is_refused_without_a_trial(author: Any, it_strategy: Any) -> None:
    from microacq_pages.publishing import PublicationBlocked

    TrialSeal.objects.all().delete()
    with pytest.raises(PublicationBlocked, match="trial seal"):
        proposals.make_posted_file(author, it_strategy)


# --- commands --------------------------------------------------------------------------------------


def test_the_command_makes_a_key_for_its_owners_eyes_only(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "custodian.age"
    call_command("make_custodian_key", str(path))
    printed = capsys.readouterr()
    assert path.stat().st_mode & 0o777 == 0o600
    (key,) = custody.custodian_identities([path])
    assert printed.out.strip() == key.recipient
    assert key.identity not in printed.out + printed.err
    assert key.identity not in repr(key)


def test_the_command_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "custodian.age"
    call_command("make_custodian_key", str(path), verbosity=0)
    before = path.read_text()
    with pytest.raises(CommandError):
        call_command("make_custodian_key", str(path))
    assert path.read_text() == before


def test_the_rehearsal_names_every_key_and_fails_where_none_opens(
    settings: Any, tmp_path: Path, capsys: Any
) -> None:
    call_command("rehearse_opening")
    assert "opens" in capsys.readouterr().out
    custody.make_key(tmp_path / "other.age")
    settings.MICROACQ_CUSTODIAN_KEY_FILES = [
        *settings.MICROACQ_CUSTODIAN_KEY_FILES,
        str(tmp_path / "other.age"),
    ]
    call_command("rehearse_opening")
    assert "does not open" in capsys.readouterr().out
    settings.MICROACQ_CUSTODIAN_KEY_FILES = [str(tmp_path / "other.age")]
    with pytest.raises(CommandError):
        call_command("rehearse_opening")
    assert Proposal.objects.count() == 0
