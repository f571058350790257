"""The tables and triggers of selections can be taken away and made again."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection


def tables_and_functions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'submissions_%draw%' OR relname LIKE 'submissions_frozen%'"
            " UNION SELECT proname FROM pg_proc WHERE proname IN"
            " ('microacq_drawn', 'microacq_octo_41', 'microacq_file_was_selected')"
        )
        return {name for (name,) in cursor.fetchall()}


def test_the_migrations_of_selections_go_back_and_forth(
    committed_database: str, django_db_blocker: Any
) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    with django_db_blocker.unblock():
        names = MigrationRecorder.Migration.objects.filter(app="submissions").values_list("name", flat=True)
        (schema,) = [name for name in names if name.endswith("selection_draw")]
        before = tables_and_functions()
        assert before
        previous = max(name for name in names if name < schema)
        call_command("migrate", "submissions", previous, verbosity=0)
        assert tables_and_functions() == set()
        call_command("migrate", "submissions", verbosity=0)
        assert tables_and_functions() == before
