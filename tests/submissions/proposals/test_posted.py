"""What the form page contributes to a posting, and what stands against posting."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from microacq_pages import pairs
from microacq_pages.publishing import PublicationBlocked
from submissions.proposals import posted
from submissions.proposals.forms import ProposalForm, terms_digest
from submissions.proposals.pages import ExtraQuestion, ProposalFormPage
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.enums import ItemKind
from tests.factories import pages, proposals

pytestmark = pytest.mark.django_db


def ask(**fields: Any) -> None:
    """Put an extra question on the form page of both languages."""
    french = fields.pop("french", {})
    english = ExtraQuestion(page=proposals.form_page("en"), locale=proposals.form_page("en").locale, **fields)
    english.save()
    ExtraQuestion.objects.create(
        page=proposals.form_page("fr"),
        locale=proposals.form_page("fr").locale,
        translation_key=english.translation_key,
        clean_name=english.clean_name,
        **{**fields, **french},
    )


def form(file: Any, data: Any = None, language: str = "en") -> ProposalForm:
    return ProposalForm(data, items=file.current_posting.items.all(), language=language)


def test_posting_an_opportunity_copies_everything_that_is_asked(author: Any, it_strategy: Any) -> None:
    ask(label="How did you hear of us?", field_type="singleline", required=False)
    file = proposals.make_posted_file(author, it_strategy, criteria=2)
    items = file.current_posting.items
    counted = {kind: items.filter(kind=kind).count() for kind in ItemKind}
    assert counted == {
        ItemKind.EVALUATION: 2,
        ItemKind.ACCEPTANCE: 3,
        ItemKind.CHECKLIST: 4,
        ItemKind.DELIVERY: 5,
        ItemKind.QUESTION: 1,
        ItemKind.CONFIRMATION: 3,
        ItemKind.TERMS: 1,
    }
    assert items.get(kind=ItemKind.TERMS).text_fr == proposals.form_page("fr").terms


def test_the_confirmations_name_date_and_price_in_each_language(file: Any) -> None:
    from microacq_pages.formats import date_long, money

    for language in ("en", "fr"):
        texts = " ".join(
            getattr(item, f"text_{language}")
            for item in file.current_posting.items.filter(kind="confirmation")
        )
        assert date_long(file.delivery_date, language) in texts
        assert money(file.price, language) in texts
        assert "PayPal" in texts


def test_what_editors_write_is_text_and_never_markup(client: Any) -> None:
    ask(
        label="Is 1 < 2 & <b>bold</b>?",
        field_type="singleline",
        help_text="<script>alert(1)</script>",
        required=True,
    )
    file = proposals.make_file()
    content = client.get(f"/en/apply/{file.number}/").content.decode()
    assert "<script>alert" not in content
    assert "Is 1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;?" in content
    assert "&amp;lt;" not in content


@pytest.mark.parametrize(
    ("field_type", "choices", "typed", "kept"),
    [
        ("singleline", "", " One line ", "One line"),
        ("multiline", "", "One\r\ntwo", "One\ntwo"),
        ("number", "", "3.50", "3.50"),
        ("url", "", "example.org/me", "https://example.org/me"),
        ("date", "", "2026-03-31", "2026-03-31"),
        ("checkbox", "", "on", "yes"),
        ("checkboxes", "Ontario\nQuebec, north", ["Ontario", "Quebec, north"], ["Ontario", "Quebec, north"]),
        ("radio", "A, B", "B", "B"),
        ("dropdown", "A, B", "A", "A"),
    ],
)
def test_every_kind_of_extra_question_is_asked_and_kept(
    client: Any, field_type: str, choices: str, typed: Any, kept: Any
) -> None:
    ask(label="A question", field_type=field_type, choices=choices, required=True)
    file = proposals.make_file()
    (name,) = form(file).named.questions
    assert client.get(f"/en/apply/{file.number}/").status_code == 200
    filled = form(file, proposals.answers(file, **{name: typed}))
    assert filled.is_valid(), filled.errors
    text = filled.proposal_text(number=file.number, posting="x", link=SupplierLink.generate())
    assert list(text["questions"].values()) == [kept]
    unanswered = form(file, {k: v for k, v in proposals.answers(file).items() if k != name})
    assert [problem.target.removesuffix("_0") for problem in unanswered.problems()] == [f"id_{name}"]


def test_an_optional_question_may_stay_empty() -> None:
    ask(label="A question", field_type="number", required=False)
    file = proposals.make_file()
    (name,) = form(file).named.questions
    filled = form(file, proposals.answers(file, **{name: ""}))
    assert filled.is_valid()
    assert filled.fields[name].label == "A question (optional)"


def test_choices_are_asked_in_the_language_of_the_page() -> None:
    ask(
        label="Where?",
        field_type="radio",
        choices="Here\nThere",
        french={"choices": "Ici\nLà-bas"},
        required=True,
    )
    file = proposals.make_file()
    (name,) = form(file, language="fr").named.questions
    assert [label for _value, label in form(file, language="fr").fields[name].choices] == ["Ici", "Là-bas"]


def test_each_statement_is_confirmed_on_its_own(file: Any) -> None:
    complete = proposals.answers(file)
    for item in file.current_posting.items.exclude(kind__in=["acceptance", "delivery", "evaluation"]):
        name = next(name for name in complete if name.endswith(item.identity.hex) and "_" in name)
        without = form(file, {k: v for k, v in complete.items() if k != name})
        assert list(without.errors) == [name]


def test_the_exact_terms_are_kept(file: Any) -> None:
    link = SupplierLink.generate()
    text = proposals.text_for(file, link)
    item = file.current_posting.items.get(kind=ItemKind.TERMS)
    assert text["terms"] == [{"identity": str(item.identity), "digest": terms_digest(item)}]
    item.text_fr += " "
    assert text["terms"][0]["digest"] != terms_digest(item)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_posted_without_checklist_and_terms(author: Any, it_strategy: Any, language: str) -> None:
    opportunity = pages.make_opportunity(author)
    pages.translate(opportunity)
    page = proposals.form_page(language)
    page.checklist.all().delete()
    ProposalFormPage.objects.filter(pk=page.pk).update(terms="")
    type(page.checklist.model.objects.first()).objects.filter(page=page).delete()
    with pytest.raises(PublicationBlocked) as refusal:
        pages.publish(opportunity, it_strategy)
    codes = {(blocker.code, blocker.language) for blocker in refusal.value.blockers}
    assert ("no-terms", language) in codes
    assert ("no-checklist", language) in codes


def test_a_guide_page_needs_no_form(author: Any) -> None:
    from submissions.proposals.hooks import refuse_posting_what_nobody_could_answer_or_open as blockers

    assert blockers(pages.make_content_page(author)) == []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("mode", ["", "form"])
def test_editors_preview_the_page_and_its_form(rf: Any, admin: Any, language: str, mode: str) -> None:
    ask(label="A question", field_type="radio", choices="A,B", required=True)
    page = proposals.form_page(language)
    with translation.override(language):
        response = page.make_preview_request(None, mode)
    assert response.status_code == 200
    assert page.terms in response.render().content.decode() or mode == ""


def test_the_form_page_is_translated_with_everything_on_it() -> None:
    english, french = (proposals.form_page(language) for language in ("en", "fr"))
    assert [s.translation_key for s in english.checklist.all()] == [
        s.translation_key for s in french.checklist.all()
    ]
    assert not {s.statement for s in english.checklist.all()} & {s.statement for s in french.checklist.all()}


def test_a_question_added_by_editors_reaches_suppliers_in_both_languages(
    author: Any, it_strategy: Any, client: Any
) -> None:
    page = pairs.latest(proposals.form_page("en"))
    page.form_fields = [
        ExtraQuestion(
            locale=page.locale, label="How did you hear of us?", field_type="singleline", required=False
        )
    ]
    page.save_revision(user=author)
    pairs.refresh_translation(page)
    pages.translate(page)
    pages.publish(page, it_strategy)
    english, french = (proposals.form_page(language).form_fields.get() for language in ("en", "fr"))
    assert french.translation_key == english.translation_key
    assert french.label == "[fr] How did you hear of us?"
    assert french.clean_name == english.clean_name
    file = proposals.make_posted_file(author, it_strategy)
    for language, address in (("en", "/en/apply/"), ("fr", "/fr/apply-fr/")):
        question = proposals.form_page(language).form_fields.get().label
        assert question in client.get(f"{address}{file.number}/").content.decode()


def test_editors_open_the_form_page_in_the_admin(client: Any, it_strategy: Any) -> None:
    client.force_login(it_strategy)
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[proposals.form_page("en").pk]))
    assert answer.status_code == 200
    content = answer.content.decode()
    assert "form_fields-TOTAL_FORMS" in content
    assert "checklist-TOTAL_FORMS" in content
    assert "Hidden field" not in content


def test_posted_items_are_identified_by_what_survives_translation(file: Any) -> None:
    english = proposals.form_page("en")
    keys = {row.translation_key for row in english.checklist.all()}
    items = file.current_posting.items.filter(kind=ItemKind.CHECKLIST)
    assert {item.identity for item in items} == keys
    assert set(posted.CONFIRMATIONS) == {
        item.identity for item in file.current_posting.items.filter(kind=ItemKind.CONFIRMATION)
    }
