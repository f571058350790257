"""Tests of the survey commit: a right and its answer are stored in two transactions."""

from tests.support.committed import committed_database

__all__ = ["committed_database"]
