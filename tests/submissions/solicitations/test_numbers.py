"""Numbers of files: none skipped, none given twice, whoever posts at the same time."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from submissions.solicitations import postings, services
from submissions.solicitations.models import NumberSeries, Solicitation
from tests.factories import pages, proposals
from tests.support.threads import PATIENCE, Parallel


@pytest.mark.django_db
def test_numbers_run_from_one_within_the_year(author: Any, it_strategy: Any) -> None:
    made = [
        proposals.make_posted_file(author, it_strategy, slug=f"opportunity-{index}") for index in range(3)
    ]

    year = made[0].year
    assert [file.number for file in made] == [f"MA-{year}-000{index}" for index in (1, 2, 3)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("clock", "number"),
    [
        (datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC), "MA-2026-0001"),
        (datetime(2027, 1, 1, 5, 0, 0, tzinfo=UTC), "MA-2027-0001"),
    ],
)
def test_the_year_ends_at_midnight_in_ottawa(
    author: Any, it_strategy: Any, monkeypatch: pytest.MonkeyPatch, clock: datetime, number: str
) -> None:
    monkeypatch.setattr(services, "database_clock", lambda: clock)

    assert proposals.make_posted_file(author, it_strategy, days=90).number == number


@pytest.mark.django_db
def test_each_year_begins_with_one(author: Any, it_strategy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = []
    for index, year in enumerate((2026, 2026, 2027, 2026)):
        moment = datetime(year, 6, 1, 12, tzinfo=UTC)
        monkeypatch.setattr(services, "database_clock", lambda moment=moment: moment)
        numbers.append(
            proposals.make_posted_file(author, it_strategy, slug=f"opportunity-{index}", days=300).number
        )

    assert numbers == ["MA-2026-0001", "MA-2026-0002", "MA-2027-0001", "MA-2026-0003"]


@pytest.mark.django_db
def test_a_posting_that_fails_gives_its_number_back(
    author: Any, it_strategy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opportunity = pages.make_opportunity(author)
    pages.translate(opportunity)
    with monkeypatch.context() as patch:
        patch.setattr(postings, "compose", _fail)
        with pytest.raises(ValidationError), transaction.atomic():
            pages.publish(opportunity, it_strategy)

    assert proposals.make_posted_file(author, it_strategy, slug="another").sequence == 1


def _fail(*args: Any) -> None:
    raise ValidationError("The text cannot be copied.")


@pytest.mark.django_db
def test_a_number_once_given_stays(author: Any, it_strategy: Any) -> None:
    file = proposals.make_posted_file(author, it_strategy)

    with pytest.raises(IntegrityError), transaction.atomic():
        Solicitation.objects.filter(pk=file.pk).update(number="MA-2026-0099")
    with (
        pytest.raises(IntegrityError, match="never deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM submissions_solicitation")


# --- many connections --------------------------------------------------------------------------


def take_number(year: int) -> int:
    """Number a file of this year, as posting does, and commit it."""
    sequence = services.next_in_series(year)
    Solicitation.objects.create(
        number=f"MA-{year}-{sequence:04d}",
        year=year,
        sequence=sequence,
        translation_key=uuid4(),
        title_en="Date picker",
        title_fr="Sélecteur de date",
        price=Decimal("6500"),
        licence="MIT",
        repository="https://github.com/example-department/design-system",
        deadline=datetime(year, 12, 1, tzinfo=UTC),
        selection_date=date(year, 12, 5),
        delivery_date=date(year, 12, 30),
        posted_at=datetime(year, 6, 1, tzinfo=UTC),
    )
    return sequence


def test_numbers_have_no_gap_though_many_post_at_once_and_some_fail(committed_database: str) -> None:
    together = threading.Barrier(6)

    def post(seed: int) -> list[int]:
        chance = random.Random(seed)
        kept = []
        together.wait(PATIENCE)
        for _ in range(12):
            try:
                with transaction.atomic():
                    sequence = take_number(2026)
                    time.sleep(chance.random() / 200)
                    if chance.random() < 0.4:
                        raise InterruptedError
                kept.append(sequence)
            except InterruptedError:
                continue
        return kept

    parallel = Parallel()
    for seed in range(6):
        parallel.start(lambda seed=seed: post(seed))
    given = [number for numbers in parallel.join() for number in numbers]

    assert sorted(given) == list(range(1, len(given) + 1))
    assert 0 < len(given) < 6 * 12
    assert NumberSeries.objects.get(year=2026).last == len(given)
    stored = Solicitation.objects.order_by("sequence").values_list("number", flat=True)
    assert list(stored) == [f"MA-2026-{number:04d}" for number in range(1, len(given) + 1)]


def test_the_first_number_of_a_year_is_given_once_though_two_begin_it(committed_database: str) -> None:
    together = threading.Barrier(4)

    def post() -> int:
        together.wait(PATIENCE)
        with transaction.atomic():
            return take_number(2031)

    parallel = Parallel()
    for _ in range(4):
        parallel.start(post)

    assert sorted(parallel.join()) == [1, 2, 3, 4]
