"""The whole main job in a real browser: a file is imported and completed, reviewed, translated and published; suppliers
apply in English and in French; nobody reads before the deadline; staff read after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from microacq_pages import roles
from microacq_pages.models import Opportunity
from submissions.proposals import opening
from submissions.proposals.models import Proposal
from submissions.solicitations.models import Solicitation
from tests.factories import pages, people
from tests.factories.proposals import pass_deadline
from tests.support.servers import SiteServer

FILES = Path(__file__).parents[1] / "microacq_pages" / "importing" / "files"
LEFT_OUT = ("section_32", "confirmed", "project")

SEND = "main form button[type=submit]"


@pytest.fixture
def staff(site: SiteServer, sign_in: Callable[..., Page]) -> Callable[[str], Page]:
    """A signed-in page for each role, by the name of its account."""
    site.reset()
    for name in ("Python", "Continuous integration", "GitHub Actions"):
        pages.make_skill(name)
    for role in (roles.CLIENT, roles.IT_STRATEGY, roles.CFOB, roles.TRANSLATOR, roles.EVALUATOR):
        people.make_user(role, password="demo")
    people.make_user(None, password="demo")
    opening.make_trial()
    pages.publish(_translated(pages.make_project()), people.make_user(roles.IT_STRATEGY, "publisher"))
    entered: dict[str, Page] = {}

    def of(name: str) -> Page:
        if name not in entered:
            entered[name] = sign_in(site, name)
        return entered[name]

    return of


def _translated(page: Any) -> Any:
    pages.translate(page)
    return page


def _incomplete_files(folder: Path) -> list[str]:
    """The pair of files without what a client adds by hand."""
    paths = []
    for language in ("en", "fr"):
        text = (FILES / f"link-checker.{language}.md").read_text()
        kept = [line for line in text.splitlines() if not line.startswith(LEFT_OUT)]
        path = folder / f"link-checker.{language}.md"
        path.write_text("\n".join(kept) + "\n")
        paths.append(str(path))
    return paths


def _edit(site: SiteServer, page: Page, opportunity: Opportunity) -> None:
    page.goto(f"{site.url}/admin/pages/{opportunity.pk}/edit/")


def _act(page: Page, action: str) -> None:
    """Choose an action of the page's footer, behind its arrow where it is not the first."""
    button = page.locator(
        f"footer button[name='{action}'], footer [data-workflow-action-name='{action}']"
    ).first
    if not button.is_visible():
        page.get_by_role("button", name="More actions").click()
    with page.expect_navigation():
        button.click()


def _complete_and_submit(site: SiteServer, client: Page, opportunity: Opportunity) -> None:
    _edit(site, client, opportunity)
    expect(client.get_by_text("the section 32 reference").first).to_be_visible()
    client.fill("[name=section_32_reference]", "S32-0107")
    for name in ("standalone", "no_internal_capacity", "unclassified", "not_split", "funds_committed"):
        client.check(f"[name=confirm_{name}]")
    client.select_option("[name=project]", label="Open calendar")
    _act(client, "action-submit")
    expect(client.locator(".messages")).to_contain_text("has been submitted")


def _approve(site: SiteServer, person: Page, opportunity: Opportunity) -> None:
    """Take up what waits on the dashboard, and approve it where it is read."""
    person.goto(f"{site.url}/admin/")
    waiting = person.locator("#my-work-section")
    expect(waiting.get_by_role("heading", name="My work")).to_be_visible()
    with person.expect_navigation():
        waiting.get_by_role("link", name=opportunity.title).first.click()
    with person.expect_navigation():
        person.locator("form[action$='/approve/'] button").click()
    expect(person.locator(".messages")).to_contain_text("recorded")


def _say_translation_is_complete(site: SiteServer, translator: Page, opportunity: Opportunity) -> None:
    """From the dashboard, without opening the source, which translators do not edit."""
    translator.goto(f"{site.url}/admin/")
    complete = translator.get_by_role("button", name="The translation is complete")
    row = translator.get_by_role("row").filter(has_text=opportunity.title).filter(has=complete).first
    row.get_by_role("button", name="The translation is complete").click()
    expect(translator.locator("#my-work-section")).to_have_count(0)


