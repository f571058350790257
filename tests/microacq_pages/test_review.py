"""Editorial review: reasons, separation of duties, translation, and what each person sees."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, TaskState, WorkflowState
from wagtail_localize.models import StringTranslation

from microacq_pages import pairs, publishing, roles
from microacq_pages.models import Opportunity, OpportunityIndex, OpportunitySkill, Skill
from microacq_pages.publishing import PublicationBlocked
from microacq_pages.reviewing import looks
from microacq_pages.translating import waiting
from tests.factories import pages, people
from tests.microacq_pages.routes.world import drawn, filled_form, form_of, languages_live

pytestmark = [
    pytest.mark.django_db(databases=["default", "refusals"]),
    pytest.mark.usefixtures("drafted_once"),
]


def submitted(page: Page, author: Any, *approvers: Any) -> Page:
    return pages.run_workflow(page, author, *approvers)


def current(page: Page) -> TaskState:
    state = WorkflowState.objects.filter(object_id=str(page.pk)).latest("pk").current_task_state
    return state.specific


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def read(client: Client, page: Page) -> None:
    """Look at the text, as is recorded before the review screen is drawn."""
    with drawn(False):
        client.get(reverse("microacq_review", args=[page.pk]))


def act(client: Client, page: Page, action: str, **data: Any) -> Any:
    read(client, page)
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, current(page).pk])
    return client.post(url, data)


def told(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def edit(client: Client, page: Page, **data: Any) -> Any:
    if data.get("workflow-action-name") == "approve":
        read(client, page)
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), {**filled_form(client, page), **data}
    )


# --- reasons -------------------------------------------------------------------------------------


@pytest.mark.parametrize("comment", ["", "   "])
def test_sending_back_without_a_reason_shows_the_form_again(
    author: Any, it_strategy: Any, comment: str
) -> None:
    page = submitted(pages.the_opportunity(author), author)
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", current(page).pk])

    response = signed_in(it_strategy).post(
        url, {"comment": comment}, headers={"x-requested-with": "XMLHttpRequest"}
    )

    assert "Write a reason" in response.json()["html"]
    assert current(page).status == TaskState.STATUS_IN_PROGRESS


def test_the_author_reads_the_reason_in_the_editor_and_in_mail(
    author: Any, it_strategy: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    page = submitted(pages.the_opportunity(author), author)
    mail.outbox = []

    with django_capture_on_commit_callbacks(execute=True):
        act(signed_in(it_strategy), page, "reject", comment="Say which browsers count.")

    editor = signed_in(author).get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert "Say which browsers count." in editor.content.decode()
    (message,) = [m for m in mail.outbox if m.to == [author.email]]
    assert "Say which browsers count." in message.body


def test_a_rejection_in_code_needs_a_reason_too(author: Any, it_strategy: Any) -> None:
    page = submitted(pages.the_opportunity(author), author)

    with pytest.raises(PublicationBlocked):
        current(page).reject(user=it_strategy)


def test_a_text_that_was_sent_back_and_changed_is_reviewed_from_the_start(
    author: Any, it_strategy: Any, cfob: Any
) -> None:
    page = submitted(pages.the_opportunity(author), author, it_strategy)
    act(signed_in(cfob), page, "reject", comment="Name the commitment.")

    edit(signed_in(author), page, teaser="Changed.", **{"action-submit": "1"})

    assert current(page).task.name == "IT Strategy review / Examen par la Stratégie de TI"


# --- separation of duties ------------------------------------------------------------------------


@pytest.mark.parametrize("superuser", [False, True])
def test_who_owns_or_edited_the_text_cannot_approve_it(user_in: Callable[..., Any], superuser: bool) -> None:
    person = user_in(None if superuser else roles.IT_STRATEGY)
    page = submitted(pages.make_opportunity(person), person)

    response = act(signed_in(person), page, "approve")

    assert response.status_code in {302, 403}
    assert "approve" not in {name for name, _l, _m in current(page).task.specific.get_actions(page, person)}
    with pytest.raises(PublicationBlocked) as refusal:
        current(page).approve(user=person)
    assert [b.code for b in refusal.value.blockers] == ["own-text"]


def test_a_translator_of_the_page_does_not_publish_it(
    author: Any, admin: Any, it_strategy: Any, cfob: Any, translator: Any
) -> None:
    page = pages.the_opportunity(author)
    pages.translate(page, admin)
    page = submitted(page, author, it_strategy, cfob, translator)

    with pytest.raises(PublicationBlocked) as refusal:
        current(page).approve(user=admin)

    assert [b.code for b in refusal.value.blockers] == ["own-text"]


def test_purged_revisions_do_not_make_an_author_forgotten(author: Any, admin: Any) -> None:
    page = pages.the_opportunity(author)
    page.teaser = "Rewritten."
    page.save_revision(user=admin, log_action=True)
    page.teaser = "Rewritten once more."
    page.save_revision(user=author, log_action=True)
    page.revisions.filter(user=admin).delete()

    assert {author.pk, admin.pk} <= publishing.authors_of(page)


def test_opening_and_approving_an_imported_text_in_the_editor_is_not_writing_it(
    author: Any, it_strategy: Any
) -> None:
    page = submitted(pages.the_opportunity(author), author)

    edit(signed_in(it_strategy), page, **{"action-workflow-action": "1", "workflow-action-name": "approve"})

    assert current(page).task.name == "CFOB review / Examen par la DGDPF"
    assert it_strategy.pk not in publishing.authors_of(page)


def test_procurement_reads_the_editor_during_its_own_step_only(
    author: Any, it_strategy: Any, cfob: Any
) -> None:
    page = submitted(pages.the_opportunity(author), author)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client = signed_in(cfob)
    assert client.get(url).status_code == 302

    act(signed_in(it_strategy), page, "approve")

    assert client.get(url).status_code == 200
    edit(client, page, **{"action-workflow-action": "1", "workflow-action-name": "approve"})
    assert current(page).task.name == "Translation / Traduction"


# --- an edit after approval ----------------------------------------------------------------------


def test_an_edit_after_approvals_asks_for_all_of_them_again(
    author: Any, it_strategy: Any, cfob: Any, translator: Any, user_in: Callable[..., Any]
) -> None:
    page = pages.the_opportunity(author)
    pages.translate(page, translator)
    page = submitted(page, author, it_strategy, cfob, translator)
    assert current(page).task.name == "Publication in both languages / Publication dans les deux langues"

    edit(signed_in(it_strategy), page, teaser="Slightly better.")

    assert current(page).task.name == "IT Strategy review / Examen par la Stratégie de TI"
    with pytest.raises(PublicationBlocked):
        current(page).approve(user=it_strategy)
    colleague = people.make_user(roles.IT_STRATEGY, username="colleague")
    looks.record_look(Opportunity.objects.get(pk=page.pk), colleague)
    current(page).approve(user=colleague)
    assert current(page).task.name == "CFOB review / Examen par la DGDPF"


def test_autosave_does_not_write_over_a_text_that_was_approved(
    author: Any, admin: Any, it_strategy: Any
) -> None:
    page = pages.the_opportunity(author)
    page.teaser = "Typed by the superuser."
    revision = page.save_revision(user=admin)
    page = submitted(page, author, it_strategy)
    client = signed_in(admin)

    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {
            **filled_form(client, page),
            "teaser": "Typed after the approval.",
            "overwrite_revision_id": str(revision.pk),
        },
        headers={"accept": "application/json"},
    )

    assert response.json()["success"], response.content
    assert response.json()["revision_id"] != revision.pk
    revision.refresh_from_db()
    assert revision.content["teaser"] == "Typed by the superuser."
    assert current(page).task.name == "IT Strategy review / Examen par la Stratégie de TI"


def test_what_a_reviewer_typed_beside_a_refused_approval_is_kept_as_a_draft(
    author: Any, it_strategy: Any
) -> None:
    page = submitted(pages.the_opportunity(author), author)

    response = edit(
        signed_in(it_strategy),
        page,
        teaser="A better teaser.",
        **{"action-workflow-action": "1", "workflow-action-name": "approve"},
    )

    assert "You wrote this text" in told(response)
    assert pairs.latest(Opportunity.objects.get(pk=page.pk)).teaser == "A better teaser."
    assert current(page).task.name == "IT Strategy review / Examen par la Stratégie de TI"


# --- translation ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "other"), [("en", "fr"), ("fr", "en")])
def test_a_title_alone_can_be_saved_and_its_translation_begins_at_once(
    author: Any, translator: Any, language: str, other: str
) -> None:
    client = signed_in(author)
    parent = pages.index(OpportunityIndex, language)
    url = reverse("wagtailadmin_pages:add", args=["microacq_pages", "opportunity", parent.pk])
    form = form_of(client.get(url))

    response = client.post(
        url, {**form, "title": "Sélecteur", "slug": ""}, headers={"accept": "application/json"}
    )

    page = Opportunity.objects.get(pk=response.json()["pk"])
    target = pairs.counterpart(page)
    assert (page.locale.language_code, target.locale.language_code) == (language, other)
    assert not page.live and not target.live
    assert page.acceptance_criteria.count() == 3
    assert "criteria" in target.get_latest_revision().content
    editor = signed_in(translator).get(reverse("wagtailadmin_pages:edit", args=[target.pk]))
    assert editor.status_code == 200
    assert "editor-root" in editor.content.decode() or "wagtail_localize" in editor.content.decode()


def test_a_list_pasted_as_plain_text_is_saved_as_a_list(author: Any) -> None:
    client = signed_in(author)
    url = reverse(
        "wagtailadmin_pages:add",
        args=["microacq_pages", "opportunity", pages.index(OpportunityIndex, "fr").pk],
    )
    lines = ("Un outil qui :", "- lit un PDF;", "- produit du HTML.")
    blocks = [
        {
            "key": f"k{n}",
            "text": line,
            "type": "unstyled",
            "depth": 0,
            "inlineStyleRanges": [],
            "entityRanges": [],
        }
        for n, line in enumerate(lines)
    ]
    work = json.dumps({"blocks": blocks, "entityMap": {}})

    response = client.post(
        url,
        {**form_of(client.get(url)), "title": "Outil", "work": work},
        headers={"accept": "application/json"},
    )

    draft = pairs.latest(Opportunity.objects.get(pk=response.json()["pk"]))
    assert re.sub(r' data-block-key="\w+"', "", draft.work) == (
        "<p>Un outil qui :</p><ul><li>lit un PDF;</li><li>produit du HTML.</li></ul>"
    )


def test_the_standard_statements_are_offered_and_a_removed_one_stays_away(author: Any) -> None:
    client = signed_in(author)
    url = reverse(
        "wagtailadmin_pages:add",
        args=["microacq_pages", "opportunity", pages.index(OpportunityIndex).pk],
    )
    form = form_of(client.get(url))
    assert form["acceptance_criteria-TOTAL_FORMS"] == "3"
    assert form["criteria-TOTAL_FORMS"] == "1"

    client.post(url, {**form, "title": "New", "slug": "new", "acceptance_criteria-1-DELETE": "1"})

    page = Opportunity.objects.get(title="New", locale__language_code="en")
    assert [c.standard for c in page.acceptance_criteria.all()] == ["licence", "tests"]
    assert [c.word_limit for c in page.criteria.all()] == [250]


def test_a_skill_chosen_twice_is_an_error_of_the_form(author: Any) -> None:
    client = signed_in(author)
    page = pages.the_opportunity(author)
    form = filled_form(client, page)
    skill = form["opportunity_skills-0-skill"]

    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {
            **form,
            "opportunity_skills-TOTAL_FORMS": "2",
            "opportunity_skills-1-skill": skill,
            "opportunity_skills-1-ORDER": "2",
            "opportunity_skills-1-id": "",
            "opportunity_skills-1-DELETE": "",
        },
    )

    assert response.status_code == 200
    assert "could not be saved" in told(response)


def test_the_translation_step_is_not_completed_while_anything_is_missing_or_outdated(
    author: Any, it_strategy: Any, cfob: Any, translator: Any
) -> None:
    page = pages.the_opportunity(author)
    pages.translate(page, translator, leave=1)
    page = submitted(page, author, it_strategy, cfob)
    task = current(page).task.specific

    assert [name for name, _l, _m in task.get_actions(page, translator)] == ["reject"]
    with pytest.raises(PublicationBlocked) as refusal:
        current(page).approve(user=translator)
    assert [b.code for b in refusal.value.blockers] == ["translation-incomplete"]

    pages.translate(page, translator)
    assert "approve" in [name for name, _l, _m in task.get_actions(page, translator)]


def test_the_translator_sees_progress_follows_the_link_and_confirms_from_the_dashboard(
    author: Any, it_strategy: Any, cfob: Any, translator: Any
) -> None:
    page = pages.the_opportunity(author)
    page = submitted(page, author, it_strategy, cfob)
    client = signed_in(translator)
    target = pairs.counterpart(page)
    address = reverse("wagtailadmin_pages:edit", args=[target.pk])

    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert address in home
    assert "The review waits for it" in home

    pages.translate(page, translator)
    form = BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "html.parser").select_one(
        "#translations-waiting-section form, form[action*='workflow/action']"
    )
    response = client.post(form["action"], {"next": reverse("wagtailadmin_home")})

    assert response.headers["Location"] == reverse("wagtailadmin_home")
    assert current(page).task.name == "Publication in both languages / Publication dans les deux langues"


def test_each_reviewer_finds_on_the_dashboard_what_waits_for_them(
    author: Any, it_strategy: Any, cfob: Any
) -> None:
    page = submitted(pages.the_opportunity(author), author)
    home = reverse("wagtailadmin_home")
    assert "my-work-section" in signed_in(it_strategy).get(home).content.decode()
    assert "my-work-section" not in signed_in(cfob).get(home).content.decode()

    act(signed_in(it_strategy), page, "approve")

    assert "my-work-section" in signed_in(cfob).get(home).content.decode()


def test_the_dashboard_costs_the_same_however_many_translations_wait(
    author: Any, translator: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    pages.the_opportunity(author)
    with django_assert_max_num_queries(15) as few:
        waiting.jobs_for(translator)
    translator = type(translator).objects.get(pk=translator.pk)
    for number in range(3):
        pages.make_opportunity(author, title=f"More {number}", slug=f"more-{number}")

    with django_assert_num_queries(len(few)):
        assert len(waiting.jobs_for(translator)) >= 4


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_whole_review_runs_in_the_admin_from_either_language(
    author: Any, it_strategy: Any, cfob: Any, translator: Any, language: str
) -> None:
    page = pages.make_opportunity(author, language)
    target = pairs.counterpart(page)
    edit(signed_in(author), page, teaser="A last word.", **{"action-submit": "1"})
    for person in (it_strategy, cfob):
        act(signed_in(person), page, "approve")
    translation = pairs.translation_of(page)
    client = signed_in(translator)
    for segment in translation.source.stringsegment_set.order_by("order"):
        url = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
        value = f"autre-{segment.pk}" if segment.context.path == "slug" else f"Autre {segment.pk}"
        client.put(url, f"value={value}", content_type="application/x-www-form-urlencoded")
    act(client, page, "approve")

    response = act(signed_in(it_strategy), page, "approve")

    assert response.status_code == 302
    assert languages_live(page) == ["en", "fr"]
    assert Page.objects.get(pk=target.pk).title.startswith("Autre")
    assert page.specific_class.objects.get(pk=target.pk).is_posted


def test_the_panel_says_what_is_missing_in_which_language(author: Any) -> None:
    page = pages.make_opportunity(author, repository="")
    content = signed_in(author).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert "the address of the repository" in content
    assert "French: " in content
    assert reverse("wagtailadmin_pages:edit", args=[pairs.counterpart(page).pk]) in content


def test_refusals_are_in_the_language_of_the_person(author: Any, it_strategy: Any, monkeypatch: Any) -> None:
    from django.utils import translation
    from wagtail.users.models import UserProfile

    from microacq_pages import middleware

    spoken: list[str] = []
    original = middleware.refusal_sentences

    def listen(exception: Exception) -> list[str]:
        spoken.append(translation.get_language())
        return original(exception)

    monkeypatch.setattr(middleware, "refusal_sentences", listen)
    UserProfile.objects.update_or_create(user=it_strategy, defaults={"preferred_language": "fr"})
    page = submitted(pages.the_opportunity(author), author)

    edit(
        signed_in(it_strategy),
        page,
        teaser="Autre.",
        **{"action-workflow-action": "1", "workflow-action-name": "approve"},
    )

    assert spoken == ["fr"]


# --- skills --------------------------------------------------------------------------------------


def test_a_skill_named_in_one_language_blocks_the_opportunity(author: Any) -> None:
    skill = Skill.objects.create(name="COBOL", locale=Locale.objects.get(language_code="en"))
    page = pages.make_opportunity(author, skills=[skill])
    pages.translate(page)

    (blocker,) = publishing.publication_blockers(page)

    assert (blocker.code, blocker.language) == ("skill-in-one-language", "fr")


def test_a_skill_made_in_the_admin_waits_for_its_translation(
    author: Any, it_strategy: Any, translator: Any
) -> None:
    client = signed_in(it_strategy)
    client.post(
        reverse(Skill.snippet_viewset.get_url_name("add")),
        {"name": "Accessibility", "lowest_rate": "60", "highest_rate": "100"},
    )
    skill = Skill.objects.get(name="Accessibility", locale__language_code="en")
    page = pages.make_opportunity(author, skills=[skill])
    pages.translate(page)
    assert [b.code for b in publishing.publication_blockers(page)] == ["skill-in-one-language"]
    assert "Accessibility" in {job.title for job in waiting.jobs_for(translator)}

    translation = pairs.translation_of(skill)
    (segment,) = translation.source.stringsegment_set.all()
    StringTranslation.objects.create(
        translation_of=segment.string,
        locale=translation.target_locale,
        context=segment.context,
        data="Accessibilité",
    )
    assert publishing.publication_blockers(page) == []

    skill.name = "Digital accessibility"
    skill.save()
    assert [b.code for b in publishing.publication_blockers(page)] == ["skill-in-one-language"]


def test_every_skill_of_an_opportunity_is_asked(author: Any) -> None:
    page = pages.the_opportunity(author)
    one_language = Skill.objects.create(name="Fortran", locale=Locale.objects.get(language_code="fr"))
    page.opportunity_skills.add(OpportunitySkill(skill=one_language, sort_order=2))
    page.save_revision(user=author)

    assert ("skill-in-one-language", "en") in [
        (b.code, b.language) for b in publishing.publication_blockers(page)
    ]


# --- copies --------------------------------------------------------------------------------------


def test_a_copy_is_an_opportunity_of_its_own_with_its_own_translation(author: Any) -> None:
    page = pages.make_opportunity(author, import_ref="2021-06-23")
    signed_in(author).post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {"new_title": "Again", "new_slug": "again", "new_parent_page": str(page.get_parent().pk)},
    )

    copy = Opportunity.objects.get(slug="again", locale=page.locale)
    assert pairs.counterpart(copy) is not None
    assert copy.import_ref == ""
    assert copy.translation_key != page.translation_key
    assert {c.translation_key for c in copy.criteria.all()}.isdisjoint(
        c.translation_key for c in page.criteria.all()
    )


def test_approving_in_the_editor_what_was_imported_is_not_writing_it(author: Any, it_strategy: Any) -> None:
    """The form has no seconds and writes money with cents; the file had 23:59:59 and a rate of 80."""
    to_the_second = pages.deadline_in(20).replace(second=59)
    page = submitted(
        pages.make_opportunity(author, deadline=to_the_second, hourly_rate=Decimal("80")), author
    )
    first = current(page)

    edit(
        signed_in(it_strategy),
        page,
        **{"action-workflow-action": "true", "workflow-action-name": "approve"},
    )

    first.refresh_from_db()
    assert first.status == TaskState.STATUS_APPROVED
    assert Opportunity.objects.get(pk=page.pk).deadline == to_the_second.replace(second=0)
    assert it_strategy.pk not in publishing.authors_of(page)
