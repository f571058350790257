"""Fixtures of all tests; those of one area are in its own conftest.py."""

from __future__ import annotations

pytest_plugins = ["tests.support.plugin"]
