"""Loading the demonstration into an empty site, and loading it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import translation
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, WorkflowState

from microacq_pages import pairs, publishing
from microacq_pages.models import ContentPage, HomePage, Opportunity, Project, Skill
from submissions.demo import files, opportunities, proposals
from submissions.demo.accounts import person
from submissions.demo.tasks import evaluate_when_opened, open_when_due, post_again_when_closed
from submissions.evaluation.models import Round
from submissions.proposals import custody, opening
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.proposals.pages import ProposalFormPage
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import Posting, Solicitation
from tests.factories.proposals import pass_deadline
from tests.support import databases
from tests.support.committed import copied

STEP = {
    "it-review": "IT Strategy review / Examen par la Stratégie de TI",
    "cfob-review": "CFOB review / Examen par la DGDPF",
    "translation": "Translation / Traduction",
}
POSTED = {"open", "closed", "opened", "selected", "desk", "completed"}


def load() -> str:
    output = StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


def source_page(planned: files.Planned) -> Opportunity:
    return Opportunity.objects.get(import_ref=planned.ref, locale__language_code=planned.source)


def waiting_for(page: Page) -> str:
    state = page.specific.current_workflow_task_state
    return state.task.name if state else ""


def test_nothing_is_loaded_where_this_is_no_demonstration(settings: Any) -> None:
    settings.MICROACQ_DEMO = False
    with pytest.raises(CommandError, match="no demonstration"):
        load()


def test_on_a_slow_machine_the_deadline_is_put_off_and_posting_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[datetime] = []

    def too_slow_at_first(planned: files.Planned, deadline: datetime) -> None:
        tried.append(deadline)
        if len(tried) < proposals.ATTEMPTS:
            raise publishing.PublicationBlocked([publishing.Blocker("deadline-passed", "Too late.")])

    monkeypatch.setattr(opportunities, "bring_about", too_slow_at_first)
    assert proposals._post(files.planned_opportunities()[0], timedelta(seconds=5)) == tried[-1]
    assert tried == sorted(tried)
    assert len(tried) == proposals.ATTEMPTS


@pytest.fixture(scope="module")
def loaded(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[str]:
    """A copy of what the browser tests are shown as well, loaded once a run; gives what the loading said."""
    with django_db_blocker.unblock():
        template = databases.demo_template()
        with (
            copied(template, request.node.nodeid),
            override_settings(MICROACQ_DEMO=True, LANGUAGE_CODE="en"),
        ):
            yield databases.said_at_making(template)["load_demo"]


@pytest.mark.usefixtures("loaded")
class TestTheLoadedDemonstration:
    """All on one database, in which everything is committed."""

    def test_every_page_is_public_in_both_languages(self) -> None:
        assert Skill.objects.count() == 2 * len(files.load("skills.yaml"))
        assert Project.objects.live().count() == 2 * len(files.load("projects.yaml"))
        assert ContentPage.objects.live().count() == 2 * len(files.GUIDE_PAGES)
        for key in files.GUIDE_PAGES:
            text = files.page(key)
            english = ContentPage.objects.get(slug=text["en"]["slug"], locale__language_code="en")
            french = pairs.counterpart(english)
            assert french is not None
            assert (french.title, french.slug) == (text["fr"]["title"], text["fr"]["slug"])
            blocks = text["fr"]["body"]
            assert [block.block_type for block in french.body] == [block["type"] for block in blocks]
            headings = [block["text"] for block in blocks if block["type"] == "heading"]
            assert [block.value for block in french.body if block.block_type == "heading"] == headings
        assert HomePage.objects.get(locale__language_code="fr").intro

    def test_the_french_pages_keep_their_own_links_and_typography(self) -> None:
        guide = ContentPage.objects.get(slug="guide-de-l-utilisateur", locale__language_code="fr")
        stored = json.dumps(guide.body.get_prep_value(), ensure_ascii=False)
        assert "https://www.canada.ca/fr/immigration-refugies-citoyennete/" in stored
        assert "https://www.canada.ca/en/" not in stored
        assert "«\u00a0Poser une question\u00a0»" in stored
        assert 'linktype=\\"page\\"' in stored
        with translation.override("fr"):
            html = guide.body.render_as_block()
        assert "/fr/modalites/" in html
        assert "/en/" not in html

    def test_the_form_asks_what_the_texts_say_in_both_languages(self) -> None:
        text = files.load("form.yaml")
        for language in files.LANGUAGES:
            page = ProposalFormPage.objects.get(locale__language_code=language)
            assert page.live
            assert [row.statement for row in page.checklist.all()] == text[language]["checklist"]
            questions = list(page.form_fields.all())
            assert [row.label for row in questions] == [row["label"] for row in text[language]["questions"]]
            assert questions[0].choices.split(", ") == text[language]["questions"][0]["choices"]

    def test_every_opportunity_is_in_the_state_that_was_planned(self) -> None:
        for planned in files.planned_opportunities():
            page = source_page(planned)
            is_posted = planned.state in POSTED
            assert page.live is is_posted, planned.file
            assert waiting_for(page) == STEP.get(planned.state, ""), planned.file
            assert Solicitation.objects.filter(translation_key=page.translation_key).exists() is is_posted
            total, translated = pairs.translation_progress(page)
            assert (translated < total) is bool(planned.untranslated), planned.file
            if planned.state == "sent-back":
                assert page.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
            if planned.state == "scheduled":
                assert page.approved_schedule
            if not is_posted and planned.state not in {"draft", "translation"}:
                blockers = {blocker.code for blocker in publishing.publication_blockers(page)}
                waiting = (
                    set() if planned.state == "scheduled" else {"splitting-waiting", "splitting-refused"}
                )
                assert blockers <= waiting, planned.file

    def test_the_french_texts_of_an_opportunity_keep_their_no_break_spaces(self) -> None:
        page = Opportunity.objects.get(import_ref="demo-french-stemming", locale__language_code="fr")
        assert "«\u00a0demandes\u00a0»" in page.teaser
        assert "«\u00a0demandes\u00a0»" in page.background

    def test_files_are_numbered_without_a_gap(self) -> None:
        sequences = Solicitation.objects.order_by("sequence").values_list("sequence", flat=True)
        assert list(sequences) == list(range(1, 10))

    def test_a_posted_file_holds_criteria_checklist_question_and_terms(self) -> None:
        for solicitation in Solicitation.objects.all():
            items = solicitation.current_posting.items.all()
            assert {ItemKind(item.kind) for item in items} == set(ItemKind)
            written = [item for item in items if item.kind != ItemKind.CONFIRMATION]
            assert all(item.text_en and item.text_fr and item.text_en != item.text_fr for item in written)

    def test_every_application_is_sealed(self) -> None:
        sent = files.load("proposals.yaml")
        stored = list(Proposal.objects.all())
        assert len(stored) == len(sent) + 3
        for sealed in (bytes(proposal.sealed) for proposal in stored):
            assert not any(proposal["email"].encode() in sealed for proposal in sent if proposal["email"])

    def test_one_application_waits_and_staff_entered_three_of_which_one_supplier_has_to_be_told(self) -> None:
        (waiting,) = Proposal.objects.waiting()
        entered = list(Proposal.objects.filter(entered_by__isnull=False))
        assert len(entered) == 3 and waiting.solicitation in {each.solicitation for each in entered}
        for each in entered:
            assert (each.state, each.entered_how, each.address) == ("sent", "telephone", "")
        (to_tell,) = Proposal.objects.untold()
        assert to_tell.solicitation.postings.count() == 2

    def test_the_worker_is_asked_to_open_what_is_to_be_opened_and_no_sooner_than_allowed(self) -> None:
        planned = [
            planned for planned in files.planned_opportunities() if planned.state in opportunities.OPENED
        ]
        asked = {
            result.args_kwargs["args"][0]: result.run_after
            for result in DBTaskResult.objects.filter(task_path="submissions.demo.tasks.open_when_due")
        }
        expected = [proposals.solicitation_of(one) for one in planned]
        assert set(asked) == {solicitation.pk for solicitation in expected}
        assert all(asked[one.pk] > opening.opens_from(one) for one in expected)

    def test_what_is_opened_is_evaluated_as_far_as_the_content_says(self) -> None:
        planned = [planned for planned in files.planned_opportunities() if planned.state == "opened"]
        with transaction.atomic():
            for one in planned:
                file = proposals.solicitation_of(one)
                pass_deadline(file)
                opening.open_proposals(file, person("it-strategy"), custody.custodian_identities())
                evaluate_when_opened.call(file.pk)
            states = Round.objects.order_by("solicitation__number").values_list("state", flat=True)
            assert sorted(states) == ["submitted"]
            assert "nothing to evaluate" in evaluate_when_opened.call(file.pk)
            transaction.set_rollback(True)

    def test_asking_too_early_to_open_is_refused(self) -> None:
        solicitation = Solicitation.objects.open().first()
        assert "The deadline has not passed" in open_when_due.call(solicitation.pk)
        assert not OpenedProposal.objects.exists()

    def test_one_opportunity_is_amended_in_both_languages(self) -> None:
        amendment = Posting.objects.get(amendment=1)
        plan = files.load("amendment.yaml")["amended"]["summary"]
        assert (amendment.summary_en, amendment.summary_fr) == (plan["en"], plan["fr"])

    def test_one_opportunity_is_posted_again_once_it_has_closed(self) -> None:
        [asked] = DBTaskResult.objects.filter(task_path="submissions.demo.tasks.post_again_when_closed")
        ended = Solicitation.objects.get(pk=asked.args_kwargs["args"][0])
        assert asked.run_after >= ended.deadline
        with transaction.atomic():
            pass_deadline(ended)
            assert "posted again" in post_again_when_closed.call(ended.pk)
            [again] = ended.followed_by.all()
            assert again.page("fr").live
            transaction.set_rollback(True)

    def test_loading_again_changes_nothing(self, loaded: str) -> None:
        assert loaded
        assert load() == ""
