"""The people and pages of the matrix of routes, made once; each case is rolled back after it was tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.db import DatabaseError, connection, transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import StringTranslation

from microacq_pages import pairs, publishing, roles
from microacq_pages.models import HomePage
from tests.factories import pages, people

SUPERUSER, WRITING_SUPERUSER = "superuser", "superuser who wrote it"
ROLES = (*roles.ROLES, SUPERUSER, WRITING_SUPERUSER)
#: Of a draft: ready for the last step of the workflow; a string missing; changed since its translation;
#: approved, but outside any workflow.
DRAFT_STATES = ("complete", "incomplete", "outdated", "approved")
#: Of a public page: nothing pending; a pending change half translated; a pending change not shown to translators.
LIVE_STATES = ("unchanged", "incomplete", "outdated")


class OtherAct(Exception):
    """The attempt does not apply to this case, or was rightly answered by another act than publication."""


class Undo(Exception):
    """Leaves a case without a trace."""


@dataclass
class Case:
    """One attempt: who tries it, on which pair, and what came of it."""

    client: Client
    user: Any
    page: Page
    target: Page
    form: dict[str, str]
    response: Any = None
    refusal: BaseException | None = None

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"wagtailadmin_pages:{name}", args=args or [self.page.pk])

    def fresh(self, page: Page | None = None) -> Page:
        return Page.objects.get(pk=(page or self.page).pk).specific

    def post(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.response = self.client.post(url, data or {}, **kwargs)

    def get(self, url: str) -> None:
        self.response = self.client.get(url)

    def edit(self, **data: Any) -> None:
        """Save the form of the editor as a person would, with a button."""
        self.post(self.url("edit"), {**self.form, **data})

    def sentences(self) -> list[str]:
        """What the person is told."""
        if self.refusal is not None:
            return [str(self.refusal)]
        if self.response is None:
            return []
        told = [str(message) for message in get_messages(self.response.wsgi_request)]
        if not told and self.response.headers.get("Location", "").startswith("/en/admin/"):
            told = ["not found, looked for among the pages of the site"]
        if not told and self.response.status_code in {400, 403, 404, 405, 409}:
            told = [self.response.content.decode() or str(self.response.status_code)]
        return told


@dataclass
class World:
    """People with their signed-in browsers, pairs by start and state, and the filled form of each."""

    users: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Page] = field(default_factory=dict)
    forms: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    @contextmanager
    def case(self, start: str, state: str, role: str) -> Iterator[Case]:
        self.clients[role].cookies.pop("messages", None)
        try:
            with transaction.atomic():
                page = Page.objects.get(pk=self.pairs[start, state].pk).specific
                yield Case(
                    self.clients[role],
                    self.users[role],
                    page,
                    pairs.counterpart(page),
                    self.forms[start, state],
                )
                raise Undo
        except Undo:
            pass


def build() -> World:
    """Make everything; the caller owns the transaction."""
    world = World()
    for role in ROLES:
        name = None if role in (SUPERUSER, WRITING_SUPERUSER) else role
        world.users[role] = people.make_user(name, username=role.lower().replace(" ", "-"))
        world.clients[role] = Client()
        world.clients[role].force_login(world.users[role])
    reviewers = {
        role: people.make_user(role, username=f"other-{role.lower().replace(' ', '-')}")
        for role in (roles.IT_STRATEGY, roles.CFOB, roles.TRANSLATOR)
    }
    for state in DRAFT_STATES:
        world.pairs["draft", state] = _draft(world, state, reviewers)
    for state in LIVE_STATES:
        world.pairs["live", state] = _live(world, state, reviewers[roles.IT_STRATEGY])
    for key, page in world.pairs.items():
        world.forms[key] = filled_form(world.clients[SUPERUSER], page)
    connection.check_constraints()
    return world


def _draft(world: World, state: str, reviewers: dict[str, Any]) -> Page:
    author = world.users[roles.CLIENT]
    page = pages.make_opportunity(author, title=f"Draft {state}", slug=f"draft-{state}")
    page.teaser = f"Written again, {state}."
    page.save_revision(user=world.users[WRITING_SUPERUSER])
    pairs.refresh_translation(page)
    pages.translate(page, reviewers[roles.TRANSLATOR])
    if state == "approved":
        publishing.approve(page, reviewers[roles.IT_STRATEGY])
        return page
    page = pages.run_workflow(
        page, author, reviewers[roles.IT_STRATEGY], reviewers[roles.CFOB], reviewers[roles.TRANSLATOR]
    )
    if state == "incomplete":
        StringTranslation.objects.filter(context__object_id=page.translation_key).last().delete()
    if state == "outdated":
        page.teaser = "Changed after it was translated."
        page.save_revision(user=author)
    return page


def _live(world: World, state: str, approver: Any) -> Page:
    page = pages.make_content_page(world.users[roles.CLIENT], title=f"Live {state}", slug=f"live-{state}")
    child = pages.add_pair(
        page, type(page)(title=f"Below {state}", slug=f"below-{state}", locale=page.locale)
    )
    for each in (page, child):
        pages.translate(each)
        pages.publish(each, approver)
    page = pages.index(HomePage).get_children().get(slug=f"live-{state}").specific
    if state != "unchanged":
        page.intro = "<p>Changed after it was published.</p>"
        page.save_revision(user=world.users[WRITING_SUPERUSER])
    if state == "incomplete":
        pairs.refresh_translation(page)
    return page


def filled_form(client: Client, page: Page) -> dict[str, str]:
    """What the editor's form holds when it is opened."""
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    return form_of(response)


def form_of(response: Any) -> dict[str, str]:
    """The values of the editor's form in a page that was answered; empty when there is none."""
    form = BeautifulSoup(response.content, "html.parser").select_one(
        "form#w-editor-form, form[data-edit-form]"
    )
    # Blocks are drawn by a script; a page without any sends only their number.
    return {"body-count": "0", **form_values(form)} if form else {}


def form_values(form: Any) -> dict[str, str]:
    """The names and values that a browser would send for a form."""
    values: dict[str, str] = {}
    for element in form.select("input[name], textarea[name], select[name]"):
        if element.get("type") in {"checkbox", "radio"} and not element.has_attr("checked"):
            continue
        if element.name == "select":
            chosen = element.select_one("option[selected]")
            values[element["name"]] = chosen.get("value", "") if chosen else ""
        elif element.name == "textarea":
            values[element["name"]] = element.text.removeprefix("\n")
        else:
            values[element["name"]] = element.get("value", "on" if element.get("type") == "checkbox" else "")
    return {name: value for name, value in values.items() if not name.startswith("action-")}


def run_after_commit(since: int) -> None:
    """Do what waits for the commit, as the end of a request would."""
    waiting, connection.run_on_commit = connection.run_on_commit[since:], connection.run_on_commit[:since]
    for _savepoints, function, _robust in waiting:
        function()


def languages_live(page: Page) -> list[str]:
    """In which languages a pair is public, as the database has it."""
    return sorted(
        Page.objects.filter(translation_key=page.translation_key, live=True).values_list(
            "locale__language_code", flat=True
        )
    )


@contextmanager
def drawn(wanted: bool) -> Iterator[None]:
    """Whether pages are drawn: what a person may do and is told is decided before, and drawing takes most of the time.

    Args:
        wanted: False leaves every page empty.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not wanted:
            patch.setattr(SimpleTemplateResponse, "rendered_content", "")
        yield


def database_refuses() -> DatabaseError | None:
    """What the database would say at commit."""
    try:
        with transaction.atomic():
            connection.check_constraints()
    except DatabaseError as error:
        return error
    return None
