"""Fetches forms ahead, as suppliers do who write for an hour, and fills them in completely.

Owns what is sent and by whom: each form has an address of its own, a cookie of its own and a text of its own.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import urlencode

from bs4 import BeautifulSoup

#: Addresses kept for measuring the performance of networks: https://www.rfc-editor.org/rfc/rfc2544#appendix-C.2.2
FIRST_VISITOR = IPv4Address("198.18.0.1")
WORDS = (
    "I built and maintain an accessible date picker in TypeScript that three teams of a university use. Everything is "
    "in public, with tests for keyboards and screen readers, reviews of each change, and a log of decisions. "
)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass(frozen=True)
class Application:
    """A complete form, ready to be sent once.

    Attributes:
        visitor: The address it comes from.
        token: The supplier’s link that the form carries.
        email: What the sealed text must say.
        cookie: Of the browser that fetched it.
        body: As a browser encodes it.
    """

    visitor: str
    token: str
    email: str
    cookie: str
    body: str


def headers_of(host: str, visitor: str) -> dict[str, str]:
    """What the trusted proxy in front says of a visitor."""
    return {
        "Host": host,
        "X-Forwarded-For": visitor,
        "X-Forwarded-Proto": "https",
        "Origin": f"https://{host}",
        "Accept-Language": "en",
    }


def fetch(port: int, host: str, path: str, count: int, *, first: int = 0) -> list[Application]:
    """Fetch and fill ``count`` forms, four at a time.

    Args:
        port: Of the web server on this machine.
        host: Its public name.
        path: Of the form.
        count: How many.
        first: How many visitors came before, so that each is another one.
    """
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda number: _one(port, host, path, first + number), range(count)))


def keep(applications: list[Application], path: Path) -> None:
    """Write them down for the load program."""
    path.write_text("\n".join(json.dumps(asdict(one)) for one in applications), encoding="utf-8")


def kept(path: Path) -> Iterator[Application]:
    """What was written down."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield Application(**json.loads(line))


def _one(port: int, host: str, path: str, number: int) -> Application:
    visitor = str(FIRST_VISITOR + number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers_of(host, visitor))
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status} to a visitor who fetched the form.")
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    email = f"supplier{number}@example.org"
    fields = {
        **_answers(path, page),
        **dict(_HIDDEN.findall(page)),
        "email": email,
        "name": f"Supplier {number}",
    }
    return Application(visitor, fields["link"], email, cookie, urlencode(fields))


_known: dict[str, dict[str, str]] = {}


def _answers(path: str, page: str) -> dict[str, str]:
    """What a person writes, chooses and ticks; the fields are the same for everybody, so they are looked up once."""
    if path in _known:
        return _known[path]
    form = BeautifulSoup(page, "html.parser").find("form", method="post")
    assert form is not None
    found: dict[str, str] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = str(field["name"]), str(field.get("type", field.name))
        if field.find_parent(attrs={"aria-hidden": "true"}) or kind == "hidden":
            continue
        if kind == "checkbox":
            found[name] = "on"
        elif kind == "radio":
            found.setdefault(name, str(field["value"]))
        elif kind == "textarea":
            found[name] = WORDS * 5
    return _known.setdefault(path, found)
