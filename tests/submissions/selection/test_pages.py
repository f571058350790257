"""The public pages of a selection: what is told when, in both languages, and nothing of anybody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import translation

from microacq_pages import roles
from submissions.selection import services
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import evaluations, people, selections

pytestmark = pytest.mark.django_db


def address(name: str, file: Solicitation | None = None, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"selection:{name}", args=[file.number] if file else [])


def read(client: Client, file: Solicitation, language: str = "en", **query: str) -> str:
    response = client.get(address("page", file, language), query)
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())  # type: ignore[union-attr]


def draw_it(file: Solicitation) -> Any:
    services.freeze(file, selections.drawer())
    selections.let_input_be_known(file)
    selections.enter_input(file)
    return services.carry_out(file, selections.drawer())


def test_the_opportunity_shows_what_was_committed_to(client: Client, posted_once: Solicitation) -> None:
    commitment = posted_once.draw_commitments.get()
    for language, words in (("en", "Fingerprint of the secret"), ("fr", "Empreinte du secret")):
        page = posted_once.page(language)
        assert page is not None
        response = client.get(page.url)
        assert commitment.digest in response.content.decode()
        assert words in response.content.decode()
        assert address("page", posted_once, language) in response.content.decode()


def test_before_the_freeze_the_page_tells_the_commitment_and_nothing_of_the_applications(
    client: Client, file: Solicitation
) -> None:
    said = read(client, file)

    # A copy that somebody keeps is asked for anew: it never passes for what stands now.
    for name in ("page", "bundle"):
        assert client.get(address(name, file))["Cache-Control"] == "no-cache"
    assert "The selection has not begun" in said
    assert file.draw_commitments.get().digest in said
    assert not any(receipt in said for receipt in evaluations.receipts(file))


def test_from_the_freeze_on_the_digest_is_public_and_the_list_is_not(
    client: Client, file: Solicitation
) -> None:
    frozen = services.freeze(file, selections.drawer())
    said, bundle = read(client, file), client.get(address("bundle", file)).content.decode()

    for public in (said, bundle):
        assert frozen.digest in public
        assert frozen.commitment.secret() not in public
        assert not any(receipt in public for receipt in evaluations.receipts(file))
    assert "3 applications passed every criterion" in said


def test_what_a_witness_said_is_not_public_before_the_draw(client: Client, file: Solicitation) -> None:
    services.freeze(file, selections.drawer())
    selections.let_input_be_known(file)
    selections.enter_input(file)

    assert "07-12-18" not in read(client, file)


def test_after_the_draw_every_step_is_told_with_its_date(client: Client, file: Solicitation) -> None:
    drawn = draw_it(file)
    frozen = drawn.frozen_list

    said = read(client, file)

    for told in (frozen.digest, frozen.canonical, drawn.secret, drawn.public_text, *drawn.order):
        assert told in said
    assert f"Selected: {drawn.order[0]}" in said
    assert said.count("Eastern") + said.count("E.T.") >= 6 or said.count("EST") + said.count("EDT") >= 5
    assert "Repeat it yourself" in said
    assert "Why nobody can steer it" in said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_of_anybody_is_public(client: Client, file: Solicitation, language: str) -> None:
    draw_it(file)
    page = client.get(address("page", file, language)).content.decode()
    bundle = client.get(address("bundle", file, language)).content.decode()

    failed = evaluations.receipts(file)[0]
    staff = [person.username for person in (*selections.readers(), selections.drawer())]
    for public in (page, bundle):
        assert "Supplier " not in public.replace("Supplier s", "")
        assert "supplier1@" not in public
        assert failed not in public
        assert not any(f">{name}" in public or f'"{name}"' in public for name in staff)


def test_the_page_is_in_french_and_leads_to_english(client: Client, file: Solicitation) -> None:
    draw_it(file)

    said = read(client, file, "fr")
    response = client.get(address("page", file, "fr"))

    assert "Chaque étape, avec sa date" in said
    assert "Sélectionnée" in said
    assert f'href="{address("page", file, "en")}" lang="en"' in response.content.decode()


def test_the_own_number_is_marked(client: Client, file: Solicitation) -> None:
    order = draw_it(file).order

    assert f"{order[1]} is number 2 of 3." in read(client, file, receipt=order[1].lower())
    assert f"{order[0]} was selected." in read(client, file, receipt=order[0])
    assert "R-2222-2222 is not on this list." in read(client, file, receipt="R-2222-2222")


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "\x00", "%s" * 9, "'\"", "é" * 400])
def test_an_odd_number_is_answered_like_any_other(client: Client, file: Solicitation, typed: str) -> None:
    draw_it(file)
    response = client.get(address("page", file), {"receipt": typed})

    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_the_lines_for_the_command_line_give_the_published_hashes(client: Client, file: Solicitation) -> None:
    import hashlib
    import re

    drawn = draw_it(file)
    soup = BeautifulSoup(client.get(address("page", file)).content, "html.parser")
    lines = soup.find_all("pre")[-1].get_text()
    printed = [
        hashlib.sha256(text.strip("'").encode()).hexdigest()
        for text in re.findall(r"^printf %s (.*) \| sha256sum$", lines, re.MULTILINE)
    ]
    cells = [cell.get_text() for cell in soup.select("table.draw td code")]

    assert printed[:2] == [drawn.frozen_list.commitment.digest, drawn.frozen_list.digest]
    assert printed[2:] == cells
    assert len(cells) == 3


def test_a_reopened_evaluation_leaves_the_voided_draw_on_the_page(client: Client, file: Solicitation) -> None:
    drawn = draw_it(file)
    reason = {"reason": "A verdict was wrong.", "reason_fr": "Un verdict était erroné."}
    transition(file, "reopen", user=people.the(roles.CFOB), **reason)

    for language, why in (("en", "A verdict was wrong."), ("fr", "Un verdict était erroné.")):
        said = read(client, file, language)
        assert why in said
        assert drawn.secret in said
        assert drawn.order[0] in said
        assert file.draw_commitments.order_by("sequence")[1].digest in said
    bundle = json.loads(client.get(address("bundle", file)).content)
    assert [("voided" in entry, "frozen" in entry) for entry in bundle["lists"]] == [
        (True, True),
        (False, False),
    ]


def test_a_cancelled_opportunity_says_that_nobody_is_selected(client: Client, file: Solicitation) -> None:
    draw_it(file)
    transition(
        file, "cancel", user=people.the(roles.IT_STRATEGY), reason="No need.", reason_fr="Plus besoin."
    )

    assert "Nobody is selected." in read(client, file)
    assert "Personne n’est sélectionné." in read(client, file, "fr")


def test_the_bundle_is_canonical_json_with_a_name(client: Client, file: Solicitation) -> None:
    import rfc8785

    draw_it(file)
    response = client.get(address("bundle", file))

    assert response.headers["Content-Disposition"] == f'attachment; filename="{file.number}.json"'
    assert response.content == rfc8785.dumps(json.loads(response.content))
    assert response.content == client.get(address("bundle", file, "fr")).content


def test_the_program_is_served_as_it_is(client: Client) -> None:
    from submissions.selection import views

    for language in ("en", "fr"):
        response = client.get(address("program", language=language))
        assert response.content == views.PROGRAM.read_bytes()


@pytest.mark.parametrize("number", ["MA-2026-9999", "nothing", "\x00", "é"])
def test_an_unknown_number_has_no_page(client: Client, db: None, number: str) -> None:
    for name in ("page", "bundle"):
        assert (
            client.get(
                f"/en/random-selection/{number}/{'bundle.json' if name == 'bundle' else ''}"
            ).status_code
            == 404
        )


def test_nothing_is_changed_by_asking(client: Client, file: Solicitation) -> None:
    for name in ("page", "bundle"):
        assert client.post(address(name, file)).status_code == 405


def test_many_applications_take_no_more_queries_than_few(
    client: Client, file: Solicitation, django_assert_max_num_queries: Any
) -> None:
    draw_it(file)
    client.get(address("page", file))
    with django_assert_max_num_queries(25):
        client.get(address("page", file))
