"""Following an opportunity by mail, as a person does it and as somebody does who means harm."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from submissions.gate import limits, looking
from submissions.gate.models import Passage
from submissions.notices import crypto
from submissions.notices.bouncing import services as bouncing
from submissions.notices.envelope import make_again
from submissions.notices.following import services, subscribers
from submissions.notices.following.models import Following, Subscriber
from submissions.notices.models import OutgoingMessage
from submissions.notices.services import send_notice
from submissions.solicitations.models import Solicitation
from submissions.solicitations.recipients import recipients_of
from tests.factories import proposals

pytestmark = pytest.mark.django_db

ADDRESS = "camille@example.org"


@pytest.fixture
def file(posted_once: Solicitation) -> Solicitation:
    return posted_once


def address_of(name: str, *args: str, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"follow:{name}", args=args)


def ask(
    file: Solicitation, address: str = ADDRESS, language: str = "en", client: Client | None = None
) -> Any:
    return (client or Client()).post(
        address_of("ask", file.number, language=language),
        {
            "address": address,
            "language": language,
            "stamp": looking.new_stamp(f"follow/{file.number}"),
        },
    )


def mails(kind: str = "") -> list[Any]:
    rows = OutgoingMessage.objects.filter(kind__startswith=kind or "follow").order_by("pk")
    return [make_again(crypto.decrypt(row.payload)) for row in rows]


def link_in(mail: Any) -> str:
    found = re.search(r"https?://[^/]+(/\S+)", mail.body)
    assert found
    return found.group(1)


def follow(file: Solicitation, address: str = ADDRESS, language: str = "en") -> Subscriber:
    ask(file, address, language)
    assert Client().post(link_in(mails("follow_confirm")[-1])).status_code == 303
    return Subscriber.objects.get(address_digest=subscribers.digest_of_address(address))


# --- the way of a person ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_follows_by_a_form_and_a_link(file: Solicitation, client: Client, language: str) -> None:
    public = file.page(language)
    assert public is not None
    form = address_of("ask", file.number, language=language)
    assert form in client.get(public.url).content.decode()
    assert client.get(form).headers["Content-Language"] == language
    answer = ask(file, language=language, client=client)
    assert answer.headers["Location"] == address_of("sent", file.number, language=language)
    assert client.get(answer.headers["Location"]).status_code == 200
    (mail,) = mails()
    assert mail.to == [ADDRESS]
    assert file.get_title(language) in mail.body
    link = link_in(mail)
    assert link.startswith(f"/{language}/")

    assert client.get(link).status_code == 200
    assert not Following.objects.confirmed().exists(), "opening a link changes nothing"
    own = client.post(link).headers["Location"]
    told = BeautifulSoup(client.get(own).content, "html.parser").find(role="status")
    assert told and file.number in told.text, "the page says that there is nothing left to do"
    assert [recipient.address for recipient in recipients_of(file)] == [ADDRESS]
    assert recipients_of(file)[0].language == language
    assert ModelLogEntry.objects.filter(action="following.confirmed").count() == 1


def test_the_page_of_the_opportunity_has_a_link_and_no_form(file: Solicitation, client: Client) -> None:
    page = file.page("en")
    assert page is not None
    answer = client.get(page.url)
    assert b"csrfmiddlewaretoken" not in answer.content
    assert "no-store" in client.get(address_of("ask", file.number)).headers["Cache-Control"]


def test_a_program_stops_with_one_post_without_cookie_or_token(file: Solicitation) -> None:
    follow(file)
    (recipient,) = recipients_of(file)
    path = re.sub(r"^https?://[^/]+", "", recipient.link)
    program = Client(enforce_csrf_checks=True)
    assert program.get(path).status_code == 200
    assert Following.objects.count() == 1, "only a POST stops"
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.exists(), "the address goes with the last thing followed"
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert recipients_of(file) == []


def test_a_notice_carries_the_headers_of_one_click(file: Solicitation) -> None:
    follow(file)
    (recipient,) = recipients_of(file)
    send_notice(
        "follow_already",
        recipient.address,
        context={"number": "1", "title": "t", "link": "l", "contact_email": "c"},
        key="k",
        language="en",
        unsubscribe=recipient.link,
    )
    headers = mails("follow_already")[-1].extra_headers
    assert headers["List-Unsubscribe"] == f"<{recipient.link}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_changes_the_language_and_stops_everything_from_the_own_page(
    file: Solicitation, client: Client
) -> None:
    own = address_of("mine", follow(file).token)
    chosen = {"rhythm": "none", "act": "save"}
    assert client.post(own, {**chosen, "language": "fr"}).status_code == 303
    assert Subscriber.objects.get().language == "fr"
    assert client.post(own, {**chosen, "language": "both"}).status_code == 303
    assert recipients_of(file)[0].language == ""
    assert client.post(own, {**chosen, "language": "de"}).status_code == 422
    assert client.post(own, {"act": "stop"}).status_code == 200
    assert not Subscriber.objects.exists()
    assert client.get(own).status_code == 404


def test_the_language_asked_for_by_somebody_else_counts_only_once_confirmed(
    file: Solicitation, author: Any, it_strategy: Any
) -> None:
    follow(file, language="fr")
    other = proposals.make_posted_file(author, it_strategy, slug="other", title="Another")
    ask(other, language="en")
    assert Subscriber.objects.get().language == "fr"


# --- what nobody learns ------------------------------------------------------------------------------


def test_known_unconfirmed_and_unknown_addresses_get_the_same_answer_and_one_message_each(
    file: Solicitation,
) -> None:
    follow(file, "known@example.org")
    ask(file, "waiting@example.org")
    OutgoingMessage.objects.all().delete()
    answers = [ask(file, f"{who}@example.org") for who in ("known", "waiting", "unknown")]
    assert len({(answer.status_code, answer.headers["Location"], answer.content) for answer in answers}) == 1
    assert [mail.to[0].partition("@")[0] for mail in mails()] == ["known", "waiting", "unknown"]


def test_an_address_gets_no_more_than_its_limit_and_nobody_can_tell(file: Solicitation) -> None:
    answers = [ask(file) for _again in range(limits.FOLLOWING_OF_ADDRESS.most + 1)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(mails()) == limits.FOLLOWING_OF_ADDRESS.most


def test_case_does_not_make_another_address(file: Solicitation) -> None:
    ask(file)
    ask(file, ADDRESS.upper())
    assert Subscriber.objects.count() == 1


def test_a_network_over_its_limit_is_told_to_wait_and_keeps_what_was_typed(
    file: Solicitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FOLLOWING_OF_NETWORK", limits.Limit("following/network", 2))
    for number in range(2):
        assert ask(file, f"person{number}@example.org").status_code == 303
    answer = ask(file, "third@example.org")
    assert answer.status_code == 429
    assert "third@example.org" in answer.content.decode()
    assert int(answer.headers["Retry-After"]) <= 3600
    Passage.objects.update(passed_at=timezone.now() - timedelta(hours=1, minutes=1))
    assert ask(file, "third@example.org").status_code == 303


def test_neither_address_nor_link_stands_in_the_tables_or_the_audit(file: Solicitation) -> None:
    token = follow(file).token
    kept = [*Subscriber.objects.values_list(), *Following.objects.values_list()]
    kept += Passage.objects.values_list("digest")
    kept += ModelLogEntry.objects.values_list("label", "data")
    assert "camille" not in str(kept)
    assert token not in str(kept)
    assert OutgoingMessage.objects.filter(kind="follow_confirm", private=False).count() == 0


# --- what nobody can do --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "", "x", "é" * 300]
)
def test_an_address_that_is_none_sends_nothing(file: Solicitation, address: str) -> None:
    assert ask(file, address).status_code == 422
    assert not Subscriber.objects.exists()
    assert mails() == []


def test_another_site_cannot_send_the_forms(file: Solicitation) -> None:
    token = follow(file).token
    strict = Client(enforce_csrf_checks=True)
    for path in (address_of("ask", file.number), address_of("mine", token)):
        assert strict.post(path, {"address": ADDRESS, "language": "en", "act": "stop"}).status_code == 403
    assert Following.objects.count() == 1


def test_only_the_last_link_to_confirm_works_and_only_for_two_days(file: Solicitation) -> None:
    ask(file)
    ask(file)
    first, last = (link_in(mail) for mail in mails())
    assert Client().post(first).status_code == 404
    Following.objects.update(asked_at=timezone.now() - services.CONFIRM_WITHIN - timedelta(seconds=1))
    assert Client().post(last).status_code == 404
    Following.objects.update(asked_at=timezone.now() - services.CONFIRM_WITHIN + timedelta(minutes=1))
    assert Client().post(last).status_code == 303


def test_a_link_used_again_after_stopping_does_nothing(file: Solicitation) -> None:
    ask(file)
    link = link_in(mails()[0])
    Client().post(link)
    assert Client().post(link).status_code == 303, "confirming twice is no error"
    services.stop(Subscriber.objects.get().token)
    assert Client().post(link).status_code == 404
    assert not Subscriber.objects.exists()


def test_the_own_link_opens_nothing_before_something_is_confirmed(file: Solicitation) -> None:
    ask(file)
    assert Client().get(address_of("mine", Subscriber.objects.get().token)).status_code == 404


@pytest.mark.parametrize("name", ["confirm", "mine"])
@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "é"])
def test_an_invented_link_is_a_page_that_says_so(name: str, token: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(address_of(name, token))
        assert answer.status_code == 404


def test_what_is_not_posted_or_is_cancelled_cannot_be_followed(file: Solicitation) -> None:
    assert Client().get(address_of("ask", "MA-1999-0001")).status_code == 404
    from microacq_pages.models import PublicStatus

    PublicStatus.objects.filter(number=file.number).update(state=PublicStatus.State.CANCELLED)
    assert ask(file).status_code == 410
    assert mails() == []


# --- the clock -----------------------------------------------------------------------------------------


def test_tick_deletes_what_was_never_confirmed(file: Solicitation) -> None:
    follow(file, "stays@example.org")
    ask(file, "goes@example.org")
    old = timezone.now() - services.CONFIRM_WITHIN - timedelta(minutes=1)
    Following.objects.update(asked_at=old)
    services.forget()
    assert bouncing.forget() == 1
    assert [one.address for one in Subscriber.objects.all()] == ["stays@example.org"]


def test_asking_costs_the_same_whoever_follows(
    file: Solicitation, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(5):
        follow(file, f"person{number}@example.org")
    # One for each kind of recipient: applicants, askers, followers.
    with django_assert_max_num_queries(3):
        assert len(recipients_of(file)) == 5


def test_a_number_that_no_text_of_the_database_can_hold_is_a_page_that_is_not_there(
    file: Solicitation,
) -> None:
    token = follow(file).token
    program = Client(enforce_csrf_checks=True)
    for path in ("follow/opportunity/%00/", "follow/opportunity/%00/sent/", f"follow/mine/{token}/stop/%00/"):
        assert program.get(f"/en/{path}").status_code == 404
    assert program.post(f"/en/follow/mine/{token}/stop/%00/").status_code == 200
    assert Following.objects.count() == 1


def test_the_addresses_of_one_line_share_a_limit(file: Solicitation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FOLLOWING_OF_NETWORK", limits.Limit("following/network", 2))
    form = address_of("ask", file.number)

    def sent_from(visitor: str, number: int) -> int:
        data = {
            "address": f"victim{number}@example.org",
            "language": "en",
            "stamp": looking.new_stamp(f"follow/{file.number}"),
        }
        return Client(REMOTE_ADDR=visitor).post(form, data).status_code

    assert [sent_from(f"2001:db8:0:1::{number:x}", number) for number in range(3)] == [303, 303, 429]
    assert sent_from("2001:db8:0:2::1", 4) == 303
