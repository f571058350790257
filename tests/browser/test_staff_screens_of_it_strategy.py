"""The screens of IT Strategy, as `test_staff_screens` walks those of the other roles."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.test_staff_screens import Barriers, faults_in_english, faults_of
from tests.support.servers import SiteServer


def test_every_screen_is_without_barrier_works_by_keyboard_and_enlarged(
    demo_site: SiteServer, sign_in: Callable[..., Page], barriers: Barriers
) -> None:
    assert faults_of(demo_site, sign_in, barriers, "it-strategy") == {}


def test_every_screen_speaks_english_too(demo_site: SiteServer) -> None:
    assert faults_in_english("it-strategy") == {}
