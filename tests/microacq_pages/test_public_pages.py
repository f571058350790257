"""The public pages: what they say, in which order, in both languages, with the furniture of Canada.ca."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.models import Page

from microacq_pages import formats, pairs
from microacq_pages.models import GuidanceIndex, Opportunity, PublicStatus
from submissions.solicitations.models import Solicitation
from tests.factories import pages, proposals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("project_once")]

BODY = [
    ("heading", "Before you apply"),
    ("paragraph", "<p>Read the <b>criteria</b>.</p>"),
    ("steps", {"steps": [{"title": "Apply", "text": "<p>Fill in the form.</p>"}]}),
    ("heading", "An example"),
    ("example", {"title": "A good answer", "text": "<p>In 2024 I wrote tests.</p>"}),
    ("callout", {"title": "Careful", "text": "<p>You must accept cards.</p>"}),
    ("heading", "Questions"),
    ("questions", {"questions": [{"question": "May I apply?", "answer": "<p>Yes.</p>"}]}),
]


@pytest.fixture(autouse=True)
def _no_page_is_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def opportunity(author: Any, it_strategy: Any) -> Opportunity:
    return pages.make_posted_opportunity(author, it_strategy, criteria=2)


def soup_of(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200, url
    return BeautifulSoup(response.content, "html.parser")


def text_of(soup: Any) -> str:
    return " ".join(soup.get_text(" ").replace(formats.NO_BREAK, " ").split())


def publish(page: Page, approver: Any) -> Page:
    pages.translate(page)
    pages.publish(page, approver)
    return page.specific_class.objects.get(pk=page.pk)


def every_page(author: Any, it_strategy: Any) -> list[str]:
    """One address of each page type in each language."""
    opportunity = pages.make_posted_opportunity(author, it_strategy)
    project = publish(opportunity.project, it_strategy)
    guide = publish(pages.make_content_page(author, body=BODY), it_strategy)
    site = Page.objects.filter(depth__in=(2, 3), locale__language_code="en").not_type(GuidanceIndex)
    found = [opportunity, project, guide, *site]
    return [url for page in found for url in (page.url, pairs.counterpart(page).url)]


def has_the_furniture_of_canada_ca(url: str, soup: BeautifulSoup) -> None:
    language = url.split("/")[1]
    other = "fr" if language == "en" else "en"
    assert soup.html["lang"] == language
    assert soup.body.find("a")["href"] == "#main"
    assert soup.find(id="main").name == "main"
    assert soup.find("a", hreflang=other, lang=other)["href"].startswith(f"/{other}/")
    crumbs = soup.find("nav", class_="breadcrumbs").find_all("a")
    assert crumbs[0]["href"] == f"https://www.canada.ca/{language}.html"
    assert soup.find("header").find("svg")
    assert soup.find("footer").find("svg")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", soup.find("dl", class_="date-modified").time["datetime"])


def carries_no_script_and_no_style_of_its_own(url: str, soup: BeautifulSoup) -> None:
    assert not soup.find_all("style"), url
    for script in soup.find_all("script"):
        is_data = script.get("type") == "application/ld+json"
        assert is_data or (script.get("src", "").startswith("/static/") and not script.text), url
    assert not soup.find_all(style=True), url
    kinds = {"icon", "preload", "stylesheet"}
    loaded = [tag["href"] for tag in soup.find_all("link") if kinds & set(tag["rel"])]
    assert loaded and all(href.startswith("/static/") for href in loaded), url


def has_headings_in_order(url: str, soup: BeautifulSoup) -> None:
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1, url
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), url


def has_ids_that_are_unique_and_found(url: str, soup: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), url
    within = {tag["href"][1:] for tag in soup.find_all("a", href=re.compile("^#"))}
    named = {
        name
        for tag in soup.find_all(attrs={"aria-labelledby": True})
        for name in tag["aria-labelledby"].split()
    }
    assert within | named <= set(ids), url


def test_every_page_type_keeps_the_rules_of_canada_ca(client: Client, author: Any, it_strategy: Any) -> None:
    urls = every_page(author, it_strategy)
    for url in urls:
        soup = soup_of(client, url)
        has_the_furniture_of_canada_ca(url, soup)
        carries_no_script_and_no_style_of_its_own(url, soup)
        has_headings_in_order(url, soup)
        has_ids_that_are_unique_and_found(url, soup)
    toggles = [soup_of(client, url).find("nav", class_="brand__language").find("a")["href"] for url in urls]
    assert sorted(toggles) == sorted(urls)


def test_each_page_names_its_address_in_both_languages(
    client: Client, opportunity: Opportunity, settings: Any
) -> None:
    french = pairs.counterpart(opportunity)
    for page in (opportunity, french):
        soup = soup_of(client, page.url)
        found = {link["hreflang"]: link["href"] for link in soup.head.find_all("link", hreflang=True)}
        english_url = f"{settings.MICROACQ_BASE_URL}{opportunity.url}"
        assert found == {
            "en": english_url,
            "fr": f"{settings.MICROACQ_BASE_URL}{french.url}",
            "x-default": english_url,
        }
        canonical = soup.head.find("link", rel="canonical")["href"]
        assert canonical == f"{settings.MICROACQ_BASE_URL}{page.url}"
        assert soup.head.find("meta", attrs={"name": "description"})["content"] == page.teaser


def test_an_open_opportunity_tells_a_supplier_what_counts(client: Client, opportunity: Opportunity) -> None:
    text = text_of(soup_of(client, opportunity.url).main)
    status = opportunity.public_status
    deadline = formats.eastern(status.deadline, "en").replace(formats.NO_BREAK, " ")
    for expected in (
        status.number,
        "Open",
        "$6,500",
        "Up to $7,475 with tax",
        deadline,
        f"Time left: {(opportunity.public_status.deadline - timezone.now()).days} days",
        formats.date_long(opportunity.selection_date, "en"),
        formats.date_long(opportunity.delivery_date, "en"),
        "MIT",
        "github.com/example-department/design-system",
        opportunity.project.title,
        "Digital Services",
        "Python",
        "Answer in 250 words or fewer.",
        "digital.services@example.org",
    ):
        assert expected in text, expected


def test_the_french_page_has_french_money_and_dates(client: Client, opportunity: Opportunity) -> None:
    text = text_of(soup_of(client, pairs.counterpart(opportunity).url).main)
    deadline = formats.eastern(opportunity.public_status.deadline, "fr").replace(formats.NO_BREAK, " ")
    left = f"{(opportunity.public_status.deadline - timezone.now()).days} jours"
    for expected in ("6 500 $", "7 475 $", deadline, left, "Python (fr)"):
        assert expected in text, expected
    assert "$6,500" not in text


def test_acceptance_of_the_work_comes_before_evaluation_of_the_application(
    client: Client, opportunity: Opportunity
) -> None:
    headings = [tag["id"] for tag in soup_of(client, opportunity.url).main.find_all("h2", id=True)]
    assert headings == [
        "description",
        "acceptance",
        "evaluation",
        "eligibility",
        "timetable",
        "selection",
        "afterwards",
        "questions",
        "contact",
        "apply",
        "open-data",
    ]


def test_what_only_staff_may_know_is_not_on_the_page(client: Client, opportunity: Opportunity) -> None:
    html = str(soup_of(client, opportunity.url))
    assert opportunity.section_32_reference not in html
    assert "$80" not in html


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_apply_button_leads_to_the_self_check_of_this_file(
    client: Client, opportunity: Opportunity, language: str
) -> None:
    page = opportunity if language == "en" else pairs.counterpart(opportunity)
    button = soup_of(client, page.url).find(class_="apply").find("a", class_="button")
    assert button["href"].startswith(f"/{language}/")
    assert opportunity.public_status.number in button["href"]
    form = soup_of(client, button["href"])
    assert form.html["lang"] == language
    assert form.find("form", method="post")
    crumbs = form.find("nav", class_="breadcrumbs").find_all("a")
    assert button["href"].startswith(crumbs[-1]["href"]) and crumbs[-1]["href"].count("/") == 3
    toggle = form.find("nav", class_="brand__language").find("a")["href"]
    assert toggle.endswith(f"/{opportunity.public_status.number}/check/")
    assert client.get(toggle).status_code == 200


def test_what_lies_below_a_page_is_not_told_to_search_engines(
    client: Client, opportunity: Opportunity
) -> None:
    button = soup_of(client, opportunity.url).find(class_="apply").find("a", class_="button")
    head = soup_of(client, button["href"]).head
    assert not head.find_all("link", hreflang=True)
    assert not head.find("link", rel="canonical")


def test_a_closed_opportunity_says_so_and_what_happens_next(client: Client, opportunity: Opportunity) -> None:
    file = Solicitation.objects.get(translation_key=opportunity.translation_key)
    proposals.set_deadline(file, after=-timedelta(minutes=1))
    soup = soup_of(client, opportunity.url)
    text = text_of(soup.main)
    assert "This opportunity is closed" in text
    assert "What happens next" in text
    assert "Time left" not in text
    assert not soup.main.find("a", class_="button")


def test_a_cancelled_opportunity_says_so(client: Client, opportunity: Opportunity) -> None:
    PublicStatus.objects.filter(translation_key=opportunity.translation_key).update(state="cancelled")
    text = text_of(soup_of(client, opportunity.url).main)
    assert "This opportunity was cancelled" in text
    assert "What happens next" not in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_draft_without_anything_can_be_previewed(author: Any, language: str) -> None:
    texts = ("teaser", "background", "work", "repository", "contact_name", "contact_email", "licence")
    values = ("price", "deadline", "selection_date", "delivery_date")
    blank: dict[str, Any] = {**dict.fromkeys(texts, ""), **dict.fromkeys(values)}
    draft = pages.make_opportunity(author, criteria=0, **blank)
    page = draft if language == "en" else pairs.counterpart(draft).specific
    with translation.override(language):
        response = page.make_preview_request()
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    assert "label--draft" in str(soup.main)


def test_an_attachment_is_offered_in_the_language_of_the_page(
    client: Client, author: Any, it_strategy: Any
) -> None:
    from django.core.files.base import ContentFile
    from wagtail.documents.models import Document

    from microacq_pages.models import OpportunityAttachment

    documents = {
        code: Document.objects.create(title=code, file=ContentFile(b"x" * 61_000, name=f"guide-{code}.pdf"))
        for code in ("en", "fr")
    }
    draft = pages.make_opportunity(author)
    draft.attachments.add(
        OpportunityAttachment(
            title="Guide", document_en=documents["en"], document_fr=documents["fr"], locale=draft.locale
        )
    )
    draft.save_revision()
    pairs.refresh_translation(draft)
    opportunity = publish(Opportunity.objects.get(pk=draft.pk), it_strategy)
    for page, code, size in (
        (opportunity, "en", "PDF, 61 KB"),
        (pairs.counterpart(opportunity), "fr", "PDF, 61 Ko"),
    ):
        section = soup_of(client, page.url).find("section", attrs={"aria-labelledby": "attachments"})
        assert section.find("a")["href"] == documents[code].url
        assert size in text_of(section)


def test_the_list_shows_open_opportunities_and_below_them_the_closed(
    client: Client, author: Any, it_strategy: Any
) -> None:
    first = pages.make_posted_opportunity(author, it_strategy, days=20)
    closed = pages.make_posted_opportunity(author, it_strategy, slug="older", title="Older work")
    file = Solicitation.objects.get(translation_key=closed.translation_key)
    proposals.set_deadline(file, after=-timedelta(days=1))
    for language in ("en", "fr"):
        index = pages.index(type(first.get_parent().specific), language)
        soup = soup_of(client, index.url)
        cards = soup.find_all("article")
        assert len(cards) == 1
        below = cards[0].find_next("ul", class_="rows")
        assert "Older work" in text_of(below)
        assert "label--closed" in str(below)
    english = soup_of(client, first.get_parent().url)
    assert "$6,500" in text_of(english.find("article"))
    assert "Eastern time (E" in text_of(english.find("article"))


def test_the_home_page_leads_to_what_is_open(client: Client, opportunity: Opportunity) -> None:
    soup = soup_of(client, "/en/")
    assert soup.main.find("a", class_="button")["href"] == "/en/opportunities/"
    assert soup.main.find("article").find("a")["href"] == opportunity.url
    assert soup.find("nav", class_="site-menu").find("a", attrs={"aria-current": "page"})["href"] == "/en/"


def test_a_project_shows_its_opportunities_and_what_was_awarded(
    client: Client, author: Any, it_strategy: Any
) -> None:
    opportunity = pages.make_posted_opportunity(author, it_strategy)
    project = publish(opportunity.project, it_strategy)
    PublicStatus.objects.filter(translation_key=opportunity.translation_key).update(
        awarded_value=Decimal("4321.50")
    )
    english = text_of(soup_of(client, project.url).main)
    assert "$4,321.50" in english
    assert opportunity.title in english
    assert "github.com/example-department/open-calendar" in english
    assert "4 321,50 $" in text_of(soup_of(client, pairs.counterpart(project).url).main)


def test_the_demonstration_says_that_it_is_one(client: Client, settings: Any) -> None:
    settings.MICROACQ_DEMO = True
    assert soup_of(client, "/en/").find(class_="demo-banner")
    cache.clear()
    settings.MICROACQ_DEMO = False
    assert not soup_of(client, "/en/").find(class_="demo-banner")


def test_the_language_link_of_a_draft_leads_to_the_other_home_page_or_counterpart(author: Any) -> None:
    draft = pages.make_content_page(author)
    response = draft.make_preview_request()
    toggle = BeautifulSoup(response.content, "html.parser").find("a", hreflang="fr", lang="fr")
    assert toggle["href"].startswith("/fr/")
    assert not BeautifulSoup(response.content, "html.parser").head.find_all("link", hreflang=True)


def test_lists_cost_the_same_however_long_they_are(client: Client, author: Any, it_strategy: Any) -> None:
    def cost(url: str) -> int:
        cache.clear()
        client.get(url)
        cache.clear()
        client.get("/en/projects/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        return len(queries)

    first = pages.make_posted_opportunity(author, it_strategy)
    publish(first.project, it_strategy)
    urls = ["/en/", "/en/opportunities/", "/en/projects/open-calendar/", first.url]
    before = [cost(url) for url in urls]
    for number in range(3):
        pages.make_posted_opportunity(author, it_strategy, slug=f"more-{number}", title=f"More {number}")
    assert [cost(url) for url in urls] == before
