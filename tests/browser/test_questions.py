"""A question in a real browser: asked without an account, sorted, answered, translated, published; no barrier found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from microacq_pages import roles
from submissions.proposals import opening
from submissions.questions.models import Question
from submissions.solicitations.models import Solicitation
from tests.factories import people, proposals, questions
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]

ASK = {"en": "Ask a question", "fr": "Poser une question"}
SEND = {"en": "Send my question", "fr": "Envoyer ma question"}
RECEIVED = {"en": "We have received your question", "fr": "Nous avons reçu votre question"}
EMPTY = {"en": "Write your question.", "fr": "Inscrivez votre question."}


@pytest.fixture
def staff(site: SiteServer) -> dict[str, Any]:
    """People who can sign in, and what posting asks for."""
    site.reset()
    opening.make_trial()
    return {
        role: people.make_user(role, username, password="demo")
        for role, username in (
            (roles.CLIENT, "client"),
            (roles.IT_STRATEGY, "it-strategy"),
            (roles.TRANSLATOR, "translator"),
        )
    }


@pytest.fixture
def file(staff: dict[str, Any]) -> Solicitation:
    return proposals.make_posted_file(staff[roles.CLIENT], staff[roles.IT_STRATEGY])


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_anyone_asks_by_keyboard_from_the_page_of_the_opportunity(
    site: SiteServer,
    file: Solicitation,
    new_context: Callable[..., BrowserContext],
    barriers: Barriers,
    language: str,
    script: bool,
) -> None:
    page = new_context(java_script_enabled=script).new_page()
    page.goto(f"{site.url}{file.page(language).url}")
    page.get_by_role("link", name=ASK[language]).press("Enter")
    page.wait_for_selector("textarea[name=question]")
    if script:
        assert barriers(page) == []

    page.get_by_role("button", name=SEND[language]).press("Enter")
    page.get_by_role("link", name=EMPTY[language]).wait_for()
    if script:
        assert barriers(page) == []
    page.fill("textarea[name=question]", "Which browsers?\nAnd which versions?")
    page.fill("input[name=email]", "asker@example.org")
    page.wait_for_timeout(3500)  # nobody writes faster
    page.get_by_role("button", name=SEND[language]).press("Enter")

    page.get_by_role("heading", name=RECEIVED[language]).wait_for()
    question = Question.objects.get()
    page.get_by_text(question.reference).wait_for()
    assert (question.language, question.address) == (language, "asker@example.org")
    if script:
        assert barriers(page) == []


def test_a_question_goes_from_the_public_to_the_public_in_both_languages(
    site: SiteServer, file: Solicitation, sign_in: Callable[..., Page], page: Page
) -> None:
    question = questions.ask(file, "I am Zoé. Which browsers?")
    address = f"{site.url}/admin/questions/{question.pk}/"

    team = sign_in(site, "it-strategy")
    team.goto(address)
    team.click("text=Accept the question")
    team.fill("textarea[name=text]", "Which browsers?")
    team.get_by_role("button", name="Accept the question").press("Enter")
    team.get_by_text("Waits for an answer").first.wait_for()

    client = sign_in(site, "client")
    client.goto(address)
    assert client.get_by_text("Zoé").count() == 0
    client.click("text=Write the answer")
    client.fill("textarea[name=answer]", "The last two versions of each.")
    client.get_by_role("button", name="Write the answer").press("Enter")
    client.get_by_text("Answer drafted").first.wait_for()

    team.goto(address)
    team.click("text=Send to translation")
    team.get_by_role("button", name="Send to translation").press("Enter")
    team.get_by_text("In translation").first.wait_for()

    translator = sign_in(site, "translator")
    target = question.texts.exclude(locale__language_code="en").get()
    translator.goto(f"{site.url}/admin/snippets/submissions/questiontext/edit/{target.pk}/")
    for english, french in (
        ("Which browsers?", "Quels navigateurs?"),
        ("The last two versions of each.", "Les deux dernières versions de chacun."),
    ):
        segment = translator.locator("li", has=translator.get_by_text(english)).last
        segment.get_by_role("button", name="Translate").click()
        segment.locator("textarea, [contenteditable=true]").last.fill(french)
        translator.get_by_role("button", name="Save", exact=True).first.click()
        translator.get_by_text(french).first.wait_for()

    team.goto(address)
    team.click("text=Publish in both languages")
    team.get_by_text("Quels navigateurs?").wait_for()
    team.get_by_role("button", name="Publish in both languages").press("Enter")
    team.get_by_text("What is public").first.wait_for()

    for language, answer in (
        ("en", "The last two versions of each."),
        ("fr", "Les deux dernières versions de chacun."),
    ):
        page.goto(f"{site.url}{file.page(language).url}#questions")
        page.get_by_text(answer).wait_for()
