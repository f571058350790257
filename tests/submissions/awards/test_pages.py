"""What a supplier does with the link of a letter: answers the offer, attaches, reads the result, writes."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import override

from submissions.awards import debriefs, offers, papers, terms
from submissions.awards.enums import DeclineReason
from submissions.awards.models import Acceptance, DebriefRequest, EmployeeConfirmation, Offer
from submissions.evaluation import results as evaluation
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import SupplierLink
from submissions.selection import results as selection
from submissions.solicitations.models import Solicitation
from tests.factories import awards


def address(name: str, token: str, language: str = "en") -> str:
    with override(language):
        return reverse(f"result:{name}", args=[token])


def typed(offer: Offer, language: str = "en", **changes: str) -> dict[str, str]:
    """What a supplier sends who accepts."""
    values = {
        "price": "on",
        "delivery_date": "on",
        "payment": "card",
        "employee": "no",
        "licence_holder": "",
        "accepted": "on",
        "signature": "Camille Tremblay",
        "terms": terms.digest_of(terms.text_of(offer, language)),
    }
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


@pytest.fixture
def offer(file: Solicitation) -> Offer:
    return awards.offered(file)


@pytest.fixture
def token(offer: Offer) -> str:
    return awards.token_of(offer.proposal)


def proposal_of(file: Solicitation, *, passed: bool) -> Proposal:
    """One that was not awarded: of those that passed the last in the order, or one that did not pass."""
    passing = evaluation.passing(file)
    if passed:
        return file.proposals.get(receipt_number=selection.order_of(file)[-1])
    return file.proposals.exclude(receipt_number__in=passing).order_by("pk")[0]


# --- the offer -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_offer_shows_the_terms_and_is_kept_nowhere(
    client: Client, offer: Offer, token: str, language: str
) -> None:
    response = client.get(address("page", token, language))
    page = response.content.decode()
    assert response.status_code == 200
    assert offer.contractor in page
    assert terms.digest_of(terms.text_of(offer, language))[:32] in page
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert ("Les modalités" in page) == (language == "fr")


def test_the_text_can_be_downloaded_to_the_byte(client: Client, offer: Offer, token: str) -> None:
    response = client.get(address("terms", token))
    assert response.content == terms.text_of(offer, "en").encode()
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_accepting_keeps_it_and_says_what_comes_next(client: Client, offer: Offer, token: str) -> None:
    response = client.post(address("accept", token), typed(offer))
    assert (response.status_code, response["Location"]) == (303, address("page", token))
    page = client.get(address("page", token)).content.decode()
    assert "You accepted the terms" in page
    assert Acceptance.objects.get(offer=offer).payment == "card"


@pytest.mark.parametrize(
    "missing", ["price", "delivery_date", "payment", "employee", "accepted", "signature"]
)
def test_each_confirmation_is_needed_and_nothing_typed_is_lost(
    client: Client, offer: Offer, token: str, missing: str
) -> None:
    values = typed(offer, licence_holder="Les logiciels Tremblay")
    del values[missing]
    response = client.post(address("accept", token), values)
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in page
    assert "Les logiciels Tremblay" in page
    assert not Acceptance.objects.exists()


@pytest.mark.parametrize(
    "odd", [{"signature": "a\x00b"}, {"signature": "x" * 500}, {"payment": "cash"}, {"terms": "z" * 99}]
)
def test_odd_input_is_answered_in_words(
    client: Client, offer: Offer, token: str, odd: dict[str, str]
) -> None:
    response = client.post(address("accept", token), typed(offer, **odd))
    assert response.status_code in (409, 422)
    assert not Acceptance.objects.exists()


def test_terms_that_were_not_read_are_shown_again(client: Client, offer: Offer, token: str) -> None:
    response = client.post(address("accept", token), typed(offer, terms="0" * 64))
    assert response.status_code == 409
    page = response.content.decode()
    digest = terms.digest_of(terms.text_of(offer, "en"))
    assert f'value="{digest}"' in page
    assert 'value="Camille Tremblay"' in page


def test_a_form_of_an_ended_session_comes_back_with_every_word(offer: Offer, token: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(
        address("accept", token), typed(offer), headers={"referer": "http://testserver/en/"}
    )
    assert response.status_code == 403
    assert "Camille Tremblay" in response.content.decode()
    assert not Acceptance.objects.exists()


def test_declining_asks_why(client: Client, offer: Offer, token: str) -> None:
    assert client.get(address("decline", token)).status_code == 200
    assert client.post(address("decline", token), {}).status_code == 422
    response = client.post(address("decline", token), {"reason": "price", "words": "Too little."})
    assert response.status_code == 303
    offer.refresh_from_db()
    assert (offer.declined_for, offer.reason) == ("price", "Too little.")
    assert "You declined the work" in client.get(address("page", token)).content.decode()
    again = client.post(address("decline", token), {"reason": "price", "words": "Too little."})
    assert again.status_code == 303, "a form that is sent twice was kept the first time"


@pytest.mark.parametrize(
    ("language", "copy"), [("en", "Copy what you still"), ("fr", "Copiez ce dont vous avez")]
)
def test_why_somebody_declines_too_late_can_be_copied(
    client: Client, offer: Offer, token: str, language: str, copy: str
) -> None:
    awards.pass_limit(offer)
    answer = client.post(address("decline", token, language), {"reason": "price", "words": "Too little."})
    assert answer.status_code == 409
    assert "Too little." in answer.text and copy in answer.text
    offer.refresh_from_db()
    assert offer.state == "offered"


def test_after_the_limit_the_page_says_so_and_takes_nothing(client: Client, offer: Offer, token: str) -> None:
    values = typed(offer)
    awards.pass_limit(offer)
    assert "The time to accept has passed" in client.get(address("page", token)).content.decode()
    assert client.post(address("accept", token), values).status_code == 303
    assert client.post(address("decline", token), {"reason": "price"}).status_code == 303
    offer.refresh_from_db()
    assert offer.state == "offered"
    assert not Acceptance.objects.exists()


def test_a_get_changes_nothing(client: Client, offer: Offer, token: str) -> None:
    for name in ("page", "accept", "decline", "confirmation", "conversation", "complaint", "terms"):
        client.get(address(name, token), follow=True)
        client.head(address(name, token))
    offer.refresh_from_db()
    assert offer.state == "offered"


@pytest.mark.parametrize("name", ["page", "accept", "decline", "confirmation", "conversation", "terms"])
def test_other_links_open_nothing(client: Client, offer: Offer, name: str) -> None:
    for other in (SupplierLink.generate().token, "nonsense", "é" * 20):
        for method in (client.get, client.post):
            response = method(address(name, other))
            assert response.status_code == 404
            assert offer.contractor not in response.content.decode()


def test_the_link_of_one_supplier_shows_nothing_of_another(client: Client, offer: Offer) -> None:
    others = offer.solicitation.proposals.exclude(pk=offer.proposal_id)
    for proposal in others:
        page = client.get(address("page", awards.token_of(proposal))).content.decode()
        assert "There is no result yet" in page
        assert offer.contractor not in page
        assert offer.proposal.receipt_number not in page


# --- a government employee -------------------------------------------------------------------------


@pytest.fixture
def employee(client: Client, offer: Offer, token: str) -> str:
    """The address of the form, after a government employee has accepted."""
    response = client.post(address("accept", token), typed(offer, employee="yes"))
    assert response["Location"] == address("confirmation", token)
    return response["Location"]


def pdf(
    content: bytes = awards.PDF, name: str = "dg.pdf", kind: str = "application/pdf"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def test_a_government_employee_attaches_the_confirmation_before_the_department_signs(
    client: Client, offer: Offer, employee: str, signer: Any
) -> None:
    offer.refresh_from_db()
    with pytest.raises(offers.Refused, match="director general"):
        offers.countersign(offer, signer)
    assert client.get(employee).status_code == 200
    assert client.post(employee, {"file": pdf()}).status_code == 303
    kept = EmployeeConfirmation.objects.get()
    assert kept.content() == awards.PDF
    assert awards.PDF not in bytes(kept.locked_content)
    assert "dg.pdf" in client.get(employee).content.decode()
    assert offers.countersign(offer, signer)


@pytest.mark.parametrize(
    "upload",
    [
        lambda: pdf(b"<script>alert(1)</script>%%EOF"),
        lambda: pdf(b"PK\x03\x04%PDF-1.7 %%EOF", "dg.docx"),
        lambda: pdf(awards.PDF, kind="text/html"),
        lambda: pdf(b"%PDF-1.7 and no end"),
        lambda: pdf(b""),
        lambda: pdf(b"%PDF-1.7" + b" " * papers.LARGEST + b"%%EOF"),
    ],
)
def test_nothing_but_a_pdf_of_a_sensible_size_is_taken(client: Client, employee: str, upload: Any) -> None:
    response = client.post(employee, {"file": upload()})
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert not EmployeeConfirmation.objects.exists()


def test_what_is_far_too_large_is_not_read(client: Client, employee: str) -> None:
    response = client.post(employee, {"file": pdf(b"%PDF-" + b" " * 9 * 1024 * 1024 + b"%%EOF")})
    assert response.status_code == 413


def test_no_other_page_takes_a_file(client: Client, offer: Offer, token: str) -> None:
    with_file = {**typed(offer), "file": pdf()}
    assert client.post(address("accept", token), with_file).status_code == 303
    assert not EmployeeConfirmation.objects.exists()
    large = {**typed(offer), "file": pdf(b" " * 2 * 1024 * 1024)}
    assert client.post(address("accept", token), large).status_code == 413


def test_who_is_no_government_employee_attaches_nothing(client: Client, offer: Offer, token: str) -> None:
    client.post(address("accept", token), typed(offer))
    assert client.post(address("confirmation", token), {"file": pdf()}).status_code == 303
    assert not EmployeeConfirmation.objects.exists()


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("dg.pdf", "dg.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\lettre à la DG.PDF", "lettre à la DG.pdf"),
        ('a"\r\nX-Header: b.pdf', "a_X-Header_ b.pdf"),
        ("....pdf", "confirmation.pdf"),
        ("x" * 300, "x" * 96 + ".pdf"),
        ("", "confirmation.pdf"),
        ("évil\u202efdp.exe", "évil_fdp.exe.pdf"),
    ],
)
def test_names_of_files_are_cleaned(name: str, clean: str) -> None:
    assert papers.clean_name(name) == clean


# --- the result ------------------------------------------------------------------------------------


@pytest.fixture
def awarded(file: Solicitation, offer: Offer) -> Solicitation:
    awards.awarded(awards.accepted(offer))
    file.refresh_from_db()
    return file


def test_who_did_not_meet_a_criterion_reads_the_reasons(client: Client, awarded: Solicitation) -> None:
    proposal = proposal_of(awarded, passed=False)
    page = client.get(address("page", awards.token_of(proposal))).content.decode()
    assert "did not meet every criterion" in page
    for judged in evaluation.verdicts_of(proposal):
        assert judged.reason.strip().splitlines()[0] in page
    others = awarded.proposals.exclude(pk=proposal.pk).values_list("receipt_number", flat=True)
    assert not [number for number in others if number in page]


def test_who_was_not_drawn_sees_the_own_number_marked(client: Client, awarded: Solicitation) -> None:
    proposal = proposal_of(awarded, passed=True)
    page = client.get(address("page", awards.token_of(proposal))).content.decode()
    assert "Your application passed, and another was drawn" in page
    marked = re.findall(r"<mark>(\S+)", page)
    assert marked == [proposal.receipt_number]
    assert awarded.number in page
    assert re.findall(r"<li>(?:<mark>)?(R-[0-9A-Z-]+)", page) == selection.order_of(awarded)


def test_the_awarded_supplier_reads_that_the_work_can_begin(
    client: Client, awarded: Solicitation, token: str
) -> None:
    page = client.get(address("page", token)).content.decode()
    assert "The work is awarded to you" in page
    assert "The terms that you accepted" in page
    assert "complaint" not in page


def test_a_conversation_is_asked_for_and_answered(
    client: Client, awarded: Solicitation, signer: Any, mailoutbox: Any
) -> None:
    proposal = proposal_of(awarded, passed=False)
    token = awards.token_of(proposal)
    form = client.get(address("conversation", token)).content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', form)
    assert key
    values = {"key": key[1], "words": "What was missing?\nThank you."}
    for _again in range(2):
        assert client.post(address("conversation", token), values).status_code == 303
    request = DebriefRequest.objects.get()
    assert request.words == "What was missing?\nThank you."
    debriefs.answer(request, signer, "An example with a keyboard.")
    page = client.get(address("page", token)).content.decode()
    assert "What was missing?" in page
    assert "An example with a keyboard." in page
    # The key of somebody else’s form: nothing is shown of theirs, nothing is lost of this.
    other = proposal_of(awarded, passed=True)
    own = {**values, "words": "Another message."}
    assert client.post(address("conversation", awards.token_of(other)), own).status_code == 303
    assert DebriefRequest.objects.get(proposal=other).words == "Another message."


@pytest.mark.parametrize("name", ["conversation", "complaint"])
def test_writing_nothing_or_too_much_is_answered_in_words(
    client: Client, awarded: Solicitation, name: str
) -> None:
    token = awards.token_of(proposal_of(awarded, passed=True))
    for words in ("", " ", "x" * 4001, "a\x00b"):
        values = {"key": str(uuid.uuid4()), "words": words}
        assert client.post(address(name, token), values).status_code == 422
    assert client.post(address(name, token), {"key": "no", "words": "Hello"}).status_code == 422
    assert not DebriefRequest.objects.exists()


def test_nobody_fills_the_table(client: Client, awarded: Solicitation) -> None:
    token = awards.token_of(proposal_of(awarded, passed=True))
    answers = [
        client.post(address("complaint", token), {"key": str(uuid.uuid4()), "words": "Again"}).status_code
        for _time in range(5)
    ]
    assert answers == [303] * 3 + [409] * 2


def test_nothing_can_be_written_before_there_is_a_result(client: Client, offer: Offer, token: str) -> None:
    values = {"key": str(uuid.uuid4()), "words": "Hello"}
    answer = client.post(address("complaint", token), values)
    assert (answer.status_code, "Hello" in answer.content.decode()) == (409, True)
    assert not DebriefRequest.objects.exists()


def test_the_awarded_supplier_has_no_debrief(client: Client, awarded: Solicitation, token: str) -> None:
    values = {"key": str(uuid.uuid4()), "words": "Hello"}
    answer = client.post(address("conversation", token), values)
    assert (answer.status_code, "Hello" in answer.content.decode()) == (409, True)
    assert not DebriefRequest.objects.exists()


def test_who_declined_may_complain(client: Client, file: Solicitation, offer: Offer, drawer: Any) -> None:
    offers.decline(offer.proposal, DeclineReason.TERMS)
    awards.awarded(awards.accepted(offers.make(file, drawer)))
    token = awards.token_of(offer.proposal)
    assert client.get(address("complaint", token)).status_code == 200


@override_settings(MICROACQ_DEBRIEF_TARGET_DAYS={"conversation": 7, "complaint": 3})
def test_target_days_are_a_setting(client: Client, awarded: Solicitation) -> None:
    token = awards.token_of(proposal_of(awarded, passed=True))
    assert "within 3 business days" in client.get(address("complaint", token)).content.decode()
    assert "within 7 business days" in client.get(address("conversation", token)).content.decode()
