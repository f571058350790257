"""Reasons in another language than the supplier's: marked as such, translated when the supplier asks."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.waiting import waiting_for
from submissions.awards import letters, translations
from submissions.awards.translation_models import TranslatedReasons
from submissions.evaluation import boards, handing_in, judging
from submissions.evaluation import results as evaluation
from submissions.notices.models import OutgoingMessage
from submissions.proposals.models import Proposal
from submissions.proposals.querysets import NeverDeleted
from submissions.selection import services as selection
from submissions.solicitations.services import transition
from tests.factories import awards, evaluations, people, selections

pytestmark = pytest.mark.django_db

ENGLISH, FRENCH = "It shows no such work.", "Elle ne montre aucun travail de ce genre."
TRANSLATED = "It shows no work of this kind."


@pytest.fixture(scope="module")
def _proposal_of_module(module_transaction: None) -> int:
    """One application that two evaluators found wanting, each in a language of their own; nobody is selected."""
    file = evaluations.opened(1)
    selection.commit(file)
    for one, language, reason in zip(
        evaluations.named(file, "anne", "bert"), ("en", "fr"), (ENGLISH, FRENCH), strict=True
    ):
        board = boards.read(one.round)
        judging.judge(
            one,
            user=one.evaluator,
            candidate=board.candidates[0],
            item=board.items[0],
            choice=False,
            reason=reason,
            language=language,
        )
        handing_in.hand_in(one, user=one.evaluator)
    transition(file, "sign_off", user=people.the(roles.CFOB))
    transition(file, "find_none", user=selections.drawer())
    return file.proposals.get().pk


@pytest.fixture
def proposal(_proposal_of_module: int, db: None) -> Proposal:
    return Proposal.objects.select_related("solicitation").get(pk=_proposal_of_module)


@pytest.fixture
def asked(proposal: Proposal) -> TranslatedReasons:
    return translations.ask(proposal, "en")


@pytest.fixture
def texts(proposal: Proposal) -> dict[str, str]:
    (judged,) = evaluation.verdicts_of(proposal)
    return {str(judged.item.identity): TRANSLATED}


def page(client: Client, proposal: Proposal, language: str = "en") -> BeautifulSoup:
    with override(language):
        address = reverse("result:page", args=[awards.token_of(proposal, language)])
    return BeautifulSoup(client.get(address).content, "html.parser")


def section(soup: BeautifulSoup) -> Any:
    return soup.find("section", attrs={"aria-labelledby": "reasons-title"})


def acts(name: str) -> int:
    return int(ModelLogEntry.objects.filter(action=name).count())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_reason_is_marked_with_its_own_language(
    client: Client, proposal: Proposal, language: str
) -> None:
    shown = section(page(client, proposal, language))
    found = {each["lang"]: each.get_text(strip=True) for each in shown.select("li div[lang]")}
    assert found == {"en": ENGLISH, "fr": FRENCH}


def test_the_letter_notes_what_is_written_in_another_language(proposal: Proposal) -> None:
    english, french = (letters.reasons_in_words(proposal, language) for language in ("en", "fr"))
    assert f"Reason: {ENGLISH}" in english
    assert f"Reason (written in French): {FRENCH}" in english
    assert french.count("(rédigée en anglais)") == 1 and FRENCH in french


def test_a_supplier_asks_once_and_translators_are_told(
    client: Client, proposal: Proposal, translator: Any
) -> None:
    soup = page(client, proposal)
    form = section(soup).find("form")
    for _time in range(2):
        assert client.post(form["action"]).status_code in (302, 303)
    wanted = TranslatedReasons.objects.get()
    assert (wanted.language, acts("reasons.translation_requested")) == ("en", 1)
    again = section(page(client, proposal))
    assert again.find("form") is None
    assert "You asked for a translation." in again.get_text()
    (item,) = [each for each in waiting_for(translator) if "Translate the reasons" in str(each.label)]
    assert item.url == reverse("awards:reasons", args=[wanted.pk])


def test_the_translation_stands_beside_the_original_and_the_supplier_is_told(
    client: Client, proposal: Proposal, asked: TranslatedReasons, translator: Any
) -> None:
    client.force_login(translator)
    address = reverse("awards:reasons", args=[asked.pk])
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    assert {each.get_text(strip=True) for each in soup.select("main div[lang]")} >= {ENGLISH, FRENCH}
    (name,) = [each["name"] for each in soup.select("textarea")]
    empty = client.post(address, {name: " "})
    assert (empty.status_code, "Write the translation" in empty.content.decode()) == (422, True)
    assert client.post(address, {name: TRANSLATED}).status_code == 302
    asked.refresh_from_db()
    assert TRANSLATED not in asked.locked_texts
    assert OutgoingMessage.objects.filter(kind="reasons_translated").count() == 1
    shown = section(page(Client(), proposal)).get_text()
    assert ENGLISH in shown and FRENCH in shown and TRANSLATED in shown
    assert "The original alone counts." in shown
    assert TRANSLATED not in section(page(Client(), proposal, "fr")).get_text()
    assert (acts("reasons.read") > 0, acts("reasons.translated")) == (True, 1)


def test_it_is_written_once_and_whole(
    asked: TranslatedReasons, translator: Any, texts: dict[str, str]
) -> None:
    with pytest.raises(translations.NotTaken, match="every reason"):
        translations.translate(asked, translator, {})
    translations.translate(asked, translator, texts)
    with pytest.raises(translations.NotTaken, match="no longer"):
        translations.translate(asked, translator, texts)
    with pytest.raises(DatabaseError), transaction.atomic():
        TranslatedReasons.objects.update(locked_texts="other")
    with pytest.raises(NeverDeleted):
        asked.delete()


@pytest.mark.parametrize(
    "role", [roles.CLIENT, roles.IT_STRATEGY, roles.CFOB, roles.EVALUATOR, roles.AUDITOR]
)
def test_nobody_but_a_translator_reads_or_writes_it(
    client: Client, asked: TranslatedReasons, texts: dict[str, str], role: str
) -> None:
    person = people.make_user(role, "another")
    client.force_login(person)
    assert client.get(reverse("awards:reasons", args=[asked.pk])).status_code in (302, 403)
    with pytest.raises(PermissionDenied):
        translations.translate(asked, person, texts)


def test_who_evaluated_does_not_translate(asked: TranslatedReasons, texts: dict[str, str]) -> None:
    anne = evaluations.evaluator("anne")
    anne.groups.add(roles.Group.objects.get(name=roles.TRANSLATOR))
    anne = type(anne).objects.get(pk=anne.pk)
    with pytest.raises(translations.NotTaken, match="evaluates"):
        translations.translate(asked, anne, texts)
    with pytest.raises(DatabaseError), transaction.atomic():
        TranslatedReasons.objects.update(
            locked_texts="x", translated_by=anne, translated_at=asked.requested_at
        )


def test_where_every_reason_is_in_the_language_of_the_page_nothing_can_be_asked(client: Client) -> None:
    file = selections.evaluated(0, failing=1)
    transition(file, "find_none", user=selections.drawer())
    proposal = file.proposals.get()
    with pytest.raises(translations.NotTaken):
        translations.ask(proposal, "en")
    assert section(page(client, proposal)).find("form") is None
    assert section(page(client, proposal, "fr")).find("form") is not None


def test_before_the_result_nothing_can_be_asked() -> None:
    file = selections.evaluated(0, failing=1)
    with pytest.raises(translations.NotTaken):
        translations.ask(file.proposals.get(), "fr")
