"""The outbox, and a database in which everything is committed, as the tests of the outbox have them."""

from tests.submissions.notices.test_processes import mail_server

__all__ = ["mail_server"]
