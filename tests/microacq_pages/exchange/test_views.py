"""A translation leaves and comes back through the admin."""

from __future__ import annotations

import json
import re
from typing import Any

import polib
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, PageLogEntry
from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import pairs, roles
from microacq_pages.exchange.services import IMPORTED
from microacq_pages.exchange.units import units_of
from microacq_pages.models import Opportunity, Skill
from tests.factories import pages, people

pytestmark = pytest.mark.django_db

NAMES = ("po", "xliff")


@pytest.fixture
def browser(translator: Any) -> Client:
    client = Client()
    client.force_login(translator)
    return client


@pytest.fixture(scope="module")
def _page_of_module(module_transaction: None) -> int:
    return pages.make_opportunity(people.the(roles.CLIENT), teaser="Repair it. See {{ number }} & more.").pk


@pytest.fixture
def page(_page_of_module: int, db: None) -> Any:
    return Opportunity.objects.get(pk=_page_of_module)


@pytest.fixture
def translation(page: Any) -> Any:
    return pairs.translation_of(page)


def stored_for(translation: Any) -> Any:
    return StringTranslation.objects.filter(
        locale=translation.target_locale, context__object_id=translation.source.object_id
    )


def download(browser: Client, translation: Any, name: str, **query: str) -> bytes:
    response = browser.get(reverse("microacq_exchange_download", args=[translation.pk, name]), query)
    assert response.status_code == 200
    return bytes(response.content)


def send(browser: Client, translation: Any, data: bytes, name: str = "po") -> Any:
    file = SimpleUploadedFile(f"back.{'po' if name == 'po' else 'xlf'}", data)
    return browser.post(reverse("microacq_exchange_upload", args=[translation.pk]), {"file": file})


def confirm(browser: Client, translation: Any, preview: Any) -> Any:
    form = BeautifulSoup(preview.content, "html.parser").select_one("form[action$='/apply/']")
    fields = {field["name"]: field["value"] for field in form.select("input[name]")}  # type: ignore[union-attr]
    return browser.post(reverse("microacq_exchange_apply", args=[translation.pk]), fields)


def translated(data: bytes, name: str) -> bytes:
    """Every string translated, as a tool would: « in French » before it."""
    if name == "po":
        file = polib.pofile(data.decode())
        for entry in file:
            entry.msgstr = f"fr-{entry.msgid}" if entry.msgctxt == "slug" else f"[fr] {entry.msgid}"
        return str(file).encode()
    text = re.sub(
        r'(resname="slug"[^>]*>\s*<source>)(.*?)(</source>)',
        r"\1\2\3<target>fr-\2</target>",
        data.decode(),
        flags=re.DOTALL,
    )
    return re.sub(
        r'(<trans-unit (?:(?!resname="slug")[^>])*>\s*<source>)(.*?)(</source>)',
        r"\1\2\3<target>[fr] \2</target>",
        text,
        flags=re.DOTALL,
    ).encode()


@pytest.mark.parametrize("name", NAMES)
def test_a_translation_made_elsewhere_is_shown_first_and_stored_when_confirmed(
    browser: Client, translator: Any, it_strategy: Any, page: Any, translation: Any, name: str
) -> None:
    data = translated(download(browser, translation, name), name)

    preview = send(browser, translation, data, name)

    assert preview.status_code == 200
    assert not stored_for(translation).exists()
    response = confirm(browser, translation, preview)
    assert response.status_code == 302
    assert pairs.missing_strings(translation) == []
    stored = StringTranslation.objects.get(
        context__path="teaser", context__object_id=page.translation_key, locale=translation.target_locale
    )
    assert stored.data == "[fr] Repair it. See {{ number }} &amp; more."
    assert stored.tool_name in ("PO", "XLIFF 1.2")
    assert stored.last_translated_by == translator
    entry = PageLogEntry.objects.get(action=IMPORTED)
    assert entry.data["refused"] == 0
    pages.publish(page, it_strategy)  # the page can go live with it


