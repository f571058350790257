"""The demonstration's texts: complete and alike in both languages, lawful, well set in French."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import frontmatter
import pytest

from microacq_pages.guardrails import CAP, HIGHEST_TAX
from submissions.demo import files

PLANNED = files.planned_opportunities()
PAGES = (files.HOME, files.OPPORTUNITIES, files.PROJECTS, *files.GUIDE_PAGES)
BLOCK_KEYS = {
    "heading": {"text"},
    "paragraph": {"html"},
    "steps": {"items"},
    "questions": {"items"},
    "example": {"title", "text"},
    "callout": {"title", "text"},
}
ALLOWED_TAGS = {"p", "h3", "h4", "ul", "ol", "li", "a", "b", "i"}
CONFIRMED = {"standalone", "no-internal-capacity", "unclassified", "not-split", "funds-committed"}
SAME_IN_BOTH = (
    "ref",
    "closing_date",
    "start_date",
    "delivery_date",
    "repository",
    "licence",
    "contact_name",
    "contact_email",
    "section_32",
    "confirmed",
)
NBSP = "\u00a0"
FORBIDDEN_IN_FRENCH = {
    "a straight apostrophe": r"\w'\w",
    "straight quotation marks": r'(?<![=\w])"\w',
    "English quotation marks": "[“”]",
    "« without a no-break space": f"«(?!{NBSP})",
    "» without a no-break space": f"(?<!{NBSP})»",
    "a space before ; ! ?": rf"[ {NBSP}][;!?]",
    "an ordinary space before :": " :",
    "no space before :": r"[^\W\d]:(?=\s)",
    "an ordinary space before $ or %": r"\d [$%]",
    "$ or % without a space": r"\d[$%]",
    "$ before the amount": r"\$\d",
    "an ordinary space between thousands": r"\d \d{3}(?!\d)",
    "a decimal point in an amount": rf"\d\.\d+{NBSP}[$%]",
    "three dots": r"\.\.\.",
}


class Skeleton(HTMLParser):
    """The tags of a piece of HTML, in order; inline marks other than links may differ between languages."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)


def tags_of(html: str) -> list[str]:
    skeleton = Skeleton()
    skeleton.feed(html)
    return skeleton.tags


def structure(value: Any) -> Any:
    """The shape of a page: everything but its words."""
    if isinstance(value, dict):
        return {key: structure(item) if key != "type" else item for key, item in value.items()}
    if isinstance(value, list):
        return [structure(item) for item in value]
    return tags_of(value) if isinstance(value, str) and "<" in value else type(value).__name__


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []


def document(planned: files.Planned, language: str) -> Any:
    return frontmatter.loads(planned.path(language).read_text(encoding="utf-8"))


def skeleton_of_markdown(body: str) -> list[tuple[str, int]]:
    """Headings, paragraphs and list items with their depth, and how many links each line has."""
    lines = []
    for line in body.splitlines():
        mark = re.match(r"(\s*)(#+|\d+\.|-)?", line)
        if line.strip() and mark:
            lines.append((f"{mark[1]}{re.sub('[0-9]+', '1', mark[2] or 'text')}", line.count("](")))
    return lines


def items_below(body: str, heading: str) -> int:
    section = body.split(heading, 1)[1].split("\n## ", 1)[0]
    return len(re.findall(r"^\d+\. ", section, re.MULTILINE))


def prose(text: str) -> str:
    """French text without code, addresses and link targets."""
    return re.sub(r"`[^`]*`|\]\([^)]*\)|https?://[^\s<\"]+|<[^>]+>|page:[\w-]+", "", text)


def assert_french(text: str, where: str) -> None:
    found = {name: re.findall(rule, prose(text)) for name, rule in FORBIDDEN_IN_FRENCH.items()}
    assert not {name: hits for name, hits in found.items() if hits}, where


def test_there_is_an_opportunity_in_every_state_reached_so_far() -> None:
    states = [planned.state for planned in PLANNED]
    assert len(PLANNED) >= 12
    assert set(states) == {
        "draft",
        "sent-back",
        "it-review",
        "cfob-review",
        "translation",
        "scheduled",
        "open",
        "closed",
        "opened",
        "selected",
        "desk",
        "completed",
    }
    assert states.count("open") == 4
    assert all(planned.reason for planned in PLANNED if planned.state == "sent-back")
    assert {planned.source for planned in PLANNED} == {"en", "fr"}


@pytest.mark.parametrize("planned", PLANNED, ids=lambda planned: planned.file)
def test_both_files_of_an_opportunity_have_the_same_shape_and_facts(planned: files.Planned) -> None:
    english, french = document(planned, "en"), document(planned, "fr")
    assert skeleton_of_markdown(english.content) == skeleton_of_markdown(french.content)
    assert english.keys() == french.keys()
    for key in SAME_IN_BOTH:
        assert english.get(key) == french.get(key), key
    assert (english["lang"], french["lang"]) == ("en", "fr")


@pytest.mark.parametrize("planned", PLANNED, ids=lambda planned: planned.file)
def test_an_opportunity_is_within_its_limits(planned: files.Planned) -> None:
    for language in files.LANGUAGES:
        text = document(planned, language)
        assert len(text["title"]) <= 100
        assert len(text["short_desc"]) <= 500
    english, french = document(planned, "en"), document(planned, "fr")
    for heading_en, heading_fr, low, high in (
        ("## Application evaluation", "## Évaluation de la demande", 1, 3),
        ("## Work acceptance criteria", "## Critères d’acceptation des travaux", 3, 5),
    ):
        count = items_below(english.content, heading_en)
        assert low <= count <= high
        assert count == items_below(french.content, heading_fr)


