"""Loading the demonstration into an empty site, and loading it again."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from wagtail.models import Page

from microacq_pages import pairs, publishing
from microacq_pages.models import ContentPage, HomePage, Opportunity, Project, Skill
from submissions.demo import files
from submissions.proposals.models import Proposal
from submissions.solicitations.models import Solicitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.MICROACQ_DEMO = True


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


def test_every_page_is_public_in_both_languages(demonstration: None) -> None:
    load()
    assert Skill.objects.count() == 2 * len(files.load("skills.yaml"))
    assert Project.objects.live().count() == 6
    assert ContentPage.objects.live().count() == 2 * len(files.GUIDE_PAGES)
    for key in files.GUIDE_PAGES:
        text = files.page(key)
        english = ContentPage.objects.get(slug=text["en"]["slug"], locale__language_code="en")
        french = pairs.counterpart(english)
        assert french is not None
        assert (french.title, french.slug) == (text["fr"]["title"], text["fr"]["slug"])
        assert [block.block_type for block in french.body] == [block["type"] for block in text["fr"]["body"]]
        headings = [block["text"] for block in text["fr"]["body"] if block["type"] == "heading"]
        assert [block.value for block in french.body if block.block_type == "heading"] == headings
    assert HomePage.objects.get(locale__language_code="fr").intro


def test_the_french_pages_keep_their_own_links_and_typography(demonstration: None) -> None:
    load()
    guide = ContentPage.objects.get(slug="guide-de-l-utilisateur", locale__language_code="fr")
    stored = json.dumps(guide.body.get_prep_value(), ensure_ascii=False)
    assert "https://www.canada.ca/fr/immigration-refugies-citoyennete/" in stored
    assert "https://www.canada.ca/en/" not in stored
    assert "«\u00a0J’ai dix ans" in stored
    assert 'linktype=\\"page\\"' in stored
    with translation.override("fr"):
        html = guide.body.render_as_block()
    assert "/fr/modalites/" in html
    assert "/en/" not in html


def test_every_opportunity_is_in_the_state_that_was_planned(demonstration: None) -> None:
    load()
    step = {
        "draft": "",
        "sent-back": "IT Strategy review",
        "it-review": "IT Strategy review",
        "cfob-review": "CFOB procurement review",
        "translation": "Translation",
    }
    for planned in files.planned_opportunities():
        page = source_page(planned)
        posted = planned.state in {"open", "closed", "opened"}
        assert page.live is posted, planned.file
        assert waiting_for(page) == step.get(planned.state, ""), planned.file
        assert Solicitation.objects.filter(translation_key=page.translation_key).exists() is posted
        total, translated = pairs.translation_progress(page)
        assert (translated < total) is bool(planned.untranslated), planned.file
        if planned.state == "scheduled":
            assert page.approved_schedule
        if not posted and planned.state not in {"draft", "translation"}:
            assert publishing.publication_blockers(page) == [], planned.file
    assert Solicitation.objects.order_by("sequence").last().sequence == 7


def test_every_application_is_sealed_and_has_its_receipt(demonstration: None) -> None:
    load()
    assert Proposal.objects.count() == len(files.load("proposals.yaml"))


def test_loading_again_changes_nothing(demonstration: None) -> None:
    assert load()
    assert load() == ""