@pytest.mark.parametrize("name", NAMES)
def test_only_what_is_left_leaves_when_asked(browser: Client, page: Any, translation: Any, name: str) -> None:
    pages.translate(page, leave=2)
    whole, left = (download(browser, translation, name, **query) for query in ({}, {"only": "left"}))
    mark = b"\nmsgctxt" if name == "po" else b"<trans-unit "
    assert left.count(mark) == 2 < whole.count(mark)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_that_changed_meanwhile_is_reported_and_the_rest_is_stored(
    browser: Client, author: Any, page: Any, translation: Any, name: str
) -> None:
    data = translated(download(browser, translation, name), name)
    page.teaser = "Another teaser."
    page.save_revision(user=author)
    pairs.keep_in_step(page, author)

    preview = send(browser, translation, data, name)

    assert "The text was changed after the file was made" in preview.content.decode()
    confirm(browser, translation, preview)
    assert pairs.missing_strings(translation) == ["teaser"]


def test_what_would_break_the_page_is_refused_and_the_rest_stored(
    browser: Client, page: Any, translation: Any
) -> None:
    file = polib.pofile(translated(download(browser, translation, "po"), "po").decode())
    for entry in file:
        if entry.msgctxt == "title":
            entry.msgstr = "<script>alert(1)</script>"
        if entry.msgctxt == "slug":
            entry.msgstr = "not a slug!"
        if entry.msgctxt == "teaser":
            entry.msgstr = "x" * 501
    preview = send(browser, translation, str(file).encode())
    text = preview.content.decode()
    assert "<script>alert" not in text
    confirm(browser, translation, preview)
    assert set(pairs.missing_strings(translation)) == {"title", "slug", "teaser"}


def test_what_the_confirmation_carries_is_judged_again(browser: Client, page: Any, translation: Any) -> None:
    url = reverse("microacq_exchange_apply", args=[translation.pk])
    forged = '[["title", "Accessible date picker", "<script>x</script>"], ["nowhere", "x", "y"]]'
    response = browser.post(url, {"format": "po", "strings": forged})
    assert response.status_code == 200
    assert not stored_for(translation).exists()
    for wrong in ("", "{}", "[[1, 2, 3]]", "[" * 100_000):
        assert browser.post(url, {"format": "po", "strings": wrong}).status_code == 422
    assert browser.post(url, {"format": "exe", "strings": "[]"}, follow=True).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_another_page_is_refused(browser: Client, author: Any, translation: Any, name: str) -> None:
    other = pairs.translation_of(pages.make_opportunity(author, slug="other"))
    response = send(browser, translation, translated(download(browser, other, name), name), name)
    assert response.status_code == 422
    assert "another translation" in response.content.decode()


def test_a_post_without_a_file_is_answered_with_a_sentence(browser: Client, translation: Any) -> None:
    response = browser.post(reverse("microacq_exchange_upload", args=[translation.pk]))
    assert (response.status_code, "Choose a file" in response.content.decode()) == (422, True)


def test_the_unchecked_import_of_wagtail_localize_leads_to_the_checked_one(
    browser: Client, translation: Any
) -> None:
    data = translated(download(browser, translation, "po"), "po")
    address = reverse("wagtail_localize:upload_pofile", args=[translation.pk])
    response = browser.post(address, {"file": SimpleUploadedFile("a.po", data)})
    assert response.status_code == 200
    assert not stored_for(translation).exists()


@pytest.mark.parametrize("role", ["author", "it_strategy", "cfob", None])
def test_only_who_may_translate_takes_a_file_or_returns_one(
    role: str | None, translation: Any, request: pytest.FixtureRequest
) -> None:
    client = Client()
    if role is not None:
        client.force_login(request.getfixturevalue(role))
    for name in NAMES:
        refused = client.get(reverse("microacq_exchange_download", args=[translation.pk, name]))
        assert refused.status_code in (302, 403)
    for address in ("microacq_exchange_upload", "microacq_exchange_apply", "microacq_typography_correct"):
        assert client.post(reverse(address, args=[translation.pk])).status_code in (302, 403)
    string = reverse("microacq_translation_string", args=[translation.pk, "s0"])
    assert client.get(string).status_code in (302, 403)


