"""A posted file, and a browser without JavaScript: a page’s form is read from its HTML, filled and sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from submissions.solicitations.models import Solicitation
from tests.factories import proposals
from tests.support.committed import committed_database

__all__ = ["committed_database"]


@pytest.fixture(autouse=True)
def _no_page_is_kept_from_another_test() -> None:
    cache.clear()


@pytest.fixture
def file(db: None) -> Solicitation:
    """A file that takes applications."""
    return proposals.make_file()


@pytest.fixture
def evaluator(user_in: Callable[..., Any]) -> Any:
    from microacq_pages import roles

    return user_in(roles.EVALUATOR)


@pytest.fixture
def supplier() -> Client:
    """A visitor whose CSRF cookie is checked as a real server checks it."""
    return Client(enforce_csrf_checks=True)


#: Of the addresses that forms of this stage are sent to, where not to the page that shows them.
PARTS = ("/open/", "/apply/", "/presenter-une-demande/")


class FilledForm:
    """The form of a page as a browser would send it."""

    def __init__(self, response: Any) -> None:
        self.soup = BeautifulSoup(response.content, "html.parser")
        (self.form,) = self.soup.find_all(
            "form",
            method="post",
            action=lambda to: to is None or any(part in to for part in PARTS),
        )
        self.data: dict[str, Any] = {}
        for field in self.form.find_all(["input", "textarea", "select"]):
            self._take(field)

    def _take(self, field: Any) -> None:
        kind = field.get("type", field.name)
        if kind in ("checkbox", "radio") and not field.has_attr("checked"):
            return
        value = field.text.lstrip("\n") if field.name == "textarea" else field.get("value", "")
        self.data[field["name"]] = value or ("on" if kind == "checkbox" else "")

    def fill(self, **values: str) -> FilledForm:
        """Write, choose and tick as a person does, in every field but those given."""
        for field in self.form.find_all(["input", "textarea"]):
            name, kind = field["name"], field.get("type", field.name)
            if kind == "checkbox":
                self.data[name] = "on"
            elif kind == "textarea":
                self.data[name] = "I did such work for two years, in public."
        self.data.update(
            {"name": "Camille Tremblay", "email": "camille@example.org", "status": "canadian", **values}
        )
        return self


@pytest.fixture
def form_of() -> Callable[[Any], FilledForm]:
    return FilledForm