@pytest.mark.parametrize("planned", PLANNED, ids=lambda planned: planned.file)
def test_every_evaluation_criterion_says_how_many_words_and_what_passes(planned: files.Planned) -> None:
    for language, words, passes in (
        ("en", r"In \d+ words or fewer", "You pass if"),
        ("fr", r"En \d+ mots ou moins", "Vous satisfaites au critère si"),
    ):
        section = re.split(r"^## ", document(planned, language).content, flags=re.MULTILINE)[2]
        criteria = re.findall(r"^\d+\. (.*)", section, re.MULTILINE)
        assert all(re.search(words, criterion) and passes in criterion for criterion in criteria)


@pytest.mark.parametrize("planned", PLANNED, ids=lambda planned: planned.file)
def test_price_and_effort_of_an_opportunity_agree(planned: files.Planned) -> None:
    english = document(planned, "en")
    price = Decimal(re.sub(r"[^\d.]", "", english["value"].split("(")[0]))
    assert price * (1 + HIGHEST_TAX) <= CAP
    assert price == planned.rate * (planned.hours + 10)
    assert 60 <= planned.rate <= 100
    weeks = Decimal((english["delivery_date"].date() - english["start_date"]).days) / 7
    assert planned.hours <= Decimal("37.5") * weeks
    written = f"{price:,.0f}"
    assert english["value"] == f"${written} (excluding taxes)"
    assert document(planned, "fr")["value"] == f"{written.replace(',', NBSP)}{NBSP}$ (hors taxes)"


@pytest.mark.parametrize("planned", PLANNED, ids=lambda planned: planned.file)
def test_an_opportunity_beyond_a_draft_is_confirmed_and_names_what_exists(planned: files.Planned) -> None:
    skills = {language: {row[language] for row in files.load("skills.yaml")} for language in files.LANGUAGES}
    projects = {
        language: {row[language]["title"] for row in files.load("projects.yaml")}
        for language in files.LANGUAGES
    }
    for language in files.LANGUAGES:
        text = document(planned, language)
        assert set(text["skills"].split(", ")) <= skills[language]
        assert text["project"] in projects[language]
        if planned.state != "draft":
            assert set(text["confirmed"]) == CONFIRMED
            assert text["section_32"]


@pytest.mark.parametrize("key", PAGES)
def test_a_page_has_the_same_blocks_in_both_languages(key: str) -> None:
    text = files.page(key)
    assert structure(text["en"]) == structure(text["fr"])
    for language in files.LANGUAGES:
        for block in text[language]["body"]:
            assert set(block) == {"type", *BLOCK_KEYS[block["type"]]}
        assert {tag for piece in texts_in(text[language]) for tag in tags_of(piece)} <= ALLOWED_TAGS


def test_links_between_pages_lead_to_pages_that_exist() -> None:
    for key in PAGES:
        for piece in texts_in(files.page(key)):
            assert set(re.findall(r'"page:([\w-]+)"', piece)) <= set(PAGES)


def test_the_questions_are_at_least_ten() -> None:
    for text in files.page("faq").values():
        assert sum(len(block["items"]) for block in text["body"] if block["type"] == "questions") >= 10


def test_projects_skills_and_form_exist_in_both_languages() -> None:
    for row in files.load("projects.yaml"):
        assert structure(row["en"]) == structure(row["fr"])
    form = files.load("form.yaml")
    assert structure(form["en"]) == structure(form["fr"])
    skills = files.load("skills.yaml")
    assert len(skills) >= 25
    for language in files.LANGUAGES:
        assert len({row[language].casefold() for row in skills}) == len(skills)


def test_applications_answer_every_criterion_within_its_words() -> None:
    by_ref = {document(planned, "en")["ref"]: planned for planned in PLANNED}
    proposals = files.load("proposals.yaml")
    assert 6 <= len(proposals) <= 10
    assert {"en", "fr"} == {proposal["language"] for proposal in proposals}
    for proposal in proposals:
        planned = by_ref[proposal["opportunity"]]
        assert planned.state in {"open", "closed", "opened", "selected", "desk", "completed"}
        limits = [int(n) for n in re.findall(r"In (\d+) words or fewer", document(planned, "en").content)]
        assert len(proposal["answers"]) == len(limits)
        for answer, limit in zip(proposal["answers"], limits, strict=True):
            assert len(answer.split()) <= limit
            assert proposal["name"].split()[-1] not in answer
        if planned.state == "desk":
            assert "555-01" in proposal["telephone"]
        else:
            assert proposal["email"].endswith(("example.org", "example.com"))


def test_the_french_is_set_as_the_government_of_canada_sets_it() -> None:
    for planned in PLANNED:
        assert_french(planned.path("fr").read_text(encoding="utf-8").split("---", 2)[2], planned.file)
        for name in ("title", "short_desc", "value", "project", "department", "branch", "team"):
            assert_french(document(planned, "fr")[name], f"{planned.file}: {name}")
    for key in PAGES:
        for piece in texts_in(files.page(key)["fr"]):
            assert_french(piece, key)
    for row in files.load("projects.yaml"):
        for piece in texts_in(row["fr"]):
            assert_french(piece, row["key"])
    for row in files.load("skills.yaml"):
        assert_french(row["fr"], row["en"])
    for piece in texts_in(files.load("form.yaml")["fr"]):
        assert_french(piece, "form")
    for proposal in files.load("proposals.yaml"):
        if proposal["language"] == "fr":
            for piece in proposal["answers"]:
                assert_french(piece, proposal["key"])


def test_no_english_text_has_straight_apostrophes_or_quotation_marks() -> None:
    pieces = [document(planned, "en").content for planned in PLANNED]
    pieces += [piece for key in PAGES for piece in texts_in(files.page(key)["en"])]
    for piece in pieces:
        assert not re.findall(r"\w'\w|(?<![=\w])\"\w", prose(piece))
