"""Joining the mailing list, changing the choices and leaving, as a person does it and as somebody who means harm."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from submissions.gate import limits, looking
from submissions.gate.models import Passage
from submissions.notices.bouncing import services as bouncing
from submissions.notices.following import subscribers
from submissions.notices.following.models import Subscriber
from submissions.notices.following.services import CONFIRM_WITHIN
from submissions.notices.models import OutgoingMessage
from submissions.notices.subscribing import services
from submissions.notices.subscribing.models import ChosenSkill, Rhythm, Subscription
from tests.factories import mailing, pages
from tests.factories.mailing import link_in, mails

pytestmark = pytest.mark.django_db

ADDRESS = "camille@example.org"


def at(name: str, *args: str, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"follow:{name}", args=args)


def ask(address: str = ADDRESS, language: str = "en", client: Client | None = None, **changes: Any) -> Any:
    stamp = looking.new_stamp("follow/list")
    data = {"address": address, "language": language, "rhythm": "at_once", "stamp": stamp, **changes}
    return (client or Client()).post(at("list", language="fr" if language == "fr" else "en"), data)


def ask_for_link(address: str = ADDRESS) -> Any:
    return Client().post(at("link"), {"address": address, "stamp": looking.new_stamp("follow/link")})


def join(address: str = ADDRESS, language: str = "en", **changes: Any) -> Subscription:
    ask(address, language, **changes)
    assert Client().post(link_in(mails("list_confirm")[-1])).status_code == 303
    return Subscription.objects.get(
        subscriber__address_digest=subscribers.digest_of_address(address), confirmed_at__isnull=False
    )


# --- the way of a person ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_joins_by_a_form_and_a_link(client: Client, language: str) -> None:
    skill = pages.make_skill("Python", "Python (langage)")
    form = at("list", language=language)
    shown = client.get(form)
    assert shown.headers["Content-Language"] == language
    assert ("Python (langage)" in shown.content.decode()) == (language == "fr")
    answer = ask(language=language, client=client, skills=[str(skill.translation_key)], rhythm="daily")
    assert answer.headers["Location"] == at("list-sent", language=language)
    assert client.get(answer.headers["Location"]).status_code == 200
    (mail,) = mails()
    assert mail.to == [ADDRESS]
    assert "Python" in mail.body
    link = link_in(mail)
    assert link.startswith(f"/{language}/")

    assert "Python" in client.get(link).content.decode()
    assert not Subscription.objects.confirmed().exists(), "opening a link changes nothing"
    own = client.post(link).headers["Location"]
    assert client.get(own).status_code == 200
    subscription = Subscription.objects.confirmed().get()
    assert (subscription.rhythm, subscription.subscriber.language) == (Rhythm.DAILY, language)
    assert [each.translation_key for each in subscription.skills.all()] == [skill.translation_key]
    assert ModelLogEntry.objects.filter(action="subscription.confirmed").count() == 1


def test_home_list_and_footer_lead_to_the_form(client: Client) -> None:
    for language in ("en", "fr"):
        for path in (f"/{language}/", pages.index(pages.OpportunityIndex, language).url):
            assert client.get(path).content.decode().count(at("list", language=language)) >= 2, path


def test_who_wants_both_languages_is_asked_and_written_to_in_both() -> None:
    subscription = join(language="both")
    (mail,) = mails("list_confirm")
    assert "Le texte français suit." in mail.body
    assert subscription.subscriber.language == ""


def test_one_page_changes_every_choice_and_needs_no_other_confirmation(client: Client) -> None:
    python, design = pages.make_skill("Python"), pages.make_skill("Design")
    subscription = join(skills=[str(python.translation_key)])
    own = at("mine", subscription.subscriber.token)
    chosen = {"rhythm": "daily", "skills": [str(design.translation_key)], "language": "fr", "act": "save"}
    assert client.post(own, chosen).headers["Location"] == f"{own}?saved=1"
    subscription.refresh_from_db()
    assert subscription.rhythm == Rhythm.DAILY
    assert Subscriber.objects.get().language == "fr"
    assert ChosenSkill.objects.get().translation_key == design.translation_key
    shown = client.get(own).content.decode()
    assert re.search(rf'value="{design.translation_key}"[^>]* checked', shown)
    assert not re.search(rf'value="{python.translation_key}"[^>]* checked', shown)


def test_what_cannot_be_chosen_is_said_and_what_was_typed_stays(client: Client) -> None:
    answer = ask("not an address", rhythm="hourly", skills=["x", "00000000-0000-0000-0000-000000000000"])
    assert answer.status_code == 422
    assert 'value="not an address"' in answer.content.decode()
    own = at("mine", join().subscriber.token)
    for wrong in ({}, {"rhythm": "x"}, {"rhythm": "daily", "language": "fr", "skills": ["\x00"]}):
        assert client.post(own, wrong).status_code == 422
    assert Subscription.objects.get().rhythm == Rhythm.AT_ONCE


def test_a_program_leaves_with_one_post_without_cookie_or_token(client: Client) -> None:
    subscription = join()
    path = re.sub(r"^https?://[^/]+", "", services.stop_link(subscription.subscriber))
    program = Client(enforce_csrf_checks=True)
    assert program.get(path).status_code == 200
    assert Subscription.objects.count() == 1, "only a POST leaves"
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.exists(), "the address goes at once"
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert program.get(path).status_code == 404
    assert ModelLogEntry.objects.filter(action="subscription.stopped").count() == 1


def test_leaving_the_list_by_the_page_of_choices_ends_it_when_nothing_is_followed(client: Client) -> None:
    own = at("mine", join().subscriber.token)
    assert client.post(own, {"rhythm": "none", "language": "en", "act": "save"}).status_code == 200
    assert not Subscriber.objects.exists()
    assert client.get(own).status_code == 404


def test_one_stops_everything(client: Client) -> None:
    own = at("mine", join().subscriber.token)
    stopped = client.post(own, {"act": "stop"})
    assert stopped.status_code == 200
    assert "<h1>We no longer write to you</h1>" in stopped.content.decode()
    assert not Subscriber.objects.exists()


def test_the_link_is_sent_again(client: Client) -> None:
    token = join().subscriber.token
    answer = ask_for_link(ADDRESS.upper())
    assert answer.headers["Location"] == at("link-sent")
    assert client.get(answer.headers["Location"]).status_code == 200
    (mail,) = mails("list_link")
    assert mail.to == [ADDRESS]
    assert link_in(mail) == at("mine", token)


# --- what nobody learns ------------------------------------------------------------------------------


def test_known_unconfirmed_and_unknown_addresses_get_the_same_answer_and_one_message_each() -> None:
    join("known@example.org")
    ask("waiting@example.org")
    OutgoingMessage.objects.all().delete()
    answers = [ask(f"{who}@example.org") for who in ("known", "waiting", "unknown")]
    assert len({(each.status_code, each.headers["Location"], each.content) for each in answers}) == 1
    assert [mail.to[0].partition("@")[0] for mail in mails()] == ["known", "waiting", "unknown"]
    OutgoingMessage.objects.all().delete()
    links = [ask_for_link(f"{who}@example.org") for who in ("known", "nobody")]
    assert len({(each.status_code, each.headers["Location"], each.content) for each in links}) == 1
    assert [mail.to[0].partition("@")[0] for mail in mails()] == ["known", "nobody"]


def test_known_and_unknown_addresses_cost_about_the_same(
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    join("known@example.org")
    for address in ("known@example.org", "unknown@example.org"):
        with django_assert_max_num_queries(45):
            ask(address)
        with django_assert_max_num_queries(30):
            ask_for_link(address)


def test_somebody_else_cannot_change_the_choices_of_a_known_address() -> None:
    join(language="fr")
    ask(language="en", rhythm="daily")
    subscription = Subscription.objects.get()
    assert (subscription.rhythm, subscription.subscriber.language) == (Rhythm.AT_ONCE, "fr")


def test_an_address_gets_no_more_than_its_limit_whatever_is_asked_and_nobody_can_tell() -> None:
    answers = [ask() for _again in range(limits.FOLLOWING_OF_ADDRESS.most)]
    answers += [ask_for_link() for _again in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(mails()) == limits.FOLLOWING_OF_ADDRESS.most


def test_a_network_over_its_limit_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FOLLOWING_OF_NETWORK", limits.Limit("following/network", 1))
    ask("first@example.org")
    answer = ask("second@example.org")
    assert answer.status_code == 429
    assert "second@example.org" in answer.content.decode()
    assert ask_for_link("third@example.org").status_code == 429


def test_neither_address_nor_link_stands_in_the_tables_or_the_audit() -> None:
    token = join().subscriber.token
    kept = [*Subscriber.objects.values_list(), *Subscription.objects.values_list()]
    kept += [*Passage.objects.values_list("digest"), *ModelLogEntry.objects.values_list("label", "data")]
    assert "camille" not in str(kept)
    assert token not in str(kept)


@pytest.mark.parametrize("name", ["list", "link"])
def test_a_machine_is_stopped_once_and_loses_nothing_that_was_typed(name: str) -> None:
    data = {"address": ADDRESS, "language": "en", "rhythm": "daily", looking.BAIT: "buy now"}
    answer = Client().post(at(name), {**data, "stamp": looking.new_stamp(f"follow/{name}")})
    assert answer.status_code == 422
    assert ADDRESS in answer.content.decode()
    assert mails() == []
    stamp = re.search(r'name="stamp" value="([^"]+)"', answer.content.decode())
    assert stamp and Client().post(at(name), {**data, "stamp": stamp[1]}).status_code == 303


# --- what nobody can do --------------------------------------------------------------------------------


def test_another_site_cannot_send_the_forms() -> None:
    token = join().subscriber.token
    strict = Client(enforce_csrf_checks=True)
    for path in (at("list"), at("link"), at("mine", token)):
        assert strict.post(path, {"address": ADDRESS, "act": "stop"}).status_code == 403
    assert Subscription.objects.count() == 1


def test_only_the_last_link_to_confirm_works_and_only_for_two_days() -> None:
    ask()
    ask()
    first, last = (link_in(mail) for mail in mails())
    assert Client().post(first).status_code == 404
    Subscription.objects.update(asked_at=timezone.now() - CONFIRM_WITHIN - timedelta(seconds=1))
    assert Client().post(last).status_code == 404
    Subscription.objects.update(asked_at=timezone.now())
    assert Client().post(last).status_code == 303
    assert Client().post(last).status_code == 303, "confirming twice is no error"


@pytest.mark.parametrize("name", ["list-confirm", "list-stop", "mine"])
@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "é"])
def test_an_invented_link_is_a_page_that_says_so(name: str, token: str) -> None:
    assert Client().get(at(name, token)).status_code == 404


def test_tick_deletes_what_was_never_confirmed() -> None:
    join("stays@example.org")
    ask("goes@example.org")
    Subscription.objects.update(asked_at=timezone.now() - CONFIRM_WITHIN - timedelta(minutes=1))
    services.forget()
    assert bouncing.forget() == 1
    assert [each.address for each in Subscriber.objects.all()] == ["stays@example.org"]


def test_no_page_is_kept_and_none_tells_where_one_came_from(client: Client) -> None:
    token = mailing.subscribe().subscriber.token
    for path in (at("list"), at("link"), at("mine", token), at("list-stop", token)):
        answer = client.get(path)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
