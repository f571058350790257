"""A file of terms that nobody would write by hand."""

from __future__ import annotations

import tracemalloc

import pytest

from microacq_pages.glossary import tables


def test_a_file_of_empty_lines_is_refused_without_being_read_whole() -> None:
    data = b"english,french\n" + b",\n" * 500_000
    tracemalloc.start()
    try:
        with pytest.raises(tables.UnreadableTableError):
            tables.read(data)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 20 * len(data)
