"""Makes the virtual environment, before anything of ours is installed. Standard library only.

The Makefile calls it with a Python that is new enough. A second call with an unchanged lock does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
ENVIRONMENT = CHECKOUT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"


def main() -> None:
    """Check what can be checked quickly, then install what is missing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dev", action="store_true", help="install what tests and checks need, too")
    parser.add_argument("--rush", action="store_true", help="install the load program beside what tests need")
    parser.add_argument("--free-port", metavar="PORT", help="fail now if this port is taken")
    options = parser.parse_args()
    if options.free_port:
        refuse_taken_port(options.free_port)
    name = (
        "requirements-rush.txt"
        if options.rush
        else "requirements-dev.txt"
        if options.dev
        else "requirements.txt"
    )
    install(CHECKOUT / name)


def refuse_taken_port(port: str) -> None:
    """Stop with a sentence if the site could not listen on its port."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(
            f"PORT={port} is not a port number. Choose one between 1024 and 65535, for example PORT=8000."
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST") or "127.0.0.1", int(port)))
        except PermissionError:
            sys.exit(f"Port {port} needs more rights than you have. Choose another one: make run PORT=8000")
        except OSError:
            other = int(port) + 1 if int(port) < 65535 else 8000
            sys.exit(f"Port {port} is taken by another program. Choose another one: make run PORT={other}")


def install(lock: Path) -> None:
    """Bring the environment in line with a lock, unless it already is."""
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    stamps = [ENVIRONMENT / f".installed-{lock.stem}"]
    if lock.stem == "requirements":
        # The development lock holds everything that the other does, at the same versions.
        development = lock.with_name("requirements-dev.txt")
        both = hashlib.sha256(development.read_bytes() + sys.version.encode()).hexdigest()
        if stamp_says(ENVIRONMENT / f".installed-{development.stem}", both):
            return
    if stamp_says(stamps[0], wanted):
        return
    make_environment()
    print(f"Installing Python packages from {lock.name} …", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-compile"]
    command += ["--no-input", "--require-hashes", "--requirement", str(lock)]
    if subprocess.run(command, check=False).returncode:
        sys.exit(
            "The packages could not be installed; pip says why above. Mend that and give the same command again."
        )
    stamps[0].write_text(wanted, encoding="ascii")


def stamp_says(stamp: Path, wanted: str) -> bool:
    """Tell whether an installation finished with this lock, and still runs."""
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        return False
    return runs()


def runs() -> bool:
    """Tell whether the environment's Python starts; it does not after its base was removed."""
    try:
        return subprocess.run([str(PYTHON), "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    """Make the virtual environment, or make it again if it no longer runs with this Python."""
    if runs():
        found = subprocess.run(
            [str(PYTHON), "-c", "import sys; print(sys.version)"], check=True, capture_output=True, text=True
        )
        if found.stdout.strip() == sys.version.strip():
            return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    print(f"Making a virtual environment with Python {sys.version.split()[0]} …", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(ENVIRONMENT)], check=False, capture_output=True, text=True
    )
    if made.returncode:
        minor = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"Python's venv module does not work here (on Debian and Ubuntu: apt-get install python{minor}-venv).\n"
            f"{made.stdout}{made.stderr}"
        )


if __name__ == "__main__":
    main()
