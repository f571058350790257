"""What the addresses of the open data answer: packages, pages, one download, the opportunities, and to whom."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from jsonschema import Draft4Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from submissions.records.opendata import collecting, packages, standard
from submissions.records.opendata.models import Release
from submissions.solicitations.models import Solicitation
from tests.factories import listings

pytestmark = pytest.mark.django_db

LIST = "/open-data/opportunities.json"
RELEASES, RECORDS, LINES = (
    "/open-data/ocds/releases.json",
    "/open-data/ocds/records.json",
    "/open-data/ocds/releases.jsonl",
)


def got(client: Client, address: str, **query: str) -> dict[str, Any]:
    response = client.get(address, query)
    assert response.status_code == 200, response.content
    found: dict[str, Any] = json.loads(response.content)
    return found


def faults_of_package(package: dict[str, Any]) -> list[str]:
    folder = Path(standard.__file__).with_name("standard")
    schema = json.loads((folder / "release-package-schema.json").read_text(encoding="utf-8"))
    release = DRAFT4.create_resource(standard.release_schema())
    known = Registry().with_resource(schema["properties"]["releases"]["items"]["$ref"], release)
    return [error.message for error in Draft4Validator(schema, registry=known).iter_errors(package)]


# --- open contracting ----------------------------------------------------------------------------


def test_releases_come_in_valid_packages_the_newest_first(client: Client, releases: list[Release]) -> None:
    package = got(client, RELEASES)
    assert faults_of_package(package) == []
    shown = [each["id"] for each in package["releases"]]
    assert shown[: len(releases)] != sorted(shown[: len(releases)])
    assert {each.name for each in releases} <= set(shown)
    assert package["version"] == "1.1"
    assert len(package["extensions"]) == 2


def test_the_feed_goes_on_where_a_page_ends(
    client: Client, releases: list[Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "PAGE", 3)
    seen: list[str] = []
    address = RELEASES
    while address:
        package = got(client, address)
        assert faults_of_package(package) == []
        seen += [each["id"] for each in package["releases"]]
        address = package.get("links", {}).get("next", "").removeprefix("http://testserver")
    assert len(seen) == len(set(seen)) == Release.objects.count()


def test_the_feed_can_begin_at_a_moment(client: Client, releases: list[Release]) -> None:
    assert got(client, RELEASES, since="2020-01-01")["releases"]
    tomorrow = (timezone.now() + timedelta(days=2)).isoformat()
    assert client.get(RELEASES, {"since": tomorrow}).status_code == 404
    beyond = ("9999-12-31T23:00:00-05:00", "0001-01-01T00:00:00+05:00")
    for nonsense in ("yesterday", "2026-99-99", "\x00", "9" * 200, *beyond):
        assert client.get(RELEASES, {"since": nonsense, "before": nonsense}).status_code == 200


def test_one_release_is_what_was_published_to_the_byte(client: Client, releases: list[Release]) -> None:
    response = client.get(f"/open-data/ocds/releases/{releases[0].name}.json")
    assert releases[0].text in response.content.decode()
    assert faults_of_package(json.loads(response.content)) == []


def test_a_record_holds_every_release_and_the_compiled_one(
    client: Client, releases: list[Release], awarded: Solicitation
) -> None:
    package = got(client, f"/open-data/ocds/records/{standard.ocid_of(awarded.number)}.json")
    (record,) = package["records"]
    assert [each["id"] for each in record["releases"]] == [each.name for each in releases]
    assert record["compiledRelease"]["ocid"] == record["ocid"] == standard.ocid_of(awarded.number)
    assert record["compiledRelease"]["tag"] == ["compiled"]


def test_records_link_their_releases(client: Client, releases: list[Release], awarded: Solicitation) -> None:
    found = {each["ocid"]: each for each in got(client, RECORDS)["records"]}
    record = found[standard.ocid_of(awarded.number)]
    first = record["releases"][0]["url"].removeprefix("http://testserver").partition("#")[0]
    assert got(client, first)["releases"][0]["id"] == releases[0].name


def test_everything_is_one_download_with_one_release_a_line(
    client: Client, releases: list[Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "BATCH", 2)
    response = client.get(LINES)
    lines = response.getvalue().decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == list(
        Release.objects.order_by("pk").values_list("name", flat=True)
    )
    assert client.get(LINES, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_the_feed_costs_the_same_however_much_there_is(
    client: Client, releases: list[Release], django_assert_max_num_queries: Any
) -> None:
    for address in (RELEASES, RECORDS):
        with django_assert_max_num_queries(5):  # the middleware’s among them
            client.get(address)


def test_what_did_not_change_is_not_sent_again(client: Client, releases: list[Release]) -> None:
    for address in (RELEASES, RECORDS, LIST):
        first = client.get(address)
        assert "max-age=60" in first["Cache-Control"]
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    moment = client.get(RELEASES)["Last-Modified"]
    assert client.get(RELEASES, headers={"If-Modified-Since": moment}).status_code == 304


def test_without_a_prefix_there_is_no_feed_and_no_link(
    client: Client, releases: list[Release], awarded: Solicitation, settings: Any
) -> None:
    page = awarded.page("en")
    assert page is not None
    assert "/open-data/ocds/" in client.get(f"{page.url}?fresh").content.decode()
    ocid = standard.ocid_of(awarded.number)
    settings.MICROACQ_OCID_PREFIX = ""
    for address in (
        *(RELEASES, RECORDS, LINES),
        f"/open-data/ocds/records/{ocid}.json",
        f"/open-data/ocds/releases/{releases[0].name}.json",
    ):
        assert client.get(address).status_code == 404, address
    for address in (page.url, "/en/open-data/"):
        assert "/open-data/ocds/" not in client.get(f"{address}?again").content.decode()
    assert got(client, f"/open-data/opportunities/{awarded.number}.json")["open_contracting_record"] is None


# --- the opportunities ---------------------------------------------------------------------------


def test_opportunities_are_listed_in_both_languages(client: Client, awarded: Solicitation) -> None:
    found = {each["number"]: each for each in got(client, LIST)["opportunities"]}
    entry = found[awarded.number]
    assert entry["title"] == {"en": awarded.title_en, "fr": awarded.title_fr}
    assert entry["state"] == "awarded"
    assert entry["price_cad"] == entry["awarded_value_cad"] == "6500.00"
    assert entry["amendments"] == 1
    for language in ("en", "fr"):
        page = awarded.page(language)
        assert page is not None
        assert entry["pages"][language].endswith(page.url)


def test_the_filters_are_those_of_the_list(
    client: Client, awarded: Solicitation, posted: Solicitation
) -> None:
    def numbers(**query: str) -> list[str]:
        return [each["number"] for each in got(client, LIST, **query)["opportunities"]]

    assert numbers(state="open") == [posted.number]
    assert numbers(state="awarded") == [awarded.number]
    assert numbers(price_min="7000") == []
    assert numbers(q=awarded.number) == [awarded.number]
    answer = got(client, LIST, state="nonsense", page="99999999999999999999", q="\x00")
    assert answer["not_understood"]
    assert answer["page"] == answer["pages"] == 1


def test_one_opportunity_has_its_text_as_last_amended(
    client: Client, releases: list[Release], awarded: Solicitation
) -> None:
    entry = got(client, f"/open-data/opportunities/{awarded.number}.json")
    assert entry["criteria"][0]["en"]
    assert entry["criteria"][0]["fr"]
    assert entry["work"]["en"]
    assert "<" not in entry["work"]["en"]
    record = entry["open_contracting_record"].removeprefix("http://testserver")
    assert got(client, record)["records"]


def test_listing_many_costs_the_same_number_of_queries(
    client: Client, posted: Solicitation, django_assert_max_num_queries: Any
) -> None:
    page = posted.page("en")
    client.get(LIST)
    with django_assert_max_num_queries(20) as few:
        client.get(LIST, {"q": "date"})
    listings.add_copies(page, 30, [])
    with django_assert_max_num_queries(20) as many:
        client.get(LIST, {"q": "date"})
    assert len(many) == len(few)


def test_what_many_ask_for_is_made_once(
    client: Client, posted: Solicitation, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25) as made:
        client.get(LIST)
    with django_assert_max_num_queries(9) as kept:
        client.get(LIST)
    assert len(kept) < len(made)


def test_a_deadline_that_passes_is_not_hidden_by_a_kept_answer(client: Client, posted: Solicitation) -> None:
    from tests.factories import proposals

    assert got(client, LIST, state="open")["count"] == 1
    proposals.set_deadline(posted, after=timedelta(seconds=0))
    collecting.page_cache.bump()
    assert got(client, LIST, state="open")["count"] == 0


# --- everybody -----------------------------------------------------------------------------------


def test_scripts_of_any_site_may_read_and_nothing_can_be_sent(
    client: Client, releases: list[Release]
) -> None:
    for address in (LIST, RELEASES, RECORDS, LINES):
        response = client.get(address)
        assert response["Access-Control-Allow-Origin"] == "*"
        assert not response.cookies
        asked = client.options(address)
        assert (asked.status_code, asked["Access-Control-Allow-Headers"]) == (
            204,
            "If-None-Match, If-Modified-Since",
        )
        refused = client.post(address, {"number": "1"})
        assert refused.status_code == 405
        assert json.loads(refused.content)["detail"]["fr"]


def test_what_is_not_there_is_said_in_both_languages(client: Client, posted: Solicitation) -> None:
    for address in (
        "/open-data/opportunities/MA-1999-0001.json",
        "/open-data/opportunities/%00.json",
        "/open-data/ocds/records/nothing.json",
    ):
        response = client.get(address)
        assert response.status_code == 404
        assert set(json.loads(response.content)["detail"]) == {"en", "fr"}


def test_the_page_about_it_is_in_both_languages(client: Client, posted: Solicitation) -> None:
    for language, heading in (("en", "Open data"), ("fr", "Données ouvertes")):
        with translation.override(language):
            address = reverse("opendata_guide:page")
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert page.h1 is not None
        assert page.h1.get_text() == heading
        links = {each["href"] for each in page.select("main a[href]")}
        assert {LIST, RELEASES, RECORDS, LINES} <= links
