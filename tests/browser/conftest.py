"""A real browser before a real server.

`site` is a server on a database that holds what `setup_site` makes; `demo_site` one with the demonstration's content.
Each test module begins with a fresh database; the server runs on. While either is active, models and factories used in
the test work on that database, and everything is committed. `site.reset()` starts again from the template.

    def test_something(site, page):
        page.goto(f"{site.url}/en/")

`page` speaks English, `page_fr` French, `page_without_script` runs no JavaScript, `sign_in(site, name)` gives a page
of a person who is signed in. `barriers(page)` lists what axe finds.
A page that asks another host for anything fails its test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.browser import axe
from tests.support.browser import LAUNCH_ARGUMENTS, PATH_VARIABLE
from tests.support.databases import demo_template, rehearsed_template
from tests.support.servers import SiteServer

# Playwright's loop runs in the test's thread, where Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

#: How long a page may take for anything, in milliseconds; only ends what hangs. Two cores are shared by three browsers,
#: their servers and the database, and may be busy with more.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

#: What depends on the words of a page; the rest of it is the same in the other language.
WORDS = [
    *(
        "aria-command-name",
        "aria-input-field-name",
        "aria-toggle-field-name",
        "aria-tooltip-name",
        "button-name",
    ),
    *(
        "document-title",
        "duplicate-id-aria",
        "empty-heading",
        "empty-table-header",
        "frame-title",
        "html-has-lang",
    ),
    *("html-lang-valid", "image-alt", "input-button-name", "label", "label-title-only", "landmark-unique"),
    *(
        "link-name",
        "page-has-heading-one",
        "region",
        "select-name",
        "summary-name",
        "target-size",
        "valid-lang",
    ),
]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser is."""
    return os.environ[PATH_VARIABLE]


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One running browser for all tests of a process."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=LAUNCH_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def servers(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], SiteServer]]:
    """The running servers of a process by name; starting one takes longer than most tests."""
    running: dict[str, SiteServer] = {}

    def start(name: str) -> SiteServer:
        if name in running:
            running[name].reset()
        else:
            is_demo = name == "demo"
            template = demo_template() if is_demo else rehearsed_template()
            server = SiteServer(template, tmp_path_factory.mktemp(name), demo=is_demo)
            server.start()
            running[name] = server
        return running[name]

    yield start
    with django_db_blocker.unblock():
        for server in running.values():
            server.stop()


@contextmanager
def _attached(server: SiteServer) -> Iterator[SiteServer]:
    server.attach()
    try:
        yield server
    finally:
        server.detach()


@pytest.fixture(scope="module")
def site(servers: Callable[[str], SiteServer], django_db_blocker: DjangoDbBlocker) -> Iterator[SiteServer]:
    """A server on a database in which `setup_site` has run."""
    with django_db_blocker.unblock(), _attached(servers("site")) as server:
        yield server


@pytest.fixture(scope="module")
def demo_site(
    servers: Callable[[str], SiteServer], django_db_blocker: DjangoDbBlocker
) -> Iterator[SiteServer]:
    """A server with the demonstration's content and accounts."""
    with django_db_blocker.unblock(), _attached(servers("demo")) as server:
        yield server


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make a visitor: contexts share neither cookies nor cache. Takes Playwright's options for a new context."""
    contexts: list[BrowserContext] = []
    foreign: set[str] = set()

    def watch(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.hostname not in {"localhost", "127.0.0.1"}:
            foreign.add(request.url)

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{"locale": "en-CA", **options})
        context.set_default_timeout(PATIENCE)
        context.on("request", watch)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not foreign, f"pages asked other hosts: {sorted(foreign)}"


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A visitor who prefers English."""
    return new_context().new_page()


@pytest.fixture
def page_fr(new_context: Callable[..., BrowserContext]) -> Page:
    """A visitor who prefers French."""
    return new_context(locale="fr-CA").new_page()


@pytest.fixture
def page_without_script(new_context: Callable[..., BrowserContext]) -> Page:
    """A visitor whose browser runs no JavaScript."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def sign_in(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Return a page of a person who has signed in at a server. The form itself is tried in `test_identity.py`."""

    def enter(server: SiteServer, username: str) -> Page:
        client = Client()
        client.force_login(get_user_model().objects.get(username=username))
        visitor = new_context()
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        visitor.add_cookies([{"name": session.key, "value": session.value, "url": server.url}])
        return visitor.new_page()

    return enter


@pytest.fixture(scope="session")
def barriers() -> Callable[..., list[str]]:
    """List the barriers that axe finds on a page, one line for each element; of some rules alone if they are named."""
    return axe.barriers
