"""A supplier's link opens a proposal, so the log never holds one."""

from __future__ import annotations

import io
import logging
import logging.config
import secrets
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from submissions.proposals.sealing import SupplierLink

LOGGERS = ("django", "submissions")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the site's loggers write, in the form that the settings give to lines."""
    configurator = logging.config.DictConfigurator({"version": 1})
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(configurator.configure_formatter(dict(settings.LOGGING["formatters"]["line"])))
    for name in LOGGERS:
        logging.getLogger(name).addHandler(handler)
    yield handler.stream
    for name in LOGGERS:
        logging.getLogger(name).removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize("in_capitals", [False, True])
def test_a_refused_request_to_a_link_does_not_write_it_down(written: io.StringIO, in_capitals: bool) -> None:
    token = SupplierLink.generate().token
    token = token.upper() if in_capitals else token
    address = f"/en/apply/link/{token}/"
    client = Client(enforce_csrf_checks=True)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}change/", {}).status_code in (403, 404)
    assert client.post(f"{address}withdraw/", {}).status_code == 403
    assert client.get(f"{address}nonesuch/").status_code == 404
    assert "/en/apply/link/•••/withdraw/" in written.getvalue()
    assert token not in written.getvalue()


@pytest.mark.django_db
def test_the_link_of_a_subscriber_is_not_written_down_either(written: io.StringIO) -> None:
    token = secrets.token_urlsafe(32)
    client = Client(enforce_csrf_checks=True)
    for address in (f"/en/follow/confirm/{token}/", f"/fr/suivre/moi/{token}/", f"/en/follow/mine/{token}/"):
        client.get(address)
        client.post(address)
    assert "/en/follow/mine/•••/" in written.getvalue()
    assert token not in written.getvalue()


@pytest.mark.django_db
def test_a_link_that_was_copied_badly_is_not_written_down_either(written: io.StringIO) -> None:
    """What is missing, or too much, could be guessed."""
    supplier, subscriber = SupplierLink.generate().token, secrets.token_urlsafe(32)
    for path in (f"apply/link/{supplier}a", f"apply/link/{supplier[:-1]}", f"apply/count/{supplier[2:]}x0"):
        Client().get(f"/en/{path}/")
    for token in (f"{subscriber}a", subscriber[:-1], subscriber[:-2]):
        Client().get(f"/en/follow/mine/{token}/")
    assert written.getvalue().count("•••") == 6
    assert supplier[5:40] not in written.getvalue()
    assert subscriber[:40] not in written.getvalue()


def test_a_traceback_does_not_write_it_down_either(written: io.StringIO) -> None:
    link = SupplierLink.generate()
    try:
        raise ValueError(f"{link.token} {link.identity}")
    except ValueError:
        logging.getLogger("submissions").exception("It failed at %s", link.token)
    assert "Traceback" in written.getvalue()
    assert link.token not in written.getvalue()
    assert link.identity not in written.getvalue()


@pytest.mark.parametrize("name", ["console"])
def test_the_handlers_of_the_site_write_such_lines(name: str) -> None:
    assert settings.LOGGING["handlers"][name]["formatter"] == "line"
