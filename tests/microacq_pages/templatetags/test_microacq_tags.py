"""What the public templates can say, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation

from microacq_pages.formats import NO_BREAK
from microacq_pages.models import PublicStatus

DEADLINE = datetime(2021, 7, 13, 3, 59, tzinfo=UTC)


def render(source: str, language: str, **context: Any) -> str:
    with translation.override(language):
        return Template("{% load microacq_tags %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "english", "french"),
    [
        ("{{ price|money }}", "$6,500", f"6{NO_BREAK}500{NO_BREAK}$"),
        (
            "{{ deadline|eastern }}",
            f"July 12, 2021, 11:59{NO_BREAK}p.m. Eastern time (EDT)",
            f"12 juillet 2021, 23{NO_BREAK}h{NO_BREAK}59, heure de l’Est (HAE)",
        ),
        ("{{ deadline|date_long }}", "July 12, 2021", "12 juillet 2021"),
        ("{{ deadline|date_iso }}", "2021-07-12", "2021-07-12"),
        ("{{ day|date_iso }}", "2026-03-08", "2026-03-08"),
        ("{{ deadline|time_left:now }}", f"2{NO_BREAK}days", f"2{NO_BREAK}jours"),
        ("{{ size|file_size }}", f"61{NO_BREAK}KB", f"61{NO_BREAK}Ko"),
        ("[{{ nothing|money }}{{ nothing|eastern }}{{ nothing|date_iso }}]", "[]", "[]"),
    ],
)
def test_filters_follow_the_language_of_the_page(source: str, english: str, french: str) -> None:
    context = {
        "price": Decimal("6500.00"),
        "deadline": DEADLINE,
        "day": date(2026, 3, 8),
        "now": DEADLINE - timedelta(days=2),
        "size": 61_000,
        "nothing": None,
    }
    assert render(source, "en", **context) == english
    assert render(source, "fr", **context) == french


def test_the_time_left_falls_back_on_the_clock_of_the_server() -> None:
    deadline = timezone.now() + timedelta(hours=5, minutes=1)
    assert render("{{ deadline|time_left }}", "en", deadline=deadline).startswith(f"5{NO_BREAK}hours")


@pytest.mark.parametrize(
    ("licence", "url"),
    [
        ("MIT", "https://spdx.org/licenses/MIT.html"),
        ("GPL-3.0-or-later", "https://spdx.org/licenses/GPL-3.0-or-later.html"),
        ("MIT OR Apache-2.0", ""),
        ("", ""),
    ],
)
def test_only_one_licence_alone_has_an_address(licence: str, url: str) -> None:
    assert render("{{ licence|spdx_url }}", "en", licence=licence) == url


def test_a_summary_is_the_first_paragraph_without_markup() -> None:
    html = "<h3>About</h3><p>Cats &amp; <b>dogs</b>.</p><p>More.</p>"
    assert render("{{ html|first_paragraph }}", "en", html=html) == "Cats &amp; dogs."
    assert render("{{ html|first_paragraph }}", "en", html="") == ""


def test_addresses_are_shown_without_scheme() -> None:
    url = "https://www.example.org/project/"
    assert render("{{ url|short_url }}", "en", url=url) == "example.org/project"


@pytest.mark.parametrize(
    ("state", "is_open", "text", "kind"),
    [
        (None, False, "Draft", "draft"),
        ("", False, "Draft", "draft"),
        (PublicStatus.State.POSTED, True, "Open", "open"),
        ("posted", False, "Closed", "closed"),
        ("opened", False, "Being evaluated", "closed"),
        ("cancelled", False, "Cancelled", "cancelled"),
    ],
)
def test_the_state_of_an_opportunity_is_a_word(
    state: str | None, is_open: bool, text: str, kind: str
) -> None:
    html = render("{% state_label state is_open %}", "en", state=state, is_open=is_open)
    assert text in html
    assert f"label--{kind}" in html


def test_the_links_of_canada_ca_have_the_names_of_their_language() -> None:
    source = '{% canada_ca_links "corporate" as links %}{{ links.4.text }} {{ links.4.url }}'
    english = "Privacy https://www.canada.ca/en/transparency/privacy.html"
    french = "Confidentialité https://www.canada.ca/fr/transparence/confidentialite.html"
    assert (render(source, "en"), render(source, "fr")) == (english, french)


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on your invoice.")
    language = forms.ChoiceField(
        label="Language", choices=[("en", "English"), ("fr", "French")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="I agree")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def field_html(form: forms.Form, name: str, **context: Any) -> BeautifulSoup:
    return BeautifulSoup(
        render_to_string("includes/forms/field.html", {"field": form[name], **context}), "html.parser"
    )


def test_every_field_has_a_label_and_names_its_hint_and_error() -> None:
    soup = field_html(Sample({}), "name", word_limit=250)
    box = soup.find("input")
    assert soup.find("label", attrs={"for": box["id"]}).get_text(" ", strip=True).startswith("Name")
    for described in box["aria-describedby"].split():
        assert soup.find(id=described), described
    assert box["aria-invalid"] == "true"
    assert "250" in soup.find(id="id_name_count").get_text()


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    soup = field_html(Sample({}), "language", hint="Either is fine.")
    group = soup.find("fieldset")
    assert group.find("legend").get_text(" ", strip=True).startswith("Language")
    assert len(group.find_all("input", type="radio")) == 2
    for described in group["aria-describedby"].split():
        assert soup.find(id=described), described


def test_the_list_of_errors_leads_to_the_first_input_of_each_field() -> None:
    form = Sample({})
    soup = BeautifulSoup(render_to_string("includes/forms/error_summary.html", {"form": form}), "html.parser")
    targets = [link["href"] for link in soup.find_all("a")]
    assert targets == ["#id_name", "#id_language_0", "#id_agree"]
    fields = BeautifulSoup(
        "".join(render_to_string("includes/forms/field.html", {"field": field}) for field in form),
        "html.parser",
    )
    for target in targets:
        assert fields.find(id=target[1:]), target


def test_a_form_without_errors_has_no_list_of_errors() -> None:
    form = Sample({"name": "A", "language": "en", "agree": "on"})
    assert form.is_valid()
    assert render_to_string("includes/forms/error_summary.html", {"form": form}).strip() == ""
