"""Writing translations in the plain form: who may, what is refused, and that nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageLogEntry
from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import pairs, roles
from microacq_pages.models import Opportunity, OverwrittenTranslation, Skill
from microacq_pages.translating import left, saving
from tests.factories import pages, people
from tests.microacq_pages.translating import working

pytestmark = pytest.mark.django_db

LINKED = '<p>Read <a href="https://example.org/guide">the guide</a> first.</p>'


@pytest.fixture(scope="module")
def _page_of_module(module_transaction: None) -> int:
    return pages.make_opportunity(people.the(roles.CLIENT), background=LINKED).pk


@pytest.fixture
def page(_page_of_module: int, db: None) -> Any:
    return Opportunity.objects.get(pk=_page_of_module)


@pytest.fixture
def job(page: Any) -> Any:
    return working.translation_of(page)


def post(user: Any, job: Any, data: dict[str, str]) -> Any:
    return working.client_of(user).post(working.left_address(job), data)


def stored(job: Any, text: str) -> StringTranslation | None:
    segment = working.segment_with(job, text)
    found: StringTranslation | None = StringTranslation.objects.filter(
        translation_of=segment.string, context=segment.context, locale=job.target_locale
    ).first()
    return found


def is_written(job: Any) -> bool:
    return bool(StringTranslation.objects.filter(context__object_id=job.source.object_id).exists())


def test_the_whole_text_is_translated_in_one_form_without_a_script(
    page: Any, job: Any, translator: Any
) -> None:
    client = working.client_of(translator)
    form = working.parsed(client.get(working.left_address(job)))
    sent = working.fields_of(form)
    for item in left.left_in(job):
        sent[f"text-{item.key}"] = "sans-obstacle" if item.text == page.slug else f"Fr {item.text}"

    response = client.post(working.left_address(job), sent)

    assert response.status_code == 302
    assert left.left_in(job) == []
    title = stored(job, page.title)
    assert title is not None
    assert (title.data, title.last_translated_by) == (f"Fr {page.title}", translator)
    target = pairs.counterpart(page)
    assert Page.objects.get(pk=target.pk).draft_title == f"Fr {page.title}"
    entry = PageLogEntry.objects.get(action=saving.TRANSLATED)
    assert (entry.page_id, entry.user, entry.data["count"]) == (target.pk, translator, len(sent) // 2)


def test_what_is_left_empty_stays_as_it_is(page: Any, job: Any, translator: Any) -> None:
    form = working.parsed(working.client_of(translator).get(working.left_address(job)))

    response = post(translator, job, working.fields_of(form))

    assert response.status_code == 302
    assert not is_written(job)
    assert not PageLogEntry.objects.filter(action=saving.TRANSLATED).exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("Lisez le guide.", "A link of the text is missing"),
        ('Lisez <a id="a2">le guide</a>.', "a2"),
        ('Lisez <a id="a1" href="https://evil.example">le guide</a>.', "attributes"),
        ("Lisez <script>alert(1)</script>", "script"),
        ("Lisez\x00", "ull"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason_and_kept_in_the_form(
    job: Any, translator: Any, data: str, reason: str
) -> None:
    segment = working.segment_with(job, 'Read <a id="a1">the guide</a> first.')
    key = working.key_of(segment)

    response = post(translator, job, {f"text-{key}": data, f"seen-{key}": ""})

    assert response.status_code == 422
    field = working.parsed(response).select_one(f"#text-{key}")
    assert field.text.strip("\n") == data.replace("\x00", "")
    assert reason in working.parsed(response).select_one(f"#error-{key}").text
    assert field["aria-describedby"] == f"error-{key}"
    assert not is_written(job)


def test_a_title_too_long_for_its_field_is_refused_now_and_not_at_publication(
    page: Any, job: Any, translator: Any
) -> None:
    key = working.key_of(working.segment_with(job, page.title))

    response = post(translator, job, {f"text-{key}": "x" * 300, f"seen-{key}": ""})

    assert response.status_code == 422
    assert "at most" in working.parsed(response).select_one(f"#error-{key}").text


def test_one_text_that_is_refused_does_not_stop_the_others(page: Any, job: Any, translator: Any) -> None:
    good = working.key_of(working.segment_with(job, page.title))
    bad = working.key_of(working.segment_with(job, page.teaser))

    response = post(translator, job, {f"text-{good}": "Titre", f"text-{bad}": "<h1>non</h1>"})

    assert response.status_code == 422
    assert stored(job, page.title) is not None
    assert stored(job, page.teaser) is None
    assert "1 piece of text saved." in working.messages_of(response)


def test_two_people_who_translate_the_same_text_see_each_other(page: Any, job: Any, translator: Any) -> None:
    second = people.make_user(roles.TRANSLATOR, "second")
    key = working.key_of(working.segment_with(job, page.title))
    post(translator, job, {f"text-{key}": "Premier", f"seen-{key}": ""})

    response = post(second, job, {f"text-{key}": "Second", f"seen-{key}": ""})

    assert response.status_code == 409
    shown = working.parsed(response).select_one(f"#item-{key}")
    assert "Premier" in shown.text
    assert shown.select_one("textarea").text.strip("\n") == "Second"
    first = stored(job, page.title)
    assert first is not None
    assert first.data == "Premier"

    again = working.fields_of(shown)
    assert post(second, job, again).status_code == 302
    first.refresh_from_db()
    assert (first.data, first.last_translated_by) == ("Second", second)


def test_writing_the_same_as_the_other_person_is_no_conflict(page: Any, job: Any, translator: Any) -> None:
    key = working.key_of(working.segment_with(job, page.title))
    working.put(job, page.title, "Titre")

    response = post(translator, job, {f"text-{key}": "Titre", f"seen-{key}": ""})

    assert response.status_code == 302


def test_what_the_compiled_editor_writes_over_is_kept_beside_it(page: Any, job: Any, translator: Any) -> None:
    second = people.make_user(roles.TRANSLATOR, "second")
    working.put(job, page.title, "Premier", translator)
    segment = working.segment_with(job, page.title)
    address = reverse("wagtail_localize:edit_string_translation", args=[job.pk, segment.pk])
    working.client_of(second).put(address, "value=Second", content_type="application/x-www-form-urlencoded")

    (kept,) = OverwrittenTranslation.objects.all()
    assert (kept.data, kept.written_by) == ("Premier", translator)
    editor = working.client_of(translator).get(
        reverse("wagtailadmin_pages:edit", args=[pairs.counterpart(page).pk])
    )
    assert "Premier" in working.parsed(editor).select_one("#translation-written-over-section").text


def test_one_person_who_corrects_themselves_leaves_no_trace(page: Any, job: Any, translator: Any) -> None:
    working.put(job, page.title, "Premier", translator)
    working.put(job, page.title, "Mieux", translator)

    assert not OverwrittenTranslation.objects.exists()


def test_what_was_typed_for_a_text_that_changed_meanwhile_becomes_its_earlier_translation(
    page: Any, job: Any, author: Any, translator: Any
) -> None:
    key = working.key_of(working.segment_with(job, page.teaser))
    working.save_source(page, author, teaser=page.teaser + " In French too.")

    response = post(translator, job, {f"text-{key}": "Réparer le sélecteur.", f"seen-{key}": ""})

    assert response.status_code == 302
    response = working.client_of(translator).get(working.left_address(job))
    items = {item.text: item for item in left.left_in(job)}
    former = items[page.teaser + " In French too."].former
    assert former is not None
    assert former.data == "Réparer le sélecteur."
    assert "Réparer le sélecteur." in response.content.decode()


def test_an_earlier_translation_is_taken_with_one_button(
    page: Any, author: Any, job: Any, translator: Any
) -> None:
    working.put(job, page.teaser, "Réparer le sélecteur.", translator)
    other = pages.make_opportunity(author, slug="other", title="Another")
    second = working.translation_of(other)
    client = working.client_of(translator)
    form = working.parsed(client.get(working.left_address(second)))
    button = form.select_one("button[name=use]")

    response = client.post(
        working.left_address(second),
        {**working.fields_of(form), "use": button["value"], "next": reverse("wagtailadmin_home")},
    )

    assert response.headers["Location"] == reverse("wagtailadmin_home")
    taken = stored(second, page.teaser)
    assert taken is not None
    assert (taken.data, taken.last_translated_by) == ("Réparer le sélecteur.", translator)


def test_every_translation_of_the_same_text_is_taken_with_one_button(
    page: Any, author: Any, job: Any, translator: Any
) -> None:
    pages.translate(page, translator)
    again = pages.make_opportunity(author, title="Another", slug="another", background=LINKED)
    second = working.translation_of(again)

    response = post(translator, second, {"use_all": "1"})

    assert response.status_code == 302
    assert {item.text for item in left.left_in(second)} == {"Another", "another"}


@pytest.mark.parametrize("value", ["x", "1-1", "1-1:x", "0-0:0", "9999999999-9999999999:9999999999", "1-1:1"])
def test_a_button_that_names_nothing_does_nothing(job: Any, translator: Any, value: str) -> None:
    response = post(translator, job, {"use": value, "start": "", f"text-{value}": "typed"})

    assert response.status_code in (302, 422)
    assert not is_written(job)


def test_texts_of_another_page_cannot_be_written_through_this_one(
    page: Any, author: Any, job: Any, translator: Any
) -> None:
    other = working.translation_of(pages.make_content_page(author))
    segment = working.segment_with(other, "How it works")
    key = working.key_of(segment)

    response = post(translator, job, {f"text-{key}": "Volé", f"seen-{key}": ""})

    assert response.status_code == 422
    assert "Volé" in response.content.decode()
    assert not is_written(job)


def test_a_person_may_start_from_the_earlier_translation_without_a_script(
    page: Any, author: Any, job: Any, translator: Any
) -> None:
    working.put(job, page.teaser, "Réparer le sélecteur.", translator)
    working.save_source(page, author, teaser="Repair the date picker of our design system today.")
    client = working.client_of(translator)
    form = working.parsed(client.get(working.left_address(job)))
    button = form.select_one("button[name=start]")
    title = working.key_of(working.segment_with(job, page.title))

    response = client.post(
        working.left_address(job),
        {**working.fields_of(form), f"text-{title}": "À moitié", "start": button["value"]},
    )

    shown = working.parsed(response)
    assert shown.select_one(f"#text-{button['value']}").text.strip("\n") == "Réparer le sélecteur."
    assert shown.select_one(f"#text-{title}").text.strip("\n") == "À moitié"
    assert stored(job, page.title) is None


def test_a_locked_page_is_not_translated_and_nothing_typed_is_lost(
    page: Any, job: Any, translator: Any, it_strategy: Any
) -> None:
    target = pairs.counterpart(page)
    Page.objects.filter(pk=target.pk).update(locked=True, locked_by=it_strategy)
    key = working.key_of(working.segment_with(job, page.title))

    response = post(translator, job, {f"text-{key}": "Titre", f"seen-{key}": ""})

    assert response.status_code == 409
    assert "Titre" in response.content.decode()
    assert not is_written(job)


def test_a_snippet_is_translated_and_put_in_place_without_a_script(translator: Any) -> None:
    skill = Skill.objects.create(name="Web accessibility", locale=Locale.objects.get(language_code="en"))
    pairs.keep_snippet_in_step(skill, None)
    job = working.translation_of(skill)
    client = working.client_of(translator)
    key = working.key_of(working.segment_with(job, "Web accessibility"))
    response = client.post(
        working.left_address(job), {f"text-{key}": "Accessibilité du Web", f"seen-{key}": ""}, follow=True
    )
    form = working.parsed(response).select_one("form:has(input[name=action])")

    client.post(form["action"], {"action": "publish"})

    french = Skill.objects.get(translation_key=skill.translation_key, locale__language_code="fr")
    assert french.name == "Accessibilité du Web"


ROUTES = ("left", "save", "list", "preview")
MAY = {roles.TRANSLATOR, "superuser"}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("role", [*roles.ROLES, "superuser", "visitor"])
def test_only_translators_reach_the_screens_of_translators(job: Any, route: str, role: str) -> None:
    client = Client()
    if role != "visitor":
        client.force_login(people.make_user(None if role == "superuser" else role, "somebody"))
    key = working.key_of(job.source.stringsegment_set.first())
    address = {
        "list": reverse("microacq_translations"),
        "preview": reverse("microacq_translation_preview", args=[job.pk]),
    }.get(route, working.left_address(job))

    response = (
        client.post(address, {f"text-{key}": "Écrit", f"seen-{key}": ""})
        if route == "save"
        else client.get(address)
    )

    if role in MAY:
        assert response.status_code == (302 if route == "save" else 200)
        assert is_written(job) == (route == "save")
    else:
        assert response.status_code in (302, 403)
        if response.status_code == 302:
            assert response.headers["Location"].startswith(
                (reverse("wagtailadmin_login"), reverse("wagtailadmin_home"))
            )
        assert not is_written(job)


def test_a_translation_that_is_stopped_or_unknown_is_not_found(job: Any, translator: Any) -> None:
    client = working.client_of(translator)
    job.enabled = False
    job.save()

    assert client.get(working.left_address(job), follow=True).status_code == 404
    unknown = reverse("microacq_translation_preview", args=[987654])
    assert client.get(unknown, follow=True).status_code == 404


def test_a_character_that_the_database_cannot_hold_is_left_out_by_the_editor_too(
    author: Any, translator: Any, client: Client
) -> None:
    translation = pairs.translation_of(pages.make_opportunity(author))
    assert translation is not None
    segment = StringSegment.objects.filter(source=translation.source, context__path="teaser").get()
    client.force_login(translator)
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    sent = client.put(address, "value=a%00b", content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 201
    stored = StringTranslation.objects.get(translation_of=segment.string, context=segment.context)
    assert stored.data == "ab"
