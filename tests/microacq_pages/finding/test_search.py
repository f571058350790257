"""Keywords find what a person means, in the language of the page; filters and their counts agree."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from microacq_pages.models import Opportunity, Skill

ADDRESS = {"en": "/en/opportunities/", "fr": "/fr/opportunites/"}


def soup_of(client: Client, language: str = "en", **asked: Any) -> BeautifulSoup:
    response = client.get(ADDRESS[language], asked)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    results = soup.find(id="results")
    links = results.select("article h4 a, .rows__title a")
    return [" ".join(link.get_text().split()) for link in links]


#: Language, what is typed, what is found.
SEARCHES: list[tuple[str, str, list[str]]] = [
    ("en", "date picker", ["Accessible date picker"]),
    ("en", "dates pickers", ["Accessible date picker"]),
    ("en", "PICKER", ["Accessible date picker"]),
    ("en", "validat", ["Validator of open data sets"]),
    ("en", "documentati", ["Improve the translated documentation"]),
    ("en", '"open data"', ["Validator of open data sets"]),
    ("en", "picker stemming", []),
    ("fr", "sélecteur", ["Sélecteur de dates accessible"]),
    ("fr", "selecteurs", ["Sélecteur de dates accessible"]),
    ("fr", "SÉLECTEUR", ["Sélecteur de dates accessible"]),
    ("fr", "donnee ouverte", ["Validateur de jeux de données ouvertes"]),
    ("fr", "l’amélioration", ["Améliorer la documentation traduite"]),
    ("fr", "ameliorer", ["Améliorer la documentation traduite"]),
    ("fr", "amélior", ["Améliorer la documentation traduite"]),
    ("fr", "francais", ["Racinisation du français pour la recherche"]),
    ("fr", "recherches", ["Racinisation du français pour la recherche"]),
    ("fr", "picker", []),
]


def test_keywords_find_forms_beginnings_and_what_has_accents(
    client: Client, opportunities: dict[str, Opportunity]
) -> None:
    found = [(language, typed, titles(soup_of(client, language, q=typed))) for language, typed, _ in SEARCHES]
    assert found == SEARCHES


def test_the_number_of_a_file_finds_it(client: Client, opportunities: dict[str, Opportunity]) -> None:
    status = opportunities["stemming"].public_status
    assert status
    assert titles(soup_of(client, q=f" {status.number.lower()} ")) == ["French stemming for search"]
    short = status.number.removeprefix("MA-").replace("-0", " ")
    assert titles(soup_of(client, q=short)) == ["French stemming for search"]
    assert titles(soup_of(client, "fr", q=status.number)) == ["Racinisation du français pour la recherche"]


def test_words_that_say_nothing_ask_for_nothing(client: Client, opportunities: Any) -> None:
    assert len(titles(soup_of(client, q="the of"))) == len(opportunities)
    assert len(titles(soup_of(client, q="data of the"))) == 1


def number_of(name: str) -> int:
    skill = Skill.objects.get(name=name)
    return min(Skill.objects.filter(translation_key=skill.translation_key).values_list("pk", flat=True))


def counts(soup: BeautifulSoup, name: str) -> dict[str, int]:
    found = {}
    for field in soup.find_all("input", attrs={"name": name}):
        words = " ".join(soup.find("label", attrs={"for": field["id"]}).get_text(" ").split())
        if "(" in words:
            label, _, rest = words.rpartition(" (")
            found[label] = int(rest.split()[0].rstrip(")"))
    return found


def test_each_choice_says_how_many_it_would_give_with_the_other_filters(
    client: Client, opportunities: dict[str, Opportunity]
) -> None:
    soup = soup_of(client)
    assert counts(soup, "skill") == {"Accessibility": 3, "Python": 2}
    assert counts(soup, "state") == {"Open": 3, "Closed": 1}
    assert counts(soup, "closing") == {
        "Within 3 days": 0, "Within 7 days": 0, "Within 14 days": 1, "Within 30 days": 2,
    }  # fmt: skip
    options = [option.get_text() for option in soup.find(id="find-project").find_all("option")]
    assert options == ["All projects", "Open design (4)"]

    narrowed = soup_of(client, skill=number_of("Python"), state="open")
    assert titles(narrowed) == ["French stemming for search", "Validator of open data sets"]
    assert counts(narrowed, "skill") == {"Accessibility": 2, "Python": 2}
    assert counts(narrowed, "state") == {"Open": 2}
    assert counts(narrowed, "closing")["Within 30 days"] == 1
    assert "2 opportunities, 2 open" in narrowed.find(id="results-title").get_text()


def test_every_choice_gives_as_many_as_it_says(client: Client, opportunities: Any) -> None:
    soup = soup_of(client, price_max="5000")
    for field in soup.select("form.finder input[type=checkbox], form.finder input[type=radio]"):
        label = soup.find("label", attrs={"for": field["id"]})
        said = label.find(class_="secondary")
        if said:
            found = titles(soup_of(client, price_max="5000", **{field["name"]: field["value"]}))
            assert len(found) == int(said.get_text().strip("( )")), label


#: What is asked, and which are found.
FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({"price_min": "4000"}, {"stemming", "open-data"}),
    ({"price_max": "3 000,00 $"}, {"date-picker", "translator"}),
    ({"price_min": "$2,500", "price_max": "4000.00"}, {"stemming", "translator"}),
    ({"price_min": "4000", "price_max": "2500"}, {"stemming", "translator"}),
    ({"closing": "14"}, {"date-picker"}),
    ({"state": "closed"}, {"translator"}),
    ({"state": ["closed", "open"]}, {"date-picker", "stemming", "open-data", "translator"}),
]


def test_price_time_and_state(client: Client, opportunities: dict[str, Opportunity]) -> None:
    slugs = {opportunity.title: slug for slug, opportunity in opportunities.items()}
    found = [(asked, {slugs[title] for title in titles(soup_of(client, **asked))}) for asked, _ in FILTERS]
    assert found == FILTERS


def test_a_filter_is_the_same_address_in_both_languages(client: Client, opportunities: Any) -> None:
    soup = soup_of(client, skill=number_of("Accessibility"), closing="30", q="")
    other = soup.select_one(".brand__language a")["href"]
    assert other.startswith("/fr/opportunites/?skill=")
    french = BeautifulSoup(client.get(other).content, "html.parser")
    assert titles(french) == ["Sélecteur de dates accessible"]
    assert "Accessibilité" in french.find(class_="applied").get_text()


def test_each_filter_in_force_can_be_taken_away(client: Client, opportunities: Any) -> None:
    soup = soup_of(client, q="data", skill=number_of("Python"), price_max="9000")
    links = {link.get_text(): link["href"] for link in soup.select(".applied a")}
    assert [label for label in links if "Python" in label]
    without = BeautifulSoup(
        client.get(next(href for label, href in links.items() if "data" in label)).content, "html.parser"
    )
    assert len(titles(without)) == 2
    assert links["Clear all"] == "/en/opportunities/#results"


def test_an_empty_result_says_what_to_take_away(client: Client, opportunities: Any) -> None:
    soup = soup_of(client, q="stemming", price_max="1000")
    results = soup.find(id="results")
    assert "No opportunity matches all of this." in results.get_text()
    offers = {link.get_text(): link["href"] for link in results.select("ul:not(.applied) a")}
    assert list(offers) == ["Without Up to $1,000: 1 opportunity"]
    assert titles(BeautifulSoup(client.get(*offers.values()).content, "html.parser")) == [
        "French stemming for search"
    ]


def test_words_that_resemble_are_shown_as_such(client: Client, opportunities: Any) -> None:
    soup = soup_of(client, q="acessible")
    assert "Nothing has exactly “acessible”." in soup.find(id="results").get_text()
