"""The command on the database: drafts and translations, and nothing written when anything is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.fields import RichTextField
from wagtail_localize.models import StringTranslation

from microacq_pages import pairs, publishing
from microacq_pages.models import Opportunity, Skill
from tests.factories import pages

from .conftest import Texts, changed, line_of
from .running import Paths, counts, french_version, imported, refused, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("skills_and_project")]


# --- the draft --------------------------------------------------------------------------------------


def test_a_draft_is_made_with_every_fact(paths: Paths, author: Any, skills_and_project: Any) -> None:
    run(paths(), "--as", author.username)
    page = imported()
    assert not page.live
    assert page.owner == author
    assert page.title == "Find broken links in our guides before readers do"
    assert page.slug == "find-broken-links-in-our-guides-before-readers-do"
    assert (page.price, page.licence, page.section_32_reference) == (6500, "MIT", "S32-0107")
    assert page.deadline.isoformat() == "2031-03-03T14:00:00-05:00"
    assert (page.selection_date.day, page.delivery_date.day) == (7, 18)
    assert page.project == skills_and_project
    assert page.confirm_not_split
    assert page.confirm_funds_committed
    assert page.import_ref == "link-checker"
    assert "<li>links to headings, such as <code>guide.md#fees</code></li>" in page.work
    assert [criterion.word_limit for criterion in page.criteria.all()] == [250, 150]
    assert page.acceptance_criteria.count() == 3


def test_the_french_stands_on_the_page_string_by_string(paths: Paths, author: Any) -> None:
    report = run(paths(), "--as", author.username)
    page = imported()
    total, done = pairs.translation_progress(page)
    assert total == done
    assert f"Translated: {done} of {total} pieces of text." in report
    french = french_version(page)
    assert french.title == "Trouver les liens rompus de nos guides avant les lecteurs"
    assert french.slug == "trouver-les-liens-rompus-de-nos-guides-avant-les-lecteurs"
    assert french.team == "Équipe des guides"
    assert "nommé <i>LinkWatch</i>. Il ne pouvait <b>pas</b> lire" in french.background
    assert '<a href="https://developer.mozilla.org/fr/docs/Web/HTTP/Status">l’état</a>' in french.work
    assert french.criteria.all()[1].statement.startswith("<p>Décrivez")
    assert [row.translation_key for row in french.criteria.all()] == [
        row.translation_key for row in page.criteria.all()
    ]
    assert not publishing.translation_blockers(page)


def test_a_translator_finds_the_strings_and_can_change_one(
    paths: Paths, author: Any, translator: Any
) -> None:
    run(paths(), "--as", author.username)
    page = imported()
    string = StringTranslation.objects.get(data__startswith="La commande doit fonctionner")
    assert string.context.path == "work"
    assert string.last_translated_by == author
    string.data = "La commande fonctionne sous Linux, Windows et macOS."
    string.last_translated_by, string.tool_name = translator, ""
    string.save()
    assert "La commande fonctionne sous" in french_version(page).work


def test_the_french_draft_in_the_explorer_has_its_own_title_and_text(paths: Paths, author: Any) -> None:
    run(paths(), "--as", author.username)
    draft = imported("fr")
    assert not draft.live
    assert draft.title.startswith("Trouver les liens")
    assert "400 guides" in draft.background


def test_french_may_be_the_source(paths: Paths, author: Any) -> None:
    run(paths(), "--as", author.username, "--source", "fr")
    page = imported("fr")
    assert pairs.source_of(page).pk == page.pk
    assert page.background.startswith("<p>Notre ministère")
    assert french_version(page).background.startswith("<p>Our department")
    assert pairs.translation_progress(page)[0] == pairs.translation_progress(page)[1]


def test_what_the_files_do_not_give_stays_blank_and_is_named(paths: Paths, texts: Texts, author: Any) -> None:
    english = texts[0]
    for key in ("licence: MIT\n", "repository: https://github.com/example-department/link-checker\n"):
        english = changed(english, key, "")
    english = changed(english, "confirmed: [standalone, ", "confirmed: [")
    report = run(paths(english), "--as", author.username)
    page = imported()
    assert (page.licence, page.repository, page.confirm_standalone) == ("", "", False)
    assert "Missing: the licence." in report
    assert "Missing: the address of the repository." in report
    assert "standalone piece of work" in report


def test_whose_it_is_comes_from_the_site_and_from_who_imports_it_unless_the_files_say(
    paths: Paths, texts: Texts, author: Any, settings: Any
) -> None:
    author.first_name, author.last_name = "Robin", "Castonguay"
    author.save()
    settings.MICROACQ_DEPARTMENT = {"en": "Department of Tides", "fr": "Ministère des Marées"}
    lines = ("contact_name", "contact_email", "department")
    bare = ["\n".join(line for line in text.split("\n") if not line.startswith(lines)) for text in texts[:2]]
    run(paths(*bare), "--as", author.username)
    page = imported()
    assert (page.contact_name, page.contact_email) == ("Robin Castonguay", author.email)
    assert (page.department, french_version(page).department) == (
        "Department of Tides",
        "Ministère des Marées",
    )

    run(
        paths(bare[0].replace("lang: en", "lang: en\ncontact_name: The team", 1), bare[1]),
        "--as",
        author.username,
    )
    assert imported().contact_name == "The team"


def test_text_without_a_certain_translation_is_left_to_the_translator(
    paths: Paths, texts: Texts, author: Any
) -> None:
    french = changed(texts[1], "   - les liens vers des titres, comme `guide.md#fees`\n", "")
    report = run(paths(None, french), "--as", author.username)
    page = imported()
    total, done = pairs.translation_progress(page)
    assert 0 < total - done <= 3
    assert "no translation could be told for certain: “links to headings, such as guide.md#fees”" in report
    assert f"opportunity.md:{line_of(texts[0], '- links to headings')}: " in report


def test_a_link_of_the_translation_that_the_source_lacks_is_not_placed(
    paths: Paths, texts: Texts, author: Any
) -> None:
    french = changed(texts[1], "Linux, Windows", "[Linux](https://example.org), Windows")
    report = run(paths(None, french), "--as", author.username)
    assert "Not placed, because its links are not those of the other language" in report
    assert pairs.translation_progress(imported())[1] == pairs.translation_progress(imported())[0] - 1


# --- skills and project -----------------------------------------------------------------------------


def test_skills_are_matched_in_either_language_and_the_others_reported(
    paths: Paths, texts: Texts, author: Any
) -> None:
    pages.make_skill("CI", "Intégration continue")
    report = run(paths(), "--as", author.username)
    assert [row.skill.name for row in imported().opportunity_skills.all()] == ["Python", "CI"]
    assert "No such skill: GitHub Actions." in report


def test_skills_are_made_in_both_languages_when_asked(paths: Paths, it_strategy: Any) -> None:
    report = run(paths(), "--as", it_strategy.username, "--create-skills")
    page = imported()
    assert page.localized_skills == ["Python", "Continuous integration", "GitHub Actions"]
    assert french_version(page).localized_skills == [
        "Python (langage)",
        "Intégration continue",
        "GitHub Actions",
    ]
    assert "Skills made: Continuous integration / Intégration continue, GitHub Actions." in report
    run(paths(), "--as", it_strategy.username, "--create-skills")
    assert Skill.objects.filter(locale__language_code="en").count() == 3


def test_who_may_not_make_skills_does_not_make_them_by_import(paths: Paths, author: Any) -> None:
    before = counts()
    assert "may not make skills" in refused(paths(), "--as", author.username, "--create-skills")
    assert counts() == before


def test_a_project_that_does_not_exist_is_a_fault_with_its_line(paths: Paths, texts: Texts) -> None:
    message = refused(paths(changed(texts[0], "project: Open calendar", "project: Closed calendar")))
    assert (
        f"opportunity.md:{line_of(texts[0], 'project:')}: There is no project called “Closed calendar”"
        in message
    )
    assert "the projects are: Open calendar." in message


# --- importing again --------------------------------------------------------------------------------


def test_importing_again_changes_nothing_when_the_files_are_the_same(paths: Paths, author: Any) -> None:
    run(paths(), "--as", author.username)
    before = counts()
    assert "is as the files say already" in run(paths(), "--as", author.username)
    assert counts() == before


def test_importing_again_updates_and_keeps_the_identity_of_the_criteria(
    paths: Paths, texts: Texts, author: Any
) -> None:
    run(paths(), "--as", author.username)
    before = imported()
    identities = {row.standard or "other": row.translation_key for row in before.criteria.all()}
    swapped = changed(texts[0], "title: Find broken", "title: Find all broken")
    swapped = changed(swapped, "2. Describe, in at most 150 words", "2. Name, in at most 150 words")
    run(paths(swapped), "--as", author.username)
    after = imported()
    assert after.pk == before.pk
    assert after.title.startswith("Find all broken")
    assert after.slug == before.slug
    assert {row.standard or "other": row.translation_key for row in after.criteria.all()} == identities
    assert Opportunity.objects.count() == 2
    assert pairs.translation_progress(after)[0] == pairs.translation_progress(after)[1]


def test_saving_the_page_in_the_editor_is_no_change_of_its_text(
    paths: Paths, texts: Texts, author: Any
) -> None:
    moment = "closing_date: 2031-03-03T14:00:"
    files = paths(*(changed(text, f"{moment}00", f"{moment}59") for text in texts))
    run(files, "--as", author.username)
    page = imported()
    for row in (page, *page.criteria.all(), *page.acceptance_criteria.all()):
        for field in row._meta.get_fields():
            if isinstance(field, RichTextField):
                converter = ContentstateConverter(features=field.features)
                html = converter.from_database_format(getattr(row, field.name))
                setattr(row, field.name, converter.to_database_format(html))
    page.deadline = page.deadline.replace(second=0)
    page.save()
    page.save_revision(user=author)
    assert "data-block-key" in imported().work
    assert "is as the files say already" in run(files, "--as", author.username)


def test_importing_again_keeps_what_a_person_filled_in(paths: Paths, texts: Texts, author: Any) -> None:
    files = paths(changed(texts[0], "licence: MIT\n", ""))
    run(files, "--as", author.username)
    page = imported()
    page.licence = "Apache-2.0"
    page.save()
    page.save_revision(user=author)
    run(files, "--as", author.username, "--deadline", "2031-06-02")
    assert imported().licence == "Apache-2.0"


def test_a_translation_written_by_hand_is_reported_when_the_file_replaces_it(
    paths: Paths, author: Any, translator: Any
) -> None:
    run(paths(), "--as", author.username)
    StringTranslation.objects.filter(context__path="team").update(
        data="L’équipe", tool_name="", last_translated_by=translator
    )
    assert "Replaced a translation that was written by hand: “L’équipe”" in run(
        paths(), "--as", author.username
    )


def test_the_source_language_of_an_import_stays(paths: Paths, author: Any) -> None:
    run(paths(), "--as", author.username)
    assert "use --source en" in refused(paths(), "--as", author.username, "--source", "fr")


def test_a_copy_of_the_page_is_not_what_the_next_import_updates(paths: Paths, author: Any) -> None:
    run(paths(), "--as", author.username)
    page = Opportunity.objects.get(locale__language_code="en")
    copy = page.copy(update_attrs={"slug": "copy", "title": "A copy"}, copy_revisions=False)
    assert Opportunity.objects.get(pk=copy.pk).import_ref == ""
    run(paths(), "--as", author.username)


def test_a_posted_opportunity_is_refused(paths: Paths, author: Any, it_strategy: Any) -> None:
    run(paths(), "--as", author.username)
    pages.publish(imported(), it_strategy)
    assert "“link-checker” is posted" in refused(paths(), "--as", author.username)


# --- dates ------------------------------------------------------------------------------------------


def test_the_deadline_moves_the_later_dates_and_keeps_its_wall_time(paths: Paths, author: Any) -> None:
    run(paths(), "--as", author.username, "--deadline", "2031-07-10")
    page = imported()
    assert page.deadline.isoformat() == "2031-07-10T14:00:00-04:00"
    assert page.selection_date.isoformat() == "2031-07-14"
    assert page.delivery_date.isoformat() == "2031-08-25"


@pytest.mark.parametrize("deadline", ["tomorrow", "2031-13-01", "2031-02-30T14:00"])
def test_a_deadline_that_is_no_date_is_refused(paths: Paths, deadline: str) -> None:
    assert "--deadline" in refused(paths(), "--deadline", deadline)


# --- faults -----------------------------------------------------------------------------------------


def test_all_faults_are_told_and_nothing_is_written(paths: Paths, texts: Texts, author: Any) -> None:
    english = changed(texts[0], "value: $6,500", "value: $8,700")
    english = changed(english, "project: Open calendar", "project: None such")
    english = changed(english, "in 250 words", "in 2 words")
    french = changed(texts[1], "start_date: 2031-03-07", "start_date: never")
    before = counts()
    message = refused(paths(english, french), "--as", author.username)
    assert message.startswith("Nothing was written.")
    for part in ("never", "no project called", "does not agree", "word limit"):
        assert part in message
    assert counts() == before


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("value: $6,500 (excluding taxes)", "value: $9,000", "with the highest sales tax"),
        ("value: $6,500 (excluding taxes)", "value: $0", "Fixed price"),
        ("contact_name: Guides team", f"contact_name: {'x' * 121}", "at most 120"),
        ("section_32: S32-0107", f"section_32: {'x' * 61}", "at most 60"),
    ],
)
def test_what_the_page_cannot_hold_is_a_fault_with_its_line(
    paths: Paths, texts: Texts, old: str, new: str, part: str
) -> None:
    english = changed(texts[0], old, new)
    french = (
        changed(texts[1], "value: 6 500 $ (hors les taxes)", new.replace("$9,000", "9 000 $"))
        if (old.startswith("value"))
        else texts[1]
    )
    message = refused(paths(english, french))
    assert f"opportunity.md:{line_of(english, new)}: " in message
    assert part in message


def test_a_file_that_is_not_there_is_named(paths: Paths) -> None:
    assert "nowhere.md cannot be read" in refused((paths()[0], "nowhere.md"))


def test_a_dry_run_reports_and_writes_nothing(paths: Paths, author: Any) -> None:
    before = counts()
    report = run(paths(), "--as", author.username, "--dry-run", "--submit")
    assert "Dry run: nothing was written" in report
    assert "Translated: " in report
    assert counts() == before


# --- what is found in it ----------------------------------------------------------------------------


def test_an_import_reports_what_must_be_changed_and_what_to_consider(paths: Paths, texts: Texts) -> None:
    english = changed(texts[0], "licence: MIT", "licence: CC-BY-4.0")
    english = changed(english, "We look for them", "You need five years of experience. We look for them")
    told = run(paths(english))
    must, _, consider = told.partition("To consider:")
    assert "not approved by the Open Source Initiative" in must
    assert "English: “five years of experience”" in consider


def test_an_import_of_an_unfinished_text_is_not_submitted(paths: Paths, texts: Texts, author: Any) -> None:
    english = changed(texts[0], "section_32: S32-0107\n", "")
    told = refused(paths(english), "--as", author.username, "--submit")
    assert "Missing: the section 32 reference." in told
    assert not Opportunity.objects.filter(import_ref="link-checker").exists()
    run(paths(english), "--as", author.username)
    assert imported().section_32_reference == ""
