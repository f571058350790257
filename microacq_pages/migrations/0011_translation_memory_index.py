"""Trigrams over the strings of wagtail-localize: what was translated before is found by likeness."""

from __future__ import annotations

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

CREATE = """
CREATE INDEX IF NOT EXISTS microacq_string_trigrams
ON wagtail_localize_string USING gin (data gin_trgm_ops)
"""
DROP = "DROP INDEX IF EXISTS microacq_string_trigrams"


class Migration(migrations.Migration):
    dependencies = [
        ("microacq_pages", "0010_translation_records"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(CREATE, DROP),
    ]
