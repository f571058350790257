"""The program that is published checks a bundle by itself: it is run as a stranger runs it, as a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from submissions.selection import public, services, sources, verify, views
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import people, selections

pytestmark = pytest.mark.django_db

Evaluated = Callable[..., Solicitation]


def run(folder: Path, bundle: Any, *arguments: str) -> tuple[int, str]:
    """What the program says of a bundle, far from this project, and how it ends."""
    shutil.copy(views.PROGRAM, folder / "verify.py")
    (folder / "bundle.json").write_bytes(bundle if isinstance(bundle, bytes) else json.dumps(bundle).encode())
    # -I: nothing of this environment, no other folder on the path, no packages.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", "bundle.json", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert not done.stderr
    return done.returncode, done.stdout


@pytest.fixture
def drawn(evaluated: Evaluated, drawer: Any) -> Solicitation:
    """A file whose order was drawn."""
    file = evaluated(3)
    services.freeze(file, drawer)
    selections.let_input_be_known(file)
    selections.enter_input(file)
    services.carry_out(file, drawer)
    return file


def test_everything_of_a_drawn_selection_holds(drawn: Solicitation, tmp_path: Path) -> None:
    order = drawn.frozen_lists.get().draw.order

    code, said = run(tmp_path, public.bundle_of(drawn), order[1], "R-2222-2222")

    assert code == 0
    assert f"Selected: {order[0]}" in said
    assert f"{order[1]} is number 2 of 3" in said
    assert "R-2222-2222 is not on the list" in said
    assert "WRONG" not in said
    assert "Everything holds." in said


def test_it_speaks_french(drawn: Solicitation, tmp_path: Path) -> None:
    code, said = run(tmp_path, public.bundle_of(drawn), "--fr")

    assert code == 0
    assert "Tout concorde." in said
    assert all(len(pair) == 2 and all(pair) for pair in verify.WORDS.values())


def test_words_of_witnesses_in_french_hold(tmp_path: Path) -> None:
    file = selections.selected(2, failing=0, source=sources.WORDS)

    code, said = run(tmp_path, public.bundle_of(file))

    assert code == 0, said


def test_a_selection_without_a_draw_holds(evaluated: Evaluated, drawer: Any, tmp_path: Path) -> None:
    file = evaluated(1)
    services.freeze(file, drawer)

    code, said = run(tmp_path, public.bundle_of(file))

    assert code == 0
    assert "nothing was drawn" in said


def test_before_the_draw_it_says_so(evaluated: Evaluated, drawer: Any, tmp_path: Path) -> None:
    file = evaluated(3)
    services.freeze(file, drawer)

    code, said = run(tmp_path, public.bundle_of(file))

    assert code == 0
    assert "not drawn yet" in said


def test_a_voided_draw_and_the_next_hold_together(drawn: Solicitation, tmp_path: Path) -> None:
    transition(
        drawn, "reopen", user=people.the("CFOB procurement"), reason="A mistake.", reason_fr="Une erreur."
    )

    code, said = run(tmp_path, public.bundle_of(drawn))

    assert code == 0
    assert "void, and does not count" in said
    assert "Selected:" not in said


def _swap(order: list[Any]) -> None:
    order[0]["receipt"], order[1]["receipt"] = order[1]["receipt"], order[0]["receipt"]


TAMPERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another order": lambda entry: _swap(entry["drawn"]["order"]),
    "one left out of the order": lambda entry: entry["drawn"]["order"].pop(),
    "another list": lambda entry: entry["frozen"].update(
        text=entry["frozen"]["text"].replace("R-", "R-2", 1)
    ),
    "another digest of the list": lambda entry: entry["frozen"].update(sha256="0" * 64),
    "another secret": lambda entry: entry["drawn"].update(secret="0" * 64),
    "another commitment": lambda entry: entry["commitment"].update(sha256="0" * 64),
    "another input": lambda entry: entry["drawn"].update(
        public_input="lotto-649 2026-11-25 01-02-03-04-05-06"
    ),
    "another entry": lambda entry: entry["drawn"]["entries"][0].update(text="01-02-03-04-05-06"),
    "another text": lambda entry: entry["drawn"].update(public_text="v1/else"),
    "a freeze before the commitment": lambda entry: entry["frozen"].update(at="2001-01-01T00:00:00.000000Z"),
    "an input known before the freeze": lambda entry: entry["frozen"].update(
        input_known_from="2001-01-01T00:00:00.000000Z"
    ),
    "an entry after the draw": lambda entry: entry["drawn"]["entries"][1].update(
        entered_at="2999-01-01T00:00:00.000000Z"
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_is_changed_in_a_bundle_is_found(drawn: Solicitation, tmp_path: Path, what: str) -> None:
    bundle = json.loads(public.bundle_of(drawn))
    TAMPERED[what](bundle["lists"][0])

    code, said = run(tmp_path, bundle)

    assert code == 1
    assert "WRONG" in said
    assert "SOMETHING DOES NOT HOLD." in said


def test_a_second_list_that_counts_is_found(drawn: Solicitation, tmp_path: Path) -> None:
    bundle = json.loads(public.bundle_of(drawn))
    bundle["lists"].append(bundle["lists"][0])

    code, said = run(tmp_path, bundle)

    assert code == 1
    assert "only one list counts" in said


@pytest.mark.parametrize("bundle", [b"", b"[]", b"{}", b'{"lists": [{"frozen": {}}]}', b"\xff", b"null"])
def test_what_is_no_bundle_is_refused_in_words(tmp_path: Path, bundle: bytes) -> None:
    code, said = run(tmp_path, bundle)

    assert code == 1
    assert "no bundle" in said
