"""Post again: a draft in both languages from an opportunity that has ended, and links both ways once it is posted."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail_localize.models import StringTranslation

from microacq_pages import guardrails, pairs, roles
from microacq_pages.blockers import publication_blockers
from microacq_pages.models import Opportunity
from submissions.solicitations import again, services
from submissions.solicitations.enums import WITHOUT_AWARD, State
from submissions.solicitations.models import Solicitation
from tests.factories import amendments as making
from tests.factories import pages, proposals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("project_once")]


@pytest.fixture
def cancelled(posted: Solicitation, it_strategy: Any) -> Solicitation:
    services.transition(posted, "cancel", user=it_strategy, reason="No answer.", reason_fr="Sans réponse.")
    return posted


def test_the_text_stays_in_both_languages_and_what_is_decided_anew_is_empty(
    cancelled: Solicitation, author: Any
) -> None:
    old = making.page_of(cancelled)
    new = again.post_again(cancelled, author)

    assert (new.title, new.work, new.price) == (old.title, old.work, old.price)
    assert (new.deadline, new.selection_date, new.delivery_date) == (None, None, None)
    assert not any(getattr(new, name) for name, _words in guardrails.CONFIRMATIONS)
    assert (new.section_32_reference, new.live, new.follows) == ("", False, cancelled.translation_key)
    assert new.translation_key != old.translation_key
    assert {c.translation_key for c in new.criteria.all()}.isdisjoint(
        c.translation_key for c in old.criteria.all()
    )
    translation = pairs.translation_of(new)
    assert pairs.missing_strings(translation) == []
    french = translation.source.get_ephemeral_translated_instance(translation.target_locale)
    assert french.title == f"[fr] {old.title}"
    assert french.criteria.first().statement == "<p>[fr] Show skill 1.</p>"
    assert french.slug != pairs.counterpart(old).slug


def test_who_only_corrects_dates_gives_translators_nothing_to_do(
    cancelled: Solicitation, author: Any, it_strategy: Any
) -> None:
    new = again.post_again(cancelled, author)
    draft = pairs.latest(new)
    for name, value in pages.opportunity_fields().items():
        if name not in {"title", "slug"}:
            setattr(draft, name, value)
    draft.save_revision(user=author)
    pairs.keep_in_step(Opportunity.objects.get(pk=new.pk), author)
    page = Opportunity.objects.get(pk=new.pk)
    pages.publish(page, it_strategy)

    second = Solicitation.objects.get(translation_key=new.translation_key)
    assert second.follows == cancelled
    assert list(cancelled.followed_by.all()) == [second]


def test_both_pages_link_to_each_other(
    cancelled: Solicitation, author: Any, it_strategy: Any, client: Client
) -> None:
    test_who_only_corrects_dates_gives_translators_nothing_to_do(cancelled, author, it_strategy)
    second = cancelled.followed_by.get()
    for language in ("en", "fr"):
        old, new = cancelled.page(language), second.page(language)
        assert new.url in client.get(old.url).content.decode()
        assert old.url in client.get(new.url).content.decode()


def test_asking_twice_gives_the_same_draft(cancelled: Solicitation, author: Any) -> None:
    assert again.post_again(cancelled, author) == again.post_again(cancelled, author)


def test_what_still_takes_applications_is_not_posted_again(posted: Solicitation, author: Any) -> None:
    with pytest.raises(again.NotPostedAgain):
        again.post_again(posted, author)


def test_a_copy_is_no_second_posting(cancelled: Solicitation, author: Any) -> None:
    new = again.post_again(cancelled, author)
    copied = new.copy(update_attrs={"slug": "copy"}, keep_live=False)
    assert Opportunity.objects.get(pk=copied.pk).follows is None
    assert StringTranslation.objects.filter(context__object_id=new.translation_key).exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (roles.IT_STRATEGY, True),
        (roles.CLIENT, False),
        (roles.CFOB, False),
        (roles.EVALUATOR, False),
        (roles.FINANCE, False),
        (roles.AUDITOR, False),
        (roles.TRANSLATOR, False),
    ],
)
def test_only_its_client_and_it_strategy_post_again(
    cancelled: Solicitation, user_in: Any, client: Client, role: str, may: bool
) -> None:
    person = user_in(role, "somebody-else")
    client.force_login(person)
    address = reverse("solicitations:again", args=[cancelled.pk])
    answer = client.post(address)
    assert Opportunity.objects.filter(follows=cancelled.translation_key).exists() is may
    assert answer.status_code in ((302,) if may else (302, 403))
    if not may:
        with pytest.raises(PermissionDenied):
            again.post_again(cancelled, person)


def test_its_client_does_it_on_the_page_of_the_file(
    cancelled: Solicitation, author: Any, client: Client
) -> None:
    client.force_login(author)
    address = reverse("solicitations:again", args=[cancelled.pk])
    file_page = reverse("solicitations:inspect", args=[cancelled.pk])
    assert address in client.get(file_page).content.decode()
    assert client.get(address).status_code == 200
    assert not Opportunity.objects.filter(follows=cancelled.translation_key).exists()
    edit = client.post(address, follow=True)
    assert edit.status_code == 200
    new = again.unfinished(cancelled)
    assert edit.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[new.pk])


def test_a_closed_file_can_be_posted_again(author: Any, it_strategy: Any) -> None:
    file = proposals.make_posted_file(author, it_strategy)
    proposals.pass_deadline(file)
    assert again.post_again(file, author).follows == file.translation_key


@pytest.mark.parametrize("state", sorted(set(State) - {State.CANCELLED}))
def test_only_what_ended_without_the_work_is_posted_again(
    posted: Solicitation, author: Any, client: Client, state: State
) -> None:
    proposals.pass_deadline(posted)
    proposals.pretend_state(posted, state)
    may = state == State.POSTED or state in WITHOUT_AWARD
    client.force_login(author)
    address = reverse("solicitations:again", args=[posted.pk])
    file_page = client.get(reverse("solicitations:inspect", args=[posted.pk])).content.decode()
    assert (address in file_page) is may
    assert (b'<button type="submit"' in client.get(address).content) is may
    client.post(address)
    assert Opportunity.objects.filter(follows=posted.translation_key).exists() is may
    if not may:
        with pytest.raises(again.NotPostedAgain):
            again.post_again(posted, author)


@pytest.mark.parametrize("state", [State.AWARDED, State.COMPLETED])
def test_a_draft_that_was_begun_before_is_not_posted_while_the_old_file_goes_on(
    author: Any, it_strategy: Any, state: State
) -> None:
    file = proposals.make_posted_file(author, it_strategy)
    proposals.pass_deadline(file)
    new = again.post_again(file, author)
    assert "followed-file-goes-on" not in {each.code for each in publication_blockers(new)}
    proposals.pretend_state(file, state)
    assert "followed-file-goes-on" in {each.code for each in publication_blockers(new)}


def test_the_need_stays_its_clients_whoever_begins_again(
    cancelled: Solicitation, author: Any, it_strategy: Any
) -> None:
    assert again.post_again(cancelled, it_strategy).owner == author


def test_a_client_who_has_left_gives_the_need_to_who_begins_again(
    cancelled: Solicitation, author: Any, it_strategy: Any
) -> None:
    author.is_active = False
    author.save()
    assert again.post_again(cancelled, it_strategy).owner == it_strategy
