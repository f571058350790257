"""What the glossary says of a text and its translation, and its way through CSV."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from microacq_pages import pairs
from microacq_pages.glossary import checks, seeding, tables
from microacq_pages.glossary.terms import Glossary
from microacq_pages.models import GlossaryTerm
from tests.factories import pages

pytestmark = pytest.mark.django_db


def make_term(english: str, french: str, **more: str) -> GlossaryTerm:
    return GlossaryTerm.objects.create(english=english, french=french, **more)


@pytest.fixture(autouse=True)
def empty_glossary(db: None) -> None:
    GlossaryTerm.objects.all().delete()


def test_a_translation_that_follows_the_glossary_has_no_departure() -> None:
    make_term("application", "demande", avoid_french="soumission\napplication")
    glossary = Glossary.between("en", "fr")
    assert glossary.departures("Your applications", "Vos demandes") == []
    assert [str(term) for term in glossary.in_text("Your applications")] == ["application – demande"]


def test_an_avoided_word_and_an_absent_one_are_told_apart() -> None:
    make_term("application", "demande", avoid_french="soumission")
    glossary = Glossary.between("en", "fr")
    (avoided,) = glossary.departures("Your application", "Votre soumission")
    (absent,) = glossary.departures("Your application", "Votre dossier")
    assert (avoided.avoided, avoided.wanted) == ("soumission", ("demande",))
    assert absent.avoided == ""


def test_an_avoided_word_is_no_fault_where_its_term_does_not_occur() -> None:
    make_term("application", "demande", avoid_french="application")
    assert Glossary.between("en", "fr").departures("A law", "L’application de la loi") == []


def test_of_two_terms_that_are_one_word_in_the_source_either_will_do() -> None:
    make_term("issue", "point", domain="technology")
    make_term("issue", "problème", domain="administration")
    glossary = Glossary.between("en", "fr")
    assert glossary.departures("An issue", "Un problème") == []
    assert glossary.departures("An issue", "Un point") == []
    (departure,) = glossary.departures("An issue", "Une chose")
    assert set(departure.wanted) == {"point", "problème"}


def test_the_glossary_is_read_in_the_other_direction_too() -> None:
    make_term("application", "demande", avoid_english="bid")
    (departure,) = Glossary.between("fr", "en").departures("Vos demandes", "Your bids")
    assert departure.avoided == "bid"


def test_the_departments_terms_are_seeded_once_and_then_left_to_their_editors() -> None:
    (line,) = seeding.seed()
    assert "terms" in line
    GlossaryTerm.objects.get(english="opportunity")
    GlossaryTerm.objects.exclude(english="contract").delete()
    assert seeding.seed() == []
    assert GlossaryTerm.objects.count() == 1


def test_the_departments_own_words_follow_its_glossary() -> None:
    seeding.seed()
    glossary = Glossary.between("en", "fr")
    departures = [
        (term.english, departure.term.english)
        for term in GlossaryTerm.objects.all()
        for departure in glossary.departures(term.english, term.french)
    ]
    assert departures == []


def test_terms_come_back_from_csv_as_they_left() -> None:
    seeding.seed()
    make_term("=1+1", "@x", note="-2", also_french="a\nb")
    before = list(GlossaryTerm.objects.order_by("english").values(*tables.COLUMNS))
    text = tables.written(GlossaryTerm.objects.all())
    assert "\n=1+1" not in text
    GlossaryTerm.objects.all().delete()
    tables.take(tables.read(text.encode()))
    assert list(GlossaryTerm.objects.order_by("english").values(*tables.COLUMNS)) == before
    again = tables.take(tables.read(text.encode()))
    assert (again.added, again.changed, again.same) == (0, 0, len(before))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"a,b\n1,2\n", "columns"),
        (b"english,french\ncontract,\n", "Line 2"),
        (b"english,french,domain\ncontract,contrat,poetry\n", "Line 2"),
        (b"english,french\n" + b"x" * tables.LARGEST_FILE, "1 MB"),
        (b'english,french\n"a"b,c\n', "CSV"),
        (b"english,french\na,b\nA,c\nx,\n", "Line 4"),
    ],
)
def test_a_file_that_cannot_be_taken_changes_nothing_and_says_why(
    it_strategy: Any, data: bytes, fault: str
) -> None:
    client = Client()
    client.force_login(it_strategy)
    response = client.post(reverse("microacq_glossary_import"), {"file": SimpleUploadedFile("t.csv", data)})
    assert response.status_code == 422
    assert fault in response.content.decode()
    assert not GlossaryTerm.objects.exists()


def test_warnings_of_a_translation_take_two_queries_however_long_it_is(
    django_assert_num_queries: Any,
) -> None:
    seeding.seed()
    counts = []
    for criteria in (1, 12):
        page = pages.make_opportunity(criteria=criteria, slug=f"c{criteria}")
        pages.translate(page)
        translation = pairs.translation_of(page)
        translation.source.specific_content_type  # noqa: B018 (loaded before counting)
        with django_assert_num_queries(3):
            counts.append(len(checks.check(translation).strings))
    assert counts[0] <= counts[1]
