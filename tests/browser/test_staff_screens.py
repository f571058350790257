"""Every screen of the staff that this site adds to Wagtail, with the demonstration's content, in both languages.

A screen must answer, be in the language of its reader, have one first heading, no barrier that axe finds, work by the
keyboard alone, and fit a phone that is 320 pixels wide and a window that is enlarged. What happens on a screen is tried
in the test module of its feature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail_localize.models import Translation

from microacq_pages.exchange.units import units_of
from microacq_pages.models import ClientRequest, GlossaryTerm, Opportunity, Project, SplittingJustification
from submissions.models import NoticeText, OutgoingMessage, Question, Solicitation
from submissions.solicitations.services import transition
from tests.browser.reach import by_keyboard, enlarged
from tests.factories import people, proposals, questions
from tests.support.servers import SiteServer

Barriers = Callable[..., list[str]]


def of_client() -> Iterator[str]:
    page = Opportunity.objects.get(_specific_workflow_states__status="needs_changes")
    yield from ("", "my-work/", "requests/", "requests/new/", "account/", "questions/")
    yield f"pages/{page.pk}/edit/"
    yield f"splitting/{page.pk}/"
    yield f"pages/add/microacq_pages/opportunity/{page.get_parent().pk}/"
    yield f"pages/{amended().pk}/edit/"
    yield f"questions/{Question.objects.get(state='accepted').pk}/answer/"


def of_it_strategy() -> Iterator[str]:
    file = Solicitation.objects.get(translation_key=amended().translation_key)
    received = ClientRequest.objects.filter(state="received")[0].pk
    yield from ("", "my-work/", "requests/", f"requests/{received}/", "reports/requests/")
    yield from (f"requests/{received}/decide/{act}/" for act in ("refuse",))
    yield f"requests/{ClientRequest.objects.get(state='drafted').pk}/"
    yield f"reviews/{in_review('IT Strategy').pk}/"
    yield from ("procurement-files/", f"procurement-files/{file.pk}/", "procurement-files/extend/")
    yield from (
        "reports/tracker/",
        "reports/tracker/columns/?show=status&show=time",
        "reports/survey/",
        "catalogue/",
    )
    yield from ("mailing-list/", "communications/", f"communications/{file.pk}/")
    yield from ("reports/indicators/", "reports/indicators/numbers/")
    yield from (f"procurement-files/{file.pk}/cancel/", f"applications/{file.pk}/enter/")
    yield f"procurement-files/{ended_file().pk}/post-again/"
    yield from (f"records/{file.pk}/", f"records/{file.pk}/disclose/")
    yield "questions/"
    question = Question.objects.get(state="received").pk
    yield from (
        f"questions/{question}/",
        *(f"questions/{question}/{act}/" for act in ("accept", "merge")),
    )
    ready = translated_question(file)
    yield from (f"questions/{ready.pk}/publish/", f"questions/{ready.pk}/answer/")
    published = Question.objects.filter(state="published")[0].pk
    yield from (f"questions/{published}/", f"questions/{published}/correct/", f"questions/{published}/erase/")
    text = NoticeText.objects.filter(locale__language_code="en")[0].pk
    yield from ("snippets/submissions/noticetext/", f"snippets/submissions/noticetext/edit/{text}/")
    yield f"mail-texts/{text}/"
    yield from ("outgoing_messages/", f"outgoing_messages/inspect/{OutgoingMessage.objects.latest('pk').pk}/")
    yield f"pages/{Project.objects.filter(locale__language_code='en')[0].pk}/edit/"


def of_it_lead() -> Iterator[str]:
    yield from ("reassignments/", "reassignments/absence/", f"reviews/{in_review('IT Strategy').pk}/assign/")


def of_cfob() -> Iterator[str]:
    yield from ("", "my-work/", "reports/splitting/", "reports/contracts/")
    yield f"reviews/{in_review('CFOB').pk}/"
    waiting = SplittingJustification.objects.filter(decision="").latest("pk")
    yield f"splitting/{Opportunity.objects.filter(translation_key=waiting.translation_key)[0].pk}/"


def of_finance() -> Iterator[str]:
    yield from ("", "my-work/", "reports/payments/", "tax-rates/", "tax-rates/new/")


def of_translator() -> Iterator[str]:
    page = in_review("Translation")
    translation = Translation.objects.get(source__object_id=page.translation_key)
    yield from ("", "my-work/", "translations/")
    yield from (f"translations/{translation.pk}/{view}/" for view in ("left", "preview"))
    teaser = next(unit.key for unit in units_of(translation) if unit.path == "teaser")
    yield reverse("microacq_translation_string", args=[translation.pk, teaser]).removeprefix("/admin/")
    yield f"pages/{page.get_translations().get().pk}/edit/"
    yield f"mail-texts/{NoticeText.objects.filter(locale__language_code='en')[0].pk}/"
    yield from ("snippets/microacq_pages/glossaryterm/", "snippets/microacq_pages/glossaryterm/add/")
    yield f"snippets/microacq_pages/glossaryterm/edit/{GlossaryTerm.objects.first().pk}/"  # type: ignore[union-attr]
    yield "glossary/import/"


SCREENS = {
    "client": of_client,
    "it-strategy": of_it_strategy,
    "it-lead": of_it_lead,
    "cfob": of_cfob,
    "finance": of_finance,
    "translator": of_translator,
}
#: The screens of IT Strategy, half of all, are walked in a module of their own, so that two processes share them.
OTHERS = [name for name in SCREENS if name != "it-strategy"]


def ended_file() -> Solicitation:
    """A file that ended without an award."""
    user = get_user_model().objects.get(username="it-strategy")
    file = proposals.make_posted_file(get_user_model().objects.get(username="client"), user)
    transition(file, "cancel", user=user, reason="The need is gone.", reason_fr="Le besoin n’existe plus.")
    return file


def translated_question(file: Solicitation) -> Question:
    """A question whose answer waits to be published."""
    question = questions.bring_to(questions.ask(file, "Which version?"), "translating")
    questions.translate(question)
    return question


def amended() -> Opportunity:
    """The opportunity that the demonstration amends."""
    file = Solicitation.objects.annotate(texts=Count("postings")).get(texts=2)
    return Opportunity.objects.get(translation_key=file.translation_key, locale__language_code="en")


def in_review(group: str) -> Opportunity:
    """An opportunity that waits for a group."""
    for page in Opportunity.objects.filter(_specific_workflow_states__status="in_progress"):
        if page.current_workflow_task.name.startswith(group):
            return page
    raise LookupError(group)


def faults_of(
    server: SiteServer, sign_in: Callable[..., Page], barriers: Barriers, name: str
) -> dict[str, Any]:
    """Barriers, and what keyboard and enlarging show, by screen; in French, because its words are the longer ones."""
    found: dict[str, Any] = {}
    for path, page in visited(server, sign_in, name, "fr"):
        first = path == ""  # what stands around every screen is tried on one
        faults = [*barriers(page, furniture=first), *language_faults(page, path, "fr")]
        faults += [*by_keyboard(page, from_top=first), *enlarged(page)]
        if faults:
            found[path] = faults
    return found


def faults_in_english(name: str) -> dict[str, Any]:
    """What does not answer in English, by screen; barriers depend on words alone, whose longer ones are French."""
    found: dict[str, Any] = {}
    person = get_user_model().objects.get(username=name)
    people.prefer(person, "en")
    client = Client()
    client.force_login(person)
    for path in SCREENS[name]():
        answer = client.get(f"/admin/{path}", follow=True)
        shown = BeautifulSoup(answer.content, "html.parser")
        said = "/preview/" in path or (shown.html is not None and shown.html.get("lang") == "en")
        if answer.status_code != HTTPStatus.OK or not said or len(shown.find_all("h1")) > 1:
            found[path] = answer.status_code
    return found


@pytest.mark.parametrize("name", OTHERS)
def test_every_screen_of_a_role_is_without_barrier_works_by_keyboard_and_enlarged(
    demo_site: SiteServer, sign_in: Callable[..., Page], barriers: Barriers, name: str
) -> None:
    assert faults_of(demo_site, sign_in, barriers, name) == {}


@pytest.mark.parametrize("name", OTHERS)
def test_every_screen_of_a_role_speaks_english_too(demo_site: SiteServer, name: str) -> None:
    assert faults_in_english(name) == {}


def visited(
    server: SiteServer, sign_in: Callable[..., Page], name: str, language: str
) -> Iterator[tuple[str, Page]]:
    """Each screen of a role, as it answers to a person who reads that language."""
    people.prefer(get_user_model().objects.get(username=name), language)
    page = sign_in(server, name)
    for path in SCREENS[name]():
        answer = page.goto(f"{server.url}/admin/{path}")
        assert answer is not None and answer.status == 200, path
        yield path, page


def language_faults(page: Page, path: str, language: str) -> list[str]:
    """Whether a screen says that it is in the language of its reader."""
    said = page.get_attribute("html", "lang") == language or "/preview/" in path
    return [] if said else ["in another language"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_form_that_comes_back_has_the_focus_in_the_field_that_is_wrong_and_says_why(
    demo_site: SiteServer, sign_in: Callable[..., Page], language: str
) -> None:
    people.prefer(get_user_model().objects.get(username="it-strategy"), language)
    page = sign_in(demo_site, "it-strategy")
    received = ClientRequest.objects.filter(state="received")[0].pk
    page.goto(f"{demo_site.url}/admin/requests/{received}/decide/refuse/")
    page.locator("main form").evaluate("form => { form.noValidate = true }")
    page.locator("main form button[type=submit]").press("Enter")
    field = page.locator("textarea[name=reason][aria-invalid=true]")
    expect(field).to_be_focused()
    described = str(field.get_attribute("aria-describedby")).split()
    sentence = {"en": "Write the reason", "fr": "Indiquez le motif"}[language]
    assert sentence in " ".join(page.locator(f"#{part}").inner_text() for part in described)
