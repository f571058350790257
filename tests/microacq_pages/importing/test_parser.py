"""Two files read and held to each other: what is read, and every fault with its file and line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from microacq_pages.importing.faults import ImportFault
from microacq_pages.importing.parser import Pair, parse_pair
from microacq_pages.importing.richtext import render

from .conftest import Texts, changed, line_of

Change = Callable[[Texts], Texts]


def parse(texts: Texts) -> Pair:
    return parse_pair(("en.md", "en", texts[0].encode()), ("fr.md", "fr", texts[1].encode()))


def faults(texts: Texts) -> list[str]:
    with pytest.raises(ImportFault) as raised:
        parse(texts)
    return [str(fault) for fault in raised.value.faults]


def test_the_front_matter_gives_the_facts(texts: Texts) -> None:
    facts = parse(texts).facts
    assert facts.price == Decimal("6500")
    assert facts.deadline == datetime(2031, 3, 3, 19, tzinfo=UTC)
    assert facts.selection_date == date(2031, 3, 7)
    assert facts.delivery_date == date(2031, 4, 18)
    assert facts.contact_email == "guides@example.org"
    assert len(facts.confirmed) == 5


def test_the_description_is_cut_at_the_work(texts: Texts) -> None:
    body = parse(texts).source.body
    assert render(body.background).startswith("<p>Our department")
    assert "<h4>What was tried before</h4>" in render(body.background)
    assert render(body.work).startswith("<p>You will write a command that:</p><ol><li>reads")


def test_each_numbered_criterion_has_its_word_limit_and_both_languages(texts: Texts) -> None:
    criteria = parse(texts).criteria
    assert [criterion.word_limit for criterion in criteria] == [250, 150]
    assert [criterion.standard for criterion in criteria] == ["skills", ""]
    assert criteria[1].target.text.startswith("Décrivez")


def test_eligibility_and_the_sentence_before_the_list_are_left_out_and_reported(texts: Texts) -> None:
    pair = parse(texts)
    assert "eligible" not in " ".join(criterion.source.text for criterion in pair.criteria)
    left_out = [note for note in pair.notes if "Left out" in note.message]
    assert [(note.file, note.line) for note in left_out] == [
        ("en.md", line_of(texts[0], "Your application will")),
        ("en.md", line_of(texts[0], "You will also be asked")),
        ("fr.md", line_of(texts[1], "Votre demande sera")),
        ("fr.md", line_of(texts[1], "On vous demandera")),
    ]


def test_other_text_after_the_criteria_stays_with_the_last_one(texts: Texts) -> None:
    english = changed(
        texts[0], "## Work acceptance", "Answers may be in either language.\n\n## Work acceptance"
    )
    french = changed(
        texts[1], "## Critères", "Les réponses peuvent être dans l’une ou l’autre langue.\n\n## Critères"
    )
    last = parse((english, french)).criteria[-1]
    assert last.source.text.endswith("Answers may be in either language.")


def test_no_text_of_the_work_acceptance_criteria_is_lost(texts: Texts) -> None:
    acceptance = parse(texts).acceptance
    assert [criterion.standard for criterion in acceptance] == ["licence", "requirements", "tests"]
    assert acceptance[0].source.text.startswith("To be paid the fixed price")
    assert acceptance[2].source.text.endswith("The three systems are those that GitHub Actions offers.")
    assert "<ul><li><code>pytest</code> on three systems</li>" in render(acceptance[2].source.blocks)


def test_one_item_with_parts_becomes_one_criterion_for_each_part(texts: Texts) -> None:
    english = _with_acceptance(
        texts[0], "1. Deliver the code. In addition:\n   - an MIT licence\n   - the tests pass"
    )
    french = _with_acceptance(
        texts[1], "1. Livrez le code. De plus :\n   - une licence MIT\n   - les tests réussissent"
    )
    statements = [criterion.source.text for criterion in parse((english, french)).acceptance]
    assert statements == ["Deliver the code. In addition:", "an MIT licence", "the tests pass"]


def _with_acceptance(text: str, markdown: str) -> str:
    start = text.index("\n", text.index("## Work acceptance" if "Work acceptance" in text else "## Critères"))
    return f"{text[:start]}\n\n{markdown}\n"


@pytest.mark.parametrize(
    ("number", "old", "new"),
    [
        (1, "## Critères d’acceptation des travaux", "## Critères d'acceptation de travail"),
        (1, "### Le travail", "### Opportunité"),
        (0, "### The work", "### Opportunity"),
        (1, "## Évaluation de la demande", "## EVALUATION DE LA DEMANDE :"),
        (0, "### Background\n", ""),
    ],
)
def test_headings_are_known_in_each_of_their_forms(texts: Texts, number: int, old: str, new: str) -> None:
    files = list(texts)
    files[number] = changed(files[number], old, new)
    assert parse((files[0], files[1])).source.body.work


def test_an_unknown_key_is_a_note_only(texts: Texts) -> None:
    notes = parse((changed(texts[0], "ref:", "colour: blue\nref:"), texts[1])).notes
    assert any(note.line == 3 and "colour" in note.message for note in notes)


FAULTS = [
    (
        0,
        "closing_date: 2031-03-03T14:00:00-05:00",
        "closing_date: 2031-02-30T14:00:00-05:00",
        "not a date and time",
    ),
    (0, "closing_date: 2031-03-03T14:00:00-05:00", "closing_date: 2031-03-03", "give the time"),
    (1, "start_date: 2031-03-07", "start_date: soon", "“soon” is not a date"),
    (0, "value: $6,500 (excluding taxes)", "value: a lot", "is not an amount"),
    (1, "value: 6 500 $ (hors les taxes)", "value: 6 400 $", "does not agree with en.md"),
    (1, "delivery_date: 2031-04-18", "delivery_date: 2031-04-19", "does not agree with en.md"),
    (1, "ref: link-checker", "ref: other", "does not agree with en.md"),
    (0, "lang: en", "lang: fr", "swapped"),
    (0, "lang: en", "lang: de", "it must be “en”"),
    (0, "lang: en\n", "", "“lang” is missing"),
    (1, "title: Trouver les liens rompus de nos guides avant les lecteurs", "title:", "missing or empty"),
    (0, "title: Find", f"title: {'x' * 100} Find", "at most 100"),
    (0, 'short_desc: "A', f'short_desc: "{"x" * 500} A', "at most 500"),
    (0, "confirmed: [standalone,", "confirmed: [alone,", "cannot be confirmed"),
    (0, "contact_email: guides@example.org", "contact_email: guides", "not an e-mail address"),
    (0, "repository: https", "repository: ftp", "not an address of the web"),
    (0, "licence: MIT", "ref: again", "given twice"),
    (0, "licence: MIT", "licence: {a: b}", "must be plain text"),
    (0, "licence: MIT", 'licence: "M\\0T"', "control character"),
    (0, "licence: MIT", "licence: 'MIT", "not valid YAML"),
    (0, "## Application evaluation", "## Évaluation de la demande", "in the other language"),
    (0, "## Application evaluation", "## Evaluation of it", "Unknown heading"),
    (1, "## Évaluation de la demande", "## Description", "given twice"),
    (0, "### The work", "### Le boulot", "“### The work” is missing"),
    (0, "1. Show that", "- Show that", "must be numbered"),
    (0, "1. The code is", "2.The code is", "put a space"),
    (0, "3. is documented in English and in French.", "3.", "no text of its own"),
    (1, "2. Décrivez, en", "Décrivez, en", "each must stand in both languages"),
    (1, "en 250 mots", "en 200 mots", "it is 250"),
    (0, "## Description", "Hello.\n\n## Description", "before the first heading"),
]


@pytest.mark.parametrize(("number", "old", "new", "message"), FAULTS)
def test_bad_input_names_the_file_and_the_fault(
    texts: Texts, number: int, old: str, new: str, message: str
) -> None:
    files = list(texts)
    files[number] = changed(files[number], old, new)
    found = faults((files[0], files[1]))
    assert any(message in fault and fault.startswith(("en.md:", "fr.md:")) for fault in found), found


def test_all_faults_of_both_files_are_told_with_their_lines(texts: Texts) -> None:
    english = changed(changed(texts[0], "value: $6,500", "value: many"), "## Application evaluation\n", "")
    french = changed(texts[1], "start_date: 2031-03-07", "start_date: 2031-13-07")
    found = faults((english, french))
    assert found[0].startswith(f"en.md:{line_of(english, 'value:')}: ")
    assert "“## Application evaluation” is missing" in "".join(found)
    assert found[-1].startswith(f"fr.md:{line_of(french, 'start_date:')}: ")
    assert len(found) >= 3


def test_swapped_files_are_recognized(texts: Texts) -> None:
    found = faults((texts[1], texts[0]))
    assert found == [
        "en.md:4: The language is “fr” where “en” is expected: are the two files swapped?",
        "fr.md:4: The language is “en” where “fr” is expected: are the two files swapped?",
    ]


def test_text_that_is_not_utf8_is_named_by_its_line(texts: Texts) -> None:
    data = texts[1].encode().replace("Équipe des guides".encode(), "Équipe".encode("latin-1"))
    with pytest.raises(ImportFault) as raised:
        parse_pair(("en.md", "en", texts[0].encode()), ("fr.md", "fr", data))
    assert [str(fault) for fault in raised.value.faults] == [
        f"fr.md:{line_of(texts[1], 'team:')}: This is not valid UTF-8 text. Save the file with the encoding UTF-8."
    ]


@pytest.mark.parametrize(
    "text", ["", "---", "---\n---", "---\n- a\n---\n", "no front matter", "---\n[[[[\n---\n"]
)
def test_a_file_without_front_matter_is_a_fault(texts: Texts, text: str) -> None:
    assert any(fault.startswith("en.md:") for fault in faults((text, texts[1])))


def _never_crashes(english: bytes, french: bytes) -> None:
    try:
        parse_pair(("en.md", "en", english), ("fr.md", "fr", french))
    except ImportFault as fault:
        assert fault.faults  # any other exception is the failure
        assert all(remark.line >= 0 for remark in fault.faults)


@given(
    st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
@example(b"---\n" + b"[" * 5000 + b"\n---\n")
@example(b"---\na: &a [*a]\n? [b]\n---\n" + b"*" * 5000 + b"a" + b"*" * 5000)
@example(b'---\ntitle: "\\ud800"\nvalue: 1e400\n---\n' + b"> " * 500 + b"- " * 500 + b"x")
@example("---\r\nlang: en\r\n---\r\n## Description\r\n".encode("utf-16"))
@settings(max_examples=60, deadline=None)
def test_arbitrary_input_never_raises_anything_but_a_fault(data: bytes) -> None:
    _never_crashes(data, data)
    _never_crashes(b"---\nlang: en\n---\n" + data, b"---\nlang: fr\ntitle: x\n" + data + b"\n---\n" + data)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_a_right_file_with_anything_put_into_it_never_raises_anything_but_a_fault(
    data: st.DataObject,
) -> None:
    from .conftest import FILES

    files = [(FILES / f"link-checker.{language}.md").read_bytes() for language in ("en", "fr")]
    for number, text in enumerate(files):
        at = data.draw(st.integers(0, len(text)))
        files[number] = text[:at] + data.draw(st.text(max_size=40)).encode("utf-8", "replace") + text[at:]
    _never_crashes(files[0], files[1])
