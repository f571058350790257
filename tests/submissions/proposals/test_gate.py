"""What keeps machines out of the form, and that no person is kept out with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from submissions.gate import limits, looking
from submissions.proposals.models import Proposal
from tests.factories import proposals

pytestmark = pytest.mark.django_db

SENTENCES = {
    "en": {
        "bait": "A field that people do not see",
        "quick": "quicker than a person writes",
        "whole": "was not sent whole",
        "file": "only text is taken",
        "often": "perhaps by others who share it",
        "again": "sent many times",
    },
    "fr": {
        "bait": "Un champ que personne ne voit",
        "quick": "plus vite qu’une personne",
        "whole": "n’a pas été envoyée en entier",
        "file": "seul du texte est accepté",
        "often": "peut-être par d’autres personnes",
        "again": "a été envoyé plusieurs fois",
    },
}


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def address(file: Any, language: str = "en") -> str:
    return proposals.form_page(language).address_of("apply", file.number)


def text_of(response: Any) -> str:
    return response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({looking.BAIT: "x"}, "bait"), ({"stamp": "forged"}, "whole"), ({"stamp": ""}, "whole")],
)
def test_what_looks_like_a_machine_is_shown_again_whole_and_taken_the_next_time(
    supplier: Client, file: Any, form_of: Any, language: str, changes: dict[str, str], reason: str
) -> None:
    form = form_of(supplier.get(address(file, language))).fill()

    answer = supplier.post(address(file, language), {**form.data, **changes})

    assert answer.status_code == 422
    assert SENTENCES[language][reason] in text_of(answer)
    again = form_of(answer)
    assert {**again.data, "csrfmiddlewaretoken": "", "stamp": "", looking.BAIT: ""} == {
        **form.data,
        "csrfmiddlewaretoken": "",
        "stamp": "",
        looking.BAIT: "",
    }
    # Whatever the browser fills in by itself: nobody is asked twice.
    assert supplier.post(address(file, language), {**again.data, looking.BAIT: "x"}).status_code == 303


def test_a_form_sent_too_quickly_is_shown_again_and_taken_at_once(
    supplier: Client, file: Any, form_of: Any, language: str, settings: Any
) -> None:
    settings.MICROACQ_SHORTEST_VISIT = 3
    form = form_of(supplier.get(address(file, language))).fill()

    answer = supplier.post(address(file, language), form.data)

    assert answer.status_code == 422
    assert SENTENCES[language]["quick"] in text_of(answer)
    assert supplier.post(address(file, language), form_of(answer).data).status_code == 303


def test_a_form_fetched_long_ago_is_taken_until_the_deadline(
    supplier: Client, file: Any, form_of: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MICROACQ_SHORTEST_VISIT = 3
    with monkeypatch.context() as then:
        then.setattr("django.core.signing.time.time", lambda: 1_700_000_000.0)
        form = form_of(supplier.get(address(file))).fill()
    proposals.set_deadline(file, after=timedelta(milliseconds=500))

    assert supplier.post(address(file), form.data).status_code == 303


def test_changing_what_was_sent_is_not_asked_for_a_minimum_time(
    supplier: Client, file: Any, form_of: Any, settings: Any
) -> None:
    _proposal, link = proposals.send(file)
    settings.MICROACQ_SHORTEST_VISIT = 3
    change = proposals.form_page().address_of("change", link.token)
    form = form_of(supplier.get(change)).fill(name="Another Name")

    assert supplier.post(change, form.data).status_code == 303
    assert Proposal.objects.sent().count() == 1


def test_a_draft_that_is_continued_is_not_asked_for_a_minimum_time(
    supplier: Client, file: Any, form_of: Any, settings: Any
) -> None:
    form = form_of(supplier.get(address(file))).fill()
    supplier.post(address(file), {**form.data, "act": "save"})
    settings.MICROACQ_SHORTEST_VISIT = 3
    draft = proposals.form_page().address_of("draft", form.data["link"])

    assert supplier.post(draft, form_of(supplier.get(draft)).data).status_code == 303
    assert Proposal.objects.sent().count() == 1


def test_a_stamp_of_another_file_counts_for_nothing(supplier: Client, file: Any, form_of: Any) -> None:
    other = proposals.make_file()
    form = form_of(supplier.get(address(file))).fill()
    form.data["stamp"] = form_of(supplier.get(address(other))).data["stamp"]
    assert supplier.post(address(file), form.data).status_code == 422


def test_a_file_is_refused_and_the_text_is_kept(
    supplier: Client, file: Any, form_of: Any, language: str
) -> None:
    form = form_of(supplier.get(address(file, language))).fill()
    upload = SimpleUploadedFile("résumé.pdf", b"%PDF" * 1000, content_type="application/pdf")

    answer = supplier.post(address(file, language), {**form.data, "attachment": upload})

    assert answer.status_code == 415
    assert SENTENCES[language]["file"] in text_of(answer)
    assert form_of(answer).data["name"] == form.data["name"]
    assert supplier.post(address(file, language), form_of(answer).data).status_code == 303


def test_a_network_over_its_limit_learns_when_to_come_again_and_loses_nothing(
    supplier: Client, file: Any, form_of: Any, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "APPLICATIONS_OF_NETWORK", limits.Limit("application/network", 1))
    first = form_of(supplier.get(address(file, language))).fill()
    assert supplier.post(address(file, language), first.data).status_code == 303
    form = form_of(supplier.get(address(file, language))).fill(name="Second Person", email="b@example.org")

    answer = supplier.post(address(file, language), form.data)

    assert answer.status_code == 429
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert SENTENCES[language]["often"] in text_of(answer)
    assert form_of(answer).data["name"] == "Second Person"
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post(address(file, language), form_of(answer).data).status_code == 303


def test_in_the_last_hour_nobody_is_refused_for_a_neighbour(
    supplier: Client, file: Any, form_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "APPLICATIONS_OF_NETWORK", limits.Limit("application/network", 1))
    proposals.set_deadline(file, after=limits.LAST_HOUR)
    for number in range(3):
        form = form_of(supplier.get(address(file))).fill(email=f"person{number}@example.org")
        assert supplier.post(address(file), form.data).status_code == 303
    assert Proposal.objects.count() == 3


def test_mistakes_use_nothing_up(
    supplier: Client, file: Any, form_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "APPLICATIONS_OF_NETWORK", limits.Limit("application/network", 1))
    monkeypatch.setattr(limits, "VERSIONS_OF_LINK", limits.Limit("version/link", 1))
    answer = supplier.get(address(file))
    for _n in range(3):
        answer = supplier.post(address(file), form_of(answer).fill(name="").data)
        assert answer.status_code == 422
    assert supplier.post(address(file), form_of(answer).fill().data).status_code == 303


def test_the_same_application_again_is_its_receipt_again_and_counts_once(
    supplier: Client, file: Any, form_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "VERSIONS_OF_LINK", limits.Limit("version/link", 1))
    form = form_of(supplier.get(address(file))).fill()
    places = [supplier.post(address(file), form.data)["Location"] for _n in range(3)]
    assert len(set(places)) == 1


def test_one_link_replaces_only_so_often_and_what_was_sent_stands(
    supplier: Client, file: Any, form_of: Any, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "VERSIONS_OF_LINK", limits.Limit("version/link", 2))
    form = form_of(supplier.get(address(file, language))).fill()
    answers = [
        supplier.post(address(file, language), {**form.data, "name": f"Version {number}"})
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert SENTENCES[language]["again"] in text_of(answers[2])
    assert form_of(answers[2]).data["name"] == "Version 2"
    assert Proposal.objects.sent().count() == 1


def test_the_gate_costs_one_statement_and_the_receipt_another(
    supplier: Client, file: Any, form_of: Any, settings: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    form = form_of(supplier.get(address(file))).fill()
    with CaptureQueriesContext(connection) as queries:
        assert supplier.post(address(file), form.data).status_code == 303
    assert len([query for query in queries if "submissions_passage" in query["sql"]]) == 2


def test_axe_and_keyboards_do_not_meet_the_hidden_field(supplier: Client, file: Any, form_of: Any) -> None:
    soup = form_of(supplier.get(address(file))).soup
    field = soup.find("input", attrs={"name": looking.BAIT})
    assert field["tabindex"] == "-1"
    assert field["autocomplete"] == "off"
    assert field.find_parent(attrs={"aria-hidden": "true"}) is not None
