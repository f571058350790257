"""Two similar opportunities that are saved at the same instant: neither ends the saving of the other."""

from __future__ import annotations

import threading
import uuid

from django.db import transaction

from microacq_pages import roles, splitting_records
from microacq_pages.models import SplittingLink
from tests.factories import pages, people
from tests.support import committed
from tests.support.threads import PATIENCE, Parallel, somebody_waits_for_a_lock, wait_until

committed_database = committed.committed_database


def test_two_similar_opportunities_are_kept_at_once(committed_database: str) -> None:
    author = people.make_user(roles.CLIENT, uuid.uuid4().hex)
    one, other = (pages.make_opportunity(author, title=f"Need {number}") for number in "12")
    assert SplittingLink.objects.filter(one_id=other.translation_key, other_id=one.translation_key).exists()
    refreshed = threading.Event()

    def first() -> None:
        with transaction.atomic():
            splitting_records.refresh(one)
            refreshed.set()
            wait_until(somebody_waits_for_a_lock)

    def second() -> None:
        assert refreshed.wait(PATIENCE)
        splitting_records.refresh(other)

    parallel = Parallel()
    parallel.start(first)
    parallel.start(second)
    assert parallel.join() == [None, None]
