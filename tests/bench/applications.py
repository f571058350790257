"""What a file with 500 applications costs: opening it, and every screen of its evaluation, selection and award.

The file is opened as the worker does it, its progress told on the second connection; the time is that of the clock on
the wall. The screens are asked of a file with 500 applications and of one with 5 in turn, by one process; what counts
is the time of this process and of the database. Ends with 1 when the opening or a screen takes longer than its goal, or
a screen asks more with more applications. ``APPLICATIONS`` says how many.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
FEW, MANY = 5, int(os.environ.get("APPLICATIONS", "500"))
REQUESTS = int(os.environ.get("REQUESTS", "5"))
OPENING_GOAL_S, SCREEN_GOAL_MS = 10.0, 500


def main() -> None:
    """Measure and print; ends with 1 when a goal is missed."""
    sys.path[:0] = [str(CHECKOUT / "site"), str(CHECKOUT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from django.test import override_settings

    from submissions.proposals import opening
    from tests.bench.staff_screens import analyse, say
    from tests.support import databases, plugin
    from tests.support.committed import copied

    os.environ[plugin.RUN_VARIABLE] = str(os.getpid())
    say("Preparing a database …")
    outbox = override_settings(
        EMAIL_BACKEND="submissions.notices.backend.OutboxBackend", MICROACQ_REFUSALS_DATABASE="refusals"
    )
    try:
        with copied(databases.site_template(), "applications"), outbox:
            opening.make_trial()
            seconds = opening_takes()
            few, many = Files(FEW), Files(MANY)
            analyse()
            screens = measure(few, many)
    finally:
        databases.drop_run(os.environ[plugin.RUN_VARIABLE])
    missed = report(seconds, screens)
    raise SystemExit(1 if missed else 0)


# --- opening -------------------------------------------------------------------------------------


def opening_takes() -> float:
    """Seconds from the begin of the task until the file is opened."""
    from microacq_pages import roles
    from submissions.proposals import opening
    from submissions.proposals.opening_models import newest
    from submissions.solicitations.enums import State
    from tests.bench.staff_screens import say
    from tests.factories import people, proposals

    file, user = proposals.make_file(criteria=3), people.the(roles.IT_STRATEGY)
    say(f"{MANY} suppliers apply …")
    paragraph = "I built a date picker with tests, see https://forge.example.org/somebody/picker. " * 16
    for number in range(MANY):
        data = proposals.answers(file)
        words: dict[str, Any] = {name: f"{paragraph}{number}" for name in data if name.startswith("answer")}
        proposals.send(file, email=f"supplier{number}@example.org", **words)
    proposals.pass_deadline(file)
    opening.ask_to_open(file, user)
    say("Opening …")
    began = time.perf_counter()
    opening.open_file.call(file.pk, user.pk)
    taken = time.perf_counter() - began
    file.refresh_from_db()
    say(f"Opened in {taken:.1f} s")
    asked = newest(file)
    if file.state != State.OPENED or asked is None or asked.done != MANY:
        raise RuntimeError(f"The file was not opened: {file.state}, {asked and asked.fault}")
    return taken


# --- screens -------------------------------------------------------------------------------------


class Files:
    """Files with so many applications each, at every step from the evaluation to the award."""

    def __init__(self, count: int) -> None:
        from tests.bench.staff_screens import say

        say(f"Making files of {count} applications …")
        self.count, self.made = count, 0
        self.judging = self._judged(hand_in=False)
        self.differing = self._judged(differ=True)
        self.submitted = self._judged()
        self.signed = self._signed()
        self.frozen = self._frozen()
        self.selected = self._selected()
        if self.differing.rounds.get().state != "agreeing":
            raise RuntimeError("The evaluators do not differ")

    def _judged(self, *, hand_in: bool = True, differ: bool = False) -> Any:
        from submissions.evaluation import handing_in
        from submissions.evaluation.models import Verdict
        from submissions.selection import services as selection
        from tests.factories import evaluations

        self.made = self.made + 1
        file = evaluations.crowd(self.count, file=_posted(f"work-{self.count}-{self.made}"))
        selection.commit(file)
        people = evaluations.named(file, "anne", "bert")
        for one in people:
            evaluations.judge_in_bulk(one)
        if differ:
            Verdict.objects.filter(assignment=people[1], item__position=1).update(choice=False)
        for one in people if hand_in else ():
            handing_in.hand_in(one, user=one.evaluator)
        file.refresh_from_db()
        return file

    def _signed(self) -> Any:
        from microacq_pages import roles
        from submissions.solicitations.services import transition
        from tests.factories import people

        return transition(self._judged(), "sign_off", user=people.the(roles.CFOB))

    def _frozen(self) -> Any:
        from submissions.selection import services as selection
        from tests.factories import selections

        file = self._signed()
        selection.freeze(file, selections.drawer())
        selections.let_input_be_known(file)
        return file

    def _selected(self) -> Any:
        from submissions.selection import services as selection
        from tests.factories import selections

        file = self._frozen()
        selections.enter_input(file)
        selection.carry_out(file, selections.drawer())
        return file


def _posted(slug: str) -> Any:
    """A file whose opportunity is public in both languages."""
    from microacq_pages import roles
    from tests.factories import people, proposals

    return proposals.make_posted_file(
        people.the(roles.CLIENT), people.the(roles.IT_STRATEGY), slug=slug, criteria=3
    )


@dataclass
class Pair:
    """One screen of both files, with what it cost on each."""

    who: str
    person: Any
    name: str
    addresses: dict[str, str]
    queries: dict[str, int]
    times: dict[str, list[float]]

    @property
    def least(self) -> float:
        """Milliseconds where nothing else is in the way: other work only ever adds to it."""
        return min(self.times["many"])

    @property
    def fails(self) -> bool:
        return self.queries["many"] > self.queries["few"] or self.least > SCREEN_GOAL_MS


#: Name, who asks, address of the screens of one set of files.
Row = tuple[str, str, str]


def addresses(files: Files) -> Iterator[Row]:
    """Every screen that an evaluator, a signer, a selector and the public see."""
    from django.urls import reverse

    middle, last = files.count // 2 + 1, files.count

    def at(name: str, file: Any, *args: Any) -> str:
        return reverse(name, args=[file.pk, *args])

    work = files.judging
    yield "evaluation", "evaluator", at("evaluation:file", work)
    yield "one criterion", "evaluator", at("evaluation:criterion", work, 1)
    yield "its last page", "evaluator", at("evaluation:criterion", work, 2) + "?p=9999"
    yield "one application", "evaluator", at("evaluation:application", work, middle)
    yield "ask a supplier", "evaluator", at("evaluation:ask", work, last, 1)
    yield "hand in", "evaluator", at("evaluation:hand-in", work)
    yield "conflict of interest", "evaluator", at("evaluation:conflict", work)
    yield "page of the file", "evaluator", at("solicitations:inspect", work)
    yield "differences", "evaluator", at("evaluation:agree", files.differing)
    yield "agree to all", "evaluator", at("evaluation:agreed", files.differing)
    yield "verdicts", "evaluator", at("evaluation:verdicts", files.submitted)
    yield "evaluation", "signer", at("evaluation:file", files.submitted)
    yield "verdicts", "signer", at("evaluation:verdicts", files.submitted)
    yield "reasons of one", "signer", at("evaluation:reasons", files.submitted, middle)
    yield "sign off", "signer", at("evaluation:sign-off", files.submitted)
    yield "send back", "signer", at("evaluation:send-back", files.submitted)
    yield "page of the file", "signer", at("solicitations:inspect", files.submitted)
    yield "reopen", "signer", at("solicitations:transition", files.signed, "reopen")
    yield "evaluators", "selector", at("evaluation:assign", work)
    yield "names in the texts", "selector", at("evaluation:names", work)
    yield "hide in one", "selector", at("evaluation:hide", work, middle)
    yield "applications", "selector", at("proposals:list", work)
    yield "page of the file", "selector", at("solicitations:inspect", work)
    yield "file, signed off", "selector", at("solicitations:inspect", files.signed)
    yield "freeze the list", "selector", at("selections:freeze", files.signed)
    yield "file, frozen", "selector", at("solicitations:inspect", files.frozen)
    yield "enter the input", "selector", at("selections:enter", files.frozen)
    yield "draw", "selector", at("selections:draw", files.frozen)
    yield "file, selected", "selector", at("solicitations:inspect", files.selected)
    yield "offer the work", "selector", at("awards:offer", files.selected)
    yield "tracker", "selector", reverse("microacq_tracker")
    yield "my work", "selector", reverse("microacq_my_work")
    yield "page of the selection", "public", reverse("selection:page", args=[files.selected.number])


def people_of() -> dict[str, Any]:
    """Who asks, by what they do."""
    from microacq_pages import roles
    from tests.factories import evaluations, people

    return {
        "evaluator": evaluations.evaluator("anne"),
        "signer": people.the(roles.CFOB),
        "selector": people.the(roles.IT_STRATEGY),
        "public": None,
    }


def measure(few: Files, many: Files) -> list[Pair]:
    """Ask each screen of both files in turn, so often after a first time that fills caches."""
    from tests.bench.staff_screens import _ask

    who = people_of()
    browsers: dict[str, Any] = {name: _browser(person) for name, person in who.items()}
    pairs = [
        Pair(one[1], who[one[1]], one[0], {"few": one[2], "many": other[2]}, {}, {"few": [], "many": []})
        for one, other in zip(addresses(few), addresses(many), strict=True)
    ]
    gc.collect()
    gc.freeze()  # as config.wsgi does before a server answers
    ask: Callable[[Any, Any], tuple[float, int]] = _ask
    for number in range(REQUESTS + 1):
        for pair in pairs:
            for size, address in pair.addresses.items():
                taken, queries = ask(browsers[pair.who], _Asked(pair.who, address))
                if number:
                    pair.times[size].append(taken)
                    pair.queries[size] = queries
    return pairs


@dataclass
class _Asked:
    role: str
    address: str


def _browser(person: Any) -> Any:
    from django.test import Client

    browser = Client()
    if person is not None:
        browser.force_login(person)
    return browser


def report(seconds: float, pairs: list[Pair]) -> list[str]:
    """Print what was measured; returns what missed its goal."""
    from tests.bench.staff_screens import say

    say(f"\nOpening {MANY} applications: {seconds:.1f} s (goal: {OPENING_GOAL_S:.0f} s)\n")
    say(f"Screens with {MANY} applications against {FEW}; {REQUESTS} requests each, asked in turn\n")
    say(f"{'':36}{'with many':^20}{'':8}{'queries with':^16}")
    say(f"{'':36}{'median':>9}{'least':>10}{'times':>9}{'many':>8}{'few':>7}")
    for pair in pairs:
        middle = statistics.median(pair.times["many"])
        ratio = middle / statistics.median(pair.times["few"])
        say(
            f"{pair.who:12}{pair.name:24}{middle:>6.0f} ms{pair.least:>7.0f} ms{ratio:>9.2f}"
            f"{pair.queries['many']:>8}{pair.queries['few']:>7}{'  <<<' if pair.fails else ''}"
        )
    missed = [f"{pair.name} ({pair.who})" for pair in pairs if pair.fails]
    if seconds > OPENING_GOAL_S:
        missed.insert(0, "opening")
    say(
        f"\nGoal: each screen at least once within {SCREEN_GOAL_MS} ms, and no more queries with many than with few."
    )
    say(f"MISSED by: {', '.join(missed)}" if missed else "Reached by all.")
    return missed


if __name__ == "__main__":
    main()
