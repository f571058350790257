"""What the screens of staff, and the public's, cost with 100 opportunities of 30 questions against 5 of 2, in one run.

Both sites lie on one database server and are asked in turn by one process, so that a drifting machine slows both.
What counts is the time of this process and of the database, not what others use the machine for. Quote the number of
queries, which must be the same, and the ratio, not the milliseconds.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
REQUESTS = int(os.environ.get("REQUESTS", "7"))
FEW = (5, 2)
MANY = (int(os.environ.get("OPPORTUNITIES", "100")), int(os.environ.get("QUESTIONS", "30")))
GOAL_MS = 300


@dataclass
class Screen:
    """One address as one role sees it, and what it cost on each site."""

    role: str
    name: str
    address: str
    queries: dict[str, int] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=lambda: {"few": [], "many": []})

    @property
    def milliseconds(self) -> float:
        return statistics.median(self.times["many"])

    @property
    def least(self) -> float:
        """What it costs where nothing else is in the way: other work only ever adds to it."""
        return min(self.times["many"])

    @property
    def grows(self) -> bool:
        return self.queries["many"] > self.queries["few"]

    @property
    def fails(self) -> bool:
        return self.grows or self.least > GOAL_MS


def main() -> None:
    """Measure and print; ends with 1 when a screen asks more with more content, or takes longer than the goal."""
    sys.path[:0] = [str(CHECKOUT / "site"), str(CHECKOUT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from tests.support import databases, plugin
    from tests.support.committed import copied

    os.environ[plugin.RUN_VARIABLE] = str(os.getpid())
    say("Preparing databases …")
    try:
        with copied(databases.site_template(), "few") as few:
            from tests.factories.crowds import Crowd

            crowd = Crowd()
            crowd.grow(*FEW)
            # What is posted later voids what was justified: so that both sites are in the same state.
            crowd.grow(FEW[0] + 1, FEW[1])
            leave()
            with copied(few, "many"):
                say("Posting {} opportunities of {} questions …".format(*MANY))
                crowd.grow(*MANY)
                analyse()
                screens = measure(screens_of(crowd), few)
        report(screens)
    finally:
        databases.drop_run(str(os.getpid()))
    if any(screen.fails for screen in screens):
        raise SystemExit(1)


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def leave() -> None:
    """Let nothing be connected to a database that is to be copied."""
    from django.db import connections

    analyse()
    connections.close_all()


def analyse() -> None:
    """Let the planner know what is there, as a server does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def screens_of(crowd: Any) -> list[Screen]:
    """Every screen measured, by the role whose it is. All of it is on both sites."""
    from django.urls import reverse

    from microacq_pages import pairs, roles
    from submissions.solicitations.models import Solicitation

    posted, draft, waiting = crowd.posted[0], crowd.waiting[0], crowd.waiting[2]
    file = Solicitation.objects.get(translation_key=posted.translation_key)
    target = pairs.counterpart(posted)
    assert target is not None
    question = file.asked_questions.earliest("number")
    edit = "wagtailadmin_pages:edit"
    staff: list[tuple[str, str, list[Any]]] = [
        ("dashboard", "wagtailadmin_home", []),
        ("my work", "microacq_my_work", []),
    ]
    whole = [
        ("questions", "questions:index", []),
        ("one question", "questions:inspect", [question.pk]),
        ("files", "solicitations:index", []),
        ("one file", "solicitations:inspect", [file.pk]),
    ]
    reviewing = [("review", "microacq_review", [waiting.pk])]
    by_role = {
        roles.CLIENT: [
            *staff,
            *whole,
            ("requests", "requests:index", []),
            ("editor of a draft", edit, [draft.pk]),
            ("editor of what is posted", edit, [posted.pk]),
            ("contract splitting", "microacq_splitting", [draft.pk]),
            (
                "a new opportunity",
                "wagtailadmin_pages:add",
                ["microacq_pages", "opportunity", posted.get_parent().pk],
            ),
            ("list of pages", "wagtailadmin_explore", [posted.get_parent().pk]),
        ],
        roles.IT_STRATEGY: [
            *staff,
            *whole,
            *reviewing,
            ("requests", "requests:index", []),
            ("report on requests", "microacq_requests_report", []),
            ("report on splitting", "microacq_splitting_report", []),
            ("editor of what is posted", edit, [posted.pk]),
            ("list of pages", "wagtailadmin_explore", [posted.get_parent().pk]),
        ],
        roles.CFOB: [*staff, *reviewing, ("report on splitting", "microacq_splitting_report", [])],
        roles.TRANSLATOR: [
            *staff,
            ("translations", "microacq_translations", []),
            ("translation editor", edit, [target.pk]),
            ("questions to translate", "wagtailsnippets_submissions_questiontext:list", []),
            *reviewing,
        ],
        roles.AUDITOR: [
            ("report on splitting", "microacq_splitting_report", []),
            ("record", "submissions_audit", []),
        ],
    }
    screens = [
        Screen(role, name, reverse(view, args=args))
        for role, views in by_role.items()
        for name, view, args in views
    ]
    return [
        *screens,
        Screen("", "list of opportunities", "/en/opportunities/?fresh"),
        Screen("", "opportunity", f"/en/opportunities/{posted.slug}/?fresh"),
        Screen("", "opportunity in French", f"{target.url}?fresh"),
    ]


