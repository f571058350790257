"""Every document of a file, opened again: what it says, how it is built, and that the same data gives the same."""

from __future__ import annotations

import io
import json
import re
import subprocess
import uuid
import zipfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import settings as chances
from hypothesis import strategies as st

from microacq_pages import roles
from submissions.audit.services import record
from submissions.awards import desk, offers
from submissions.contracts import desk as work_desk
from submissions.contracts import talking
from submissions.evaluation import asking, boards, handing_in
from submissions.evaluation import desk as evaluation_desk
from submissions.proposals.models import OpenedProposal
from submissions.records.archive import bundle, documents, rich
from submissions.records.archive import docx as drawing
from submissions.records.archive.words import Document, Paragraph, Run, Table, Writer
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import awards, contracts, evaluations, people, proposals, selections

#: What the business case wants kept, and the document that holds it.
WANTED = {
    "opportunity",
    "client-confirmations",
    "applications-register",
    "applications",
    "evaluation",
    "selection",
    "agreement",
    "letters",
    "debriefs",
    "acts",
}


def text_of(content: bytes) -> str:
    """Everything that a document says."""
    opened = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in opened.paragraphs] + cells)


def test_columns_are_as_wide_as_what_stands_in_them_and_blank_ones_are_left_out() -> None:
    writer = Writer("en")
    long = "Every example of both tables gives what the table says. " * 4
    rows = [("1", long, "", "0" * 64), ("2", "Short.", "", "")]
    writer.table("T", ("Number", "Text", "Details", "Digest"), rows)
    table = writer.blocks[0]
    assert isinstance(table, Table) and table.header == ("Number", "Text", "Digest")
    widths = drawing.fitting(table)
    assert sum(widths) == pytest.approx(6.5) and widths[0] < 1 < widths[2] < widths[1]
    narrow = Table("T", tuple("abcdefgh"), (tuple((Run("x" * 30),) for _each in range(8)),))
    assert sum(drawing.fitting(narrow)) == pytest.approx(6.5)


def test_refusals_name_the_act_in_words_and_keep_the_language_of_their_reasons(file: Solicitation) -> None:
    data = {"number": file.number, "act": "file.cancelled", "reasons": "Écrivez le motif.", "language": "fr"}
    record(file, "file.decision_refused", data=data)
    connection.check_constraints()
    for language, label in (("en", "File cancelled"), ("fr", "Opportunité annulée")):
        made = documents.make(file, "acts", language)
        assert made is not None
        rows = [row for block in made.blocks if isinstance(block, Table) for row in block.rows]
        (told,) = [cell for row in rows for cell in row if "Écrivez" in "".join(run.text for run in cell)]
        assert label in "".join(run.text for run in told)
        assert [run.language for run in told if "Écrivez" in run.text] == ["fr" if language == "en" else ""]


def parts_of(file: Solicitation) -> dict[str, bundle.Part]:
    return {part.path: part for part in bundle.parts_of(file)}


def test_an_awarded_file_has_every_document_in_both_languages(parts: dict[str, bundle.Part]) -> None:
    paths = set(parts)
    for language in ("en", "fr"):
        named = {re.sub(r"^\d+-|\.docx$", "", path[3:]) for path in paths if path.startswith(f"{language}/")}
        assert WANTED - {"client-confirmations", "opportunity"} <= named
    assert {"index.en.docx", "index.fr.docx", bundle.INDEX, bundle.SUMS, bundle.DRAW} <= paths


def test_documents_say_what_was_recorded(file: Solicitation, parts: dict[str, bundle.Part]) -> None:
    offer = file.offers.get()
    agreement = text_of(parts["en/500-agreement.docx"].content)
    words = offer.acceptance.words()
    for said in (offer.reference, offer.acceptance.terms_digest, words["signature"], offer.award.supplier):
        assert said in agreement
    assert words["terms"].splitlines()[0] in agreement
    applications = text_of(parts["en/310-applications.docx"].content)
    for opened in OpenedProposal.objects.filter(proposal__solicitation=file):
        text = opened.text()
        assert text["name"] in applications and text["email"] in applications
        assert all(answer in applications for answer in text["answers"].values())
    selection = text_of(parts["fr/410-selection.docx"].content)
    draw = file.frozen_lists.get().draw
    assert all(receipt in selection for receipt in draw.order) and draw.secret in selection
    assert "It shows no such work." in text_of(parts["fr/400-evaluation.docx"].content)
    letters = text_of(parts["en/510-letters.docx"].content)
    assert "[…]" in letters and not re.search(r"/[0-9a-z]{58}\b", letters), "no letter lets its reader in"
    assert not re.search(r"supplier\d@", letters)


