"""Finding or fetching a Chromium for the browser tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

#: The shell draws and scripts like the whole browser, and costs half as much, having no windows to keep.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATH_VARIABLE = "MICROACQ_CHROMIUM"
MEND = "sudo apt-get install chromium"

LAUNCH_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]


@dataclass(frozen=True)
class Provision:
    """A browser's path, or the reason why there is none."""

    path: str = ""
    reason: str = ""


def provide(*, fetch: bool) -> Provision:
    """Return an installed Chromium, else Playwright's own, else (if `fetch`) one installed now."""
    found = _named() or _installed() or _playwrights()
    if found or not fetch:
        return Provision(found, "" if found else "no Chromium is installed")
    print("No Chromium found; fetching one for the browser tests …", flush=True)
    _run([sys.executable, "-m", "playwright", "install", "chromium"], seconds=300)
    found = _playwrights()
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _run(["apt-get", "update", "-qq"], seconds=120, environment=environment)
        for package in ("chromium-headless-shell", "chromium"):
            install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
            if _run(install, seconds=600, environment=environment):
                break
        found = _installed()
    return Provision(found, "" if found else "no Chromium is installed and none could be fetched")


def _named() -> str:
    path = os.environ.get(PATH_VARIABLE, "")
    return path if path and _starts(path) else ""


def _installed() -> str:
    for name in NAMES:
        path = shutil.which(name)
        if path and _starts(path):
            return path
    return ""


def _playwrights() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) and _starts(path) else ""


def _starts(path: str) -> bool:
    """A downloaded browser may lack the system's libraries, so it has to say its version first."""
    return _run([path, "--version"], seconds=30)


def _run(command: list[str], *, seconds: int, environment: dict[str, str] | None = None) -> bool:
    try:
        result = subprocess.run(command, check=False, capture_output=True, timeout=seconds, env=environment)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0