def _fill_application(page: Page, language: str) -> None:
    page.fill("[name=name]", "Camille Tremblay")
    page.fill("[name=email]", f"camille.{language}@example.org")
    page.check(f"[name=correspondence_language][value={language}]")
    page.check("[name=age_and_capacity]")
    page.check("[name=status][value=canadian]")
    for area in page.locator("textarea[name^=answer_]").all():
        area.fill("I built a link checker for my school in 2024, with tests.")
    for box in page.locator("[name^=check_], [name^=confirm_], [name^=terms_]").all():
        box.check()


def _apply(page: Page, address: str, language: str) -> str:
    """Apply from the public page of the opportunity, with the self-check before and a review; return the receipt."""
    page.goto(address)
    with page.expect_navigation():
        page.locator(".apply a").click()
    page.check("[name=age_and_capacity][value=yes]")
    page.check("[name=status][value=canadian]")
    with page.expect_navigation():
        page.click(SEND)
    with page.expect_navigation():
        page.click(SEND)
    with page.expect_navigation():
        page.click(SEND)
    expect(page.locator(".error-summary")).to_be_visible()
    _fill_application(page, language)
    with page.expect_navigation():
        page.click(SEND)
    with page.expect_navigation():
        page.locator("button[value=send]").first.click()
    page.wait_for_url("**/link/**")
    found = re.search(r"R-[A-Z0-9]{4}-[A-Z0-9]{4}", page.content())
    assert found is not None
    return found.group()


def test_from_a_file_to_an_opportunity_that_suppliers_have_applied_to(
    site: SiteServer,
    staff: Callable[[str], Page],
    page: Page,
    new_context: Callable[..., Any],
    tmp_path: Path,
) -> None:
    deadline = pages.deadline_in(20)
    site.manage(
        "import_opportunity",
        *_incomplete_files(tmp_path),
        *("--as", "client", "--deadline", deadline.isoformat(timespec="seconds")),
    )
    opportunity = Opportunity.objects.get(import_ref="link-checker", locale__language_code="en")
    french = Opportunity.objects.get(translation_key=opportunity.translation_key, locale__language_code="fr")

    _complete_and_submit(site, staff("client"), opportunity)
    _approve(site, staff("it-strategy"), opportunity)
    _approve(site, staff("cfob-procurement"), opportunity)
    assert not Opportunity.objects.get(pk=opportunity.pk).live
    _say_translation_is_complete(site, staff("translator"), opportunity)
    assert not Opportunity.objects.get(pk=opportunity.pk).live
    _approve(site, staff("it-strategy"), opportunity)
    opportunity.refresh_from_db()
    french.refresh_from_db()
    assert opportunity.live
    assert french.live
    file = Solicitation.objects.get(translation_key=opportunity.translation_key)

    english_receipt = _apply(page, f"{site.url}{opportunity.url}", "en")
    without_script = new_context(locale="fr-CA", java_script_enabled=False).new_page()
    french_receipt = _apply(without_script, f"{site.url}{french.url}", "fr")
    site.work()
    subjects = [str(message["Subject"]) for message in site.mail() if "camille" in str(message["To"])]
    assert len(subjects) == 2
    assert all(file.number in subject for subject in subjects)

    for name in ("it-strategy", "admin"):
        reader = staff(name)
        reader.goto(f"{site.url}/admin/applications/{file.pk}/")
        expect(reader.get_by_text("They are sealed.").first).to_be_visible()
        answer = reader.goto(f"{site.url}/admin/applications/{file.pk}/{english_receipt}/")
        assert answer is not None
        assert answer.status == 403
        assert "link checker for my school" not in reader.content()

    pass_deadline(file)
    late = new_context().new_page()
    late.goto(f"{site.url}/en/apply/{file.number}/")
    expect(late.locator(SEND)).to_have_count(0)

    opener = staff("it-strategy")
    opener.goto(f"{site.url}/admin/procurement-files/{file.pk}/")
    with opener.expect_navigation():
        opener.get_by_role("button", name="Open the applications").click()
    site.work()
    file.refresh_from_db()
    assert file.state == "opened"
    reader = staff("it-strategy")
    reader.goto(f"{site.url}/admin/applications/{file.pk}/")
    for receipt in (english_receipt, french_receipt):
        expect(reader.get_by_role("link", name=receipt)).to_be_visible()
    reader.get_by_role("link", name=english_receipt).click()
    expect(reader.get_by_text("link checker for my school").first).to_be_visible()
    assert Proposal.objects.count() == 2
    assert "The audit is whole" in site.manage("verify_audit")