def test_nobody_is_named_before_the_evaluation_is_signed_off(db: None) -> None:
    file = proposals.make_file()
    proposals.send(file, name="Camille Tremblay", email="camille@example.org")
    receipt = file.proposals.get().receipt_number
    said = "".join(text_of(part.content) for part in bundle.parts_of(file) if part.path.endswith(".docx"))
    assert receipt not in said
    file = evaluations.opened(1)
    said = "".join(text_of(part.content) for part in bundle.parts_of(file) if part.path.endswith(".docx"))
    assert file.proposals.get().receipt_number in said
    assert "Supplier 1" not in said and "supplier1@" not in said


def test_what_staff_entered_for_a_supplier_says_who_entered_it_and_how_it_came(db: None) -> None:
    clerk = people.make_user(roles.IT_STRATEGY, "enters")
    file = proposals.make_file()
    proposals.enter(file, clerk)
    selections.services.commit(file)
    evaluations.opened(0, file=file)
    (one,) = evaluations.named(file, "anne")
    board = boards.read(one.round)
    asked = asking.ask_supplier(
        one, user=one.evaluator, candidate=board.candidates[0], item=board.items[0], question="For whom?"
    )
    evaluation_desk.answer_for(
        asked, clerk, "A public service.", evaluation_desk.Came("telephone", asked.asked_at)
    )
    evaluations.judge_all(one)
    handing_in.hand_in(one, user=one.evaluator)
    transition(file, "sign_off", user=people.the(roles.CFOB))
    file.refresh_from_db()
    selections.services.freeze(file, selections.drawer())
    offer = offers.make(file, selections.drawer())
    came = desk.Came("paper", offer.made_at, "It came by post.")
    desk.accept_for(offer, clerk, awards.answer(offer), came)
    contract = contracts.under_way_of(offer)
    work_desk.enter(
        contract,
        clerk,
        contracts.came(contract),
        lambda locked: talking.write(locked, "Half is done.", key=uuid.uuid4(), language="en"),
    )

    said = {path: text_of(part.content) for path, part in parts_of(file).items() if path.endswith(".docx")}
    evaluation, agreement, work = (
        next(text for path, text in said.items() if path.startswith("en/") and name in path)
        for name in ("-evaluation", "-agreement", "-contract")
    )
    assert "A public service." in evaluation
    assert f"By telephone, entered by {clerk.get_full_name() or clerk.username}" in evaluation
    assert "It came by post." in agreement
    assert (clerk.get_full_name() or clerk.username) in agreement
    assert "Half is done." in work
    assert "The supplier called from the number of the application." in work
    assert (clerk.get_full_name() or clerk.username) in work


def test_the_same_data_gives_the_same_bytes(file: Solicitation, parts: dict[str, bundle.Part]) -> None:
    first = {path: part.digest for path, part in parts.items()}
    assert first == {path: part.digest for path, part in parts_of(file).items()}


def test_the_index_has_the_digests_that_any_computer_can_compare(
    parts: dict[str, bundle.Part], tmp_path: Path
) -> None:
    index = json.loads(parts[bundle.INDEX].content)
    assert {line["path"]: line["sha256"] for line in index["documents"]} == {
        path: part.digest for path, part in parts.items() if path not in (bundle.INDEX, bundle.SUMS)
    }
    for path, part in parts.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(part.content)
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", bundle.SUMS], cwd=tmp_path, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert index["documents"][0]["sha256"] in text_of(parts["index.en.docx"].content)


def test_documents_are_built_so_that_everybody_can_read_them(parts: dict[str, bundle.Part]) -> None:
    for part in parts.values():
        if not part.path.endswith(".docx"):
            continue
        opened = docx.Document(io.BytesIO(part.content))
        named = drawing.LANGUAGES[part.language]
        assert opened.core_properties.title.startswith(part.title)
        assert opened.core_properties.language == named
        defaults = opened.styles.element.find(qn("w:docDefaults"))
        assert {each.get(qn("w:val")) for each in defaults.iter(qn("w:lang"))} == {named}
        assert {each.get(qn("w:val")) for each in opened.styles["Normal"].element.iter(qn("w:lang"))} == {
            named
        }
        levels = [
            int(paragraph.style.name[-1])
            for paragraph in opened.paragraphs
            if paragraph.style.name.startswith("Heading")
        ]
        assert levels[0] == 1 and levels.count(1) == 1, part.path
        assert all(after - before <= 1 for before, after in pairwise(levels)), part.path
        for table in opened.tables:
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None, part.path
            assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val")), part.path
            assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")), part.path


