"""Packages for access to information: names and addresses go by themselves, passages on a person’s word."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages import roles
from submissions.audit.models import AuditEntry
from submissions.evaluation.identification import Who
from submissions.proposals.models import OpenedProposal
from submissions.records.archive import documents as archive_documents
from submissions.records.archive import docx as drawing
from submissions.records.archive import html, proving
from submissions.records.archive.access import packages
from submissions.records.archive.access.forms import MARKED
from submissions.records.archive.access.severing import Choice, sever
from submissions.records.archive.models import AccessPackage
from submissions.records.archive.words import About, Document, Paragraph, Run, Table
from submissions.solicitations.models import Solicitation
from tests.factories import people
from tests.submissions.records.archive.test_documents import text_of
from tests.support.guards import behind_the_rules, one_byte_changed


def wish(file: Solicitation, **changes: Any) -> packages.Wish:
    given: dict[str, Any] = {
        "reference": "A-2026-00012",
        "languages": ["en"],
        "documents": ["applications", "evaluation", "agreement", "debriefs"],
        "sections": {about: section for about, (_label, section) in MARKED.items() if section},
    }
    return packages.Wish(**{**given, **changes})


def unzipped(package: AccessPackage) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(bytes(package.content))) as archive:
        assert archive.testzip() is None
        return {name.split("/", 1)[1]: text_of(archive.read(name)) for name in archive.namelist()}


def test_names_and_addresses_of_suppliers_are_left_out_by_themselves(file: Solicitation) -> None:
    documents = [kind.name for kind in packages.available(file)]
    wanted = wish(file, languages=["en", "fr"], documents=documents)
    package = packages.make(file, wanted, people.the(roles.IT_STRATEGY))
    said = unzipped(package)
    public = file.offers.get().award.supplier
    whole = "".join(said.values())
    for opened in OpenedProposal.objects.filter(proposal__solicitation=file):
        text = opened.text()
        assert text["email"] not in whole
        assert text["name"] == public or text["name"] not in whole
        assert all(answer not in whole for answer in text["answers"].values())
    assert "613-555-0199" not in whole
    assert public in said["en/500-agreement.docx"]
    assert "[Withheld: section 19(1)]" in said["en/310-applications.docx"]
    assert "[Prélevé\u00a0: paragraphe 19(1)]" in said["fr/310-applications.docx"]
    assert "section 20(1)(b)" in said["en/000-about.docx"]
    assert package.hidden["en/310-applications.docx"]["19(1)"] > 4


def test_the_original_stays_as_it_is(file: Solicitation) -> None:
    packages.make(file, wish(file), people.the(roles.IT_STRATEGY))
    original = archive_documents.make(file, "applications", "en")
    assert original is not None and "Supplier" in text_of(drawing.draw(original))


def test_passages_that_a_person_names_go_everywhere(file: Solicitation) -> None:
    chosen = wish(file, passages=[("It shows no such work.", "21(1)(a)")], languages=["en"])
    said = unzipped(packages.make(file, chosen, people.the(roles.IT_STRATEGY)))
    assert "It shows no such work." not in "".join(said.values())
    assert "[Withheld: section 21(1)(a)]" in said["en/400-evaluation.docx"]
    assert "Advice or recommendations" in said["en/000-about.docx"]


def test_nothing_left_out_remains_in_what_nobody_sees() -> None:
    """Addresses of links, headers and descriptions of tables hold words too, and so does white space."""
    hidden = "Camille Tremblay"
    blocks = (
        Paragraph((Run("Her page", link="https://example.org/Camille%20Tremblay"),)),
        Paragraph((Run("Camille Tremblay wrote", link="https://example.org/kept"),)),
        Paragraph((Run("By Camille\u00a0Tremblay,\nof Gatineau"),)),
        Table("Work of Camille Tremblay", ("What Camille Tremblay did",), (((Run("Camille  Tremblay"),),),)),
    )
    document = Document(
        "applications", "Title", "en", "MA-2026-0001", datetime(2026, 1, 1, tzinfo=UTC), blocks
    )
    passages = [(f"{hidden}", "19(1)"), ("of\n Gatineau\n\nnowhere", "19(1)")]
    content = drawing.draw(sever(document, Choice({}, passages)).document)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    for told in ("Tremblay", "Camille", "Gatineau", "example.org/kept"):
        assert told not in whole
    assert "section 19(1)" in whole


def test_no_package_changes_its_request_or_goes_unnoticed(file: Solicitation) -> None:
    packages.make(file, wish(file), people.the(roles.IT_STRATEGY))
    connection.check_constraints()
    assert list(proving.packages(file, lambda _done, _all: None)) == []
    changes: tuple[Callable[[], object], ...] = (
        lambda: one_byte_changed("submissions_accesspackage", "choices"),
        lambda: behind_the_rules("UPDATE submissions_accesspackage SET hidden = '{}'"),
        lambda: behind_the_rules("UPDATE submissions_accesspackage SET reference = 'other'"),
        lambda: behind_the_rules("DELETE FROM submissions_accesspackage"),
    )
    for number, change in enumerate(changes):
        with transaction.atomic():
            assert change()
            found = list(proving.packages(file, lambda _done, _all: None))
            transaction.set_rollback(True)
        assert any("access to information package" in each.sentence for each in found), number


def test_what_was_disclosed_is_kept_to_the_byte(file: Solicitation, client: Client) -> None:
    package = packages.make(file, wish(file), people.the(roles.IT_STRATEGY))
    again = packages.make(file, wish(file), people.the(roles.IT_STRATEGY))
    connection.check_constraints()
    assert bytes(package.content) != b"" and package.digest != "" and again.pk != package.pk
    for change in ("content = 'x'", "hidden = '{}'", "choices = 'erased'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE submissions_accesspackage SET {change}")
    client.force_login(people.the(roles.IT_STRATEGY))
    answer = client.get(reverse("records:package", args=[package.pk]))
    assert answer.getvalue() == bytes(package.content)
    connection.check_constraints()
    acts = AuditEntry.objects.filter(file_number=file.number)
    assert acts.filter(action="file.disclosed").count() == 2
    assert acts.filter(action="records.package_read").count() == 1
    client.force_login(people.the(roles.AUDITOR))
    assert client.get(reverse("records:package", args=[package.pk])).status_code in (302, 403)


def form(file: Solicitation, **changes: Any) -> dict[str, Any]:
    data = {
        "reference": "A-2026-00012",
        "languages": ["en"],
        "documents": ["evaluation", "agreement"],
        **{f"about_{about.value}": section for about, (_label, section) in MARKED.items()},
        "passages-TOTAL_FORMS": "2",
        "passages-INITIAL_FORMS": "0",
        "passages-0-passage": "It shows no such work.",
        "passages-0-section": "21(1)(b)",
        "passages-1-passage": "",
        "passages-1-section": "19(1)",
    }
    return {**data, **changes}


def test_a_person_looks_before_anything_is_made(file: Solicitation, client: Client) -> None:
    client.force_login(people.the(roles.IT_STRATEGY))
    address = reverse("records:disclose", args=[file.pk])
    assert client.get(address).status_code == 200
    page = client.post(address, form(file, look="1"))
    assert page.status_code == 200 and not AccessPackage.objects.exists()
    assert "<mark>[Withheld: section 19(1)]</mark>" in page.text
    assert page.text.count("It shows no such work.") == 1, "in the form alone"
    more = client.post(address, form(file, more="1"))
    assert "It shows no such work." in more.text and 'name="passages-4-passage"' in more.text
    made = client.post(address, form(file, make="1"))
    assert made.status_code == 302 and AccessPackage.objects.get().reference == "A-2026-00012"


def test_a_passage_that_stands_nowhere_is_told_before_the_package_can_be_made(
    file: Solicitation, client: Client
) -> None:
    client.force_login(people.the(roles.IT_STRATEGY))
    address = reverse("records:disclose", args=[file.pk])
    named = {"passages-1-passage": "It shows no such work.\n\nA name with a <slip>"}
    looked = client.post(address, form(file, look="1", **named))
    assert looked.context["unfound"] == [{"text": "A name with a <slip>", "is_known": False}]
    assert "I have seen that this was found nowhere: “A name with a &lt;slip&gt;”" in looked.text
    for known in ([], ["another passage"]):
        refused = client.post(address, form(file, make="1", unfound=known, **named))
        assert refused.status_code == 422 and not AccessPackage.objects.exists()
        assert refused.context["unfound"] and "It shows no such work." in refused.text
    made = client.post(address, form(file, make="1", unfound=["A name with a <slip>"], **named))
    assert made.status_code == 302
    assert packages.choices_of(AccessPackage.objects.get())["unfound"] == ["A name with a <slip>"]


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": ""},
        {"reference": "../../x"},
        {"languages": []},
        {"documents": ["nothing"]},
        {"about_name": "99"},
        {"passages-0-section": "99"},
        {"passages-TOTAL_FORMS": "x"},
        {"passages-0-passage": "x" * 3000},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    file: Solicitation, client: Client, changes: dict[str, Any]
) -> None:
    client.force_login(people.the(roles.IT_STRATEGY))
    page = client.post(reverse("records:disclose", args=[file.pk]), form(file, make="1", **changes))
    assert page.status_code == 422 and not AccessPackage.objects.exists()
    if "passages-TOTAL_FORMS" not in changes and "passages-0-passage" not in changes:
        assert "It shows no such work." in page.text


def test_others_make_no_package(file: Solicitation, client: Client) -> None:
    for role in (roles.AUDITOR, roles.EVALUATOR, roles.FINANCE):
        client.force_login(people.the(role))
        assert client.get(reverse("records:disclose", args=[file.pk])).status_code in (302, 403)
        assert client.post(reverse("records:disclose", args=[file.pk]), form(file, make="1")).status_code in (
            302,
            403,
        )
    assert not AccessPackage.objects.exists()


# --- severing ------------------------------------------------------------------------------------------------------


def document(*runs: Run, name: str = "letters") -> Document:
    return Document(name, "T", "en", "MA-2026-0001", datetime(2026, 1, 1, tzinfo=UTC), (Paragraph(runs),))


def runs_of(made: Document) -> list[Run]:
    return [run for block in made.blocks if isinstance(block, Paragraph) for run in block.runs]


def said(made: Document) -> str:
    return "".join(run.text for run in runs_of(made))


def test_a_passage_goes_though_its_words_are_set_apart() -> None:
    made = sever(
        document(Run("before sec"), Run("ret words", bold=True), Run(" after")),
        Choice({}, [("secret words", "23")]),
    )
    assert said(made.document) == "before [Withheld: section 23] after"
    assert made.counts == {"23": 1}


def test_what_was_published_is_looked_through_for_nothing_by_itself() -> None:
    choice = Choice({About.NAME: "19(1)"}, suppliers=[Who("Camille Roy", "", ["camille@example.org"])])
    text = "Write to Camille Roy at camille@example.org."
    assert said(sever(document(Run(text), name="opportunity"), choice).document) == text
    assert said(sever(document(Run(text)), choice).document) == (
        "Write to [Withheld: section 19(1)] at [Withheld: section 19(1)]."
    )


@given(
    st.lists(st.text(alphabet="ab c", max_size=12), min_size=1, max_size=4),
    st.lists(st.text(alphabet="ab c", min_size=1, max_size=4), max_size=3),
)
def test_no_passage_is_left_and_nothing_else_is_lost(texts: list[str], passages: list[str]) -> None:
    named = [passage for passage in passages if passage.strip()]
    made = sever(document(*(Run(text) for text in texts)), Choice({}, [(each, "23") for each in named]))
    pieces, whole, at = [run.text for run in runs_of(made.document) if not run.hidden], "".join(texts), 0
    for piece in pieces:
        found = whole.find(piece, at)
        assert found >= 0, "what is left stands in its order"
        at = found + len(piece)
    # However many spaces stand between its words.
    patterns = [r"\s+".join(map(re.escape, each.split())) for each in named]
    assert (sum(made.counts.values()) > 0) == any(re.search(pattern, whole) for pattern in patterns)
    assert said(sever(document(*(Run(text) for text in texts)), Choice({})).document) == whole


def test_lists_within_lists_are_so_on_the_screen() -> None:
    items = [
        Paragraph((Run(text),), bullet=depth) for text, depth in (("a", 1), ("b", 2), ("c", 2), ("d", 1))
    ]
    made = Document(
        "t", "T", "en", "MA-2026-0001", datetime(2026, 1, 1, tzinfo=UTC), (*items, Paragraph((Run("<e>"),)))
    )
    assert html.draw(made) == "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul><p>&lt;e&gt;</p>"
