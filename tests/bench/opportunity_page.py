"""How an anonymous opportunity page compares with an empty page of a bare Wagtail project, in one run.

Both are served by the same web server from the same database server; requests alternate, so that a
drifting machine slows both. Quote the ratio, not the milliseconds.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
REQUESTS = int(os.environ.get("REQUESTS", "300"))
OPPORTUNITIES = int(os.environ.get("OPPORTUNITIES", "40"))
WARM_UP = 20
START_SECONDS = 60
GOAL = 1.5

BARE_SETTINGS = """
import dj_database_url

from bare.settings.base import *
DEBUG = False
SECRET_KEY = {key!r}
ALLOWED_HOSTS = ["*"]
DATABASES = {{"default": dj_database_url.parse({database!r})}}
STORAGES = {{
    "default": {{"BACKEND": "django.core.files.storage.FileSystemStorage"}},
    "staticfiles": {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
}}
"""
EMPTY_PAGE = "{% extends 'base.html' %}{% block content %}{% endblock %}"


def main() -> None:
    """Measure and print; ends with 1 when the goal is missed."""
    sys.path[:0] = [str(CHECKOUT / "site"), str(CHECKOUT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from tests.support import databases, plugin, servers

    os.environ[plugin.RUN_VARIABLE] = str(os.getpid())
    say("Preparing databases …")
    template = databases.site_template()
    try:
        with tempfile.TemporaryDirectory(prefix="microacq-bench-") as name:
            folder = Path(name)
            with servers.SiteServer(template, folder) as site, bare_project(folder, databases) as bare_port:
                say(f"Posting {OPPORTUNITIES} opportunities …")
                path = post_opportunities(OPPORTUNITIES)
                report(site.port, bare_port, path)
    finally:
        databases.drop_run(str(os.getpid()))


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def post_opportunities(count: int) -> str:
    """Make posted opportunities; return the address of one."""
    from microacq_pages import roles
    from submissions.proposals import opening
    from tests.factories import pages, people

    opening.make_trial()
    author, approver = people.make_user(roles.CLIENT), people.make_user(roles.IT_STRATEGY)
    for number in range(count):
        page = pages.make_posted_opportunity(
            author, approver, slug=f"work-{number}", title=f"Work {number}", criteria=2
        )
    return f"/en/opportunities/{page.slug}/"


@contextmanager
def bare_project(folder: Path, databases: Any) -> Iterator[int]:
    """``wagtail start`` with its home page emptied, served like ours."""
    from tests.support.servers import bound_socket

    project = folder / "bare"
    project.mkdir()
    run(sys.executable, "-c", "from wagtail.bin.wagtail import main; main()", "start", "bare", str(project))
    database = databases.new_database("template0", "bare")
    (project / "bare" / "settings" / "bench.py").write_text(
        BARE_SETTINGS.format(key=os.urandom(16).hex(), database=databases.database_url(database))
    )
    (project / "home" / "templates" / "home" / "home_page.html").write_text(EMPTY_PAGE)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bare.settings.bench", "PYTHONPATH": str(project)}
    run(sys.executable, str(project / "manage.py"), "migrate", "--verbosity", "0", env=environment)
    bound = bound_socket()
    port = int(bound.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "bare.wsgi:application", "--chdir", str(project)]
    command += ["--bind", f"fd://{bound.fileno()}", "--worker-class", "gthread", "--threads", "4"]
    with (folder / "bare.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, pass_fds=(bound.fileno(),)
        )
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(10)
            bound.close()


def run(*command: str, env: dict[str, str] | None = None) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            if get(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/") >= 0:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The bare project did not start.")


def get(connection: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds of one request."""
    begin = time.perf_counter()
    connection.request("GET", path, headers={"Host": "localhost"})
    response = connection.getresponse()
    response.read()
    if response.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{path} answered {response.status}")
    return (time.perf_counter() - begin) * 1000


def report(ours: int, bare: int, path: str) -> None:
    """Measure in turn and print medians and ratios."""
    rows = {
        "empty page, bare project": (bare, "/"),
        "opportunity page": (ours, path),
        "opportunity page, never kept": (ours, f"{path}?fresh"),
        "list of opportunities": (ours, "/en/opportunities/"),
        "list of opportunities, never kept": (ours, "/en/opportunities/?fresh"),
    }
    times = measure(rows)
    base = statistics.median(times["empty page, bare project"])
    say(
        f"\n{REQUESTS} requests each, in turn; {OPPORTUNITIES} opportunities posted; one process, 4 threads\n"
    )
    say(f"{'':36}{'median':>10}{'p95':>10}{'ratio':>8}")
    for name, values in times.items():
        middle, high = statistics.median(values), statistics.quantiles(values, n=20)[-1]
        say(f"{name:36}{middle:>7.2f} ms{high:>7.2f} ms{middle / base:>8.2f}")
    ratio = statistics.median(times["opportunity page"]) / base
    say(f"\nGoal: at most {GOAL} times an empty page. Measured: {ratio:.2f}.")
    if ratio > GOAL:
        raise SystemExit(1)


def measure(rows: dict[str, tuple[int, str]]) -> dict[str, list[float]]:
    """Request each in turn, after a warm-up."""
    connections = {name: http.client.HTTPConnection("127.0.0.1", port) for name, (port, _) in rows.items()}
    times: dict[str, list[float]] = {name: [] for name in rows}
    for count in range(WARM_UP + REQUESTS):
        for name, (_port, path) in rows.items():
            taken = get(connections[name], path)
            if count >= WARM_UP:
                times[name].append(taken)
    return times


if __name__ == "__main__":
    main()
