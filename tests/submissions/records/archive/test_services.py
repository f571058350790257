"""Files are written down by the queue: what changed, whole, compared, tried again; a command does it all again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from microacq_pages import roles
from submissions.audit.models import AuditEntry
from submissions.audit.services import record
from submissions.records.archive import bundle, documents, keeping, services, waiting
from submissions.records.archive.models import ArchivedDocument, ArchivedFile, WriteState
from submissions.records.archive.panels import RecordsPanel
from submissions.solicitations.models import Solicitation
from tests.factories import people


class Broken(FileSystemStorage):
    """A storage that refuses, or changes what it is given."""

    fault: Any = None
    changes = False

    def _save(self, name: str, content: Any) -> str:
        if type(self).fault is not None:
            raise type(self).fault
        saved = super()._save(name, content)
        if type(self).changes:
            Path(self.path(saved)).write_bytes(b"something else")
        return saved


@pytest.fixture(autouse=True)
def _few_documents(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """How documents are written does not depend on how many there are."""
    few = [kind for kind in documents.kinds() if kind.name in ("opportunity", "applications", "acts")]
    monkeypatch.setattr(documents, "kinds", lambda: few)
    with override_settings(MICROACQ_RECORDS_LANGUAGES=["en"]):
        yield


@pytest.fixture
def broken(tmp_path: Path) -> Any:
    from django.conf import settings

    Broken.fault, Broken.changes = None, False
    mine = {"BACKEND": f"{Broken.__module__}.Broken", "OPTIONS": {"location": str(tmp_path / "broken")}}
    with override_settings(STORAGES={**settings.STORAGES, "records": mine}):
        assert isinstance(storages["records"], Broken)
        yield Broken


def on_disk(folder: Path, file: Solicitation) -> dict[str, bytes]:
    below = folder / bundle.folder_of(file)
    return {str(path.relative_to(below)): path.read_bytes() for path in below.rglob("*") if path.is_file()}


def states_of(file: Solicitation) -> set[str]:
    return set(ArchivedDocument.objects.filter(solicitation=file).values_list("state", flat=True))


def test_the_queue_writes_what_was_done_to_a_file(file: Solicitation, folder: Path) -> None:
    with override_settings(MICROACQ_RECORDS_PAUSE=0):
        services.sweep()
        assert file.pk in services.due_files(1000)
        assert services.refresh_if_due(file.pk).endswith("written")
    parts = {part.path: part.content for part in bundle.parts_of(file)}
    assert on_disk(folder, file) == parts
    assert states_of(file) == {WriteState.WRITTEN}
    assert services.refresh_if_due(file.pk) == "not due"
    assert services.sweep() == 0, "writing a file down makes nothing due"


def test_the_screen_says_since_when_documents_are_behind(
    file: Solicitation, folder: Path, client: Client
) -> None:
    client.force_login(people.the(roles.IT_STRATEGY))

    def screens() -> list[str]:
        panel = RecordsPanel(file, people.the(roles.IT_STRATEGY)).render_html({})
        return [client.get(reverse("records:documents", args=[file.pk])).text, panel]

    connection.check_constraints()
    with override_settings(MICROACQ_RECORDS_PAUSE=0):
        services.sweep()
        services.refresh_if_due(file.pk)
        assert services.behind_since(file) is None
        assert all("being brought up to date" not in screen for screen in screens())
        record(file, "file.posted_again", data={"number": file.number})
        record(file, "records.asked_again", data={"number": file.number})
        connection.check_constraints()
        assert services.behind_since(file) is not None
        assert all("being brought up to date" in screen for screen in screens())
        services.sweep()
        services.refresh_if_due(file.pk)
    assert services.behind_since(file) is None


def test_before_the_opening_nothing_tells_that_somebody_applied(file: Solicitation, folder: Path) -> None:
    services.sweep()
    services.write(file)
    connection.check_constraints()
    record(file, "proposal.received", data={"number": file.number, "receipt": "R-AAAA-AAAA"})
    connection.check_constraints()
    assert services.behind_since(file) is not None
    file.state = "posted"
    assert services.behind_since(file) is None


def test_what_is_done_while_a_file_is_written_is_written_after(
    file: Solicitation, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = bundle.parts_of

    def busy(of: Solicitation) -> Iterator[bundle.Part]:
        yield from make(of)
        record(of, "file.posted_again", data={"number": of.number})
        connection.check_constraints()
        services.sweep()

    services.sweep()
    ArchivedFile.objects.update(due_at="2026-01-01T00:00Z")
    monkeypatch.setattr(bundle, "parts_of", busy)
    assert services.refresh_if_due(file.pk).endswith("written")
    assert ArchivedFile.objects.get(solicitation=file).due_at is not None


def test_what_did_not_change_is_not_written_again(file: Solicitation, folder: Path) -> None:
    services.write(file)
    record(file, "file.posted_again", data={"number": file.number})
    connection.check_constraints()
    outcome = services.write(file)
    assert [path for path in outcome.written if path.endswith("acts.docx")] == ["en/900-acts.docx"]
    assert "en/310-applications.docx" in outcome.unchanged
    assert (
        on_disk(folder, file)[bundle.SUMS] == {p.path: p.content for p in bundle.parts_of(file)}[bundle.SUMS]
    )


def test_what_the_storage_refuses_is_tried_again_later(file: Solicitation, broken: Any) -> None:
    broken.fault = keeping.TryLater("Graph answered 429 at camille@example.org.", timedelta(minutes=7))
    outcome = services.write(file)
    assert not outcome.written and outcome.failed
    row = ArchivedDocument.objects.filter(solicitation=file).earliest("pk")
    assert (row.state, row.attempts) == (WriteState.FAILED, 1)
    assert "429" in row.last_error and "camille@" not in row.last_error
    assert services.retry_due() == 0, "its pause is not over"
    broken.fault = None
    assert services.write(file).written == [], "nobody asks before the pause is over"
    ArchivedDocument.objects.update(next_attempt_at=row.next_attempt_at - timedelta(minutes=8))
    assert services.retry_due() == 1
    assert services.refresh_if_due(file.pk).endswith("written")
    assert states_of(file) == {WriteState.WRITTEN}


def test_after_enough_attempts_a_person_is_asked_and_asks_again(
    file: Solicitation, broken: Any, client: Client
) -> None:
    broken.fault = OSError("No space left on device")
    services.write(file)
    ArchivedDocument.objects.update(attempts=services.MOST_ATTEMPTS - 1, next_attempt_at="2026-01-01T00:00Z")
    services.write(file)
    assert WriteState.GIVEN_UP in states_of(file)
    assert services.retry_due() == 0
    client.force_login(people.the(roles.IT_STRATEGY))
    page = client.get(reverse("records:documents", args=[file.pk]))
    assert "No space left on device" in page.text
    assert [item.title for item in waiting.work_of(people.the(roles.IT_STRATEGY))] == [file.number]
    broken.fault = None
    client.post(reverse("records:documents", args=[file.pk]))
    assert services.refresh_if_due(file.pk).endswith("written")
    assert states_of(file) == {WriteState.WRITTEN}


def test_what_the_storage_changes_is_no_success(file: Solicitation, broken: Any) -> None:
    broken.changes = True
    outcome = services.write(file)
    assert not outcome.written
    assert all("not what was written" in error for _path, error in outcome.failed)


def test_a_worker_that_died_leaves_nothing_undone(file: Solicitation, folder: Path) -> None:
    services.write(file)
    rows = ArchivedDocument.objects.filter(solicitation=file)
    rows.update(state=WriteState.WRITING, lease_until="2026-01-01T00:00Z")
    ArchivedFile.objects.filter(solicitation=file).delete()
    assert services.retry_due() == 1
    assert services.refresh_if_due(file.pk).endswith("written")
    assert states_of(file) == {WriteState.WRITTEN}


def test_a_document_that_cannot_be_made_is_said_on_the_file(
    file: Solicitation, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.mark_due([file.pk], timedelta(0))
    monkeypatch.setattr(
        bundle, "parts_of", lambda file: (_ for _ in ()).throw(RuntimeError("the key is gone"))
    )
    assert services.refresh_if_due(file.pk) == "failed"
    row = ArchivedFile.objects.get(solicitation=file)
    assert "the key is gone" in row.last_error and row.due_at is not None


def test_the_command_writes_everything_again_and_shows_how_far_it_is(
    file: Solicitation, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("write_records", file.number)
    before = on_disk(folder, file)
    for path in (folder / bundle.folder_of(file)).rglob("*.docx"):
        path.write_bytes(b"lost")
    call_command("write_records", file.number.lower())
    assert on_disk(folder, file) == before
    said = capsys.readouterr().out
    assert "en/310-applications.docx: written" in said and f"{file.number} (1 of 1)" in said
    call_command("write_records", "--changed", file.number)
    assert f" 0 written, {len(before)} unchanged, 0 failed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="MA-1999-0001"):
        call_command("write_records", "MA-1999-0001")
    with pytest.raises(CommandError, match="--all"):
        call_command("write_records")


def test_the_database_lets_nothing_count_as_written_that_is_not(file: Solicitation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchivedDocument.objects.create(
            solicitation=file,
            path="x",
            wanted_digest="a" * 64,
            size=1,
            state=WriteState.WRITTEN,
            digest="b" * 64,
        )


def test_the_whole_file_is_fetched_by_who_may_and_that_is_recorded(
    file: Solicitation, client: Client
) -> None:
    address = reverse("records:download", args=[file.pk])
    for role in (roles.IT_STRATEGY, roles.CFOB, roles.AUDITOR):
        client.force_login(people.the(role))
        answer = client.get(address)
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
        content = answer.getvalue()
    parts = ((part.path, part.content) for part in bundle.parts_of(file))
    assert content == b"".join(bundle.zipped(file.number, parts))
    connection.check_constraints()
    acts = AuditEntry.objects.filter(file_number=file.number, action="records.downloaded")
    assert acts.count() == 3
    for role in (roles.EVALUATOR, roles.FINANCE):
        client.force_login(people.the(role))
        assert client.get(address).status_code in (302, 403)
    connection.check_constraints()
    assert AuditEntry.objects.filter(file_number=file.number, action="records.refused").exists()


def test_who_evaluated_a_file_does_not_fetch_it(file: Solicitation, client: Client) -> None:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    evaluator = get_user_model().objects.get(username="evaluator")
    evaluator.groups.add(Group.objects.get(name=roles.AUDITOR))
    client.force_login(evaluator)
    assert client.get(reverse("records:download", args=[file.pk])).status_code in (302, 403)


def test_the_page_of_the_file_says_how_far_it_is(
    posted_once: Solicitation, folder: Path, client: Client
) -> None:
    client.force_login(people.the(roles.IT_STRATEGY))
    address = reverse("solicitations:inspect", args=[posted_once.pk])
    assert "not written down yet" in client.get(address).text
    services.write(posted_once)
    count = ArchivedDocument.objects.filter(solicitation=posted_once).count()
    assert f"{count} of {count} documents are written and compared." in client.get(address).text
