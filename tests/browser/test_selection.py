"""A selection in a real browser: staff freeze, read the public input and draw; a stranger repeats it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from wagtail.users.models import UserProfile

from microacq_pages import roles
from submissions.proposals import opening
from submissions.selection.models import Draw
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import evaluations, people, proposals, selections
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
STAFF = ((roles.CLIENT, "client"), (roles.IT_STRATEGY, "it-strategy"), (roles.CFOB, "cfob-procurement"))


@pytest.fixture
def staff(site: SiteServer) -> dict[str, Any]:
    site.reset()
    opening.make_trial()
    return {role: people.make_user(role, name, password="demo") for role, name in STAFF}


@pytest.fixture
def file(staff: dict[str, Any]) -> Solicitation:
    """A public opportunity whose evaluation is signed off: three passed, one did not."""
    found = proposals.make_posted_file(staff[roles.CLIENT], staff[roles.IT_STRATEGY])
    return evaluations.evaluated(4, failing=1, file=found)


def public(site: SiteServer, file: Solicitation, language: str = "en") -> str:
    folder = {"en": "en/random-selection", "fr": "fr/selection-aleatoire"}[language]
    return f"{site.url}/{folder}/{file.number}/"


def act(page: Page, site: SiteServer, file: Solicitation, name: str) -> None:
    """Press the button of an act on the file’s page, then the one on its own screen."""
    page.goto(f"{site.url}/admin/procurement-files/{file.pk}/")
    with page.expect_navigation():
        page.click(f"a[href$='/selection/{file.pk}/{name}/']")


def test_a_selection_is_carried_out_by_staff_and_repeated_by_a_stranger(
    site: SiteServer,
    file: Solicitation,
    staff: dict[str, Any],
    sign_in: Callable[..., Page],
    page: Page,
    page_fr: Page,
    page_without_script: Page,
    barriers: Barriers,
    tmp_path: Path,
) -> None:
    UserProfile.objects.create(user=staff[roles.CFOB], preferred_language="fr")
    it, cfob = sign_in(site, "it-strategy"), sign_in(site, "cfob-procurement")
    act(it, site, file, "freeze")
    assert barriers(it) == []
    with it.expect_navigation():
        it.get_by_role("button", name="Freeze the list").press("Enter")
    expect(it.locator(".messages")).to_contain_text("frozen")
    page.goto(public(site, file))
    expect(page.locator("main")).to_contain_text("The list is frozen")
    assert barriers(page) == []

    selections.let_input_be_known(file)
    for reader in (it, cfob):
        act(reader, site, file, "enter")
        assert barriers(reader) == []
        reader.fill("[name=text]", "7 12 18")
        reader.fill("[name=provenance]", selections.PAGE)
        with reader.expect_navigation():
            reader.locator("main form button[type=submit]").click()
        assert reader.input_value("[name=text]") == "7 12 18"  # refused, and nothing typed is lost
        reader.fill("[name=text]", selections.LOTTERY_NUMBERS)
        with reader.expect_navigation():
            reader.locator("main form button[type=submit]").click()
    act(it, site, file, "draw")
    assert barriers(it) == []
    with it.expect_navigation():
        it.get_by_role("button", name="Draw now").click()

    order = Draw.objects.get(frozen_list__solicitation=file).order
    for reader, language, good in (
        (page, "en", "Your browser found the same"),
        (page_fr, "fr", "Votre navigateur a trouvé le même"),
    ):
        reader.goto(public(site, file, language))
        reader.locator("[data-repeat-now]").press("Enter")
        expect(reader.locator("[data-repeat-outcome]")).to_contain_text(good)
        assert reader.locator("[data-repeat-outcome] ol li").all_inner_texts() == order
        assert barriers(reader) == []
    page_without_script.goto(public(site, file))
    assert not page_without_script.locator("[data-repeat]").is_visible()
    page_without_script.fill("[name=receipt]", order[2])
    with page_without_script.expect_navigation():
        page_without_script.press("[name=receipt]", "Enter")
    expect(page_without_script.get_by_role("status")).to_contain_text("is number 3 of 3")
    assert verified(page, tmp_path, order)


def verified(page: Page, folder: Path, order: list[str]) -> bool:
    """Download the two files as a person does, and run the one on the other."""
    for suffix in (".json", "verify.py"):
        with page.expect_download() as download:
            page.locator(f"#repeat ~ ul a[href$='{'bundle.json' if suffix == '.json' else suffix}']").click()
        download.value.save_as(folder / download.value.suggested_filename)
    (bundle,) = folder.glob("*.json")
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", bundle.name, order[0]],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode == 0 and f"Selected: {order[0]}" in done.stdout


def test_a_page_that_lies_is_found_out_and_a_voided_draw_stays_to_be_read(
    site: SiteServer, file: Solicitation, staff: dict[str, Any], page: Page, page_fr: Page, barriers: Barriers
) -> None:
    selections.freeze_enter_draw(file)

    def lie(route: Any) -> None:
        answer = route.fetch()
        first, second = Draw.objects.get(frozen_list__solicitation=file).order[:2]
        swapped = answer.text().replace(f'["{first}", "{second}"', f'["{second}", "{first}"')
        route.fulfill(response=answer, body=swapped)

    page.route("**/random-selection/**", lie)
    page.goto(public(site, file))
    page.locator("[data-repeat-now]").click()

    expect(page.locator("[data-repeat-outcome]")).to_contain_text("Wrong: The order")
    page.unroute("**/random-selection/**")
    transition(file, "reopen", user=staff[roles.CFOB], reason="A mistake.", reason_fr="Une erreur.")
    for reader, language, reason in ((page, "en", "A mistake."), (page_fr, "fr", "Une erreur.")):
        reader.goto(public(site, file, language))
        reader.locator("#voided ~ details summary").click()
        expect(reader.locator("#voided ~ details")).to_contain_text(reason)
        assert barriers(reader) == []