def test_what_another_wrote_in_the_other_language_says_so(
    file: Solicitation, parts: dict[str, bundle.Part]
) -> None:
    opened = docx.Document(io.BytesIO(parts["fr/310-applications.docx"].content))
    text = OpenedProposal.objects.filter(proposal__solicitation=file).first().text()
    answer = next(iter(text["answers"].values()))
    runs = [run for paragraph in opened.paragraphs for run in paragraph.runs if run.text == answer]
    assert runs and all(run._r.rPr.find(qn("w:lang")).get(qn("w:val")) == "en-CA" for run in runs)


def test_more_applications_take_no_more_queries(db: None) -> None:
    counts = []
    for count in (2, 5):
        file = evaluations.opened(count)
        with CaptureQueriesContext(connection) as queries:
            documents.make(file, "applications-register", "en")
            documents.make(file, "acts", "en")
        counts.append(len(queries))
    assert counts[0] == counts[1]


RICH = (
    '<p data-block-key="a">One <b>bold</b> word<br/>and a <a href="https://example.org/x">link</a>.</p>'
    "<h3>Part</h3><ul><li>first<ul><li>below</li></ul></li></ul><ol><li>one</li><li>two</li></ol>"
    '<p><a href="javascript:alert(1)">no link</a></p>'
)


def test_rich_text_keeps_its_form() -> None:
    blocks = rich.blocks_of(RICH)
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    assert [(block.bullet, block.numbered) for block in paragraphs] == [
        (0, False), (1, False), (2, False), (1, True), (1, True), (0, False),
    ]  # fmt: skip
    assert [run.link for run in paragraphs[0].runs if run.link] == ["https://example.org/x"]
    assert not any(run.link for run in paragraphs[-1].runs)


def drawn(*blocks: Any) -> bytes:
    return drawing.draw(
        Document("try", "Try", "en", "MA-2026-0001", datetime(2026, 1, 2, tzinfo=UTC), tuple(blocks))
    )


def test_each_numbered_list_begins_with_one() -> None:
    blocks = [*rich.blocks_of(RICH), *rich.blocks_of(RICH)]
    opened = docx.Document(io.BytesIO(drawn(*blocks)))
    numbered = [p for p in opened.paragraphs if p.style.name == "List Number"]
    keys = [p._p.pPr.numPr.numId.val for p in numbered]
    assert len(keys) == 4 and len(set(keys)) == 2 and keys[0] == keys[1]


@chances(max_examples=25, deadline=None)
@given(st.lists(st.text(), max_size=3))
def test_whatever_somebody_types_becomes_a_document_that_opens(texts: list[str]) -> None:
    writer = Writer("en")
    for text in texts:
        writer.say(text)
        writer.say([Run(text, language="fr")])
        writer.table(text, ("A", "B"), [(text, Run(text))])
    content = drawn(*writer.blocks)
    assert content == drawn(*writer.blocks)
    docx.Document(io.BytesIO(content))


def test_the_zip_is_the_same_bytes_and_holds_the_same_files(
    file: Solicitation, parts: dict[str, bundle.Part]
) -> None:
    contents = {path: part.content for path, part in parts.items()}
    whole = b"".join(bundle.zipped(file.number, contents.items()))
    assert whole == b"".join(bundle.zipped(file.number, contents.items()))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        held = {name.removeprefix(f"{file.number}/"): archive.read(name) for name in archive.namelist()}
    assert held == contents


def test_a_department_may_want_the_language_of_the_file_alone(
    posted_once: Solicitation, settings: Any
) -> None:
    settings.MICROACQ_RECORDS_LANGUAGES = ["source"]
    assert bundle.languages(posted_once) == ["en"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_opportunity_is_written_down_as_posted(posted_once: Solicitation, language: str) -> None:
    made = documents.make(posted_once, "opportunity", language)
    assert made is not None
    said = text_of(drawing.draw(made))
    posting = posted_once.current_posting
    assert posting.digest in said and posting.text[language]["title"] in said
    for item in posting.items.all():
        first = rich.runs_of(getattr(item, f"text_{language}"))[0].text.split("\n")[0]
        assert first in said
    confirmed = documents.make(posted_once, "client-confirmations", language)
    assert confirmed is not None and ("Yes" if language == "en" else "Oui") in text_of(
        drawing.draw(confirmed)
    )
