"""Fixtures of the tests of translators."""

from tests.support.committed import committed_database

__all__ = ["committed_database"]
