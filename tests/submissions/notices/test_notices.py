"""The words of notices, and how they are queued."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core import mail
from django.utils import translation

from submissions.notices.delivery import deliver
from submissions.notices.kinds import KINDS
from submissions.notices.services import send_notice
from submissions.notices.templates import LANGUAGES, render_notice

FOLDER = Path(project.BASE_DIR) / "templates" / "submissions" / "notices"
RECEIPT = {
    "number": "MA-2026-0001",
    "title": "Tests & “quotes” for l’été",
    "receipt": "R-7F3K",
    "eastern_time": "July 12, 2026, 3:52 p.m. EDT",
    "digest": "ab" * 32,
    "link": "https://buy.example/en/apply/1?a=1&b=2",
    "contact_email": "buying@example.org",
}
KIND_AND_LANGUAGE = [(kind, language) for kind in KINDS for language in LANGUAGES]


def everything(kind: str) -> dict[str, str]:
    return {name: f"the {name}" for name in KINDS[kind].needs}


@pytest.mark.parametrize(("kind", "language"), KIND_AND_LANGUAGE)
def test_every_notice_says_everything_that_it_is_given(kind: str, language: str) -> None:
    notice = render_notice(kind, language, everything(kind))
    for name in KINDS[kind].needs:
        if name.startswith("is_"):  # decides what is said
            assert render_notice(kind, language, {**everything(kind), name: ""}).text != notice.text
        else:
            assert f"the {name}" in notice.text
    assert notice.subject
    assert "\n" not in notice.subject
    assert "Subject:" not in notice.text


@pytest.mark.parametrize(("kind", "language"), KIND_AND_LANGUAGE)
def test_a_notice_uses_nothing_that_its_kind_does_not_name(kind: str, language: str) -> None:
    text = (FOLDER / f"{kind}.{language}.txt").read_text()
    assert set(re.findall(r"{{\s*(\w+)", text)) <= KINDS[kind].needs


@pytest.mark.parametrize("kind", KINDS)
def test_french_notices_keep_their_punctuation_on_the_line(kind: str) -> None:
    text = (FOLDER / f"{kind}.fr.txt").read_text().split("\n", 1)[1]
    assert not re.search(r" [:;!?»]|« ", text), "a no-break space belongs there"


def test_text_is_not_escaped() -> None:
    notice = render_notice("proposal_receipt", "en", RECEIPT)
    assert RECEIPT["title"] in notice.text
    assert RECEIPT["link"] in notice.text
    assert notice.html is None


def test_without_a_language_both_are_written_english_first() -> None:
    notice = render_notice("proposal_receipt", None, RECEIPT)
    assert notice.subject == (
        "We received your application to MA-2026-0001 / Nous avons reçu votre demande pour MA-2026-0001"
    )
    assert notice.text.index("We received your application") < notice.text.index(
        "Nous avons reçu votre demande"
    )
    assert notice.text.startswith("Le texte français suit.")


def test_values_may_depend_on_the_language() -> None:
    def values(language: str) -> dict[str, str]:
        assert translation.get_language() == language
        return {**RECEIPT, "title": {"en": "Fix the tests", "fr": "Réparer les tests"}[language]}

    notice = render_notice("proposal_receipt", "", values)
    assert "Opportunity: Fix the tests" in notice.text
    assert "Réparer les tests" in notice.text


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="digest"):
        render_notice("proposal_receipt", "en", {k: v for k, v in RECEIPT.items() if k != "digest"})


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        render_notice("nothing_of_the_kind", "en", RECEIPT)


def test_a_line_break_in_a_value_does_not_reach_the_subject() -> None:
    notice = render_notice("proposal_receipt", "en", {**RECEIPT, "number": "MA\nBcc: x@example.org"})
    assert notice.subject.startswith("We received your application to MA")
    assert "\n" not in notice.subject


def test_a_template_without_a_subject_is_an_error(tmp_path: Path, monkeypatch: Any, settings: Any) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    folder = tmp_path / "submissions" / "notices"
    folder.mkdir(parents=True)
    (folder / "proposal_receipt.en.txt").write_text("Hello\n\nYou")
    with pytest.raises(ValueError, match="first line"):
        render_notice("proposal_receipt", "en", RECEIPT)


def test_an_html_form_is_added_where_there_is_one_and_is_escaped(tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "submissions" / "notices"
    folder.mkdir(parents=True)
    for language in LANGUAGES:
        (folder / f"proposal_receipt.{language}.html").write_text(f"<p lang={language}>{{{{ title }}}}</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    assert "Tests &amp; “quotes”" in str(render_notice("proposal_receipt", "en", RECEIPT).html)
    both = render_notice("proposal_receipt", None, RECEIPT).html
    assert both is not None
    assert both.index("lang=en") < both.index("lang=fr")


@pytest.mark.django_db
def test_a_notice_is_queued_once_with_its_file_and_its_language(outbox: Any) -> None:
    for _ in range(2):
        send_notice(
            "proposal_receipt",
            "marie@example.org",
            context=RECEIPT,
            key="proposal_receipt:R-7F3K",
            language="fr",
            number="MA-2026-0001",
        )
    row = outbox.get()
    assert (row.kind, row.private, row.file_number, row.language) == (
        "proposal_receipt",
        True,
        "MA-2026-0001",
        "fr",
    )
    deliver(row.pk)
    (message,) = mail.outbox
    assert message.to == ["marie@example.org"]
    assert message.subject == "Nous avons reçu votre demande pour MA-2026-0001"
    assert message.message()["Auto-Submitted"] == "auto-generated"
    assert RECEIPT["link"] in message.body


@pytest.mark.django_db
def test_a_notice_with_an_html_form_is_sent_in_both_forms(outbox: Any, tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "submissions" / "notices"
    folder.mkdir(parents=True)
    (folder / "proposal_receipt.en.html").write_text("<p>{{ title }}</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    send_notice("proposal_receipt", "marie@example.org", context=RECEIPT, key="k", language="en")
    deliver(outbox.get().pk)
    (message,) = mail.outbox
    assert "<p>Tests &amp; “quotes”" in message.alternatives[0][0]
