"""What is published of a file in the Open Contracting Data Standard, and what never is."""

from __future__ import annotations

import importlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from jsonschema import Draft4Validator, FormatChecker
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.audit.actions import ACTS
from submissions.audit.services import record
from submissions.awards.models import Award
from submissions.contracts import ending, results
from submissions.contracts.enums import EndKind
from submissions.contracts.models import Contract
from submissions.proposals.models import Proposal
from submissions.records.opendata import collecting, proving, standard
from submissions.records.opendata.events import EVENTS
from submissions.records.opendata.models import Record, Release
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import awards, contracts, evaluations, people, proposals
from tests.support.guards import behind_the_rules

pytestmark = pytest.mark.django_db


def told(releases: list[Release]) -> list[dict[str, Any]]:
    return [json.loads(each.text) for each in releases]


def compiled(file: Solicitation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Record.objects.get(solicitation=file).text)
    return found


def test_each_event_brings_a_release_in_the_order_in_which_it_happened(releases: list[Release]) -> None:
    assert [each.action for each in releases] == [
        "file.posted",
        "question.published",
        "file.amended",
        "file.opened",
        "file.evaluated",
        "file.selected",
        "file.awarded",
    ]
    assert [each["tag"] for each in told(releases)] == [
        ["tender"],
        ["tenderUpdate"],
        ["tenderAmendment"],
        ["tenderUpdate"],
        ["tenderUpdate"],
        ["tenderUpdate"],
        ["award", "contract"],
    ]


def test_whoever_merges_the_releases_in_whatever_order_gets_the_same(
    releases: list[Release], awarded: Solicitation
) -> None:
    dates = [each["date"] for each in told(releases)]
    assert dates == sorted(set(dates))
    assert standard.compiled([*reversed(told(releases))]) == compiled(awarded)


def test_every_release_and_what_they_make_together_is_valid(
    releases: list[Release], awarded: Solicitation
) -> None:
    validator = Draft4Validator(standard.release_schema(), format_checker=FormatChecker())
    for each in [*told(releases), compiled(awarded)]:
        assert [error.message for error in validator.iter_errors(each)] == []


def test_a_release_that_is_made_later_says_the_same(releases: list[Release], awarded: Solicitation) -> None:
    texts = [each.text for each in releases]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM submissions_release WHERE solicitation_id = %s", [awarded.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert collecting.publish(awarded, [each.act for each in releases]) == len(texts)
    again = Release.objects.filter(solicitation=awarded).order_by("sequence")
    assert list(again.values_list("text", flat=True)) == texts


def test_nothing_happened_nothing_is_published(releases: list[Release]) -> None:
    assert collecting.collect() == 0


def test_without_a_prefix_nothing_is_published(awarded: Solicitation, settings: Any) -> None:
    settings.MICROACQ_OCID_PREFIX = ""
    assert collecting.collect() == 0
    assert not Release.objects.exists()


def test_texts_are_in_both_languages(awarded: Solicitation, releases: list[Release]) -> None:
    tender = compiled(awarded)["tender"]
    assert tender["title"] == awarded.title_en
    assert tender["title_fr"] == awarded.title_fr
    for field in ("description", "awardCriteriaDetails", "eligibilityCriteria", "submissionMethodDetails"):
        assert tender[field]
        assert tender[f"{field}_fr"]
        assert tender[field] != tender[f"{field}_fr"]
    (enquiry,) = tender["enquiries"]
    assert enquiry["answer"] != enquiry["answer_fr"]
    assert "author" not in enquiry


def test_an_amendment_names_the_release_that_it_amends(
    releases: list[Release], awarded: Solicitation
) -> None:
    (amendment,) = compiled(awarded)["tender"]["amendments"]
    posted, amended = releases[0], releases[2]
    assert (amendment["amendsReleaseID"], amendment["releaseID"]) == (posted.name, amended.name)
    assert amendment["rationale"]
    assert amendment["rationale_fr"]


def test_bids_are_numbers_and_only_once_they_were_opened(
    releases: list[Release], awarded: Solicitation
) -> None:
    before, after = told(releases)[:3], compiled(awarded)
    assert not any("bids" in each or "numberOfTenderers" in each["tender"] for each in before)
    assert {each["measure"]: each["value"] for each in after["bids"]["statistics"]} == {
        "bids": 5,
        "validBids": 3,
    }
    assert "details" not in after["bids"]
    assert after["tender"]["numberOfTenderers"] == 5


