"""Mail texts that staff write: both languages or neither, values checked, never a template."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale, ModelLogEntry
from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import pairs
from submissions.notices import wording
from submissions.notices.crypto import decrypt
from submissions.notices.envelope import make_again
from submissions.notices.kinds import KINDS
from submissions.notices.models import NoticeText, NoticeWording, OutgoingMessage
from submissions.notices.services import send_notice
from submissions.notices.templates import render_notice
from submissions.notices.words_of_staff import Place, Words, can_be_replaced, faults, filled

from .test_notices import RECEIPT

pytestmark = pytest.mark.django_db

KIND = "proposal_receipt"
ALL_VALUES = " ".join(f"{{{{ {name} }}}}" for name in sorted(KINDS[KIND].needs))


def make_text(
    language: str = "en", *, body: str = "Our office is closed. {{ number }}", **more: Any
) -> NoticeText:
    text = NoticeText(kind=KIND, body=body, locale=Locale.objects.get(language_code=language), **more)
    text.full_clean()
    text.save()
    pairs.keep_snippet_in_step(text, None)
    return text


def translate(text: NoticeText, **values: str) -> None:
    translation = pairs.translation_of(text)
    for segment in StringSegment.objects.filter(source=translation.source):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={"data": values[segment.context.path]},
        )


def sent(language: str | None = "en") -> str:
    values = RECEIPT
    found = wording.in_force(KIND)
    return render_notice(KIND, language, values, found.words if found else None).text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_text_is_sent_in_both_languages_once_it_is_translated_and_put_in_force(
    language: str, it_strategy: Any
) -> None:
    other = "fr" if language == "en" else "en"
    text = make_text(language, body="First {{ number }}")
    before = sent("en")
    with pytest.raises(wording.NotCompleteError, match="not complete"):
        wording.put_in_force(text, user=it_strategy)
    translate(text, body="Second {{ number }}")
    assert sent("en") == before
    wording.put_in_force(text, user=it_strategy)
    assert sent(language).rstrip().endswith(f"First {RECEIPT['number']}")
    assert sent(other).rstrip().endswith(f"Second {RECEIPT['number']}")
    assert "First" in sent(None)
    assert "Second" in sent(None)
    assert ModelLogEntry.objects.filter(action="notice_text.in_force", user=it_strategy).count() == 1


def test_a_text_in_work_changes_nothing_of_what_is_sent() -> None:
    text = make_text(body="One {{ number }}")
    translate(text, body="Un {{ number }}")
    wording.put_in_force(text, user=None)
    text.body = "Two {{ number }}"
    text.save()
    assert wording.reasons_against(text)
    pairs.keep_snippet_in_step(text, None)
    assert wording.reasons_against(text) == ["The translation is not complete."]
    assert "One" in sent("en")
    translate(text, body="Deux {{ number }}")
    wording.put_in_force(text, user=None)
    assert "Deux" in sent("fr")
    assert NoticeWording.objects.filter(kind=KIND).count() == 2


def test_a_text_stands_instead_of_the_standing_one_only_with_all_its_values() -> None:
    with pytest.raises(ValidationError, match="The reader needs these values too"):
        make_text(body="Nothing.", place=Place.INSTEAD)
    text = make_text(body=ALL_VALUES, subject="About {{ number }}", place=Place.INSTEAD)
    translate(text, body=f"Bonjour {ALL_VALUES}", subject="Au sujet de {{ number }}")
    wording.put_in_force(text, user=None)
    notice = render_notice(KIND, "fr", RECEIPT, wording.in_force(KIND).words)  # type: ignore[union-attr]
    assert notice.subject == f"Au sujet de {RECEIPT['number']}"
    assert notice.text.startswith("Bonjour")
    assert "accusé" not in notice.text


def test_a_translation_that_loses_a_value_is_not_sent() -> None:
    text = make_text(body=ALL_VALUES, place=Place.INSTEAD)
    translate(text, body="Rien")
    with pytest.raises(wording.NotCompleteError, match="FR: The reader needs"):
        wording.put_in_force(text, user=None)
    assert wording.in_force(KIND) is None


@pytest.mark.parametrize(
    "body",
    [
        "{{ password }}",
        "{% load static %}",
        "{% include 'base.html' %}",
        "{{ number|safe }}",
        "{{ number.__class__ }}",
        "{{ number",
        "{# hidden #}",
        "}}",
    ],
)
def test_anything_but_the_name_of_a_value_in_braces_is_refused(body: str) -> None:
    with pytest.raises(ValidationError):
        make_text(body=body)


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_staff_write_is_never_run_and_values_are_not_looked_through_again(text: str, value: str) -> None:
    if faults(KIND, Place.AFTER, "", text):
        return
    assert filled(text.replace("{", "") + "{{ number }}", {"number": value + "{{ link }}"}) == (
        text.replace("{", "") + value + "{{ link }}"
    )


def test_a_subject_stays_on_one_line_and_html_is_escaped() -> None:
    words = Words(Place.AFTER, "A\nBcc: x@example.org {{ number }}", "<b>{{ number }}</b>")
    assert "\n" not in words.subject_with({"number": "1\n2"}, "x")
    assert "&lt;b&gt;" in str(words.html_with({"number": "&"}, "<p>x</p>"))


def test_once_withdrawn_only_the_standing_text_is_sent() -> None:
    text = make_text(body="Our office is closed.")
    translate(text, body="Notre bureau est fermé.")
    wording.put_in_force(text, user=None)
    send_notice(KIND, "a@example.org", context=RECEIPT, key="one", language="fr")
    assert wording.withdraw(KIND, user=None)
    assert not wording.withdraw(KIND, user=None)
    send_notice(KIND, "a@example.org", context=RECEIPT, key="two", language="fr")
    one, two = (make_again(decrypt(row.payload)).body for row in OutgoingMessage.objects.order_by("pk"))
    assert "Notre bureau est fermé." in one
    assert "Notre bureau est fermé." not in two


def test_no_statement_changes_or_deletes_a_wording() -> None:
    row = NoticeWording.objects.create(kind=KIND, place=Place.AFTER, body_en="a", body_fr="b")
    for statement in (
        "UPDATE submissions_noticewording SET body_en = 'x'",
        "UPDATE submissions_noticewording SET until = now(), body_en = 'x'",
        "DELETE FROM submissions_noticewording",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeWording.objects.create(kind=KIND, place=Place.AFTER, body_en="a", body_fr="b")
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeWording.objects.create(kind="other", place=Place.AFTER, body_en="a", body_fr="")
    row.refresh_from_db()
    assert row.body_en == "a"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_previewed_with_a_text_added(kind: str, it_strategy: Any) -> None:
    text = NoticeText.objects.create(kind=kind, body="More.", locale=Locale.objects.get(language_code="en"))
    pairs.keep_snippet_in_step(text, None)
    translate(text, body="Davantage.")
    browser = Client()
    browser.force_login(it_strategy)
    page = browser.get(reverse("microacq_notice_text", args=[text.pk])).content.decode()
    assert "More." in page
    assert "Davantage." in page
    assert can_be_replaced(kind) in (True, False)


def test_the_list_and_form_are_in_the_admin_and_a_text_that_is_sent_is_not_deleted(it_strategy: Any) -> None:
    browser = Client()
    browser.force_login(it_strategy)
    urls = NoticeText.snippet_viewset  # type: ignore[attr-defined]
    added = browser.post(
        reverse(urls.get_url_name("add")), {"kind": KIND, "place": "after", "subject": "", "body": "More."}
    )
    assert added.status_code == 302
    text = NoticeText.objects.get(locale__language_code="en")
    assert pairs.translation_of(text) is not None  # translators have it at once
    translate(text, body="Davantage.")
    address = reverse("microacq_notice_text_in_force", args=[text.pk])
    assert browser.get(address).status_code == 405
    browser.post(address)
    listing = browser.get(reverse(urls.get_url_name("list")))
    assert "Preview" in listing.content.decode()
    browser.post(reverse(urls.get_url_name("delete"), args=[text.pk]))
    assert NoticeText.objects.filter(pk=text.pk).exists()
    browser.post(reverse("microacq_notice_text_withdraw", args=[text.pk]))
    assert wording.in_force(KIND) is None
    wrong = browser.post(
        reverse(urls.get_url_name("edit"), args=[text.pk]),
        {"kind": KIND, "place": "after", "subject": "", "body": "{{ secret }} typed"},
    )
    assert "{{ secret }} typed" in wrong.content.decode()
    assert "no value of this name" in wrong.content.decode()


def test_translators_translate_but_do_not_put_in_force(translator: Any) -> None:
    text = make_text()
    browser = Client()
    browser.force_login(translator)
    assert browser.get(reverse("microacq_notice_text", args=[text.pk])).status_code == 200
    assert browser.post(reverse("microacq_notice_text_in_force", args=[text.pk])).status_code in (302, 403)
    target = NoticeText.objects.get(locale__language_code="fr")
    edit = reverse(NoticeText.snippet_viewset.get_url_name("edit"), args=[target.pk])  # type: ignore[attr-defined]
    assert "js-translation-editor" in browser.get(edit).content.decode()
