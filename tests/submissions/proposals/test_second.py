"""A second application from one address: it waits, reveals nothing, and counts by a mailed link alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from submissions.audit.models import AuditEntry
from submissions.gate import limits
from submissions.notices import crypto, envelope
from submissions.notices.models import OutgoingMessage
from submissions.proposals import confirming, custody, opening, second, services, states
from submissions.proposals.enums import LinkKind, ProposalState
from submissions.proposals.models import AddressConfirmation, MailedLink, OpenedProposal, Proposal
from submissions.proposals.sealing import SupplierLink
from tests.factories import proposals

pytestmark = pytest.mark.django_db

ADDRESSES = {"en": "/en/apply/", "fr": "/fr/presenter-une-demande/"}
KNOWN, UNKNOWN = "camille@example.org", "nobody.knows@example.org"


def mail(kind: str, nth: int = -1) -> Any:
    rows = list(OutgoingMessage.objects.filter(kind=kind).order_by("pk"))
    return envelope.make_again(crypto.decrypt(rows[nth].payload))


def count_link(nth: int = -1) -> SupplierLink:
    """The link of a letter about a second application."""
    found = re.search(r"/count/([a-z0-9]+)/", mail("proposal_second", nth).body)
    assert found
    return SupplierLink.from_token(found.group(1))


def states_of(file: Any) -> list[str]:
    return [proposal.state for proposal in file.proposals.order_by("pk")]


def counted(file: Any) -> list[Proposal]:
    assert list(file.proposals.sent()) == list(file.proposals.standing())
    return list(file.proposals.sent())


# --- waiting ---------------------------------------------------------------------------------------


def test_a_second_from_one_address_waits_and_the_first_stands(file: Any) -> None:
    first, _link = proposals.send(file)
    later, _link = proposals.send(file, email="Camille@Example.org")
    assert states_of(file) == ["sent", "waiting"]
    assert counted(file) == [first]
    assert list(file.proposals.set_aside()) == []
    body = mail("proposal_second").body
    assert first.receipt_number in body
    assert later.receipt_number in body


def test_the_letter_is_in_the_language_of_correspondence(file: Any) -> None:
    proposals.send(file)
    proposals.send(file, language="fr", correspondence_language="fr")
    message = mail("proposal_second")
    assert "deuxième demande" in message.subject
    assert "/fr/presenter-une-demande/count/" in message.body


def test_another_file_and_another_address_are_another_matter(file: Any) -> None:
    proposals.send(file)
    proposals.send(file, email="other@example.org")
    proposals.send(proposals.make_file())
    assert set(Proposal.objects.values_list("state", flat=True)) == {"sent"}


def test_the_owner_of_the_address_lets_the_second_count(file: Any) -> None:
    first, _link = proposals.send(file)
    later, _link = proposals.send(file)
    choice = second.confirm(count_link())
    assert choice is not None
    assert choice.counts
    assert states_of(file) == ["replaced", "sent"]
    assert AddressConfirmation.objects.get().replaced == first
    assert first.receipt_number in mail("proposal_counts").body
    # Saying it twice changes nothing.
    second.confirm(count_link())
    assert states_of(file) == ["replaced", "sent"]
    assert OutgoingMessage.objects.filter(kind="proposal_counts").count() == 1
    connection.check_constraints()
    acts = AuditEntry.objects.filter(action__startswith="proposal.").order_by("sequence")
    assert list(acts.values_list("action", "label")) == [
        ("proposal.received", first.receipt_number),
        ("proposal.waits", later.receipt_number),
        ("proposal.counts", later.receipt_number),
    ]


def test_unconfirmed_at_the_deadline_the_first_stands_and_is_opened_alone(
    file: Any, it_strategy: Any
) -> None:
    first, _link = proposals.send(file)
    later, _link = proposals.send(file)
    link = count_link()
    proposals.set_deadline(file)
    with pytest.raises(services.Closed):
        second.confirm(link)
    assert states_of(file) == ["sent", "waiting"]
    proposals.pass_deadline(file)
    assert opening.open_proposals(file, it_strategy, custody.custodian_identities()) == 1
    assert [opened.proposal for opened in OpenedProposal.objects.all()] == [first]
    with pytest.raises(IntegrityError), transaction.atomic():
        OpenedProposal.objects.create(proposal=later, locked_text="x")


def test_a_microsecond_before_the_deadline_is_in_time(file: Any) -> None:
    proposals.send(file)
    proposals.send(file)
    proposals.set_deadline(file, after=timedelta(microseconds=1))
    second.confirm(count_link())
    assert states_of(file) == ["replaced", "sent"]


def test_only_the_one_that_counts_is_opened_after_a_confirmation(file: Any, it_strategy: Any) -> None:
    proposals.send(file)
    later, _link = proposals.send(file, name="Camille T.")
    second.confirm(count_link())
    proposals.pass_deadline(file)
    opening.open_proposals(file, it_strategy, custody.custodian_identities())
    opened = OpenedProposal.objects.get()
    assert (opened.proposal, opened.text()["name"]) == (later, "Camille T.")


def test_of_several_that_wait_the_last_that_was_confirmed_counts(file: Any) -> None:
    proposals.send(file)
    proposals.send(file)
    proposals.send(file)
    proposals.send(file)
    second.confirm(count_link(1))
    assert states_of(file) == ["replaced", "waiting", "sent", "waiting"]
    second.confirm(count_link(0))
    assert states_of(file) == ["replaced", "sent", "replaced", "waiting"]
    # What gave way does not come back by its old link.
    choice = second.confirm(count_link(1))
    assert choice is not None
    assert not choice.counts
    assert states_of(file) == ["replaced", "sent", "replaced", "waiting"]


def test_what_waits_is_replaced_and_withdrawn_like_any_other(file: Any) -> None:
    proposals.send(file)
    _one, link = proposals.send(file)
    proposals.send(file, link, name="Camille T.")
    assert states_of(file) == ["sent", "replaced", "waiting"]
    old = count_link(0)
    assert second.confirm(old) is not None
    assert states_of(file) == ["sent", "replaced", "waiting"], "a link is for what it was mailed with"
    services.withdraw(link, link_address="https://example.org/")
    assert states_of(file) == ["sent", "replaced", "withdrawn"]


def test_when_the_first_is_withdrawn_what_waits_still_waits_and_its_owner_is_told(file: Any) -> None:
    _first, link = proposals.send(file)
    later, _link = proposals.send(file)
    services.withdraw(link, link_address="https://example.org/")
    assert states_of(file) == ["withdrawn", "waiting"]
    body = mail("proposals_waiting").body
    assert later.receipt_number in body
    found = re.search(r"/count/([a-z0-9]+)/", body)
    assert found
    second.confirm(SupplierLink.from_token(found.group(1)))
    assert states_of(file) == ["withdrawn", "sent"]
    assert AddressConfirmation.objects.get().replaced is None


def test_changing_the_address_to_one_that_has_another_waits_too(file: Any) -> None:
    proposals.send(file)
    _other, link = proposals.send(file, email="other@example.org")
    proposals.send(file, link, email=KNOWN)
    assert states_of(file) == ["sent", "replaced", "waiting"]
    proposals.send(file, link, email="third@example.org")
    assert states_of(file) == ["sent", "replaced", "replaced", "sent"]


def test_one_that_was_confirmed_is_replaced_by_its_own_link_at_once(file: Any) -> None:
    proposals.send(file)
    _later, link = proposals.send(file)
    second.confirm(count_link())
    proposals.send(file, link, name="Camille T.")
    assert states_of(file) == ["replaced", "replaced", "sent"]


def test_a_mailbox_is_not_filled_and_nothing_is_lost_for_it(file: Any) -> None:
    proposals.send(file)
    most = limits.SECOND_PROPOSALS_OF_ADDRESS.most
    for number in range(most + 3):
        proposals.send(file, name=f"Number {number}")
    assert OutgoingMessage.objects.filter(kind="proposal_second").count() == most
    assert file.proposals.waiting().count() == most + 3


def test_sending_and_withdrawing_in_turn_fills_no_mailbox(file: Any) -> None:
    letters = OutgoingMessage.objects.filter(kind__in=["proposal_receipt", "proposal_withdrawn"])
    for number in range(limits.RECEIPTS_TO_ADDRESS.most // 2 + 2):
        _proposal, link = proposals.send(file, name=f"Number {number}")
        services.withdraw(link, link_address="https://example.ca/")
    assert letters.count() == limits.RECEIPTS_TO_ADDRESS.most
    last, _link = proposals.send(file)
    proposals.send(file, email=UNKNOWN)
    assert last.state == "sent"
    assert letters.count() == limits.RECEIPTS_TO_ADDRESS.most + 1


# --- on the screen ---------------------------------------------------------------------------------


def seen(content: bytes, *secrets: str) -> str:
    """What a page says but for what differs between any two applications."""
    text = content.decode()
    for secret in secrets:
        text = text.replace(secret, "#")
    text = re.sub(r"R-[A-Z0-9]{4}-[A-Z0-9]{4}", "receipt", text)
    text = re.sub(r"[0-9a-f]{32,64}", "digest", text)
    text = re.sub(r"MA-\d{4}-\d{4}", "number", text)
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "csrf", text)
    text = re.sub(r'name="(stamp|window)" value="[^"]*"', "once", text)
    text = re.sub(r'(nonce|integrity)="[^"]*"', "", text)
    return re.sub(r'datetime="[^"]*"|\d{1,2}(:| h )\d{2}( [ap]\.m\.)?', "time", text)


def journey(file: Any, language: str, email: str, *, deadline: bool = False) -> list[Any]:
    """Every page that somebody sees who applies, looks, changes, sends again and withdraws."""
    client, link = Client(), SupplierLink.generate()
    root = ADDRESSES[language]
    own = f"{root}link/{link.token}/"
    data = proposals.answers(file, language, email=email, link=link.token)
    pages = [client.post(f"{root}{file.number}/", data), client.get(own)]
    pages.append(client.post(f"{root}{file.number}/", data))
    pages.append(client.get(f"{own}change/"))
    pages.append(client.post(f"{own}change/", {**data, "name": "Other"}))
    pages.append(client.get(own))
    pages.append(client.get(f"{own}withdraw/"))
    if deadline:
        proposals.set_deadline(file)
        pages.append(client.post(f"{own}change/", {**data, "name": "Third"}))
        pages.append(client.post(f"{root}{file.number}/", {**data, "name": "Third"}))
    pages += [client.post(f"{own}withdraw/"), client.get(own), client.get(f"{own}confirm/")]
    return [
        (page.status_code, seen(page.content, link.token, email), "Location" in page.headers)
        for page in pages
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("deadline", [False, True])
def test_a_known_and_an_unknown_address_see_the_same_to_the_byte(
    file: Any, language: str, deadline: bool
) -> None:
    proposals.send(file)
    known = journey(file, language, KNOWN, deadline=deadline)
    unknown = journey(proposals.make_file(), language, UNKNOWN, deadline=deadline)
    for one, two in zip(known, unknown, strict=True):
        assert one == two


def test_a_known_address_costs_hardly_more_queries(file: Any) -> None:
    proposals.send(file)
    costs = []
    for email in (UNKNOWN, KNOWN):
        data = proposals.answers(file, email=email, link=SupplierLink.generate().token)
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            client.post(f"/en/apply/{file.number}/", data)
        costs.append(len(queries))
    assert abs(costs[0] - costs[1]) <= 2, costs


def test_what_gave_way_shows_what_it_showed(file: Any) -> None:
    """Whoever sent the first with somebody else’s address does not learn that its owner applied."""
    client = Client()
    _first, link = proposals.send(file)
    own = f"/en/apply/link/{link.token}/"
    before = [seen(client.get(own + below).content) for below in ("", "change/", "withdraw/")]
    proposals.send(file)
    second.confirm(count_link())
    assert [seen(client.get(own + below).content) for below in ("", "change/", "withdraw/")] == before
    same = proposals.answers(file, link=link.token)
    assert client.post(f"{own}change/", same)["Location"] == own
    assert client.post(f"{own}withdraw/")["Location"] == own
    assert "You have withdrawn your application" in client.get(own).content.decode()
    assert states_of(file) == ["withdrawn", "sent"]


def test_what_gave_way_can_be_changed_and_then_waits(file: Any) -> None:
    _first, link = proposals.send(file)
    proposals.send(file)
    second.confirm(count_link())
    proposals.send(file, link, name="Camille T.")
    assert states_of(file) == ["replaced", "sent", "waiting"]


def test_the_page_of_the_mailed_link_says_what_is_true(client: Client, file: Any) -> None:
    first, _link = proposals.send(file)
    later, _link = proposals.send(file)
    link = count_link()
    for language, words in (("en", "let it count"), ("fr", "qu’elle compte")):
        page = client.get(f"{ADDRESSES[language]}count/{link.token}/")
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        content = page.content.decode()
        assert words in content
        assert first.receipt_number in content
        assert later.receipt_number in content
        assert "date picker." not in content, "nothing of what was sent is shown"
    assert states_of(file) == ["sent", "waiting"], "looking at it changes nothing"
    address = f"/en/apply/count/{link.token}/"
    assert client.post(address)["Location"] == address
    assert states_of(file) == ["replaced", "sent"]
    assert f"Application {later.receipt_number} counts" in client.get(address).content.decode()


def test_after_the_deadline_the_mailed_link_says_so_and_does_nothing(client: Client, file: Any) -> None:
    first, _link = proposals.send(file)
    proposals.send(file)
    address = f"/en/apply/count/{count_link().token}/"
    proposals.set_deadline(file)
    assert client.post(address).status_code == 303
    content = client.get(address).content.decode()
    assert "The time to choose has passed" in content
    assert f"Application {first.receipt_number} counts" in content
    assert states_of(file) == ["sent", "waiting"]


def test_the_mailed_link_needs_the_token_of_its_form(supplier: Client, file: Any, form_of: Any) -> None:
    proposals.send(file)
    proposals.send(file)
    address = f"/en/apply/count/{count_link().token}/"
    assert supplier.post(address).status_code == 403
    assert states_of(file) == ["sent", "waiting"]
    assert supplier.post(address, form_of(supplier.get(address)).data).status_code == 303
    assert states_of(file) == ["replaced", "sent"]


@pytest.mark.parametrize("token", ["nonsense", "q" * 58, "%00", "é" * 10])
def test_a_link_that_was_never_mailed_is_a_friendly_404(client: Client, file: Any, token: str) -> None:
    assert client.get(f"/en/apply/count/{token}/").status_code == 404
    assert client.post(f"/en/apply/count/{token}/").status_code == 404


# --- attackers -------------------------------------------------------------------------------------


def test_neither_the_own_link_nor_a_receipt_nor_an_invented_one_lets_a_second_count(
    client: Client, file: Any
) -> None:
    proposals.send(file)
    later, link = proposals.send(file)
    for token in (link.token, later.receipt_number, SupplierLink.generate().token, link.digest):
        assert client.post(f"/en/apply/count/{token}/").status_code == 404
    assert states_of(file) == ["sent", "waiting"]


def test_the_database_takes_no_confirmation_by_another_link(file: Any) -> None:
    first, _link = proposals.send(file)
    later, _link = proposals.send(file)
    _own, own = proposals.send(file, email="attacker@example.org")
    mine, _link = proposals.send(file, email="attacker@example.org")
    other = MailedLink.objects.get(proposal=mine)
    recovery = MailedLink.objects.create(kind=LinkKind.RECOVER, proposal=later, digest="r" * 64)
    right = MailedLink.objects.get(proposal=later, kind=LinkKind.COUNT)
    for link in (other, recovery):
        assert refused(proposal=later, replaced=first, link=link) == "address_confirmed_by_mailed_link"
    assert refused(proposal=first, link=right) == "address_confirmed_by_mailed_link"
    assert refused(proposal=later, replaced=mine, link=right) == "address_confirmed_in_place_of_its_own"
    assert own is not None


def refused(**values: Any) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        AddressConfirmation(**values).save(force_insert=True)
    return str(error.value.__cause__.diag.constraint_name)


def test_the_database_keeps_one_per_address_in_the_competition(file: Any) -> None:
    first, _link = proposals.send(file)
    later, _link = proposals.send(file)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=later.pk).update(state="sent")
    services.withdraw(_link, link_address="https://example.org/")
    copy = Proposal.objects.get(pk=first.pk)
    copy.pk, copy.receipt_number, copy.link_digest = None, "R-2222-2222", "f" * 64
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        copy.save(force_insert=True)
    assert error.value.__cause__.diag.constraint_name == "proposal_one_sent_per_address"


def test_the_database_lets_nothing_replace_what_is_not_its_own(file: Any) -> None:
    victim, _link = proposals.send(file)
    copy = Proposal.objects.get(pk=victim.pk)
    copy.pk, copy.receipt_number, copy.link_digest = None, "R-2222-2222", "f" * 64
    copy.state, copy.replaces = "waiting", victim
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        copy.save(force_insert=True)
    assert error.value.__cause__.diag.constraint_name == "proposal_replaces_its_own"


@pytest.mark.parametrize("table", ["submissions_mailedlink", "submissions_addressconfirmation"])
def test_links_and_words_that_were_given_are_kept(file: Any, table: str) -> None:
    proposals.send(file)
    proposals.send(file)
    second.confirm(count_link())
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE", f"UPDATE {table} SET id = id + 9"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("before", ProposalState.values)
@pytest.mark.parametrize("after", ProposalState.values)
def test_the_database_knows_no_change_that_the_table_has_not(file: Any, before: str, after: str) -> None:
    """Whatever the table does not have, no SQL does; what it has needs more than an UPDATE where it says so."""
    proposals.send(file, email=UNKNOWN)
    victim, link = proposals.send(file)
    if before == "waiting":
        victim, link = proposals.send(file)
    elif before == "replaced":
        proposals.send(file, link, name="Camille T.")
    elif before == "withdrawn":
        services.withdraw(link, link_address="https://example.org/")
    plain = states.allowed(before, after) and (before, after) not in {
        ("waiting", "sent"),
        ("replaced", "withdrawn"),
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE submissions_proposal SET state = %s WHERE id = %s", [after, victim.pk])
    except DatabaseError:
        assert not plain
    else:
        assert plain


def test_an_amendment_asks_what_waits_like_what_counts(file: Any) -> None:
    """Its page must not tell that it waits, so that its supplier can confirm it like any other."""
    _first, first_link = proposals.send(file)
    _later, link = proposals.send(file)
    from submissions.solicitations.models import Posting

    before = file.current_posting
    posting = Posting.objects.create(
        solicitation=file,
        amendment=1,
        kind="amendment",
        summary_en="Why",
        summary_fr="Pourquoi",
        asks_confirmation=True,
        digest="d" * 64,
        text=before.text,
    )
    for supplier in (first_link, link):
        confirmation = confirming.confirm(supplier, posting.digest, "en")
        assert confirmation is not None
    assert len(counted(file)) == 1
