"""What a supplier does below the link: reads, writes, delivers, asks for time, disputes, answers, withdraws."""

from __future__ import annotations

import uuid
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from submissions.contracts import delivering, ending, talking
from submissions.contracts.enums import EndKind
from submissions.contracts.forms import (
    AnswerForm,
    DisputeForm,
    EndForm,
    ExtensionForm,
    JudgeForm,
    MessageForm,
    SettleForm,
    WithdrawForm,
)
from submissions.contracts.models import Contract, Dispute, Extension, Message
from submissions.contracts.work_models import Delivery
from submissions.proposals.sealing import SupplierLink
from submissions.questions.forms import QuestionField
from submissions.solicitations.enums import ItemKind
from tests.factories import awards, contracts

CARD = "4111 1111 1111 1111"


def address(name: str, token: str, language: str = "en") -> str:
    with override(language):
        return reverse(f"work:{name}", args=[token])


@pytest.fixture
def token(contract: Contract) -> str:
    return awards.token_of(contract.offer.proposal)


def filled(contract: Contract, **changes: Any) -> dict[str, Any]:
    """What a supplier sends who fills in the whole form of a delivery."""
    values: dict[str, Any] = {
        "requests": "https://git.example.org/project/pull/7\nhttps://git.example.org/project/pull/8",
        "commit": contracts.COMMIT.upper(),
        "licence": "mit",
        "key": str(uuid.uuid4()),
        "tests_file": SimpleUploadedFile("junit.xml", contracts.JUNIT, "text/xml"),
        "security_link": "https://git.example.org/project/security",
        "accessibility_none": "The work has no interface.",
        "note": "",
    }
    for item in delivering.items_of(contract, ItemKind.ACCEPTANCE):
        values[f"answer_{item.identity.hex}"] = "It is in the tests."
    for item in delivering.items_of(contract, ItemKind.DELIVERY):
        values[f"check_{item.identity.hex}"] = "on"
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_story_is_shown_to_the_supplier_alone_and_kept_nowhere(
    client: Client, contract: Contract, token: str, language: str
) -> None:
    talking.write(contract, "Where do the tests go?", key=uuid.uuid4(), language="en")
    response = client.get(address("page", token, language))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Where do the tests go?" in page
    assert ("Vos travaux" in page) == (language == "fr")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


NAMES = ["page", "message", "deliver", "extension", "answer_extension", "dispute", "answer_end", "withdraw"]


@pytest.mark.parametrize("name", NAMES)
def test_any_other_link_leads_nowhere(client: Client, contract: Contract, name: str) -> None:
    file = contract.solicitation
    other = file.proposals.exclude(pk=contract.offer.proposal_id).order_by("pk")[0]
    for token in (SupplierLink.generate().token, "x", awards.token_of(other)):
        assert client.get(address(name, token)).status_code == 404
        assert client.post(address(name, token), {"words": "x"}).status_code == 404


def test_a_message_is_kept_and_nothing_typed_is_lost(client: Client, contract: Contract, token: str) -> None:
    key = str(uuid.uuid4())
    refused = client.post(address("message", token), {"kind": "odd", "words": "Half done.", "key": key})
    assert refused.status_code == 422
    assert "Half done." in refused.content.decode()
    for _time in range(2):
        sent = client.post(address("message", token), {"kind": "progress", "words": "Half done.", "key": key})
        assert sent.status_code == 303
    assert Message.objects.filter(contract=contract).count() == 1
    assert "Half done." in client.get(address("page", token)).content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_whole_delivery_is_taken_with_its_evidence(
    client: Client, contract: Contract, token: str, language: str
) -> None:
    page = client.get(address("deliver", token, language))
    assert page.status_code == 200
    response = client.post(address("deliver", token, language), filled(contract))
    assert response.status_code == 303, response.content.decode()
    delivery = Delivery.objects.get(contract=contract)
    assert (delivery.commit, delivery.licence, delivery.round) == (contracts.COMMIT, "MIT", 1)
    assert [each.check_kind for each in delivery.evidence.all()] == ["tests", "security"]
    assert delivery.answers()["no_accessibility"] == "The work has no interface."
    assert len(delivery.confirmed) == len(delivering.items_of(contract, ItemKind.DELIVERY)) > 0
    assert client.get(address("deliver", token, language)).status_code == 200  # says that it is being judged
    assert client.post(address("deliver", token, language), filled(contract)).status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"requests": ""},
        {"requests": "javascript:alert(1)"},
        {"requests": "http://example.org/1"},
        {"requests": "\n".join(f"https://example.org/{n}" for n in range(11))},
        {"commit": "main"},
        {"commit": "0123\x00abcd"},
        {"licence": "GPL-3.0-only"},
        {"tests_file": None},
        {"tests_file": SimpleUploadedFile("x.xml", b"", "text/xml")},
        {"tests_file": SimpleUploadedFile("x.html", b"<html><script>1</script></html>", "text/html")},
        {"security_link": "javascript:alert(1)"},
        {"accessibility_none": ""},
        {"key": "x"},
        {"accessibility_none": f"Pay {CARD}."},
        {"commit": CARD.replace(" ", "")},
        {"security_link": f"https://example.org/{CARD.replace(' ', '')}"},
        {"requests": f"https://example.org/{CARD.replace(' ', '')}"},
        {"tests_file": SimpleUploadedFile(f"{CARD}.xml", contracts.JUNIT, "text/xml")},
    ],
    ids=str,
)
def test_each_fault_is_said_and_nothing_typed_is_lost(
    client: Client, contract: Contract, token: str, changes: dict[str, Any]
) -> None:
    values = filled(contract, **{"note": "Read the folder docs first.", **changes})
    response = client.post(address("deliver", token), values)
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in page
    assert "Read the folder docs first." in page
    assert not Delivery.objects.exists()


