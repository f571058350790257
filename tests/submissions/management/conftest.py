"""Commands are tried on a database in which everything is committed."""

from tests.support.committed import committed_database

__all__ = ["committed_database"]
