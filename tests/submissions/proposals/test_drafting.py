"""Drafts: who can read them, what the database holds of them, two windows, the link by mail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.gate import limits
from submissions.notices import envelope
from submissions.notices.crypto import decrypt
from submissions.notices.models import OutgoingMessage
from submissions.proposals import drafting, services
from submissions.proposals.custody import custodian_identities
from submissions.proposals.draft_models import SIZE_LIMIT, Draft
from submissions.proposals.drafting import Standing
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import CannotOpen, SupplierLink, seal, unseal
from tests.factories import proposals

pytestmark = pytest.mark.django_db

WORDS = "I did such work, in public, for two years."


def typed(text: str = WORDS, **more: str) -> MultiValueDict[str, str]:
    return MultiValueDict({"answer_1": [text], **{name: [value] for name, value in more.items()}})


def save(file: Any, link: SupplierLink, text: str = WORDS, **standing: Any) -> Draft:
    return drafting.save(
        solicitation=file,
        link=link,
        typed=typed(text),
        posting=file.current_posting.digest,
        language="en",
        standing=Standing(**standing),
    )


@pytest.fixture
def link() -> SupplierLink:
    return SupplierLink.generate()


# --- who can read it -------------------------------------------------------------------------------


def test_only_the_suppliers_link_opens_a_draft(file: Any, link: SupplierLink) -> None:
    save(file, link)
    opened = drafting.of_link(link)
    assert opened is not None
    assert opened.typed == typed()
    sealed = bytes(Draft.objects.get().sealed)
    custodians = [key.identity for key in custodian_identities()]
    for others in (custodians, [SupplierLink.generate().identity]):
        with pytest.raises(CannotOpen):
            unseal(sealed, others)


def test_the_row_holds_nothing_that_tells_who_writes_what(file: Any, link: SupplierLink) -> None:
    save(file, link)
    drafting.mail_link(link, address="camille@example.org", language="fr", link_address="https://x.example/")
    everything = " ".join(
        str(bytes(value) if isinstance(value, memoryview) else value)
        for value in Draft.objects.values_list().get()
    )
    for secret in (WORDS, "camille", link.token, link.identity):
        assert secret not in everything


def test_a_draft_is_no_application(file: Any, link: SupplierLink) -> None:
    save(file, link)
    assert not Proposal.objects.exists()
    assert not file.proposals.exists()


def test_no_permission_is_of_drafts() -> None:
    from django.contrib.auth.models import Permission

    assert not Permission.objects.filter(content_type__model="draft").exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), max_size=3),
        max_size=8,
    )
)
def test_whatever_is_typed_comes_back_as_it_was(file: Any, values: dict[str, list[str]]) -> None:
    link = SupplierLink.generate()
    written: MultiValueDict[str, str] = MultiValueDict(values)
    drafting.save(solicitation=file, link=link, typed=written, posting="", language="fr", standing=Standing())
    opened = drafting.of_link(link)
    assert opened is not None
    assert opened.typed == written


# --- saving ----------------------------------------------------------------------------------------


def test_saving_again_replaces_and_counts(file: Any, link: SupplierLink) -> None:
    first = save(file, link, window="window-one")
    second = save(file, link, "More.", window="window-one", version=first.version)
    assert (first.version, second.version) == (1, 2)
    assert Draft.objects.count() == 1


def test_a_window_is_never_in_conflict_with_itself(file: Any, link: SupplierLink) -> None:
    """An answer may be lost on the way: the window then knows an older version than it saved."""
    save(file, link, window="window-one")
    save(file, link, "More.", window="window-one", version=0)
    assert save(file, link, "Still more.", window="window-one", version=0).version == 3


def test_another_window_overwrites_only_what_it_has_shown(file: Any, link: SupplierLink) -> None:
    save(file, link, window="window-one")
    with pytest.raises(drafting.SavedElsewhere) as refusal:
        save(file, link, "From the other window.", window="window-two")
    opened = drafting.of_link(link)
    assert opened is not None
    assert opened.typed == typed()
    shown = refusal.value.draft.version
    assert save(file, link, "From the other window.", window="window-two", version=shown).version == 2


def test_the_same_text_from_another_window_is_no_conflict(file: Any, link: SupplierLink) -> None:
    before = save(file, link, window="window-one")
    assert save(file, link, window="window-two").version == before.version


def test_a_draft_of_what_was_sent_meanwhile_is_not_kept(file: Any, link: SupplierLink) -> None:
    proposal, _link = proposals.send(file, link)
    with pytest.raises(drafting.SentElsewhere):
        save(file, link)
    assert save(file, link, receipt=proposal.receipt_number).version == 1


def test_the_link_of_one_file_keeps_nothing_of_another(file: Any, link: SupplierLink) -> None:
    save(file, link)
    with pytest.raises(services.LinkOfAnotherFile):
        save(proposals.make_file(), link)


def test_too_much_text_is_refused_in_words(file: Any, link: SupplierLink) -> None:
    save(file, link, "x" * (SIZE_LIMIT // 2))
    with pytest.raises(drafting.TooLarge):
        save(file, link, "é" * SIZE_LIMIT)
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("before", [False, True])
def test_nothing_is_kept_of_a_closed_file(file: Any, link: SupplierLink, before: bool) -> None:
    if before:
        save(file, link)
    proposals.set_deadline(file)
    with pytest.raises(services.Closed):
        save(file, link, "Too late.")


# --- what the database holds -----------------------------------------------------------------------


def refused(statement: str, *values: Any) -> str:
    with (
        pytest.raises(IntegrityError) as error,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)
    return str(error.value.__cause__.diag.constraint_name)


def insert(file: Any, sealed: bytes) -> str:
    return refused(
        "INSERT INTO submissions_draft"
        ' (solicitation_id, link_digest, sealed, language, "window", contact, links_mailed)'
        " VALUES (%s, %s, %s, 'en', '', '', 0)",
        file.pk,
        "a" * 64,
        sealed,
    )


def test_plain_sql_keeps_no_draft_after_the_deadline(file: Any, link: SupplierLink) -> None:
    sealed = seal(b"text", [link.recipient])
    save(file, link)
    proposals.set_deadline(file)
    assert insert(file, sealed) == "draft_before_deadline"
    assert refused("UPDATE submissions_draft SET sealed = %s", sealed) == "draft_before_deadline"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM submissions_draft")
    assert not Draft.objects.exists()


def test_plain_sql_keeps_no_draft_in_clear_and_none_that_is_too_large(file: Any, link: SupplierLink) -> None:
    assert insert(file, b"in clear") == "draft_is_sealed"
    assert insert(file, seal(b"x" * SIZE_LIMIT, [link.recipient])) == "draft_size_limit"


@pytest.mark.parametrize(
    "change",
    ["link_digest = repeat('b', 64)", "created_at = created_at - interval '1 day'", "id = id + 1"],
)
def test_plain_sql_does_not_give_a_draft_to_another_link(file: Any, link: SupplierLink, change: str) -> None:
    save(file, link)
    assert refused(f"UPDATE submissions_draft SET {change}") == "draft_keeps_its_link"


def test_plain_sql_sets_no_version_and_no_time(file: Any, link: SupplierLink) -> None:
    before = save(file, link)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE submissions_draft SET version = 9, saved_at = '2020-01-01'")
    after = Draft.objects.get()
    assert (after.version, after.saved_at) == (before.version, before.saved_at)


# --- the link by mail ------------------------------------------------------------------------------


def mail_link(link: SupplierLink, address: str = "camille@example.org") -> bool:
    return drafting.mail_link(
        link, address=address, language="fr", link_address=f"https://x.example/link/{link.token}/"
    )


def test_the_link_is_mailed_in_the_language_of_the_page(file: Any, link: SupplierLink) -> None:
    save(file, link)
    assert mail_link(link)
    row = OutgoingMessage.objects.get()
    assert (row.kind, row.private, row.language, row.file_number) == ("draft_link", True, "fr", file.number)
    message = envelope.make_again(decrypt(row.payload))
    assert message.to == ["camille@example.org"]
    assert f"https://x.example/link/{link.token}/" in message.body
    assert WORDS not in message.body
    draft = Draft.objects.get()
    assert (draft.address, draft.correspondence_language) == ("camille@example.org", "fr")


def test_mailing_the_link_leaves_what_is_saved_alone(file: Any, link: SupplierLink) -> None:
    before = save(file, link)
    mail_link(link)
    after = Draft.objects.get()
    assert (after.version, bytes(after.sealed)) == (before.version, bytes(Draft.objects.get().sealed))


def test_one_address_gets_a_few_messages_a_day_however_many_drafts_ask(file: Any) -> None:
    links = [SupplierLink.generate() for _ in range(4)]
    for link in links:
        save(file, link)
        for address in ("camille@example.org", "Camille@Example.org"):
            assert mail_link(link, address)
    assert OutgoingMessage.objects.count() == limits.DRAFTS_TO_ADDRESS.most


@pytest.mark.parametrize("limit", ["DRAFTS_OF_NETWORK", "DRAFT_LINKS_OF_NETWORK"])
def test_one_network_begins_and_mails_only_so_many(
    file: Any, link: SupplierLink, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(limits, limit, replace(getattr(limits, limit), most=1))
    with pytest.raises(drafting.TooManyDrafts):
        for _ in range(2):
            link = SupplierLink.generate()
            drafting.save(
                solicitation=file,
                link=link,
                typed=typed(),
                posting="",
                language="en",
                standing=Standing(),
                network="192.0.2.1/32",
            )
            drafting.mail_link(
                link, address="a@example.org", language="en", link_address="x", network="192.0.2.1/32"
            )


def test_no_draft_no_mail(file: Any, link: SupplierLink) -> None:
    assert not mail_link(link)
    assert not OutgoingMessage.objects.exists()


def test_forgetting_deletes_the_draft_of_this_link_alone(file: Any, link: SupplierLink) -> None:
    save(file, link)
    save(file, SupplierLink.generate())
    assert drafting.forget(link)
    assert not drafting.forget(link)
    assert Draft.objects.count() == 1


def test_saving_asks_the_same_of_the_database_however_many_drafts_there_are(
    file: Any, link: SupplierLink, django_assert_max_num_queries: Any
) -> None:
    save(file, link)
    with django_assert_max_num_queries(12) as few:
        save(file, link, "More.")
    for _ in range(5):
        save(file, SupplierLink.generate())
    with django_assert_max_num_queries(len(few)):
        save(file, link, "Still more.")