def test_a_translation_that_was_stopped_or_never_was_is_not_found(browser: Client, translation: Any) -> None:
    type(translation).objects.update(enabled=False)
    for pk in (translation.pk, 999_999):
        response = browser.get(reverse("microacq_exchange_download", args=[pk, "po"]), follow=True)
        assert response.status_code == 404


def test_a_locked_page_takes_no_file(browser: Client, author: Any, page: Any, translation: Any) -> None:
    target = pairs.counterpart(page)
    type(target).objects.filter(pk=target.pk).update(locked=True, locked_by=author)
    response = browser.get(reverse("microacq_exchange_download", args=[translation.pk, "po"]))
    assert response.status_code in (302, 403)


def test_a_skill_leaves_and_comes_back_too(browser: Client) -> None:
    skill = Skill.objects.create(name="Rust", locale=Locale.objects.get(language_code="en"))
    pairs.keep_snippet_in_step(skill, None)
    translation = pairs.translation_of(skill)
    data = translated(download(browser, translation, "po"), "po")
    confirm(browser, translation, send(browser, translation, data))
    assert StringTranslation.objects.get(context__path="name").data == "[fr] Rust"


@pytest.mark.parametrize("many", [False, True])
def test_a_download_takes_a_constant_number_of_queries(
    browser: Client, author: Any, many: bool, django_assert_max_num_queries: Any
) -> None:
    page = pages.make_opportunity(author, criteria=20 if many else 1)
    translation = pairs.translation_of(page)
    with django_assert_max_num_queries(32):
        download(browser, translation, "po")


def test_one_string_is_edited_by_itself_with_its_terms_and_warnings(
    browser: Client, page: Any, translation: Any
) -> None:
    pages.translate(page)
    segment = StringSegment.objects.get(source=translation.source, context__path="teaser")
    StringTranslation.objects.filter(translation_of=segment.string).update(data="Quand ? Voir {{ number }}")
    editor = browser.get(reverse("wagtailadmin_pages:edit", args=[pairs.counterpart(page).pk]))
    soup = BeautifulSoup(editor.content, "html.parser")
    link = soup.select_one("[id^=translation-typography] a[href*='/strings/']")
    assert link is not None
    address = str(link["href"])
    assert "“Quand ?" in browser.get(address).content.decode()
    refused = browser.post(address, {"target": "<p>no</p>"})
    assert refused.status_code == 422
    assert "&lt;p&gt;no&lt;/p&gt;" in refused.content.decode()  # nothing typed is lost
    assert browser.post(address, {"target": "Quand? {{ number }}"}).status_code == 302
    assert StringTranslation.objects.get(translation_of=segment.string).data == "Quand? {{ number }}"


def test_typography_is_put_right_by_one_post_for_one_string_or_for_all(
    browser: Client, page: Any, translation: Any
) -> None:
    pages.translate(page)
    stored_for(translation).filter(context__path="teaser").update(data="Quand ? {{ number }}")
    stored_for(translation).filter(context__path="title").update(data="L'agenda")
    address = reverse("microacq_typography_correct", args=[translation.pk])
    key = next(unit.key for unit in units_of(translation) if unit.path == "title")
    browser.post(address, {"key": key})
    assert stored_for(translation).get(context__path="title").data == "L’agenda"
    assert stored_for(translation).get(context__path="teaser").data == "Quand ? {{ number }}"
    browser.post(address)
    assert stored_for(translation).get(context__path="teaser").data == "Quand? {{ number }}"
    assert browser.get(address).status_code == 405


def test_half_a_character_is_refused_in_either_way_that_it_can_come(
    browser: Client, translation: Any
) -> None:
    unit = next(unit for unit in units_of(translation) if unit.path == "teaser")
    strings = f'[["teaser", {json.dumps(unit.source)}, "\\ud800"]]'
    apply = reverse("microacq_exchange_apply", args=[translation.pk])
    assert browser.post(apply, {"format": "po", "strings": strings}).status_code == 422

    data = download(browser, translation, "xliff").replace(
        b"</source>", b'</source><target>a<x id="ud800"/></target>'
    )
    answer = send(browser, translation, data, "xliff")
    assert answer.status_code == 200
    assert "ud800" in answer.content.decode()
    assert not stored_for(translation).exists()
