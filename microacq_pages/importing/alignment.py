"""Pairs the texts of one field in two languages: paragraph with paragraph, list item with list item.

A wrong pair is worse than none, because a translator trusts what stands there. Texts are paired only where
order and structure leave one possibility and nothing that both languages share (names, numbers, code,
links) says otherwise; what is not paired is handed back, to be reported. Pure; must not import models.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from microacq_pages.importing.richtext import Block, Item, Leaf, ListBlock, leaves

# How much longer one language may be than the other before a pair is doubted; short texts vary more.
LENGTH_RATIO = 3.0
SHORT_TEXT = 60
# The narrower ratio asked where a neighbour has no partner: half a paragraph must not pass for the whole.
STRICT_RATIO = 1.6
# The number of words in common that outweighs another order.
STRONG_EVIDENCE = 3
_WORD = re.compile(r"[^\W_]+(?:[-.+#][^\W_]+)*[+#]*")
_NUMBER = re.compile(r"(?<=\d)[ ,.\u00a0\u202f](?=\d)")
_HREF = re.compile(r'href="([^"]*)"')
_SENTENCE_END = re.compile(r"[.!?](?=[\s”\"’')»]|$)")

Node = Block | Item
#: For each source node and each target node, how many telling words they have in common.
Evidence = list[list[int]]


@dataclass
class Alignment:
    """Pairs of texts, and the texts of either language that have no partner."""

    pairs: list[tuple[Leaf, Leaf]] = field(default_factory=list)
    source_alone: list[Leaf] = field(default_factory=list)
    target_alone: list[Leaf] = field(default_factory=list)
    #: Texts of the source whose partner has another place; the translation takes the source's order.
    reordered: list[Leaf] = field(default_factory=list)


def align(source: Sequence[Block], target: Sequence[Block]) -> Alignment:
    """Pair the texts of two versions of one field."""
    result = Alignment()
    _align_headed(source, target, result)
    paired_sources = {id(ours) for ours, _ in result.pairs}
    paired_targets = {id(theirs) for _, theirs in result.pairs}
    result.source_alone = [leaf for leaf in leaves(source) if id(leaf) not in paired_sources]
    result.target_alone = [leaf for leaf in leaves(target) if id(leaf) not in paired_targets]
    return result


def _align_headed(source: Sequence[Block], target: Sequence[Block], result: Alignment) -> None:
    """Pair section by section when both have the same headings, so that a gap stays within its section."""
    ours, theirs = _split(source, {"h3", "h4"}), _split(target, {"h3", "h4"})
    if [_kind(part[0]) for part in ours[1:]] != [_kind(part[0]) for part in theirs[1:]]:
        _align_run(source, target, result)
        return
    for ours_part, theirs_part in zip(ours, theirs, strict=True):
        if ours_part and _kind(ours_part[0]) in {"h3", "h4"}:
            _pair(ours_part[0], theirs_part[0], result)
            ours_part, theirs_part = ours_part[1:], theirs_part[1:]  # noqa: PLW2901  # the rest of the section
        _align_run(ours_part, theirs_part, result)


def _split(blocks: Sequence[Block], kinds: set[str]) -> list[list[Block]]:
    """Cut before each block of these kinds; the first part is what precedes them all."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if _kind(block) in kinds:
            parts.append([])
        parts[-1].append(block)
    return parts


def _align_run(source: Sequence[Node], target: Sequence[Node], result: Alignment) -> None:
    """Pair a run of paragraphs and lists, or the items of one list."""
    if not source or not target:
        return
    shared = _shared_words(source, target)
    if _is_even(source, target, shared):
        for ours, theirs in zip(source, target, strict=True):
            _pair(ours, theirs, result)
        return
    crossed = _permutation(source, target, shared)
    if crossed:
        for i, j in enumerate(crossed):
            _pair(source[i], target[j], result)
            if i != j:
                result.reordered.append(_leaves(source[i])[0])
        return
    _align_between_anchors(source, target, shared, result)


def _align_between_anchors(
    source: Sequence[Node], target: Sequence[Node], shared: Evidence, result: Alignment
) -> None:
    """Pair what certainly belongs together, then the stretches between where nothing is missing."""
    anchors = _anchors(source, target, shared)
    limits = [(-1, -1), *anchors, (len(source), len(target))]
    even: list[bool] = []
    for (i, j), (next_i, next_j) in pairwise(limits):
        ours, theirs = source[i + 1 : next_i], target[j + 1 : next_j]
        evidence = [row[j + 1 : next_j] for row in shared[i + 1 : next_i]]
        is_even = _is_even(ours, theirs, evidence)
        even.append(is_even)
        # With no anchor at all there is one stretch, the whole, which has been found wanting already.
        if is_even and anchors:
            for our_node, their_node in zip(ours, theirs, strict=True):
                _pair(our_node, their_node, result)
    for number, (i, j) in enumerate(anchors):
        if (even[number] and even[number + 1]) or _is_certain(source[i], target[j]):
            _pair(source[i], target[j], result)


