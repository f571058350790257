"""The pages that stand in for another: the database is away, or the session of staff has ended. Read in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page
from psycopg import sql

from tests.factories import proposals
from tests.support import databases
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
Contexts = Callable[..., BrowserContext]

PHONE = {"width": 390, "height": 844}
PROBLEM = {"en": "We have a problem", "fr": "Nous éprouvons un problème"}
FORM = {"en": "/en/apply/", "fr": "/fr/presenter-une-demande/"}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def database_away(site: SiteServer) -> Iterator[None]:
    """Nobody can connect, and whoever was connected no longer is."""
    allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
    name = sql.Identifier(site.database)
    with databases.connected_to("postgres") as cursor:
        cursor.execute(allow.format(name, sql.SQL("false")))
        try:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [site.database]
            )
            yield
        finally:
            cursor.execute(allow.format(name, sql.SQL("true")))


def test_while_the_database_is_away_everyone_is_told_and_nothing_typed_is_lost(
    site: SiteServer, new_context: Contexts, barriers: Barriers
) -> None:
    number = proposals.make_file().number
    visitor = new_context(viewport=PHONE, bypass_csp=True).new_page()
    for language, sentence in PROBLEM.items():
        visitor.goto(f"{site.url}{FORM[language]}{number}/")
        visitor.fill("[name=name]", "Camille Tremblay")
        with database_away(site):
            with visitor.expect_navigation() as sent:
                visitor.locator("main button[value=save]").click()
            assert sent.value.status == 503
            assert visitor.inner_text("h1") == sentence
            assert visitor.get_attribute("html", "lang") == language
            assert visitor.locator("main [name=name]").input_value() == "Camille Tremblay"
            assert barriers(visitor) == []
            assert visitor.evaluate(SIDEWAYS) == 0
        with visitor.expect_navigation():
            visitor.click("main form button")
        assert "/link/" in visitor.url


def test_whose_session_has_ended_reads_how_to_go_on_in_both_languages(
    site: SiteServer, sign_in: Callable[..., Page], barriers: Barriers
) -> None:
    get_user_model().objects.create_superuser("somebody", password="demo")
    visitor = sign_in(site, "somebody")
    visitor.goto(f"{site.url}/admin/skills/add/")
    visitor.locator("[name=name]").fill("Typed before the session ended")
    Session.objects.all().delete()
    with visitor.expect_navigation() as sent:
        visitor.locator("main form [type=submit]").last.click()
    assert sent.value.status == 403
    parts = visitor.locator("main section[lang]")
    assert parts.evaluate_all("parts => parts.map(part => part.lang)") == ["en", "fr"]
    for part in parts.all():
        part.locator("summary").click()
        assert part.get_by_text("Typed before the session ended").last.is_visible()
        assert part.locator("a[target=_blank]").is_visible()
    visitor.set_viewport_size({"width": 320, "height": 640})
    assert barriers(visitor) == []
    assert visitor.evaluate(SIDEWAYS) == 0
