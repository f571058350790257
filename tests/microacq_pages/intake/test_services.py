"""What may become of a request: every state, step and person, what is made of it and who is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from microacq_pages import pairs, publishing, roles, waiting
from microacq_pages.intake import drafting, services, states
from microacq_pages.intake.models import ClientRequest, RequestDecision
from microacq_pages.intake.states import RequestState, Transition
from microacq_pages.models import Opportunity
from tests.factories import pages, people
from tests.factories.requests import decided, make_request

pytestmark = pytest.mark.django_db

#: By which steps of IT Strategy (or the client) a request reaches each state.
WAYS: dict[RequestState, tuple[str, ...]] = {
    RequestState.RECEIVED: (),
    RequestState.FITS: ("fit",),
    RequestState.DRAFTED: ("fit", "draft"),
    RequestState.DOES_NOT_FIT: ("refuse",),
    RequestState.WITHDRAWN: ("withdraw",),
    RequestState.CAME_TO_NOTHING: ("fit", "close"),
}
OTHERS = (roles.CFOB, roles.TRANSLATOR, roles.AUDITOR, roles.FINANCE, roles.EVALUATOR)
REASON = "It is outside of what we buy."


@pytest.fixture
def outbox(settings: Any) -> list[Any]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def request_in(state: RequestState, client: Any, decider: Any) -> ClientRequest:
    request = make_request(client)
    for name in WAYS[state]:
        request = decided(request, client if name == "withdraw" else decider, name)
    return request


def outcome_of(request: ClientRequest, rule: Transition, user: Any) -> str:
    try:
        with transaction.atomic():
            services.decide(request, rule.name, user=user, reason=REASON)
    except PermissionDenied:
        return "forbidden"
    except services.RequestRefused:
        return "refused"
    return "done"


def expected(request: ClientRequest, rule: Transition, who: str) -> str:
    decides, own = who in {"it-strategy", "superuser"}, who == "client"
    party = {
        states.Party.IT_STRATEGY: decides,
        states.Party.REQUESTER: own,
        states.Party.EITHER: decides or own,
    }[rule.party]
    if not party:
        return "forbidden"
    again = rule.makes_draft and request.state == RequestState.DRAFTED
    return "done" if request.state in rule.sources or again else "refused"


@pytest.mark.parametrize("state", list(RequestState))
def test_each_step_starts_from_its_own_states_and_belongs_to_its_own_people(
    state: RequestState, author: Any, it_strategy: Any
) -> None:
    request = request_in(state, author, it_strategy)
    everyone = {
        "client": author,
        "it-strategy": it_strategy,
        "superuser": people.make_user(None),
        "another client": people.make_user(roles.CLIENT, "another"),
        **{role: people.make_user(role) for role in OTHERS},
    }
    wrong = {}
    for who, user in everyone.items():
        for rule in states.TRANSITIONS.values():
            with transaction.atomic():
                found = outcome_of(request, rule, user)
                transaction.set_rollback(True)
            if found != expected(request, rule, who):
                wrong[who, rule.name] = found
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name, rule in states.TRANSITIONS.items() if rule.needs_reason])
@pytest.mark.parametrize("reason", ["", "  \n", "\x00"])
def test_no_decision_without_a_reason(name: str, reason: str, author: Any, it_strategy: Any) -> None:
    rule = states.TRANSITIONS[name]
    request = request_in(sorted(rule.sources)[0], author, it_strategy)
    user = author if rule.party is states.Party.REQUESTER else it_strategy

    with pytest.raises(services.RequestRefused, match="reason"):
        services.decide(request, name, user=user, reason=reason)

    assert ClientRequest.objects.get().state == request.state


def test_the_database_itself_keeps_no_decision_without_a_reason(author: Any, it_strategy: Any) -> None:
    with pytest.raises(IntegrityError):
        RequestDecision.objects.create(
            request=make_request(author),
            transition="fit",
            before="received",
            after="fits",
            decided_by=it_strategy,
        )


def test_nobody_decides_on_their_own_request(it_strategy: Any) -> None:
    request = make_request(it_strategy)

    with pytest.raises(services.RequestRefused, match="another person"):
        services.decide(request, "fit", user=it_strategy, reason=REASON)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_fitting_request_becomes_a_draft_that_begins_with_what_was_asked(
    language: str, author: Any, it_strategy: Any
) -> None:
    request = make_request(
        author, language=language, description="Une & deux\nlignes\n\n<b>Puis</b> :\n- a\n- b"
    )
    drafted = decided(request, it_strategy, "fit", "draft")

    page = drafting.page_of(drafted)
    assert page is not None
    draft = pairs.latest(page)
    assert (page.live, page.owner, page.locale.language_code) == (False, author, language)
    assert (draft.title, draft.team) == (request.title, request.team)
    assert (draft.estimated_hours, draft.delivery_date) == (request.rough_hours, request.needed_by)
    assert draft.background == (
        "<p>Une &amp; deux<br/>lignes</p><p>&lt;b&gt;Puis&lt;/b&gt; :</p><ul><li>a</li><li>b</li></ul>"
    )
    assert draft.acceptance_criteria.count() == 3 and draft.criteria.count() == 1
    assert draft.contact_email == author.email
    assert pairs.counterpart(page) is not None
    assert drafting.request_of(pairs.counterpart(page)) == drafted


def test_whoever_makes_the_draft_is_no_author_of_its_text(author: Any, it_strategy: Any) -> None:
    page = drafting.page_of(decided(make_request(author), it_strategy, "fit", "draft"))
    assert publishing.authors_of(page) == {author.pk}


@pytest.mark.parametrize("title", ["日本語", "???", "Accessible date picker", "a" * 100])
def test_any_title_makes_a_draft_even_when_its_address_is_taken(
    title: str, author: Any, it_strategy: Any
) -> None:
    first = decided(make_request(author, title=title), it_strategy, "fit", "draft")
    second = decided(make_request(author, title=title), it_strategy, "fit", "draft")

    assert drafting.page_of(first).slug != drafting.page_of(second).slug


def test_making_the_draft_again_changes_nothing(author: Any, it_strategy: Any, outbox: list[Any]) -> None:
    request = decided(make_request(author), it_strategy, "fit", "draft")
    before = (Opportunity.objects.count(), RequestDecision.objects.count(), len(outbox))

    again = services.decide(request, "draft", user=author)

    assert again.opportunity_key == request.opportunity_key
    assert (Opportunity.objects.count(), RequestDecision.objects.count(), len(outbox)) == before


def test_a_draft_that_was_deleted_can_come_to_nothing_and_be_made_anew(author: Any, it_strategy: Any) -> None:
    request = decided(make_request(author), it_strategy, "fit", "draft")
    page = drafting.page_of(request)
    pairs.counterpart(page).delete()
    page.delete()

    request = decided(request, it_strategy, "close", "reopen", "fit", "draft")

    assert drafting.page_of(request).pk != page.pk
    assert request.state == RequestState.DRAFTED


def test_a_posted_opportunity_does_not_come_to_nothing_here(author: Any, it_strategy: Any) -> None:
    request = decided(make_request(author), it_strategy, "fit", "draft")
    posted = pages.make_posted_opportunity(author, it_strategy)
    ClientRequest.objects.filter(pk=request.pk).update(opportunity_key=posted.translation_key)

    with pytest.raises(services.RequestRefused, match="posted"):
        services.decide(request, "close", user=it_strategy, reason=REASON)


# --- effort ------------------------------------------------------------------------------------


def test_effort_adds_up_and_is_corrected_by_another_entry(author: Any, it_strategy: Any) -> None:
    request = make_request(author)
    for hours in ("1.5", "0.75", "-1.5"):
        services.record_effort(request, hours=Decimal(hours), note="A call", user=it_strategy)

    assert ClientRequest.objects.for_report().get().effort == Decimal("0.75")
    with pytest.raises(services.RequestRefused):
        services.record_effort(request, hours=Decimal("-1"), note="", user=it_strategy)
    with pytest.raises(PermissionDenied):
        services.record_effort(request, hours=Decimal("1"), note="", user=author)


@pytest.mark.parametrize("hours", ["0", "40.01", "-40.01"])
def test_the_database_refuses_effort_beyond_a_week(hours: str, author: Any, it_strategy: Any) -> None:
    with pytest.raises(IntegrityError):
        make_request(author).efforts.create(hours=Decimal(hours), recorded_by=it_strategy)


# --- record and letters ------------------------------------------------------------------------


def test_each_act_is_recorded_without_its_reason(author: Any, it_strategy: Any) -> None:
    request = decided(make_request(author), it_strategy, "fit", "draft")
    services.record_effort(request, hours=Decimal("1"), note="", user=it_strategy)

    entries = ModelLogEntry.objects.for_instance(request).order_by("pk")
    assert [(entry.action, entry.user) for entry in entries] == [
        ("request.received", author),
        ("request.fits", it_strategy),
        ("request.drafted", it_strategy),
        ("request.effort", it_strategy),
    ]
    assert not any("Because" in str(entry.data) for entry in entries)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM microacq_pages_requesteffort",
        "UPDATE microacq_pages_requestdecision SET reason = 'Another'",
        "DELETE FROM microacq_pages_requestdecision",
        "UPDATE microacq_pages_clientrequest SET title = 'Another'",
        "DELETE FROM microacq_pages_clientrequest",
        "TRUNCATE microacq_pages_clientrequest CASCADE",
    ],
)
def test_the_database_keeps_requests_decisions_and_efforts(
    statement: str, author: Any, it_strategy: Any
) -> None:
    request = decided(make_request(author), it_strategy, "fit")
    services.record_effort(request, hours=Decimal("1"), note="", user=it_strategy)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def speaks(user: Any, language: str) -> None:
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()


def test_it_strategy_hears_of_a_request_each_in_their_own_language(author: Any, outbox: list[Any]) -> None:
    english, french = (people.make_user(roles.IT_STRATEGY, f"it-{code}") for code in ("en", "fr"))
    speaks(french, "fr")
    people.make_user(None)

    make_request(author)

    subjects = {message.to[0]: message.subject for message in outbox}
    assert subjects == {
        english.email: "Request to look at: Captions for our videos",
        french.email: "Besoin à examiner : Captions for our videos",
    }


@pytest.mark.parametrize(
    ("language", "beginning", "word"),
    [("en", "Your request does not fit", "Reason: "), ("fr", "Votre besoin ne convient pas", "Motif : ")],
)
def test_the_client_is_told_the_decision_with_its_reason(
    language: str, beginning: str, word: str, author: Any, it_strategy: Any, outbox: list[Any]
) -> None:
    speaks(author, language)
    request = make_request(author)
    outbox.clear()

    services.decide(request, "refuse", user=it_strategy, reason=REASON)

    [message] = outbox
    assert message.to == [author.email]
    assert message.subject.startswith(beginning)
    assert word + REASON in message.body
    assert f"/admin/requests/{request.pk}/" in message.body


def test_nobody_is_told_of_their_own_act(author: Any, it_strategy: Any, outbox: list[Any]) -> None:
    request = make_request(author)
    outbox.clear()
    decided(request, author, "withdraw")
    assert outbox == []


def test_a_line_break_in_a_title_reaches_no_header(author: Any, it_strategy: Any, outbox: list[Any]) -> None:
    request = make_request(author, title="One\nBcc: everyone@example.org")
    decided(request, it_strategy, "fit")
    assert {message.subject.count("\n") for message in outbox} == {0}
    assert all("everyone@example.org" not in message.recipients() for message in outbox)


# --- what waits --------------------------------------------------------------------------------


def test_a_new_request_waits_for_it_strategy_and_a_fitting_one_for_its_client(
    author: Any, it_strategy: Any, settings: Any
) -> None:
    settings.MICROACQ_REQUEST_TARGET_DAYS = 3
    request = make_request(author)

    def kinds(user: Any) -> list[tuple[str, int | None]]:
        return [
            (item.kind, item.target_days)
            for item in waiting.waiting_for(user)
            if item.kind.startswith("request")
        ]

    assert (kinds(it_strategy), kinds(author)) == ([("request", 3)], [])
    decided(request, it_strategy, "fit")
    assert (kinds(it_strategy), kinds(author)) == ([], [("request-draft", None)])
    decided(request, author, "draft")
    assert (kinds(it_strategy), kinds(author)) == ([], [])


def test_who_filled_in_a_request_for_a_client_wrote_the_text_and_does_not_approve_it(
    author: Any, it_strategy: Any, user_in: Any
) -> None:
    request = make_request(it_strategy, requester=author)
    draft = drafting.page_of(decided(request, people.make_user(roles.IT_STRATEGY, "second"), "fit", "draft"))
    assert draft is not None
    assert publishing.authors_of(draft) == {author.pk, it_strategy.pk}

    own = make_request(author)
    draft = drafting.page_of(decided(own, it_strategy, "fit", "draft"))
    assert draft is not None
    assert publishing.authors_of(draft) == {author.pk}
