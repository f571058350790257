"""What the public list, its searches and its feeds cost with 10,000 opportunities against 100, in one run.

Both sites lie on one database server and are asked in turn by one process, so that a drifting machine slows both.
What counts is the time of this process and of the database. Quote the number of queries, which must be the same, and
the ratio, not the milliseconds.
"""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
FEW, MANY = 100, int(os.environ.get("OPPORTUNITIES", "10000"))
SKILLS = ("Python", "JavaScript", "Accessibility", "Drupal", "R", "Terraform", "Open data", "Mapping")
GOAL = 1.5
REQUESTS = 15


def main() -> None:
    """Measure and print; ends with 1 when more content costs more queries, or more time than the goal."""
    sys.path[:0] = [str(CHECKOUT / "site"), str(CHECKOUT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from tests.bench.staff_screens import leave, measure, say
    from tests.support import databases, plugin
    from tests.support.committed import copied

    os.environ[plugin.RUN_VARIABLE] = str(os.getpid())
    say("Preparing databases …")
    try:
        with copied(databases.site_template(), "few") as few:
            original, skills = post_one()
            add(original, FEW - 1, skills)
            leave()
            with copied(few, "many"):
                say(f"Posting {MANY} opportunities …")
                add(original, MANY - FEW, skills)
                screens = measure(screens_of(skills), few, REQUESTS)
    finally:
        databases.drop_run(str(os.getpid()))
    report(screens)


def post_one() -> tuple[Any, list[Any]]:
    """One opportunity posted as people would, and the skills that the others require."""
    from microacq_pages import roles
    from submissions.proposals import opening
    from tests.factories import pages, people

    opening.make_trial()
    skills = [pages.make_skill(name) for name in SKILLS]
    author, approver = people.make_user(roles.CLIENT), people.make_user(roles.IT_STRATEGY)
    project = pages.make_project(author)
    pages.translate(project)
    pages.publish(project, approver)
    return pages.make_posted_opportunity(author, approver, skills=skills[:2], project=project), skills


def add(original: Any, count: int, skills: list[Any]) -> None:
    """Post so many more, and let the database know what is there, as it does by itself after a while."""
    from django.db import connection, transaction

    from tests.factories import listings

    with transaction.atomic():
        listings.add_copies(original, count, skills)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def screens_of(skills: list[Any]) -> list[Any]:
    """Every address measured."""
    from microacq_pages.finding.index import numbers_of
    from microacq_pages.models import Skill
    from tests.bench.staff_screens import Screen

    number = next(iter(numbers_of(Skill, [skills[0].translation_key]).values()))
    # Each search has a page full on both sites: what is compared is finding, not that there is more to show.
    narrow = f"skill={number}&price_max=8000"
    english, french = "/en/opportunities/", "/fr/opportunites/"
    return [
        Screen("", "list", f"{english}?fresh"),
        Screen("", "list in French", f"{french}?fresh"),
        Screen("", "second page", f"{english}?page=2"),
        Screen("", "skill and price", f"{english}?{narrow}"),
        Screen("", "state", f"{english}?state=open&state=cancelled"),
        Screen("", "closing within 30 days", f"{english}?closing=30"),
        Screen("", "a word that ten have", f"{english}?q=%22rare7%22"),
        Screen("", "a word in French", f"{french}?q=%22rare7%22"),
        Screen("", "a word that 4 in 10 have", f"{english}?q=bilingual"),
        Screen("", "a word that all have", f"{english}?q=keyboard"),
        Screen("", "a word that none has", f"{english}?q=zebra"),
        Screen("", "a word and filters", f"{english}?q=keyboard&{narrow}"),
        Screen("", "the beginning of a word", f"{english}?q=acces"),
        Screen("", "words that resemble", f"{english}?q=kyeboard"),
        Screen("", "Atom feed", f"{english}feed/atom/"),
        Screen("", "Atom feed of a search", f"{english}feed/atom/?q=bilingual"),
        Screen("", "JSON Feed", f"{english}feed/json/"),
        Screen("", "JSON Feed of a search", f"{english}feed/json/?q=bilingual"),
        Screen("", "calendar of deadlines", f"{english}feed/calendar/"),
        Screen("", "calendar of a search", f"{english}feed/calendar/?q=%22rare7%22"),
    ]


def report(screens: list[Any]) -> None:
    """Print medians, ratios and queries, and say in a sentence how it ended."""
    from tests.bench.staff_screens import say

    few_title, many_title = f"with {FEW:,}", f"with {MANY:,}"
    say(f"\nThe public list, its searches and its feeds; median of {REQUESTS} requests each, asked in turn\n")
    say(f"{'':28}{few_title:>14}{many_title:>14}{'times':>8}{'queries':>14}")
    failed = []
    for screen in screens:
        few, many = (statistics.median(screen.times[site]) for site in ("few", "many"))
        misses = many / few > GOAL or screen.grows
        failed += [screen.name] if misses else []
        queries = f"{screen.queries['few']} and {screen.queries['many']}"
        mark = "  <<<" if misses else ""
        say(f"{screen.name:28}{few:>11.1f} ms{many:>11.1f} ms{many / few:>8.2f}{queries:>14}{mark}")
    say(
        f"\nGoal: no more queries with {MANY:,} opportunities than with {FEW:,}, and at most {GOAL} times the time."
    )
    if failed:
        say(f"MISSED by: {', '.join(failed)}")
        raise SystemExit(1)
    say("Reached by all.")


if __name__ == "__main__":
    main()
