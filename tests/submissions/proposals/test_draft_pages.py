"""Review, saving and continuing later, as a browser goes through them: with buttons alone, and by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from submissions.gate import limits
from submissions.notices.models import OutgoingMessage
from submissions.proposals import drafting
from submissions.proposals.draft_models import Draft
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.models import PostedItem, Posting
from tests.factories import proposals
from tests.submissions.proposals.test_applying import UNUSED, address, amend

pytestmark = pytest.mark.django_db

LINK = {"en": "/en/apply/link/", "fr": "/fr/presenter-une-demande/link/"}


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def below(token: str, name: str = "", language: str = "en") -> str:
    return f"{LINK[language]}{token}/{name}{'/' if name else ''}"


def started(supplier: Client, file: Any, form_of: Any, language: str = "en", **values: str) -> Any:
    return form_of(supplier.get(address(file, language))).fill(**values)


def saved(supplier: Client, file: Any, form_of: Any, language: str = "en", **values: str) -> Any:
    """A form of which a draft was saved with the button."""
    form = started(supplier, file, form_of, language, **values)
    answer = supplier.post(address(file, language), {**form.data, "act": "save"})
    assert answer.status_code == 303
    assert answer["Location"] == below(form.data["link"], "saved", language)
    return form


def own_answer(form: Any) -> str:
    return next(name for name in form.data if name.startswith("answer_"))


# --- one POST, and the review ----------------------------------------------------------------------


def test_one_post_of_the_form_is_a_complete_application(supplier: Client, file: Any, form_of: Any) -> None:
    form = started(supplier, file, form_of)
    assert "act" not in form.data
    assert supplier.post(address(file), form.data).status_code == 303
    assert Proposal.objects.count() == 1


def test_the_review_shows_everything_and_sends_it_with_one_post(
    supplier: Client, file: Any, language: str, form_of: Any
) -> None:
    form = started(supplier, file, form_of, language, name="Zoé “Z” <Tremblay>")
    page = supplier.post(address(file, language), {**form.data, "act": "review"})
    assert page.status_code == 200
    assert not Proposal.objects.exists()
    review = form_of(page)
    assert "Zoé “Z” <Tremblay>" in review.soup.main.text
    assert "I did such work for two years, in public." in review.soup.main.text
    answer = supplier.post(address(file, language), {**review.data, "act": "send"})
    assert answer.status_code == 303
    receipt = supplier.get(answer["Location"]).content.decode()
    assert Proposal.objects.get().receipt_number in receipt
    assert "&lt;Tremblay&gt;" in receipt


def test_going_back_from_the_review_finds_every_word(supplier: Client, file: Any, form_of: Any) -> None:
    form = started(supplier, file, form_of, name="A\u00a0B")
    review = form_of(supplier.post(address(file), {**form.data, "act": "review"}))
    again = form_of(supplier.post(address(file), {**review.data, "act": "edit"}))
    assert {k: v for k, v in again.data.items() if k != "csrfmiddlewaretoken"} == {
        k: v for k, v in form.data.items() if k != "csrfmiddlewaretoken"
    }
    assert again.soup.find(class_="error-summary") is None


@pytest.mark.parametrize("lines", ["one\r\ntwo\r\n\r\nthree", "\nfirst line empty", "  spaces  "])
def test_lines_survive_the_way_through_the_review(
    supplier: Client, file: Any, form_of: Any, lines: str
) -> None:
    form = started(supplier, file, form_of)
    data = {**form.data, own_answer(form): lines}
    review = form_of(supplier.post(address(file), {**data, "act": "review"}))
    supplier.post(address(file), {**review.data, "act": "send"})
    supplier.post(address(file), data)
    assert Proposal.objects.count() == 1, "the text through the review is the text that was typed"


def test_a_review_of_what_is_missing_leads_to_the_places(supplier: Client, file: Any, form_of: Any) -> None:
    form = started(supplier, file, form_of, email="nowhere")
    page = supplier.post(address(file), {**form.data, "act": "review"})
    assert page.status_code == 422
    assert 'href="#id_email"' in page.content.decode()


def test_an_unknown_button_never_sends(supplier: Client, file: Any, form_of: Any) -> None:
    form = started(supplier, file, form_of)
    assert supplier.post(address(file), {**form.data, "act": "dispatch"}).status_code == 200
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("act", ["review", "edit", "save"])
def test_every_button_after_the_deadline_shows_what_was_typed(
    supplier: Client, file: Any, form_of: Any, act: str
) -> None:
    form = started(supplier, file, form_of)
    proposals.set_deadline(file)
    page = supplier.post(address(file), {**form.data, "act": act})
    assert page.status_code == 410
    assert "I did such work for two years" in page.content.decode()


@pytest.mark.parametrize("act", ["review", "edit", "save"])
def test_a_stale_csrf_token_loses_nothing(supplier: Client, file: Any, form_of: Any, act: str) -> None:
    form = started(supplier, file, form_of)
    page = supplier.post(address(file), {**form.data, "act": act, "csrfmiddlewaretoken": "x" * 64})
    assert page.status_code == 403
    assert form_of(page).data["name"] == "Camille Tremblay"


# --- words -----------------------------------------------------------------------------------------


def test_words_are_counted_without_script(supplier: Client, file: Any, language: str, form_of: Any) -> None:
    form = started(supplier, file, form_of, language)
    name = own_answer(form)
    for text, said in (
        ("one two three", {"en": "3 of 250 words", "fr": "3 mots sur 250"}),
        ("word " * 251, {"en": "251 words: the limit is 250", "fr": "251 mots\u00a0: la limite est de 250"}),
    ):
        page = supplier.post(address(file, language), {**form.data, name: text, "email": ""})
        assert page.status_code == 422
        assert form_of(page).soup.find(id=f"id_{name}_count").text == said[language]


# --- saving with the button ------------------------------------------------------------------------


def test_the_button_saves_whatever_stands_there(
    supplier: Client, file: Any, language: str, form_of: Any
) -> None:
    form = saved(supplier, file, form_of, language, email="not an address", status="")
    page = supplier.get(below(form.data["link"], "saved", language))
    assert page.status_code == 200
    assert not Proposal.objects.exists()
    again = form_of(supplier.get(below(form.data["link"], "draft", language)))
    changed = {"csrfmiddlewaretoken", "version", "window", "stamp"}
    assert {k: v for k, v in again.data.items() if k not in changed} == {
        k: v for k, v in form.data.items() if k not in changed and not (k == "status" and not v)
    }
    assert again.data["version"] == "1"


def test_the_link_leads_to_the_draft_and_after_sending_to_the_receipt(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = saved(supplier, file, form_of)
    own = below(form.data["link"])
    assert supplier.get(own)["Location"] == below(form.data["link"], "draft")
    draft = form_of(supplier.get(below(form.data["link"], "draft")))
    answer = supplier.post(below(form.data["link"], "draft"), {**draft.data, "act": "send"})
    assert answer["Location"] == own
    assert "We have received your application" in supplier.get(own).content.decode()
    assert not Draft.objects.exists()


def test_a_draft_reads_in_the_other_language_too(supplier: Client, file: Any, form_of: Any) -> None:
    form = saved(supplier, file, form_of, "en", name="Marie-Ève")
    french = form_of(supplier.get(below(form.data["link"], "draft", "fr")))
    assert french.data["name"] == "Marie-Ève"
    assert french.data[own_answer(form)] == form.data[own_answer(form)]


def test_pages_of_a_draft_stay_with_its_supplier(supplier: Client, file: Any, form_of: Any) -> None:
    form = saved(supplier, file, form_of)
    for name in ("", "draft", "saved", "discard"):
        page = supplier.get(below(form.data["link"], name))
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page.get("Referrer-Policy", "same-origin") in ("same-origin", "no-referrer")


@pytest.mark.parametrize("name", ["draft", "saved", "discard"])
@pytest.mark.parametrize("token", [UNUSED, "nonsense", "%00"])
def test_a_link_of_nobody_leads_to_no_draft(client: Client, file: Any, name: str, token: str) -> None:
    page = client.get(below(token, name), follow=True)
    assert page.status_code == 404


def test_the_draft_can_be_deleted(supplier: Client, file: Any, language: str, form_of: Any) -> None:
    form = saved(supplier, file, form_of, language)
    asked = form_of(supplier.get(below(form.data["link"], "discard", language)))
    assert Draft.objects.count() == 1
    page = supplier.post(below(form.data["link"], "discard", language), asked.data)
    assert page.status_code == 200
    assert not Draft.objects.exists()
    assert supplier.get(below(form.data["link"], "", language)).status_code == 404


def test_after_the_deadline_the_draft_is_still_shown_to_its_supplier(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = saved(supplier, file, form_of)
    proposals.set_deadline(file)
    page = supplier.get(below(form.data["link"], "draft"))
    assert page.status_code == 410
    assert "I did such work for two years" in page.content.decode()


def test_more_than_a_draft_can_hold_is_refused_and_shown(supplier: Client, file: Any, form_of: Any) -> None:
    form = started(supplier, file, form_of)
    long = "word " * 60_000
    page = supplier.post(address(file), {**form.data, own_answer(form): long, "act": "save"})
    assert page.status_code == 413
    assert form_of(page).data[own_answer(form)] == long


# --- amended meanwhile -----------------------------------------------------------------------------


def test_a_draft_of_an_amended_opportunity_keeps_every_word(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = saved(supplier, file, form_of)
    name = own_answer(form)
    amend(file)
    draft = form_of(supplier.get(below(form.data["link"], "draft")))
    assert draft.data[name] == form.data[name]
    assert draft.soup.find(attrs={"name": name}).has_attr("readonly")
    assert "amended since you saved" in draft.soup.main.text
    draft = draft.fill()
    supplier.post(below(form.data["link"], "draft"), {**draft.data, "act": "save"})
    again = form_of(supplier.get(below(form.data["link"], "draft")))
    assert name in again.data, "what is no longer asked is saved on"
    assert supplier.post(below(form.data["link"], "draft"), again.data).status_code == 303


def reword(file: Any) -> tuple[Posting, PostedItem]:
    """An amendment that says one confirmation in other words."""
    old = file.current_posting
    new = Posting.objects.create(
        solicitation=file,
        amendment=old.amendment + 1,
        kind="amendment",
        summary_en="Another price.",
        summary_fr="Un autre prix.",
        digest="e" * 64,
    )
    items = list(old.items.all())
    changed = next(item for item in items if item.kind == "confirmation")
    for item in items:
        if item is changed:
            item.text_en, item.text_fr = "I do it for $1.", "Je le fais pour 1 $."
        item.pk, item.posting = None, new
        item._state.adding = True
        item.save()
    return new, changed


@pytest.mark.parametrize("way", ["draft", "send", "review"])
def test_nobody_says_yes_to_words_that_changed_meanwhile(
    supplier: Client, file: Any, form_of: Any, way: str
) -> None:
    form = saved(supplier, file, form_of)
    _new, changed = reword(file)
    if way == "draft":
        page = supplier.get(below(form.data["link"], "draft"))
    else:
        page = supplier.post(address(file), {**form.data, "act": way})
        assert page.status_code == 409
    again = form_of(page)
    name = f"confirm_{changed.identity.hex}"
    assert form.data[name] == "on"
    assert name not in again.data
    others = {key for key in form.data if key.startswith(("check_", "confirm_", "terms_"))} - {name}
    assert others <= set(again.data)


# --- saving by itself ------------------------------------------------------------------------------


def autosave(supplier: Client, file: Any, data: dict[str, Any], language: str = "en") -> Any:
    return supplier.post(f"{address(file, language)}save/", data)


def test_a_script_saves_and_is_told_when(supplier: Client, file: Any, form_of: Any) -> None:
    form = started(supplier, file, form_of)
    answer = autosave(supplier, file, form.data)
    assert answer.status_code == 200
    told = answer.json()
    draft = Draft.objects.get()
    assert told["version"] == 1
    assert told["savedAt"] == draft.saved_at.isoformat()
    assert told["isOpen"] is True
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("how", "status", "reason"),
    [
        ("late", 410, "closed"),
        ("damaged", 422, "link"),
        ("cookies", 403, "cookies"),
        ("large", 413, "large"),
        ("other file", 422, "link"),
        ("other window", 409, "newer"),
        ("sent", 409, "sent"),
        ("missing", 404, "missing"),
        ("many", 429, "many"),
    ],
)
def test_every_refusal_says_in_words_what_to_do(
    supplier: Client,
    file: Any,
    form_of: Any,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    how: str,
    status: int,
    reason: str,
) -> None:
    form = started(supplier, file, form_of, language)
    data, to = dict(form.data), file
    if how == "late":
        proposals.set_deadline(file)
    elif how == "damaged":
        data["link"] = "x"
    elif how == "cookies":
        data["csrfmiddlewaretoken"] = "x" * 64
    elif how == "large":
        data["name"] = "x" * 300_000
    elif how == "other file":
        autosave(supplier, file, data)
        to = proposals.make_file()
    elif how == "other window":
        autosave(supplier, file, data)
        data |= {"window": "another-window", "name": "Robin"}
    elif how == "sent":
        supplier.post(address(file), data)
    elif how == "many":
        _allow_one(monkeypatch, "DRAFTS_OF_NETWORK")
        autosave(supplier, file, started(supplier, file, form_of, language).data)
    elif how == "missing":
        to = type("Nowhere", (), {"number": "MA-2026-9999"})
    answer = autosave(supplier, to, data, language)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert len(answer.json()["sentence"]) > 20


def _allow_one(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(limits, limit, replace(getattr(limits, limit), most=1))


def test_too_many_drafts_lose_nothing_and_shut_nobody_out_in_the_last_hour(
    supplier: Client, file: Any, form_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _allow_one(monkeypatch, "DRAFTS_OF_NETWORK")
    saved(supplier, file, form_of)
    form = started(supplier, file, form_of)
    page = supplier.post(address(file), {**form.data, "act": "save"})
    assert page.status_code == 429
    assert form_of(page).data["name"] == "Camille Tremblay"
    proposals.set_deadline(file, after=timedelta(minutes=50))
    assert supplier.post(address(file), {**form.data, "act": "save"}).status_code == 303


def test_too_many_links_from_one_network_are_not_mailed(
    supplier: Client, file: Any, form_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _allow_one(monkeypatch, "DRAFT_LINKS_OF_NETWORK")
    form = saved(supplier, file, form_of)
    data = form_of(supplier.get(below(form.data["link"], "saved"))).data
    statuses = [supplier.post(below(form.data["link"], "saved"), data).status_code for _ in range(2)]
    assert statuses == [200, 429]
    assert OutgoingMessage.objects.count() == 1


def test_saving_by_itself_takes_posts_alone(client: Client, file: Any) -> None:
    assert client.get(f"{address(file)}save/").status_code == 405


def test_the_other_window_can_be_overwritten_knowingly(supplier: Client, file: Any, form_of: Any) -> None:
    form = started(supplier, file, form_of)
    autosave(supplier, file, form.data)
    other = {**form.data, "window": "another-window", "name": "Robin", "act": "save"}
    page = supplier.post(address(file), other)
    assert page.status_code == 409
    again = form_of(page)
    assert again.data["name"] == "Robin"
    assert supplier.post(address(file), {**again.data, "act": "save"}).status_code == 303
    opened = drafting.of_link(SupplierLink.from_token(form.data["link"]))
    assert opened is not None
    assert opened.typed["name"] == "Robin"


@pytest.mark.parametrize("version", ["-1", "x", "", "9" * 30, "\u0663"])
def test_an_odd_version_is_none(supplier: Client, file: Any, form_of: Any, version: str) -> None:
    form = started(supplier, file, form_of)
    assert autosave(supplier, file, {**form.data, "version": version}).status_code == 200


def test_the_clock_tells_the_time_and_the_deadline_as_it_stands(
    client: Client, file: Any, language: str
) -> None:
    told = client.get(f"{address(file, language)}clock/").json()
    assert told["isOpen"] is True
    assert told["deadline"] == file.deadline.isoformat()
    proposals.set_deadline(file)
    assert client.get(f"{address(file, language)}clock/").json()["isOpen"] is False
    assert client.get("/en/apply/MA-2026-9999/clock/").status_code == 404


# --- continuing later ------------------------------------------------------------------------------


def test_the_link_comes_by_mail_for_an_address_alone(
    supplier: Client, file: Any, language: str, form_of: Any
) -> None:
    form = saved(supplier, file, form_of, language)
    page = form_of(supplier.get(below(form.data["link"], "saved", language)))
    assert page.data["address"] == "camille@example.org", "as it was typed in the form"
    answer = supplier.post(
        below(form.data["link"], "saved", language), {**page.data, "address": "robin@example.org"}
    )
    assert answer.status_code == 200
    assert "robin@example.org" in answer.content.decode()
    row = OutgoingMessage.objects.get()
    assert (row.kind, row.language) == ("draft_link", language)


@pytest.mark.parametrize("odd", ["", "nobody", "a@b.c\r\nBcc: x@y.zz", "\x00@example.org"])
def test_an_odd_address_is_an_error_of_its_field(supplier: Client, file: Any, form_of: Any, odd: str) -> None:
    form = saved(supplier, file, form_of)
    page = form_of(supplier.get(below(form.data["link"], "saved")))
    answer = supplier.post(below(form.data["link"], "saved"), {**page.data, "address": odd})
    assert answer.status_code == 422
    assert 'href="#id_address"' in answer.content.decode()
    assert not OutgoingMessage.objects.exists()


def test_a_stale_csrf_token_mails_nothing(supplier: Client, file: Any, form_of: Any) -> None:
    form = saved(supplier, file, form_of)
    answer = supplier.post(below(form.data["link"], "saved"), {"address": "robin@example.org"})
    assert answer.status_code == 403
    assert form_of(answer).data["address"] == "robin@example.org"
    assert not OutgoingMessage.objects.exists()


# --- changing what was sent ------------------------------------------------------------------------


def test_changes_that_are_saved_leave_what_was_sent_standing(
    supplier: Client, file: Any, language: str, form_of: Any
) -> None:
    form = started(supplier, file, form_of, language)
    supplier.post(address(file, language), form.data)
    token = form.data["link"]
    change = form_of(supplier.get(below(token, "change", language)))
    answer = supplier.post(below(token, "change", language), {**change.data, "name": "Robin", "act": "save"})
    assert answer.status_code == 303
    assert Proposal.objects.count() == 1
    own = supplier.get(below(token, "", language)).content.decode()
    assert below(token, "discard", language) in own
    again = form_of(supplier.get(below(token, "change", language)))
    assert again.data["name"] == "Robin"
    assert supplier.post(below(token, "change", language), again.data).status_code == 303
    assert Proposal.objects.count() == 2
    assert not Draft.objects.exists()


def test_what_another_window_saved_outlives_the_sending_of_this_one(
    supplier: Client, file: Any, form_of: Any
) -> None:
    form = started(supplier, file, form_of)
    autosave(supplier, file, form.data)
    other = {**form.data, "window": "another-window", "version": "1", "name": "Robin"}
    assert autosave(supplier, file, other).status_code == 200
    assert supplier.post(address(file), form.data).status_code == 303
    own = supplier.get(below(form.data["link"])).content.decode()
    assert "You have changes that are not sent" in own
    assert form_of(supplier.get(below(form.data["link"], "change"))).data["name"] == "Robin"


def test_deleting_changes_keeps_what_was_sent(supplier: Client, file: Any, form_of: Any) -> None:
    form = started(supplier, file, form_of)
    supplier.post(address(file), form.data)
    token = form.data["link"]
    change = form_of(supplier.get(below(token, "change")))
    supplier.post(below(token, "change"), {**change.data, "name": "Robin", "act": "save"})
    asked = form_of(supplier.get(below(token, "discard")))
    assert supplier.post(below(token, "discard"), asked.data)["Location"] == below(token)
    assert Proposal.objects.get().state == "sent"


def test_the_number_of_queries_of_a_draft_does_not_grow(
    supplier: Client, form_of: Any, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for criteria in (1, 6):
        file = proposals.make_file(criteria=criteria)
        form = saved(supplier, file, form_of)
        supplier.get(below(form.data["link"], "draft"))
        with django_assert_max_num_queries(30) as asked:
            supplier.get(below(form.data["link"], "draft"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