def measure(screens: list[Screen], few: str, requests: int = REQUESTS) -> list[Screen]:
    """Ask each screen of both sites in turn, so often after a first time that fills caches."""
    from django.db import connections

    from tests.support.committed import point

    many = connections["default"].settings_dict["NAME"]
    gc.collect()
    gc.freeze()  # as config.wsgi does before a server answers
    browsers: dict[tuple[str, str], Any] = {}
    for number in range(requests + 1):
        for site, database in (("few", few), ("many", many)):
            for alias in connections:
                point(alias, database)
            for screen in screens:
                browser = browsers.setdefault((site, screen.role), None) or _signed_in(screen.role)
                browsers[site, screen.role] = browser
                taken, queries = _ask(browser, screen)
                if number:
                    screen.times[site].append(taken)
                    screen.queries[site] = queries
    return screens


def _signed_in(role: str) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    browser = Client()
    if role:
        browser.force_login(get_user_model().objects.get(username=f"crowd {role}"))
    return browser


def _ask(browser: Any, screen: Screen) -> tuple[float, int]:
    """Milliseconds of this process and of the database, and the number of queries, of one request."""
    from django.db import connection

    queries = 0
    waited = 0.0

    def watch(execute: Any, *arguments: Any) -> Any:
        nonlocal queries, waited
        wall, own = time.perf_counter(), time.thread_time()
        try:
            return execute(*arguments)
        finally:
            queries += 1
            # What the database does meanwhile; the client's own share is counted already.
            waited += time.perf_counter() - wall - (time.thread_time() - own)

    connection.ensure_connection()
    server = connection.connection.info.backend_pid
    worked, begin = _worked(server), time.thread_time()
    with connection.execute_wrapper(watch):
        response = browser.get(screen.address)
        response.getvalue() if response.streaming else response.content
    spent = time.thread_time() - begin
    if response.status_code != 200:
        raise RuntimeError(
            f"{screen.address} answered {response.status_code} to {screen.role}: {response.headers}"
        )
    by_database = waited if worked is None else (_worked(server) or worked) - worked
    return (spent + by_database) * 1000, queries


def _worked(process: int) -> float | None:
    """Seconds that a process of this machine has had a processor; None where the system does not tell.

    Asked of the database's own process, because on a busy machine the time until it answers says more of the others.
    """
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return None


def report(screens: list[Screen]) -> None:
    """Print what each screen costs."""
    say(
        "\nScreens with {} opportunities of {} questions against {} of {}; ".format(*MANY, *FEW)
        + f"{REQUESTS} requests each, asked in turn\n"
    )
    say(f"{'':44}{'with many':^20}{'':8}{'queries with':^16}")
    say(f"{'':44}{'median':>9}{'least':>10}{'times':>9}{'many':>8}{'few':>7}")
    for screen in screens:
        ratio = screen.milliseconds / statistics.median(screen.times["few"])
        say(
            f"{screen.role or 'public':18}{screen.name:26}{screen.milliseconds:>6.0f} ms{screen.least:>7.0f} ms"
            f"{ratio:>9.2f}{screen.queries['many']:>8}{screen.queries['few']:>7}{'  <<<' if screen.fails else ''}"
        )
    say(f"\nGoal: at least once within {GOAL_MS} ms, and no more queries with many than with few.")
    missed = [f"{screen.name} ({screen.role or 'public'})" for screen in screens if screen.fails]
    say(f"MISSED by: {', '.join(missed)}" if missed else "Reached by all.")


if __name__ == "__main__":
    main()
