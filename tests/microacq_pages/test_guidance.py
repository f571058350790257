"""The client's guide: there in both languages from the start, for staff only, and reachable from what it explains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from microacq_pages import guidance, guidance_setup, pairs, publishing, roles
from microacq_pages.furniture import LANGUAGES
from microacq_pages.models import GuidanceIndex, GuidancePage
from microacq_pages.models.guidance import Topic
from tests.factories import pages, people

pytestmark = pytest.mark.django_db


def guide_pages() -> list[Any]:
    return [*GuidanceIndex.objects.all(), *GuidancePage.objects.all()]


@pytest.fixture
def staff(user_in: Callable[..., Any]) -> Client:
    """A browser of a person who may enter the admin, and nothing more."""
    browser = Client()
    browser.force_login(user_in(roles.FINANCE))
    return browser


def test_every_topic_is_explained_in_both_languages_from_the_start() -> None:
    assert {(page.topic, page.locale.language_code) for page in GuidancePage.objects.live()} == {
        (topic.value, language) for topic in Topic for language in LANGUAGES
    }


def test_setting_up_again_changes_nothing_and_brings_back_what_was_deleted() -> None:
    assert guidance_setup.set_up() == []
    page = GuidancePage.objects.get(topic=Topic.PROCESS, locale__language_code="en")
    publishing.unpublish_pair(page, user=None)
    GuidancePage.objects.get(topic=Topic.PROCESS, locale__language_code="fr").delete()
    GuidancePage.objects.get(pk=page.pk).delete()
    assert guidance_setup.set_up() == ["page The process and its dates"]


def test_nothing_of_the_guide_is_left_in_the_other_language() -> None:
    for page in GuidancePage.objects.filter(locale__language_code="fr"):
        english = pairs.counterpart(page)
        ours, theirs = (
            [text for block in each.body for text in _texts(block.value)] for each in (page, english)
        )
        assert len(ours) == len(theirs)
        assert [text for text, other in zip(ours, theirs, strict=True) if text == other] == []


def _texts(value: Any) -> list[str]:
    if hasattr(value, "source"):
        return [value.source]
    if isinstance(value, str):
        return [value]
    values = value.values() if hasattr(value, "values") else value
    return [text for each in values for text in _texts(each)]


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_visitor_is_sent_to_sign_in_and_reads_not_a_word(client: Client, method: str) -> None:
    for page in guide_pages():
        response = getattr(client, method)(page.url)
        assert response.status_code == 302
        assert response.url == f"{reverse('wagtailadmin_login')}?next={page.url}"
        assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]
        assert page.title.encode() not in response.content


def test_who_may_not_enter_the_admin_is_refused(client: Client, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("nobody"))
    for page in guide_pages():
        response = client.get(page.url)
        assert response.status_code == 403
        assert page.title.encode() not in response.content


def test_staff_read_every_page_and_nobody_keeps_a_copy(staff: Client) -> None:
    for page in guide_pages():
        response = staff.get(page.url)
        assert response.status_code == 200
        assert {"private", "no-store"} <= {word.strip() for word in response["Cache-Control"].split(",")}
        assert "noindex" in response["X-Robots-Tag"]
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.h1.get_text() == page.title
        assert not soup.select("[style], main script, main style")


def test_what_staff_read_is_not_given_to_the_next_visitor(staff: Client, client: Client) -> None:
    page = GuidancePage.objects.get(topic=Topic.SPLITTING, locale__language_code="en")
    cache.clear()
    staff.get(page.url)
    del staff.cookies["sessionid"]
    assert client.get(page.url).status_code == staff.get(page.url).status_code == 302


def test_a_preview_of_the_guide_is_kept_by_nobody(it_strategy: Any, client: Client) -> None:
    client.force_login(it_strategy)
    page = GuidancePage.objects.get(topic=Topic.SPLITTING, locale__language_code="en")
    response = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_no_public_page_menu_or_sitemap_names_the_guide(client: Client) -> None:
    sitemap = client.get("/sitemap.xml").content.decode()
    for language in LANGUAGES:
        home = client.get(f"/{language}/").content.decode()
        for page in guide_pages():
            assert page.url not in home
            assert page.slug not in sitemap


def test_the_guide_never_enters_the_menu_even_when_somebody_asks_for_it(it_strategy: Any) -> None:
    index = pairs.latest(GuidanceIndex.objects.get(locale__language_code="en"))
    index.show_in_menus = True
    assert index.save_revision(user=it_strategy).as_object().show_in_menus is False


def test_a_page_of_the_guide_obeys_the_rule_of_both_languages(author: Any, it_strategy: Any) -> None:
    index = GuidanceIndex.objects.get(locale__language_code="en")
    page = pages.add_pair(index, GuidancePage(title="More", slug="more", locale=index.locale), author)
    with pytest.raises(publishing.PublicationBlocked):
        page.save_revision().publish()
    pages.translate(page)
    pages.publish(page, it_strategy)
    assert GuidancePage.objects.filter(translation_key=page.translation_key, live=True).count() == 2


def test_a_topic_is_explained_by_one_page_only(author: Any) -> None:
    index = GuidanceIndex.objects.get(locale__language_code="en")
    page = GuidancePage(title="Again", slug="again", topic=Topic.SPLITTING, locale=index.locale)
    pages.add_pair(index, page, author)
    assert "guidance-topic-taken" in {finding.code for finding in publishing.publication_blockers(page)}


def test_it_strategy_edits_the_guide_and_clients_do_not(author: Any, it_strategy: Any) -> None:
    page = GuidancePage.objects.get(topic=Topic.SPLITTING, locale__language_code="en")
    assert page.permissions_for_user(it_strategy).can_edit()
    assert not page.permissions_for_user(author).can_edit()


# --- the way to it -----------------------------------------------------------------------------


@pytest.mark.parametrize("topic", Topic.values)
def test_each_topic_has_an_address_in_each_language(topic: str, staff: Client) -> None:
    for language in LANGUAGES:
        address = guidance.guidance_url(topic, language)
        assert address.startswith(f"/{language}/")
        assert staff.get(address).status_code == 200


def test_an_unknown_or_unpublished_topic_has_no_address(staff: Client) -> None:
    assert guidance.guidance_url("no-such-topic", "en") == ""
    assert guidance.guidance_link("") == ""
    assert staff.get("/admin/guidance/no-such-topic/", follow=True).status_code == 404
    page = GuidancePage.objects.get(topic=Topic.PROCESS, locale__language_code="en")
    publishing.unpublish_pair(page, user=None)
    assert guidance.guidance_url("process", "en") == ""
    assert staff.get(reverse("microacq_guidance", args=["process"])).url == page.get_parent().url


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_in_the_admin_leads_to_the_readers_language(
    language: str, staff: Client, client: Client
) -> None:
    user = people.make_user(roles.CLIENT, "reader")
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()
    client.force_login(user)
    response = client.get(guidance.guidance_link("splitting"))
    assert response.url == guidance.guidance_url("splitting", language)


def test_the_fields_of_an_opportunity_lead_to_what_explains_them(author: Any, client: Client) -> None:
    page = pages.make_opportunity(author)
    client.force_login(author)
    form = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    missing = [topic for topic in Topic.values if f'href="{guidance.guidance_link(topic)}"' not in form]
    assert missing == []


def test_a_visitor_who_follows_a_link_of_the_admin_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(guidance.guidance_link("splitting")).status_code == 302
