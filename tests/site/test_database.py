"""The embedded PostgreSQL: shared by processes, survives being killed, lives in any folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import database_settings
from config.embedded.server import EmbeddedServer, EmbeddedServerError, _socket_folder

Run = Callable[..., "subprocess.CompletedProcess[str]"]

HOLD = """
import sys
from pathlib import Path
from config.embedded.server import EmbeddedServer
server = EmbeddedServer.of(Path(sys.argv[1]), throwaway=True)
server.ensure_running()
print("running", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another account may pass into, as the tests' own temporary folders are not."""
    name = Path(tempfile.mkdtemp(prefix="microacq test ", dir="/tmp"))
    name.chmod(0o755)
    yield name / "data base" / "postgres"
    shutil.rmtree(name, ignore_errors=True)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedServer]:
    """A running server of this process, stopped at the end."""
    running = EmbeddedServer(folder, throwaway=True)
    running.ensure_running()
    yield running
    running._release(os.getpid())


def _postmaster(server: EmbeddedServer) -> psutil.Process:
    return psutil.Process(int((server.folder / "postmaster.pid").read_text().split("\n", 1)[0]))


def _answers(server: EmbeddedServer) -> bool:
    try:
        psycopg2.connect(host=str(server.socket_folder), user="postgres", dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def test_a_server_starts_below_a_folder_with_spaces(server: EmbeddedServer) -> None:
    with server.administer() as cursor:
        cursor.execute(
            "SELECT lower('ÉTÉ'), to_tsvector('french', 'chevaux') @@ to_tsquery('french', 'cheval')"
        )
        assert cursor.fetchone() == ("été", True)


def test_a_server_listens_to_no_network(server: EmbeddedServer) -> None:
    assert not _postmaster(server).net_connections(kind="inet")
    with server.administer() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)
    assert server.socket_folder.stat().st_mode & 0o077 == 0


def test_a_killed_server_is_started_again(server: EmbeddedServer) -> None:
    server.ensure_database("kept")
    _postmaster(server).send_signal(signal.SIGKILL)
    server.ensure_running()
    with server.administer() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = 'kept'")
        assert cursor.fetchone() == (1,)


def test_a_mark_left_by_a_server_whose_number_another_process_has_is_ignored(server: EmbeddedServer) -> None:
    mark = server.folder / "postmaster.pid"
    lines = mark.read_text().split("\n")
    master = _postmaster(server)
    master.send_signal(signal.SIGKILL)
    psutil.wait_procs([master], timeout=10)
    time.sleep(0.5)
    mark.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    server.ensure_running()
    assert _answers(server)


def test_processes_share_a_server_and_the_last_one_stops_it(
    server: EmbeddedServer, run_python: Run, folder: Path
) -> None:
    result = run_python("-c", HOLD, str(folder))
    assert result.stdout == "running\n", result.stderr
    assert _answers(server), "the other process has ended, this one still holds the server"
    server._release(os.getpid())
    assert not _answers(server)
    assert run_python("-c", HOLD, str(folder)).stdout == "running\n"
    assert not _answers(server)


def test_a_first_start_that_was_interrupted_is_made_again(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "base").mkdir()
    running = EmbeddedServer(folder, throwaway=True)
    running.ensure_running()
    assert _answers(running)
    running._release(os.getpid())


@pytest.mark.parametrize(
    "path", ["/srv/site/var/postgres", "/home/someone/my sites/var/postgres", "/" + "x/" * 60]
)
def test_the_address_of_the_socket_is_short_and_plain(path: str) -> None:
    address = str(_socket_folder(Path(path)))
    assert len(address) <= 80
    assert " " not in address


def test_a_folder_that_leads_elsewhere_is_refused(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.symlink_to(folder.parent)
    with pytest.raises(EmbeddedServerError, match="belongs to somebody else"):
        EmbeddedServer(folder, throwaway=True).ensure_running()


def test_database_url_is_used_when_it_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:secret@db.example.org:5433/buying")
    found = database_settings(tmp_path)
    assert found["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert found["default"]["HOST"] == "db.example.org"
    assert found["refusals"]["NAME"] == "buying"


@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", "mysql://a@b/c", "nonsense"])
def test_any_other_database_is_refused(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured):
        database_settings(tmp_path)


def test_there_is_no_embedded_database_where_none_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(ImproperlyConfigured, match="for trying only"):
        database_settings(None)
