"""Which texts are told to be translations of each other: only those that certainly are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microacq_pages.importing.alignment import Alignment, align
from microacq_pages.importing.faults import Remarks
from microacq_pages.importing.richtext import Block, Title, leaves, read_blocks

ENGLISH = "The team reads the report number {0} and then answers every question that it holds."
FRENCH = "L’équipe lit le rapport numéro {0} et répond ensuite à chaque question qui s’y trouve."


def blocks(markdown: str) -> list[Block]:
    return [block for block in read_blocks(markdown, 1, Remarks("")) if not isinstance(block, Title)]


def aligned(english: str, french: str) -> Alignment:
    return align(blocks(english), blocks(french))


def texts(result: Alignment) -> list[tuple[str, str]]:
    return [(source.text, target.text) for source, target in result.pairs]


def test_the_same_structure_is_paired_in_order_down_to_nested_items() -> None:
    result = aligned(
        "One.\n\n- two\n  1. three\n- four\n\n### Five\n\nSix.",
        "Un.\n\n- deux\n  1. trois\n- quatre\n\n### Cinq\n\nSix.",
    )
    assert texts(result) == [
        ("One.", "Un."),
        ("two", "deux"),
        ("three", "trois"),
        ("four", "quatre"),
        ("Five", "Cinq"),
        ("Six.", "Six."),
    ]
    assert not result.source_alone
    assert not result.target_alone


def test_a_paragraph_more_leaves_a_section_untranslated_and_the_others_not() -> None:
    result = aligned(
        "### First\n\nThe sky is blue.\n\nThe sea is green.\n\n### Second\n\nDone.",
        "### Premier\n\nLe ciel est bleu.\n\nLa mer est verte.\n\nLa terre aussi.\n\n### Second\n\nFait.",
    )
    assert texts(result) == [("First", "Premier"), ("Second", "Second"), ("Done.", "Fait.")]
    assert [leaf.text for leaf in result.source_alone] == ["The sky is blue.", "The sea is green."]
    assert len(result.target_alone) == 3


def test_an_item_more_in_one_list_does_not_touch_another_list() -> None:
    result = aligned(
        "First list:\n\n- red\n- green\n\nSecond list:\n\n- sun\n- moon",
        "Première liste :\n\n- rouge\n- vert\n- bleu\n\nSeconde liste :\n\n- soleil\n- lune",
    )
    assert texts(result) == [
        ("First list:", "Première liste :"),
        ("Second list:", "Seconde liste :"),
        ("sun", "soleil"),
        ("moon", "lune"),
    ]


def test_shared_names_let_the_texts_around_a_gap_be_paired() -> None:
    result = aligned(
        "We use PostgreSQL.\n\nWe host it on Kubernetes ourselves.",
        "Nous utilisons PostgreSQL.\n\nCela nous suffit.\n\nNous l’hébergeons nous-mêmes sur Kubernetes.",
    )
    assert texts(result) == [
        ("We use PostgreSQL.", "Nous utilisons PostgreSQL."),
        ("We host it on Kubernetes ourselves.", "Nous l’hébergeons nous-mêmes sur Kubernetes."),
    ]
    assert [leaf.text for leaf in result.target_alone] == ["Cela nous suffit."]


def test_half_of_a_paragraph_is_not_taken_for_its_translation() -> None:
    result = aligned(
        "We use PostgreSQL and it serves us well. We would like to keep it for all of our new sites.",
        "Nous utilisons PostgreSQL et cela nous sert bien.\n\nNous voudrions le garder pour nos nouveaux sites.",
    )
    assert not result.pairs


def test_an_omitted_text_and_a_split_one_are_noticed_though_the_numbers_agree() -> None:
    result = aligned(
        "Guides are in Markdown.\n\nPages are in HyperText.\n\nWe run Debian and update it daily, by a script.",
        "Les guides sont en Markdown.\n\nNous utilisons Debian.\n\nUn script la met à jour chaque jour.",
    )
    assert ("Pages are in HyperText.", "Nous utilisons Debian.") not in texts(result)


def test_items_in_another_order_are_recognized_and_reported() -> None:
    result = aligned(
        "- English message: “You must seek approval before installing.”\n"
        "- French message: “Vous devez demander l’approbation avant d’installer.”",
        "- Message en français : « Vous devez demander l’approbation avant d’installer. »\n"
        "- Message en anglais : “You must seek approval before installing.”",
    )
    assert [(source[:7], target[:19]) for source, target in texts(result)] == [
        ("English", "Message en anglais "),
        ("French ", "Message en français"),
    ]
    assert len(result.reordered) == 2


@pytest.mark.parametrize("empty", ["", "Un."])
def test_nothing_is_paired_with_nothing(empty: str) -> None:
    result = aligned(empty, "")
    assert not result.pairs
    assert len(result.source_alone) == (1 if empty else 0)


@given(
    st.lists(st.integers(100, 999), unique=True, max_size=6),
    st.lists(st.integers(100, 999), unique=True, max_size=6),
    st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_texts_that_name_different_things_are_never_paired(
    english: list[int], french: list[int], as_list: bool
) -> None:
    mark = "- " if as_list else ""
    result = aligned(
        "\n\n".join(mark + ENGLISH.format(number) for number in english),
        "\n\n".join(mark + FRENCH.format(number) for number in french),
    )
    shared = set(english) & set(french)
    for source, target in result.pairs:
        ours, theirs = (int("".join(filter(str.isdigit, leaf.text))) for leaf in (source, target))
        assert ours == theirs or not {ours, theirs} & shared


@given(st.lists(st.integers(100, 999), unique=True, max_size=6), st.sampled_from([0, 1, 2]))
@settings(deadline=None)
def test_without_anything_in_common_a_different_number_pairs_nothing(numbers: list[int], more: int) -> None:
    english = ["The dog sleeps under the tree all day."] * len(numbers)
    french = ["Le chien dort toute la journée."] * (len(numbers) + more)
    result = aligned("\n\n".join(english), "\n\n".join(french))
    assert len(result.pairs) == (0 if more else len(numbers))


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=50, deadline=None)
def test_every_text_is_paired_once_or_handed_back(english: str, french: str) -> None:
    source, target = blocks(english), blocks(french)
    result = align(source, target)
    assert len(result.pairs) + len(result.source_alone) == len(list(leaves(source)))
    assert len(result.pairs) + len(result.target_alone) == len(list(leaves(target)))
