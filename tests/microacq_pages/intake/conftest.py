"""Fixtures for tests of requests."""

from __future__ import annotations

from tests.support.committed import committed_database

__all__ = ["committed_database"]