def _pair(source: Node, target: Node, result: Alignment) -> None:
    if isinstance(source, Leaf) and isinstance(target, Leaf):
        result.pairs.append((source, target))
    elif isinstance(source, Item) and isinstance(target, Item):
        result.pairs.append((source.leaf, target.leaf))
        _align_run(source.lists, target.lists, result)
    elif isinstance(source, ListBlock) and isinstance(target, ListBlock):
        _align_run(source.items, target.items, result)


def _kind(node: Node) -> str:
    if isinstance(node, Leaf):
        return node.tag
    return "item" if isinstance(node, Item) else "list"


def _kinds(nodes: Sequence[Node]) -> list[str]:
    return [_kind(node) for node in nodes]


def _leaves(node: Node) -> list[Leaf]:
    return [node.leaf, *leaves(node.lists)] if isinstance(node, Item) else list(leaves([node]))


def _own_text(node: Node) -> str:
    """The text that stands for a node when lengths are compared; lists are compared item by item."""
    if isinstance(node, ListBlock):
        return ""
    return node.leaf.text if isinstance(node, Item) else node.text


def _is_even(source: Sequence[Node], target: Sequence[Node], shared: Evidence) -> bool:
    """Tell whether both runs have the same structure and nothing speaks against pairing them in order."""
    return _kinds(source) == _kinds(target) and _is_plausible(source, target) and not _is_crossed(shared)


def _is_plausible(source: Sequence[Node], target: Sequence[Node]) -> bool:
    return all(
        _ratio(_own_text(ours), _own_text(theirs)) <= LENGTH_RATIO
        for ours, theirs in zip(source, target, strict=False)
    )


def _ratio(source: str, target: str) -> float:
    longer, shorter = max(len(source), len(target)), min(len(source), len(target))
    return 1.0 if longer <= SHORT_TEXT else longer / max(shorter, 1)


def _is_certain(source: Node, target: Node) -> bool:
    """Tell whether an anchor holds even beside a gap: neither text can be a part of the other."""
    if isinstance(source, ListBlock):
        return True
    ours, theirs = _own_text(source), _own_text(target)
    same_sentences = len(_SENTENCE_END.findall(ours)) == len(_SENTENCE_END.findall(theirs))
    longer, shorter = max(len(ours), len(theirs)), min(len(ours), len(theirs))
    return same_sentences and longer <= STRICT_RATIO * shorter


def _words(node: Node) -> set[str]:
    """What a text keeps in translation: links, numbers, code, names, words that both spell alike."""
    found: set[str] = set()
    for leaf in _leaves(node):
        found.update(_HREF.findall(leaf.html))
        for word in _WORD.findall(_NUMBER.sub("", leaf.text)):
            if len(word) >= 5 or any(map(str.isdigit, word)) or (word.isupper() and len(word) > 2):
                found.add(_folded(word))
    return found


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _shared_words(source: Sequence[Node], target: Sequence[Node]) -> Evidence:
    """For each pair of nodes, the number of words that both have and no other node of either run has."""
    ours, theirs = [_words(node) for node in source], [_words(node) for node in target]
    our_counts = Counter(word for words in ours for word in words)
    their_counts = Counter(word for words in theirs for word in words)
    unique = {word for word, count in our_counts.items() if count == 1 and their_counts[word] == 1}
    return [[len(our_words & their_words & unique) for their_words in theirs] for our_words in ours]


def _is_crossed(shared: Evidence) -> bool:
    """Tell whether some text has as much in common with another as with the one at its own place."""
    return any(
        shared[i][j] >= max(shared[i][i], shared[j][j], 1)
        for i in range(len(shared))
        for j in range(len(shared))
        if i != j
    )


def _permutation(source: Sequence[Node], target: Sequence[Node], shared: Evidence) -> list[int]:
    """The target's place of every source node when only the order differs, else nothing."""
    if sorted(_kinds(source)) != sorted(_kinds(target)):
        return []
    found = dict(_mutual(source, target, shared))
    certain = len(found) == len(source) and all(
        shared[i][j] >= (1 if i == j else STRONG_EVIDENCE) and _is_certain(source[i], target[j])
        for i, j in found.items()
    )
    return [found[i] for i in range(len(source))] if certain else []


def _anchors(source: Sequence[Node], target: Sequence[Node], shared: Evidence) -> list[tuple[int, int]]:
    """The mutual pairs that stand in the same order in both languages."""
    found = _mutual(source, target, shared)
    return [(i, j) for i, j in found if all((i < k) == (j < m) for k, m in found if (i, j) != (k, m))]


def _mutual(source: Sequence[Node], target: Sequence[Node], shared: Evidence) -> list[tuple[int, int]]:
    """Pairs of nodes that have more in common with each other than with any other."""
    found = []
    for i, row in enumerate(shared):
        best = max(row)
        if best == 0 or row.count(best) > 1:
            continue
        j = row.index(best)
        column = [other[j] for other in shared]
        if column.count(best) == 1 and max(column) == best and _kind(source[i]) == _kind(target[j]):
            found.append((i, j))
    return found
