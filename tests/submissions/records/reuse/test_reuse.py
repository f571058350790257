"""The catalogue from completion on: its entry, the files of the standards, staff’s screens and the public page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yamale
import yaml
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages import roles
from submissions.awards import access
from submissions.records.reuse import entries, finding, ore, pages, publiccode
from submissions.records.reuse.enums import Category, Languages, Maintenance, SoftwareType, Status
from submissions.records.reuse.models import CatalogueEntry
from submissions.records.reuse.viewsets import ore_of, publiccode_of
from submissions.solicitations.models import Solicitation
from tests.factories import contracts, people, proposals, selections

SCHEMA = yamale.make_schema(Path(__file__).parents[3] / "schemas" / "ore-schema-code.yaml", parser="PyYAML")
TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\ufeff"),
    min_size=1,
    max_size=80,
).filter(str.strip)


@pytest.fixture(autouse=True)
def _no_page_is_kept_from_another_test() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def _completed_of_module(module_transaction: None) -> int:
    posted = proposals.make_posted_file(people.the(roles.CLIENT), people.the(roles.IT_STRATEGY))
    begun = contracts.under_way(selections.selected(1, failing=0, file=posted))
    contract = contracts.paid(contracts.accepted(contracts.judged(contracts.delivered(begun))))
    connection.check_constraints()
    return CatalogueEntry.objects.get(contract=contract).pk


@pytest.fixture
def entry(_completed_of_module: int, db: None) -> CatalogueEntry:
    """The entry of a file that was completed."""
    return CatalogueEntry.objects.get(pk=_completed_of_module)


def sample(**changes: Any) -> CatalogueEntry:
    """An entry that no database keeps."""
    values: dict[str, Any] = {
        "number": "MA-2026-0001",
        "name_en": "Date picker",
        "name_fr": "Sélecteur de dates",
        "what_en": "Chooses a date: by keyboard.",
        "what_fr": "Choisit une date : au clavier.",
        "tags_en": ["accessibility", "yes"],
        "tags_fr": ["accessibilité", "oui"],
        "licence": "MIT",
        "repository": "https://github.com/example/picker",
        "created_on": date(2026, 11, 1),
        "changed_on": date(2026, 11, 20),
        "category": Category.DEVELOPMENT,
    }
    return CatalogueEntry(**{**values, **changes})


def assert_valid(text: str) -> None:
    """As the exchange checks its files; refuses with what is wrong."""
    yamale.validate(SCHEMA, yamale.make_data(content=text, parser="PyYAML"))


# --- the standards ---------------------------------------------------------------------------------


def test_dates_and_category_stay_texts() -> None:
    text = ore.document([ore.release(sample(), "a@b.gc.ca", {})], "abc-def")
    assert_valid(text)
    assert 'category: "43232400"' in text and 'created: "2026-11-01"' in text
    assert yaml.safe_load(text)["releases"][0]["tags"] == {
        "en": ["accessibility", "yes"],
        "fr": ["accessibilité", "oui"],
    }


@given(
    name=TEXT,
    what=TEXT,
    tags=st.lists(TEXT, max_size=3),
    licence=st.sampled_from(["MIT", "Apache-2.0", "MIT OR Apache-2.0", "GPL-3.0-or-later"]),
    category=st.sampled_from(Category),
    status=st.sampled_from(Status),
)
def test_whatever_was_written_the_entry_is_valid_and_reads_back(
    name: str, what: str, tags: list[str], licence: str, category: Category, status: Status
) -> None:
    entry = sample(
        name_en=name, name_fr=name, what_en=what, what_fr=what, tags_en=tags, tags_fr=tags, licence=licence
    )
    entry.category, entry.status = category, status
    text = ore.document([ore.release(entry, "a@b.gc.ca", {"en": "https://a", "fr": "https://b"})], "abc-def")
    assert_valid(text)
    read = yaml.safe_load(text)["releases"][0]
    assert (read["name"]["en"], read["description"]["whatItDoes"]["fr"]) == (name, what)
    assert [each["spdxID"] for each in read["licences"]] == ore.licences(licence)


def written(entry: CatalogueEntry, described: str, built: list[str]) -> dict[str, Any]:
    """``publiccode.yml`` of an entry, read back."""
    texts = dict.fromkeys(("en", "fr"), (described, built))
    read: dict[str, Any] = yaml.safe_load(publiccode.document(entry, texts))
    return read


@given(what=TEXT, described=st.text(max_size=400), kind=st.sampled_from(SoftwareType))
def test_publiccode_keeps_the_limits_of_the_standard(what: str, described: str, kind: SoftwareType) -> None:
    entry = sample(what_en=what, what_fr=what, software_type=kind)
    read = written(entry, described, ["Works"])
    assert read["publiccodeYmlVersion"] == "0.7"
    for language in ("en", "fr"):
        shown = read["description"][language]
        assert 0 < len(shown["shortDescription"]) <= 150
        assert 150 <= len(shown["longDescription"]) <= 10_000
        assert shown["features"]
    assert (read["legal"], read["maintenance"]) == ({"license": "MIT"}, {"type": "none"})
    assert read["intendedAudience"] == {"countries": ["CA"]}
    assert read["platforms"] and read["softwareType"] == kind


def test_the_short_description_is_one_sentence_and_languages_are_those_that_staff_chose() -> None:
    read = written(sample(what_en="Chooses a date. By keyboard.", languages=Languages.FRENCH), "", [])
    assert read["description"]["en"]["shortDescription"] == "Chooses a date."
    assert read["localisation"] == {"localisationReady": False, "availableLanguages": ["fr"]}


def test_who_maintains_is_named() -> None:
    entry = sample(maintenance=Maintenance.INTERNAL, maintainer="Ada Tremblay")
    read = written(entry, "", [])
    assert read["maintenance"] == {"type": "internal", "contacts": [{"name": "Ada Tremblay"}]}
    assert set(_faults(sample(maintenance=Maintenance.COMMUNITY))) == {"maintainer"}


def _faults(entry: CatalogueEntry) -> dict[str, list[str]]:
    try:
        entry.clean()
    except ValidationError as refusal:
        return dict(refusal.message_dict)
    return {}


def test_as_many_keywords_in_both_languages() -> None:
    assert "tags_fr" in _faults(sample(tags_fr=["un"]))
    assert _faults(sample()) == {}


# --- from the file ---------------------------------------------------------------------------------


def test_completion_enters_the_code_in_both_languages(entry: CatalogueEntry) -> None:
    file = entry.contract.solicitation
    assert (entry.number, entry.licence, entry.repository) == (
        file.number,
        file.licence,
        entry.contract.repository,
    )
    assert entry.name_en != entry.name_fr
    assert entry.what_en and entry.what_fr
    assert entry.commit == contracts.COMMIT
    assert entries.make(Solicitation.objects.get(pk=file.pk)) == entry
    assert_valid(ore_of([entry]))
    assert yaml.safe_load(publiccode_of(entry))["url"] == entry.repository
    assert set(entries.addresses_of(entry)) == {"en", "fr"}


def test_an_entry_is_whole_in_both_languages_or_not_there(entry: CatalogueEntry) -> None:
    for change in ({"name_fr": " "}, {"what_en": ""}, {"maintenance": "internal"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CatalogueEntry.objects.filter(pk=entry.pk).update(**change)


def test_what_was_contracted_stays_in_the_entry(entry: CatalogueEntry) -> None:
    for change in ({"licence": "GPL-3.0-only"}, {"repository": "https://example.org"}, {"number": "X"}):
        with pytest.raises(IntegrityError, match="stay as contracted"), transaction.atomic():
            CatalogueEntry.objects.filter(pk=entry.pk).update(**change)
    with pytest.raises(IntegrityError, match="key of a row"), transaction.atomic():
        CatalogueEntry.objects.filter(pk=entry.pk).update(id=entry.pk + 1)
    with pytest.raises(IntegrityError, match="are kept"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM submissions_catalogueentry")


# --- the public page -------------------------------------------------------------------------------


def catalogue(language: str) -> pages.CataloguePage:
    return pages.CataloguePage.objects.live().get(locale__language_code=language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_public_finds_the_code_in_each_language(
    entry: CatalogueEntry, client: Client, language: str
) -> None:
    page = catalogue(language)
    name = entry.name_en if language == "en" else entry.name_fr
    for query in ("", f"?q={entry.number}", f"?licence={entry.licence}", "?page=99&project=no&x=y"):
        answer = client.get(f"{page.url}{query}")
        text = answer.content.decode()
        assert name in text and entry.repository in text and entry.number in text
    nothing = client.get(f"{page.url}?q=zzzz").content.decode()
    assert name not in nothing


def test_who_is_paid_and_how_is_not_public(entry: CatalogueEntry, client: Client) -> None:
    text = client.get(catalogue("en").url).content.decode()
    for secret in ("Main Street", "supplier@example.org", "600012345", "1900004711"):
        assert secret not in text


def test_the_list_costs_the_same_with_many_entries(entry: CatalogueEntry) -> None:
    page = catalogue("en")

    def queries(wanted: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            found = finding.find({"q": wanted}, page.locale_id, "en")
            assert found.rows
            list(found.page.object_list)
        return len(caught)

    assert queries("") == queries(entry.number) <= 6


# --- staff and supplier ----------------------------------------------------------------------------


def test_staff_put_an_entry_right_and_load_its_files(entry: CatalogueEntry, client: Client) -> None:
    client.force_login(people.the(roles.IT_STRATEGY))
    assert entry.number in client.get("/admin/catalogue/").content.decode()
    form = {
        "name_en": "Date picker",
        "name_fr": "Sélecteur de dates",
        "what_en": "Chooses a date.",
        "what_fr": "Choisit une date.",
        "tags_en": "dates, keyboard",
        "tags_fr": "dates, clavier",
        "category": Category.DEVELOPMENT.value,
        "status": Status.MAINTAINED.value,
        "software_type": SoftwareType.LIBRARY.value,
        "languages": Languages.ENGLISH.value,
        "maintenance": Maintenance.NONE.value,
        "maintainer": "",
    }
    address = f"/admin/catalogue/edit/{entry.pk}/"
    assert client.post(address, {**form, "tags_fr": "dates"}).status_code == 200
    assert client.post(address, form).status_code == 302
    entry.refresh_from_db()
    assert (entry.name_fr, entry.tags_en, entry.software_type) == (
        "Sélecteur de dates",
        ["dates", "keyboard"],
        "library",
    )
    assert_valid(client.get("/admin/catalogue/ore/").content.decode())
    assert_valid(client.get(f"/admin/catalogue/ore/{entry.pk}/").content.decode())
    assert "0.7" in client.get(f"/admin/catalogue/publiccode/{entry.pk}/").content.decode()


@pytest.mark.parametrize("role", [roles.EVALUATOR, roles.FINANCE, roles.CLIENT, roles.TRANSLATOR])
def test_others_do_not_reach_the_screens(entry: CatalogueEntry, client: Client, role: str) -> None:
    client.force_login(people.the(role))
    for path in ("", f"edit/{entry.pk}/", "ore/", f"publiccode/{entry.pk}/"):
        assert client.get(f"/admin/catalogue/{path}").status_code in (302, 403)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_supplier_loads_publiccode_by_the_link(
    entry: CatalogueEntry, client: Client, language: str
) -> None:
    address = access.make_address(entry.contract.offer.proposal, language, "reuse:publiccode")
    answer = client.get(urlsplit(address).path)
    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["url"] == entry.repository
    page = access.make_address(entry.contract.offer.proposal, language, "work:page")
    assert "publiccode.yml" in client.get(urlsplit(page).path).content.decode()