def test_the_supplier_is_named_with_the_award_as_the_notice_names_it(
    releases: list[Release], awarded: Solicitation
) -> None:
    award = Award.objects.get(offer__solicitation=awarded)
    assert not any(award.supplier in each.text for each in releases[:-1])
    (shown,) = compiled(awarded)["awards"]
    (contract,) = compiled(awarded)["contracts"]
    assert [each["name"] for each in shown["suppliers"]] == [award.supplier]
    assert shown["value"] == contract["value"] == {"amount": 6500, "currency": "CAD"}
    assert contract["awardID"] == shown["id"]


def test_nothing_personal_and_nothing_of_an_application_is_published(
    releases: list[Release], awarded: Solicitation
) -> None:
    everything = "".join(each.text for each in releases) + Record.objects.get(solicitation=awarded).text
    award = Award.objects.get(offer__solicitation=awarded)
    people_of_it = [f"Supplier {number}" for number in range(1, 6)]
    assert [name for name in people_of_it if name in everything and name != award.supplier] == []
    receipts = Proposal.objects.filter(solicitation=awarded).values_list("receipt_number", flat=True)
    assert [receipt for receipt in receipts if receipt in everything] == []
    assert "@example.org" not in everything
    words = awarded.current_posting.text["en"]
    assert words["contact_name"]
    assert words["contact_name"] not in everything
    assert words["contact_email"] not in everything


def test_a_cancelled_file_says_why_in_both_languages(posted: Solicitation, it_strategy: Any) -> None:
    transition(
        posted,
        "cancel",
        user=it_strategy,
        reason="The need has gone.",
        reason_fr="Le besoin n’existe plus.",
    )
    collecting.collect()
    tender = compiled(posted)["tender"]
    assert tender["status"] == "cancelled"
    (amendment,) = tender["amendments"]
    assert (amendment["rationale"], amendment["rationale_fr"]) == (
        "The need has gone.",
        "Le besoin n’existe plus.",
    )


def test_a_file_without_applications_is_unsuccessful(posted: Solicitation, it_strategy: Any) -> None:
    evaluations.opened(0, file=posted)
    collecting.collect()
    assert compiled(posted)["tender"]["status"] == "unsuccessful"
    assert compiled(posted)["tender"]["numberOfTenderers"] == 0


def test_a_release_cannot_be_changed_or_deleted(releases: list[Release]) -> None:
    for statement in ("UPDATE submissions_release SET text = '{}'", "DELETE FROM submissions_release"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_file_that_cannot_be_told_does_not_keep_the_others_back(
    posted: Solicitation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = proposals.make_file()
    record(broken, "file.posted", user=people.the(roles.IT_STRATEGY), data={"number": broken.number})
    collecting.collect()
    assert Record.objects.filter(solicitation=posted).exists()
    assert not Record.objects.filter(solicitation=broken).exists()
    assert broken.number in caplog.text


def test_a_release_that_the_standard_refuses_is_not_published(
    posted: Solicitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standard, "faults_of", lambda release: ["$.tender: wrong"])
    keys = list(ModelLogEntry.objects.filter(action="file.posted").values_list("pk", flat=True))
    with pytest.raises(collecting.NotValid, match="wrong"):
        collecting.publish(posted, keys)
    assert not Release.objects.exists()


def found(file: Solicitation) -> list[str]:
    connection.check_constraints()  # what was recorded is chained
    checks = [proving.releases(file, print), proving.record(file, print)]
    return [each.sentence for check in checks for each in check]


def test_nothing_is_found_of_what_was_published_at_once_or_bit_by_bit(
    posted: Solicitation, releases: list[Release], awarded: Solicitation
) -> None:
    assert found(awarded) == []
    record(posted, "file.opened", data={"number": posted.number, "count": 2})
    assert collecting.collect() == 1
    assert found(posted) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE submissions_release SET text = replace(text, '6500', '6501') WHERE sequence = 1", "digest"),
        # Who changes the digest as well is found by the digest that the audit keeps.
        (
            "UPDATE submissions_release SET text = replace(text, '6500', '6501'),"
            " digest = encode(sha256(convert_to(replace(text, '6500', '6501'), 'UTF8')), 'hex') WHERE sequence = 1",
            "not what was recorded",
        ),
        ("DELETE FROM submissions_release WHERE sequence = 3", "missing"),
        ("DELETE FROM submissions_release WHERE sequence = 7", "not there"),
        ("UPDATE submissions_record SET text = replace(text, '6500', '6501')", "record"),
        ("UPDATE submissions_record SET releases = '[]'", "record"),
        ("DELETE FROM submissions_record", "record"),
    ],
)
def test_open_data_that_was_changed_behind_the_back_is_found(
    releases: list[Release], awarded: Solicitation, statement: str, said: str
) -> None:
    assert behind_the_rules(statement)
    assert any(said in sentence for sentence in found(awarded))


