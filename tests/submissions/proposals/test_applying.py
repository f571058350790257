"""The public flow as a browser without JavaScript goes through it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from submissions.audit.models import AuditEntry
from submissions.gate import limits
from submissions.notices.models import OutgoingMessage
from submissions.proposals.enums import ProposalState
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.models import Posting
from tests.factories import proposals

pytestmark = pytest.mark.django_db

#: A well-formed token that belongs to nobody.
UNUSED = "l82ymfunf7ukx09n2rv4q6tk53sme8g9dxku7x3nh67aqs75sups7szw9l"

ADDRESSES = {"en": "/en/apply/", "fr": "/fr/presenter-une-demande/"}


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def address(file: Any, language: str = "en") -> str:
    return f"{ADDRESSES[language]}{file.number}/"


# --- finding the form --------------------------------------------------------------------------


def test_the_index_lists_what_takes_applications(client: Client, file: Any, language: str) -> None:
    page = client.get(ADDRESSES[language])
    assert page.status_code == 200
    assert address(file, language) in page.content.decode()
    proposals.set_deadline(file)
    assert address(file, language) not in client.get(ADDRESSES[language]).content.decode()


@pytest.mark.parametrize("number", ["MA-2026-9999", "nonsense", "%00", "%F0%9F%98%80", "a" * 300, "..%2F"])
def test_an_unknown_number_leads_to_a_friendly_404(client: Client, file: Any, number: str) -> None:
    page = client.get(f"/en/apply/{number}/")
    assert page.status_code == 404
    if number in ("MA-2026-9999", "nonsense"):
        assert file.number in page.content.decode()


def test_the_number_may_be_typed_in_small_letters(client: Client, file: Any) -> None:
    assert client.get(f"/en/apply/{file.number.lower()}/").status_code == 200


def test_the_form_asks_what_was_posted_in_the_language_of_the_page(
    client: Client, file: Any, language: str
) -> None:
    content = client.get(address(file, language)).content.decode()
    for item in file.current_posting.items.exclude(kind__in=["acceptance", "delivery"]):
        assert getattr(item, f"text_{language}") in content
    assert file.get_title(language) in content


def test_the_terms_are_read_before_they_are_accepted(client: Client, file: Any, form_of: Any) -> None:
    content = client.get(address(file)).content.decode()
    terms = file.current_posting.items.get(kind="terms")
    assert content.index(terms.text_en) < content.index(f'name="terms_{terms.identity.hex}"')


def test_editing_the_form_page_changes_nothing_for_a_file_under_way(client: Client, file: Any) -> None:
    before = file.current_posting.items.get(kind="terms").text_en
    proposals.ProposalFormPage.objects.update(terms="<p>Other terms</p>")
    content = client.get(address(file)).content.decode()
    assert before in content
    assert "Other terms" not in content


def test_the_form_is_kept_by_the_browser_alone(client: Client, file: Any) -> None:
    page = client.get(address(file))
    assert page["Cache-Control"] == "private, no-cache"
    assert 'name="robots" content="noindex"' in page.content.decode()


def test_each_visitor_gets_a_link_of_their_own(client: Client, file: Any, form_of: Any) -> None:
    assert form_of(client.get(address(file))).data["link"] != form_of(client.get(address(file))).data["link"]


def test_the_number_of_queries_does_not_grow_with_the_questions(
    client: Client, file: Any, django_assert_max_num_queries: Any
) -> None:
    client.get(address(file))
    with django_assert_max_num_queries(20) as first:
        client.get(address(file))
    short = len(first)
    longer = proposals.make_file(criteria=6)
    client.get(address(longer))
    with django_assert_max_num_queries(short):
        client.get(address(longer))


# --- sending ---------------------------------------------------------------------------------------


def test_applying_ends_on_a_receipt(supplier: Client, file: Any, language: str, form_of: Any) -> None:
    form = form_of(supplier.get(address(file, language))).fill()
    answer = supplier.post(address(file, language), form.data)
    assert answer.status_code == 303
    proposal = Proposal.objects.get()
    receipt = supplier.get(answer["Location"])
    content = receipt.content.decode()
    assert proposal.receipt_number in content
    assert proposal.text_digest[:32] in content
    assert "Eastern time" in content or "heure de l’Est" in content
    assert "I did such work for two years, in public." in content
    assert (proposal.language, proposal.solicitation, proposal.state) == (language, file, ProposalState.SENT)


def test_the_receipt_page_stays_with_its_supplier(supplier: Client, file: Any, form_of: Any) -> None:
    form = form_of(supplier.get(address(file))).fill()
    answer = supplier.post(address(file), form.data)
    for page in (answer, supplier.get(answer["Location"])):
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert supplier.get(answer["Location"])["Referrer-Policy"] == "no-referrer"


def test_what_is_stored_is_sealed(supplier: Client, file: Any, form_of: Any) -> None:
    form = form_of(supplier.get(address(file))).fill()
    supplier.post(address(file), form.data)
    row = Proposal.objects.values().get()
    everything = " ".join(
        str(bytes(value) if isinstance(value, memoryview) else value) for value in row.values()
    )
    for secret in ("Camille", "camille@example.org", "two years", form.data["link"]):
        assert secret not in everything
    assert bytes(row["sealed"]).startswith(b"age-encryption.org/v1")
    logged = " ".join(AuditEntry.objects.values_list("payload", flat=True))
    assert "Camille" not in logged
    assert "camille" not in logged


def test_the_receipt_is_mailed_in_the_language_of_correspondence(
    supplier: Client, file: Any, form_of: Any, monkeypatch: Any
) -> None:
    from submissions.notices import envelope
    from submissions.notices.crypto import decrypt

    form = form_of(supplier.get(address(file))).fill(correspondence_language="fr")
    supplier.post(address(file), form.data)
    row = OutgoingMessage.objects.get()
    assert (row.kind, row.private, row.language, row.file_number) == (
        "proposal_receipt",
        True,
        "fr",
        file.number,
    )
    message = envelope.make_again(decrypt(row.payload))
    proposal = Proposal.objects.get()
    assert message.to == ["camille@example.org"]
    assert proposal.receipt_number in message.body
    assert proposal.text_digest in message.body
    assert "heure de l’Est" in message.body
    assert f"/fr/presenter-une-demande/link/{form.data['link']}/" in message.body


def test_sending_twice_gives_the_same_receipt(supplier: Client, file: Any, form_of: Any) -> None:
    form = form_of(supplier.get(address(file))).fill()
    first, second = (supplier.post(address(file), form.data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Proposal.objects.count() == 1
    assert OutgoingMessage.objects.count() == 1


def test_sending_twice_gives_the_same_receipt_after_the_deadline_too(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = form_of(supplier.get(address(file))).fill()
    first = supplier.post(address(file), form.data)
    proposals.set_deadline(file)
    second = supplier.post(address(file), form.data)
    assert (second.status_code, second["Location"]) == (303, first["Location"])


def test_another_text_with_the_same_link_replaces_the_first(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = form_of(supplier.get(address(file))).fill()
    supplier.post(address(file), form.data)
    answer = supplier.post(address(file), {**form.data, "name": "Camille T."})
    first, second = Proposal.objects.order_by("pk")
    assert (first.state, second.state) == (ProposalState.REPLACED, ProposalState.SENT)
    assert second.replaces == first
    content = supplier.get(answer["Location"]).content.decode()
    assert second.receipt_number in content
    assert first.receipt_number in content


def test_a_link_lost_on_the_way_is_replaced_and_nothing_typed_is_lost(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = form_of(supplier.get(address(file))).fill()
    answer = supplier.post(address(file), {**form.data, "link": "damaged"})
    assert answer.status_code == 422
    again = form_of(answer)
    assert again.data["name"] == "Camille Tremblay"
    assert supplier.post(address(file), again.data).status_code == 303


def test_the_link_of_one_file_does_not_serve_another(supplier: Client, file: Any, form_of: Any) -> None:
    form = form_of(supplier.get(address(file))).fill()
    supplier.post(address(file), form.data)
    other = proposals.make_file()
    second = form_of(supplier.get(address(other))).fill(link=form.data["link"])
    answer = supplier.post(address(other), second.data)
    assert answer.status_code == 422
    assert form_of(answer).data["link"] != form.data["link"]
    assert Proposal.objects.filter(solicitation=other).count() == 0


# --- nothing typed is lost -------------------------------------------------------------------------


def test_errors_are_listed_first_each_with_a_link_to_its_field(
    supplier: Client, file: Any, language: str, form_of: Any
) -> None:
    form = form_of(supplier.get(address(file, language)))
    answer = supplier.post(address(file, language), form.data)
    assert answer.status_code == 422
    soup = form_of(answer).soup
    summary = soup.find(class_="error-summary")
    targets = [link["href"].removeprefix("#") for link in summary.find_all("a")]
    assert len(targets) >= 10
    for target in targets:
        field = soup.find(id=target)
        assert field is not None, target
        assert field.name in ("input", "textarea", "select")
        described = field.get("aria-describedby") or field.find_parent("fieldset").get("aria-describedby")
        assert f"{re.sub(r'_0$', '', target)}_error" in described
    for element in soup.find_all(attrs={"aria-describedby": True}):
        for described in element["aria-describedby"].split():
            assert soup.find(id=described) is not None, described


def test_what_was_typed_is_there_again_beside_the_errors(supplier: Client, file: Any, form_of: Any) -> None:
    form = form_of(supplier.get(address(file))).fill(email="not an address")
    again = form_of(supplier.post(address(file), form.data))
    assert {k: v for k, v in again.data.items() if k != "csrfmiddlewaretoken"} == {
        k: v for k, v in form.data.items() if k != "csrfmiddlewaretoken"
    }
    assert Proposal.objects.count() == 0


def test_a_long_answer_is_refused_whole_and_shown_whole(supplier: Client, file: Any, form_of: Any) -> None:
    form = form_of(supplier.get(address(file))).fill()
    answer_field = next(name for name in form.data if name.startswith("answer_"))
    long = " ".join(["word"] * 251)
    answer = supplier.post(address(file), {**form.data, answer_field: long})
    assert answer.status_code == 422
    assert form_of(answer).data[answer_field] == long
    assert "Your answer to criterion 1 has 251 words; the limit is 250." in answer.content.decode()


@pytest.mark.parametrize("cookies_kept", [True, False])
def test_a_stale_csrf_token_loses_nothing(
    supplier: Client, file: Any, language: str, form_of: Any, cookies_kept: bool
) -> None:
    form = form_of(supplier.get(address(file, language))).fill()
    if not cookies_kept:
        supplier.cookies.clear()
    answer = supplier.post(address(file, language), {**form.data, "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    again = form_of(answer)
    assert again.data["name"] == "Camille Tremblay"
    assert again.data["link"] == form.data["link"]
    assert Proposal.objects.count() == 0
    assert supplier.post(address(file, language), again.data).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"referer": "https://evil.example/page"},
        {"origin": "https://evil.example", "referer": "http://testserver/"},
    ],
)
@pytest.mark.parametrize("where", ["apply", "change"])
def test_another_site_cannot_plant_its_own_link_in_a_visitors_form(
    supplier: Client, file: Any, form_of: Any, headers: dict[str, str], where: str
) -> None:
    planted = form_of(supplier.get(address(file))).fill(email="attacker@example.org")
    victim = Client(enforce_csrf_checks=True)
    to = address(file)
    if where == "change":
        to = supplier.post(to, planted.data).url + "change/"
    answer = victim.post(to, planted.data, headers=headers)
    assert answer.status_code == 403
    content = answer.content.decode()
    assert 'name="link"' not in content
    assert "attacker@example.org" not in content
    assert "Your form was not sent" in content


def test_a_stale_csrf_token_from_the_sites_own_page_keeps_the_link(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = form_of(supplier.get(address(file))).fill()
    answer = supplier.post(
        address(file),
        {**form.data, "csrfmiddlewaretoken": "x" * 64},
        headers={"origin": "http://testserver", "referer": f"http://testserver{address(file)}"},
    )
    assert form_of(answer).data["link"] == form.data["link"]


def test_elsewhere_a_stale_csrf_token_is_answered_as_ever(supplier: Client, file: Any) -> None:
    assert supplier.post("/admin/login/", {"username": "x"}).status_code == 403
    elsewhere = supplier.post("/en/", {})
    assert elsewhere.status_code == 403
    assert "Your form was not sent" in elsewhere.content.decode()
    assert supplier.post("/en/nowhere/", {}).status_code == 403


def test_when_the_deadline_passes_while_writing_everything_typed_is_shown(
    supplier: Client, file: Any, language: str, form_of: Any, settings: Any
) -> None:
    settings.MICROACQ_CONTACT_EMAIL = "help@example.org"
    form = form_of(supplier.get(address(file, language))).fill(name="Marie-Ève O’Brien")
    proposals.set_deadline(file)
    answer = supplier.post(address(file, language), form.data)
    content = answer.content.decode()
    assert answer.status_code == 410
    for typed in ("Marie-Ève O’Brien", "camille@example.org", "I did such work for two years, in public."):
        assert typed in content
    assert "help@example.org" in content
    assert Proposal.objects.count() == 0
    assert "no-store" not in answer["Cache-Control"]


def test_a_stale_csrf_token_after_the_deadline_shows_everything_typed_too(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = form_of(supplier.get(address(file))).fill()
    proposals.set_deadline(file)
    answer = supplier.post(address(file), {**form.data, "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 410
    assert "two years" in answer.content.decode()


def test_an_amendment_while_writing_shows_what_is_asked_now(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = form_of(supplier.get(address(file))).fill()
    amend(file)
    answer = supplier.post(address(file), form.data)
    assert answer.status_code == 409
    assert "amended" in answer.content.decode()
    # Its one criterion is gone: what was written for it is still shown.
    assert "I did such work for two years, in public." in answer.content.decode()
    assert supplier.post(address(file), form_of(answer).fill().data).status_code == 303


def test_a_repeated_sending_is_recognised_after_an_amendment(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = form_of(supplier.get(address(file))).fill()
    first = supplier.post(address(file), form.data)
    amend(file)
    assert supplier.post(address(file), form.data)["Location"] == first["Location"]
    assert Proposal.objects.count() == 1


def amend(file: Any) -> Posting:
    """A new posting with another criterion in place of the first."""
    import uuid

    old = file.current_posting
    new = Posting.objects.create(
        solicitation=file,
        amendment=old.amendment + 1,
        kind="amendment",
        summary_en="Another criterion.",
        summary_fr="Un autre critère.",
        digest="f" * 64,
    )
    for item in old.items.all():
        item.pk, item.posting = None, new
        if item.kind == "evaluation":
            item.identity, item.text_en = uuid.uuid4(), "<p>Something else.</p>"
        item._state.adding = True
        item.save()
    return new


# --- the clock -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "status"),
    [(timedelta(microseconds=1), 303), (timedelta(0), 410), (-timedelta(microseconds=1), 410)],
)
def test_the_clock_of_the_database_decides_to_the_microsecond(
    client: Client, file: Any, language: str, after: timedelta, status: int
) -> None:
    data = proposals.answers(file, language, link=SupplierLink.generate().token)
    proposals.set_deadline(file, after=after)
    assert client.get(address(file, language)).status_code == (200 if status == 303 else 410)
    assert client.post(address(file, language), data).status_code == status
    assert Proposal.objects.count() == (1 if status == 303 else 0)


def test_a_late_application_is_on_record(client: Client, file: Any) -> None:
    from django.db import connection

    proposals.set_deadline(file)
    client.post(address(file), proposals.answers(file, link=SupplierLink.generate().token))
    connection.check_constraints()
    assert AuditEntry.objects.filter(action="proposal.refused", file_number=file.number).count() == 1


def test_a_flood_of_late_ones_is_answered_and_does_not_fill_the_record(
    client: Client, file: Any, monkeypatch: Any
) -> None:
    from django.db import connection

    monkeypatch.setattr(limits, "LATE_OF_NETWORK", replace(limits.LATE_OF_NETWORK, most=2))
    proposals.set_deadline(file)
    for _turn in range(4):
        answer = client.post(address(file), proposals.answers(file, link=SupplierLink.generate().token))
        assert answer.status_code == 410
        assert "keyboard-accessible" in answer.content.decode()
    connection.check_constraints()
    assert AuditEntry.objects.filter(action="proposal.refused", file_number=file.number).count() == 2


def test_a_cancelled_opportunity_takes_nothing(client: Client, file: Any, it_strategy: Any) -> None:
    from submissions.solicitations.services import transition

    data = proposals.answers(file, link=SupplierLink.generate().token)
    transition(
        file, "cancel", user=it_strategy, reason="The need is gone.", reason_fr="Le besoin n’existe plus."
    )
    answer = client.post(address(file), data)
    assert answer.status_code == 410
    assert "cancelled" in answer.content.decode()


# --- odd input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a\x00b"),
        ("name", "Camille\r\nBcc: everyone@example.org"),
        ("email", "camille@example.org\nBcc: everyone@example.org"),
        ("email", "camille@example.org\x00"),
        ("email", "x" * 300 + "@example.org"),
        ("name", "x" * 5000),
        ("business_name", "\x1b[31m"),
        ("status", "martian"),
        ("correspondence_language", "de"),
    ],
)
def test_odd_input_is_an_error_of_its_field(client: Client, file: Any, field: str, value: str) -> None:
    data = proposals.answers(file, link=SupplierLink.generate().token, **{field: value})
    answer = client.post(address(file), data)
    assert answer.status_code == 422
    assert f'href="#id_{field}' in answer.content.decode()
    assert Proposal.objects.count() == 0


def test_bytes_that_are_no_text_are_an_error(client: Client, file: Any) -> None:
    from urllib.parse import urlencode

    data = proposals.answers(file, link=SupplierLink.generate().token)
    body = urlencode({**data, "name": "@@"}).replace("%40%40", "%ff%fe")
    answer = client.post(address(file), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422


def test_a_body_that_is_too_large_is_refused(client: Client, file: Any) -> None:
    data = proposals.answers(file, link=SupplierLink.generate().token, name="x" * 6_000_000)
    assert client.post(address(file), data).status_code in (400, 413)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_allowed(client: Client, file: Any, method: str) -> None:
    assert getattr(client, method)(address(file)).status_code == 405


def test_fields_sent_twice_or_unknown_do_no_harm(client: Client, file: Any) -> None:
    data = proposals.answers(file, link=SupplierLink.generate().token)
    data.update({"name": ["First", "Second"], "answer_nonsense": "x", "state": "withdrawn"})
    assert client.post(address(file), data).status_code == 303


# --- the supplier's own link ---------------------------------------------------------------------


def test_the_link_opens_in_both_languages(client: Client, file: Any, language: str) -> None:
    proposal, link = proposals.send(file)
    page = client.get(f"{ADDRESSES[language]}link/{link.token}/")
    assert page.status_code == 200
    assert proposal.receipt_number in page.content.decode()


@pytest.mark.parametrize("below", ["", "change/", "withdraw/"])
@pytest.mark.parametrize("token", ["nonsense", "q" * 58, UNUSED, "%00"])
def test_a_link_to_nothing_is_a_friendly_404(client: Client, file: Any, token: str, below: str) -> None:
    page = client.get(f"/en/apply/link/{token}/{below}")
    assert page.status_code == 404


def test_the_change_form_says_what_was_sent_and_replaces_it(
    supplier: Client, file: Any, language: str, form_of: Any
) -> None:
    first, link = proposals.send(file, language=language, business_name="Example Inc.")
    change = f"{ADDRESSES[language]}link/{link.token}/change/"
    form = form_of(supplier.get(change))
    assert form.data["business_name"] == "Example Inc."
    unchanged = supplier.post(change, form.data)
    assert (unchanged.status_code, Proposal.objects.count()) == (303, 1)
    form.data["business_name"] = "Other Inc."
    answer = supplier.post(change, form.data)
    assert answer.status_code == 303
    assert Proposal.objects.sent().get().replaces == first


def test_a_stale_csrf_token_on_the_change_form_loses_nothing(
    supplier: Client, file: Any, form_of: Any
) -> None:
    _first, link = proposals.send(file)
    change = f"/en/apply/link/{link.token}/change/"
    form = form_of(supplier.get(change))
    answer = supplier.post(change, {**form.data, "name": "New name", "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    assert form_of(answer).data["name"] == "New name"


def test_withdrawing_asks_first_and_leaves_the_text_sealed(supplier: Client, file: Any, form_of: Any) -> None:
    proposal, link = proposals.send(file)
    address = f"/en/apply/link/{link.token}/withdraw/"
    form = form_of(supplier.get(address))
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SENT
    answer = supplier.post(address, form.data)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    assert "withdrawn" in supplier.get(answer["Location"]).content.decode()
    assert OutgoingMessage.objects.filter(kind="proposal_withdrawn").count() == 1


def test_after_withdrawing_one_can_apply_again_with_the_same_link(
    supplier: Client, file: Any, form_of: Any
) -> None:
    from submissions.proposals import services

    first, link = proposals.send(file)
    services.withdraw(link, link_address="https://example.org/")
    change = f"/en/apply/link/{link.token}/change/"
    assert supplier.post(change, form_of(supplier.get(change)).data).status_code == 303
    assert Proposal.objects.sent().exclude(pk=first.pk).count() == 1


def test_after_the_deadline_the_link_shows_and_changes_nothing(client: Client, file: Any) -> None:
    proposal, link = proposals.send(file)
    proposals.set_deadline(file)
    page = client.get(f"/en/apply/link/{link.token}/").content.decode()
    assert proposal.receipt_number in page
    assert "withdraw/" not in page
    assert client.get(f"/en/apply/link/{link.token}/change/").status_code == 410
    client.post(f"/en/apply/link/{link.token}/withdraw/")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SENT


def test_the_public_pages_of_applying_have_no_inline_script_or_style(client: Client, file: Any) -> None:
    _proposal, link = proposals.send(file)
    for path in (
        "/en/apply/",
        address(file),
        f"/en/apply/link/{link.token}/",
        f"/en/apply/link/{link.token}/withdraw/",
    ):
        content = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*src=)", content)
        assert "<style" not in content
        assert " style=" not in content.split("<main", 1)[1].split("</main>")[0]
