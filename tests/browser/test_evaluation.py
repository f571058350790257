"""An evaluation in a real browser: judged while typing and without script, agreed, signed off; no barrier found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from wagtail.users.models import UserProfile

from microacq_pages import roles
from submissions.evaluation import asking, assigning, boards, handing_in, judging, results
from submissions.evaluation.models import Assignment, Candidate, Verdict
from submissions.proposals import opening
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.models import Solicitation
from tests.browser.conftest import WORDS
from tests.factories import evaluations, people, proposals
from tests.support.servers import SiteServer
from tests.support.threads import wait_until

Barriers = Callable[..., list[str]]

STAFF = (
    (roles.IT_STRATEGY, "it-strategy"),
    (roles.CFOB, "cfob"),
    (roles.TRANSLATOR, "translator"),
    (roles.EVALUATOR, "evaluator"),
    (roles.EVALUATOR, "second"),
)


@pytest.fixture
def staff(site: SiteServer) -> dict[str, Any]:
    site.reset()
    opening.make_trial()
    return {username: people.make_user(role, username, password="demo") for role, username in STAFF}


@pytest.fixture
def file(staff: dict[str, Any]) -> Solicitation:
    """An opened file with two applications and two criteria; one text tells who sent it."""
    file = proposals.make_file(criteria=2)
    link = SupplierLink.generate()
    answers = proposals.answers(file)
    field = next(
        key for key, value in answers.items() if value == "I built a keyboard-accessible date picker."
    )
    told = "I am Camille Tremblay; see https://forge.example.org/ctremblay."
    proposals.send(file, link, email="camille@example.org", **{field: told})
    return evaluations.opened(1, file=file)


def open_as(sign_in: Callable[..., Page], site: SiteServer, person: Any, language: str, path: str) -> Page:
    UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": language})
    page = sign_in(site, person.get_username())
    page.goto(f"{site.url}/admin/evaluation/{path}")
    assert page.get_attribute("html", "lang") == language
    return page


@pytest.mark.parametrize("language", ["fr"])  # staff screens are looked at in the longer words
def test_axe_finds_nothing_on_the_screens_of_an_evaluation(
    site: SiteServer,
    file: Solicitation,
    staff: dict[str, Any],
    sign_in: Callable[..., Page],
    barriers: Barriers,
    language: str,
) -> None:
    rules = None if language == "fr" else WORDS  # the other rules know no language
    own = assigning.assign(file, staff["evaluator"], user=staff["it-strategy"])
    desk = open_as(sign_in, site, staff["evaluator"], language, f"{file.pk}/")
    team = open_as(sign_in, site, staff["it-strategy"], language, f"{file.pk}/")

    def look(page: Page, *paths: str) -> None:
        for path in paths:
            page.goto(f"{site.url}/admin/evaluation/{file.pk}/{path}")
            assert barriers(page, rules) == [], path

    look(desk, "", "attest/", "conflict/")
    assigning.attest(own, user=own.evaluator)
    candidate = own.round.candidates.select_related("proposal").get(label=1)
    item = boards.criteria_of(own.round)[0]
    asking.ask_supplier(own, user=own.evaluator, candidate=candidate, item=item, question="Which part?")
    wanted = asking.ask_translation(own, user=own.evaluator, candidate=candidate)
    look(desk, "", "criterion/1/", "application/1/", "application/1/ask/1/", "hand-in/")
    look(team, "", "evaluators/", "names/", "names/1/", f"evaluators/{own.pk}/release/")
    translator = open_as(sign_in, site, staff["translator"], language, f"translation/{wanted.pk}/")
    assert barriers(translator, rules) == []
    evaluations.judge_all(own)
    handing_in.hand_in(own, user=own.evaluator)
    signer = open_as(sign_in, site, staff["cfob"], language, f"{file.pk}/")
    look(signer, "", "verdicts/", "verdicts/1/", "sign-off/", "send-back/")


def test_a_verdict_is_kept_while_it_is_typed_by_keyboard_alone(
    site: SiteServer,
    file: Solicitation,
    staff: dict[str, Any],
    sign_in: Callable[..., Page],
    barriers: Barriers,
) -> None:
    (own,) = evaluations.named(file, "evaluator")
    page = open_as(sign_in, site, staff["evaluator"], "en", f"{file.pk}/application/1/")
    verdict = page.locator("[data-verdict]").first
    verdict.locator("textarea").focus()
    page.keyboard.type("It shows two years")
    expect(verdict.locator("[data-status]")).to_contain_text("Choose the verdict")
    verdict.locator("input[type=radio]").first.press("Space")
    expect(verdict.locator("[data-status]")).to_contain_text("Verdict kept")
    kept = Verdict.objects.get(assignment=own)
    assert (kept.passed, kept.reason) == (True, "It shows two years")
    page.reload()
    assert page.locator("[data-verdict] textarea").first.input_value() == "It shows two years"
    assert barriers(page) == []


def test_the_button_waits_for_what_is_still_on_its_way(
    site: SiteServer, file: Solicitation, staff: dict[str, Any], sign_in: Callable[..., Page]
) -> None:
    (own,) = evaluations.named(file, "evaluator")
    page = open_as(sign_in, site, staff["evaluator"], "en", f"{file.pk}/application/1/")

    def slowly(route: Any) -> None:
        answer = route.fetch()
        page.wait_for_timeout(300)
        route.fulfill(response=answer)

    page.route("**/save/", slowly)
    for verdict in page.locator("[data-verdict]").all():
        verdict.locator("input[type=radio]").first.check()
        verdict.locator("textarea").fill("Typed at once.")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep everything on this page").click()
    expect(page.get_by_text("Another window")).to_have_count(0)
    assert set(Verdict.objects.filter(assignment=own).values_list("reason", flat=True)) == {"Typed at once."}


def test_what_another_window_saved_is_not_overwritten_unseen(
    site: SiteServer, file: Solicitation, staff: dict[str, Any], sign_in: Callable[..., Page]
) -> None:
    (own,) = evaluations.named(file, "evaluator")
    page = open_as(sign_in, site, staff["evaluator"], "en", f"{file.pk}/application/1/")
    candidate = Candidate.objects.get(round=own.round, label=1)
    item = boards.criteria_of(own.round)[0]
    judging.judge(
        own, user=own.evaluator, candidate=candidate, item=item, choice=False, reason="From the telephone."
    )
    verdict = page.locator("[data-verdict]").first
    verdict.locator("textarea").fill("From the desk.")
    expect(verdict.locator("[data-status]")).to_contain_text("From the telephone.")
    assert Verdict.objects.get(assignment=own).reason == "From the telephone."
    verdict.locator("textarea").press_sequentially(" Both.")
    expect(verdict.locator("[data-status]")).to_contain_text("Choose the verdict")
    # On a slow machine the pauses between the letters are long enough to keep what stands there so far.
    wait_until(lambda: Verdict.objects.get(assignment=own).reason == "From the desk. Both.")


def test_a_whole_evaluation_by_the_people_whose_step_it_is_without_script(
    site: SiteServer,
    file: Solicitation,
    staff: dict[str, Any],
    new_context: Callable[..., BrowserContext],
) -> None:
    def enter(username: str) -> Page:
        page = new_context(java_script_enabled=False).new_page()
        page.goto(f"{site.url}/admin/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", "demo")
        with page.expect_navigation():
            page.press("input[name=password]", "Enter")
        page.goto(f"{site.url}/admin/evaluation/{file.pk}/")
        return page

    def press(page: Page, name: str, role: Any = "button") -> None:
        with page.expect_navigation():
            page.get_by_role(role, name=name, exact=True).first.click()

    team = enter("it-strategy")
    press(team, "Name evaluators", "link")
    for username in ("evaluator", "second"):
        team.get_by_label(staff[username].get_full_name()).check()
    press(team, "Name these evaluators")
    desks = [enter("evaluator"), enter("second")]
    for desk, choice in zip(desks, ("Passes", "Does not pass"), strict=True):
        press(desk, "Attest and begin", "link")
        press(desk, "I attest this")
        for position in (1, 2):
            desk.goto(f"{site.url}/admin/evaluation/{file.pk}/criterion/{position}/")
            assert desk.get_by_text("Camille").count() == 0
            verdicts = desk.locator("[data-verdict]")
            for number in range(verdicts.count()):
                verdicts.nth(number).get_by_label("Passes" if number else choice, exact=True).check()
                verdicts.nth(number).locator("textarea").fill("Read with care.")
            press(desk, "Keep everything on this page")
        desk.goto(f"{site.url}/admin/evaluation/{file.pk}/")
        press(desk, "Hand in the verdicts", "link")
        press(desk, "Hand in")
    desk = desks[1]
    desk.goto(f"{site.url}/admin/evaluation/{file.pk}/agree/")
    verdicts = desk.locator("[data-verdict]")
    for number in range(verdicts.count()):
        verdicts.nth(number).get_by_label("Passes", exact=True).check()
        verdicts.nth(number).locator("textarea").fill("We read it again together.")
    press(desk, "Keep everything on this page")
    for desk in desks:
        desk.goto(f"{site.url}/admin/evaluation/{file.pk}/agreed/")
        press(desk, "I agree to all of it")
    signer = enter("cfob")
    press(signer, "Read the verdicts and their reasons", "link")
    signer.get_by_text("2 applications pass every criterion.").wait_for()
    signer.goto(f"{site.url}/admin/evaluation/{file.pk}/")
    press(signer, "Sign the evaluation off", "link")
    press(signer, "Sign the evaluation off")
    assert len(results.passing(file)) == 2


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_supplier_answers_a_question_by_the_own_link(
    site: SiteServer,
    staff: dict[str, Any],
    new_context: Callable[..., BrowserContext],
    barriers: Barriers,
    language: str,
    script: bool,
) -> None:
    file = proposals.make_file()
    _proposal, link = proposals.send(file, language=language, email="camille@example.org")
    evaluations.opened(0, file=file)
    (own,) = evaluations.named(file, "evaluator")
    (candidate,) = own.round.candidates.all()
    item = boards.criteria_of(own.round)[0]
    asked = asking.ask_supplier(
        own, user=own.evaluator, candidate=candidate, item=item, question="Which part?"
    )
    words = {
        "en": ("Answer the question", "Send my answer", "Write your answer.", "You answered on"),
        "fr": ("Répondre à la question", "Envoyer ma réponse", "Rédigez votre réponse.", "Vous avez répondu"),
    }[language]
    page = new_context(java_script_enabled=script).new_page()
    page.goto(f"{site.url}{proposals.form_page(language).address_of('link', link.token)}")
    page.get_by_text("Which part?").first.wait_for()
    with page.expect_navigation():
        page.get_by_role("link", name=words[0], exact=True).press("Enter")
    if script:
        assert barriers(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name=words[1]).press("Enter")
    page.get_by_text(words[2]).first.wait_for()
    page.fill(f"#id_q{asked.pk}-answer", "All of it.")
    with page.expect_navigation():
        page.get_by_role("button", name=words[1]).press("Enter")
    page.get_by_text(words[3]).first.wait_for()
    if script:
        assert barriers(page) == []
    asked.refresh_from_db()
    assert asked.answer() == "All of it."
    assert Assignment.objects.count() == 1