def test_what_was_published_before_the_audit_kept_digests_is_recorded_once(
    awarded: Solicitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "record", lambda *_args, **_more: None)
    collecting.collect()
    assert found(awarded)
    importlib.import_module("submissions.migrations.0065_releases_recorded").record_releases(apps, None)
    assert found(awarded) == []


# --- the work --------------------------------------------------------------------------------------


def contract_of(file: Solicitation) -> Contract:
    found = results.contract_of(file)
    assert found is not None
    return found


def told_next(file: Solicitation) -> list[dict[str, Any]]:
    """The releases that what was just done brings."""
    count = Release.objects.filter(solicitation=file).count()
    collecting.collect()
    return [json.loads(each.text) for each in Release.objects.filter(solicitation=file)[count:]]


def test_work_that_is_extended_accepted_and_paid(releases: list[Release], awarded: Solicitation) -> None:
    record(awarded, "contract.extension_agreed", data={"number": awarded.number, "until": "2027-03-31"})
    assert [each["tag"] for each in told_next(awarded)] == [["contractAmendment"]]
    acceptance = contracts.accepted(contracts.judged(contracts.delivered(contract_of(awarded))))
    assert [each["tag"] for each in told_next(awarded)] == [["implementation"]]
    contracts.paid(acceptance)
    assert [each["tag"] for each in told_next(awarded)] == [
        ["implementationUpdate"],
        ["implementationUpdate"],
    ]

    (contract,) = compiled(awarded)["contracts"]
    assert contract["period"]["endDate"] == "2027-04-01T03:59:59Z"
    (milestone,) = contract["implementation"]["milestones"]
    (payment,) = contract["implementation"]["transactions"]
    (code,) = contract["implementation"]["documents"]
    assert milestone["status"] == "met"
    assert acceptance.commit in milestone["description"] and acceptance.commit in milestone["description_fr"]
    assert code["url"] == acceptance.contract.repository
    assert payment["value"] == {"amount": 6500, "currency": "CAD"}
    assert contract["status"] == "terminated"
    parties = {each["id"]: each["roles"] for each in compiled(awarded)["parties"]}
    assert parties[payment["payee"]["id"]] == ["supplier", "payee"]
    assert parties[payment["payer"]["id"]] == ["buyer", "procuringEntity", "payer"]


@pytest.mark.parametrize("kind", list(EndKind))
def test_how_a_contract_ended_is_not_told_and_the_next_supplier_is_another(
    releases: list[Release], awarded: Solicitation, kind: EndKind
) -> None:
    contract = contract_of(awarded)
    contracts.ended(contract, kind)
    (ended,) = told_next(awarded)
    assert ended["tag"] == ["contractTermination"]
    assert [set(each) for each in ended["contracts"]] == [{"id", "awardID", "status"}]

    ending.pass_on(contract, people.the(roles.IT_STRATEGY), (timezone.now() + timedelta(days=60)).date())
    assert [each["tender"]["status"] for each in told_next(awarded)] == ["active"]
    file = Solicitation.objects.get(pk=awarded.pk)
    awards.awarded(awards.accepted(awards.offered(file)))
    (again,) = told_next(awarded)
    assert again["tag"] == ["award", "contract"]
    both = compiled(awarded)
    assert [each["status"] for each in both["contracts"]] == ["terminated", "active"]
    suppliers = [each["suppliers"][0] for each in both["awards"]]
    assert suppliers[0]["id"] != suppliers[1]["id"]
    assert suppliers[0]["name"] != suppliers[1]["name"]


def test_the_part_that_is_paid_after_an_early_end_is_told_of_its_own_contract(
    releases: list[Release], awarded: Solicitation
) -> None:
    contract = contract_of(awarded)
    contracts.ended(contract, EndKind.CONVENIENCE)
    invoice = contracts.invoiced(Contract.objects.get(pk=contract.pk))
    ending.pass_on(contract, people.the(roles.IT_STRATEGY), (timezone.now() + timedelta(days=60)).date())
    awards.awarded(awards.accepted(awards.offered(Solicitation.objects.get(pk=awarded.pk))))
    contracts.payment(contracts.approved(invoice))
    (*_before, paid) = told_next(awarded)
    (told_of,) = paid["contracts"]
    (payment,) = told_of["implementation"]["transactions"]
    assert payment["value"]["amount"] == float(invoice.subtotal) < float(contract.price)
    first, second = compiled(awarded)["contracts"]
    assert told_of["id"] == first["id"] and first["status"] == "terminated"
    assert "implementation" not in second
    assert invoice.subtotal != invoice.total and str(invoice.total) not in json.dumps(paid)


def test_every_act_that_brings_a_release_is_one_that_the_audit_knows() -> None:
    assert set(EVENTS) <= {act.name for act in ACTS}