def test_errors_are_listed_in_the_order_of_the_page(client: Client, contract: Contract, token: str) -> None:
    response = client.post(address("deliver", token), {"key": str(uuid.uuid4())})
    names = list(response.context["form"].errors)
    kinds = [name.split("_")[0] for name in names if name.startswith(("answer_", "check_"))]
    assert kinds == sorted(kinds) and {"answer", "check"} <= set(kinds)


def test_a_form_of_an_ended_session_comes_back_with_every_word(contract: Contract, token: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    values = filled(contract, tests_file=None, tests_none="None yet.")
    response = strict.post(address("deliver", token), values, headers={"referer": "http://testserver/en/"})
    assert response.status_code == 403
    assert "It is in the tests." in response.content.decode()
    assert not Delivery.objects.exists()


def test_a_later_date_is_asked_for_and_answered(client: Client, contract: Contract, token: str) -> None:
    until = contract.delivery_date + timedelta(days=7)
    data = {"until": until.isoformat(), "reason": "Exams.", "key": str(uuid.uuid4())}
    assert client.post(address("extension", token), {**data, "until": "soon"}).status_code == 422
    assert client.post(address("extension", token), {**data, "until": "2020-01-01"}).status_code == 409
    assert client.post(address("extension", token), data).status_code == 303
    staff = contracts.client_of(contract.solicitation)
    talking.answer_extension(Extension.objects.get(), agreed=False, reason="No.", language="en", user=staff)
    asked = talking.ask_for_extension(
        contract, until, "We are late.", key=uuid.uuid4(), language="en", user=staff
    )
    page = client.get(address("answer_extension", token)).content.decode()
    assert "We are late." in page
    assert client.post(address("answer_extension", token), {"agreed": "no"}).status_code == 422
    assert client.post(address("answer_extension", token), {"agreed": "yes"}).status_code == 303
    asked.contract.refresh_from_db()
    assert asked.contract.delivery_date == until


def test_an_end_for_convenience_is_answered(client: Client, contract: Contract, token: str) -> None:
    ending.propose(
        contract,
        contracts.client_of(contract.solicitation),
        EndKind.CONVENIENCE,
        "The need has gone.",
        percentage=40,
        key=uuid.uuid4(),
        language="en",
    )
    assert "40 percent" in client.get(address("answer_end", token)).content.decode()
    assert client.post(address("answer_end", token), {"agreed": "yes"}).status_code == 303
    contract.refresh_from_db()
    assert contract.state == "ended_convenience"
    assert "$2,600" in client.get(address("page", token)).content.decode()


def test_what_staff_alone_know_is_not_told(client: Client, contract: Contract, token: str) -> None:
    ending.propose(
        contract,
        contracts.client_of(contract.solicitation),
        EndKind.DEFAULT,
        "Secret so far.",
        percentage=0,
        key=uuid.uuid4(),
        language="en",
    )
    contracts.judged(contracts.delivered(contract), passed=False)
    page = client.get(address("page", token)).content.decode()
    assert "Secret so far." not in page
    assert "Mend the first criterion." not in page
    assert "stands-in-for-client" not in page.lower()


def test_a_dispute_and_a_withdrawal(client: Client, contract: Contract, token: str) -> None:
    data = {"words": "I delivered on time.", "key": str(uuid.uuid4())}
    assert client.post(address("dispute", token), {}).status_code == 422
    assert client.post(address("dispute", token), data).status_code == 303
    assert Dispute.objects.get().words == "I delivered on time."
    assert client.post(address("withdraw", token), {"reason": "I moved."}).status_code == 422
    assert client.post(address("withdraw", token), {"reason": "I moved.", "sure": "on"}).status_code == 303
    contract.refresh_from_db()
    assert contract.state == "withdrawn"
    assert "I moved." in client.get(address("page", token)).content.decode()


def test_what_was_typed_for_a_contract_that_ended_meanwhile_can_be_copied(
    client: Client, contract: Contract, token: str
) -> None:
    key, words = str(uuid.uuid4()), "Three evenings of words."
    values = filled(contract, note=words, tests_file=None, tests_none="None yet.")
    contracts.ended(contract)
    typed = {
        "extension": {"until": "2031-01-01", "reason": words, "key": key},
        "answer_extension": {"agreed": "no", "reason": words},
        "dispute": {"words": words, "key": key},
        "answer_end": {"agreed": "no", "reason": words},
        "withdraw": {"reason": words, "sure": "on"},
        "deliver": values,
    }
    copy = {"en": "Copy what you still need.", "fr": "Copiez ce dont vous avez encore besoin."}
    for (name, data), language in product(typed.items(), copy):
        for sent in (data, {**data, "key": "x", "agreed": "x", "sure": ""}):  # also with a fault of its own
            answer = client.post(address(name, token, language), sent)
            assert answer.status_code == 409, name
            assert words in answer.text and copy[language] in answer.text, name
            assert "<form" not in answer.text.split("<main")[1].split("</main")[0]
    assert not (Extension.objects.exists() or Dispute.objects.exists() or Delivery.objects.exists())


def test_a_form_that_is_sent_twice_was_kept_the_first_time(
    client: Client, contract: Contract, token: str
) -> None:
    until = (contract.delivery_date + timedelta(days=7)).isoformat()
    forms = {
        "dispute": {"words": "I delivered on time.", "key": str(uuid.uuid4())},
        "extension": {"until": until, "reason": "Exams.", "key": str(uuid.uuid4())},
    }
    for name, data in forms.items():
        assert [client.post(address(name, token), data).status_code for _twice in range(2)] == [303, 303]
    key = str(uuid.uuid4())
    assert [
        client.post(address("deliver", token), filled(contract, key=key)).status_code for _twice in range(2)
    ] == [303, 303]
    staff = contracts.client_of(contract.solicitation)
    talking.answer_extension(Extension.objects.get(), agreed=False, reason="No.", language="en", user=staff)
    talking.ask_for_extension(
        contract,
        contract.delivery_date + timedelta(days=9),
        "We.",
        key=uuid.uuid4(),
        language="en",
        user=staff,
    )
    answer = {"agreed": "no", "reason": "I am gone by then."}
    assert [client.post(address("answer_extension", token), answer).status_code for _twice in range(2)] == [
        303,
        303,
    ]
    leaving = {"reason": "I moved.", "sure": "on"}
    assert [client.post(address("withdraw", token), leaving).status_code for _twice in range(2)] == [303, 303]


def test_a_get_changes_nothing(client: Client, contract: Contract, token: str) -> None:
    for name in NAMES:
        client.get(address(name, token))
    contract.refresh_from_db()
    assert (contract.state, Message.objects.count(), Delivery.objects.count()) == ("under_way", 0, 0)


@pytest.mark.parametrize("number", [CARD, "CA: transit number 12345-006", "GB82 WEST 1234 5698 7654 32"])
def test_no_text_about_the_work_takes_the_number_of_a_card_or_of_an_account(number: str) -> None:
    for form_class in (
        MessageForm,
        ExtensionForm,
        AnswerForm,
        DisputeForm,
        WithdrawForm,
        EndForm,
        SettleForm,
    ):
        texts = [name for name, field in form_class.base_fields.items() if isinstance(field, QuestionField)]
        form = form_class(dict.fromkeys(texts, f"Pay to {number}, please."))
        assert texts
        assert all("number of a" in str(form.errors[name]) for name in texts), form_class
        assert number not in str(form.errors)


def test_no_answer_about_a_criterion_takes_the_number_of_a_card(
    client: Client, contract: Contract, token: str
) -> None:
    (item, *_others) = delivering.items_of(contract, ItemKind.ACCEPTANCE)
    for name in (f"answer_{item.identity.hex}", "note"):
        refused = client.post(address("deliver", token), filled(contract, **{name: f"Pay {CARD}."}))
        assert refused.status_code == 422
    assert not Delivery.objects.exists()
    form = JudgeForm({f"reason_{item.pk}": CARD, "mend": CARD}, criteria=[item], is_last=False, commit="")
    assert {f"reason_{item.pk}", "mend"} <= set(form.errors)
