"""Releases of open data that were published before the audit kept a digest of each are recorded as they are now."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import migrations
from django.utils import timezone


def record_releases(apps: Any, schema_editor: Any) -> None:
    """One act for each file, as ``collecting`` records it; once only."""
    release, entry = apps.get_model("submissions", "Release"), apps.get_model("wagtailcore", "ModelLogEntry")
    types = apps.get_model("contenttypes", "ContentType").objects
    # Its name stands in its text; names of rows are no part of a fingerprint.
    columns = [field.attname for field in release._meta.concrete_fields if field.attname != "name"]
    kept: dict[tuple[int, str], dict[str, dict[str, str]]] = {}
    for row in release.objects.select_related("solicitation").order_by("pk").iterator(chunk_size=200):
        values = {name: getattr(row, name) for name in columns}
        shown = {name: str(value) for name, value in values.items() if value not in (None, "")}
        said = json.dumps(shown, ensure_ascii=False, sort_keys=True)
        file = kept.setdefault((row.solicitation_id, row.solicitation.number), {})
        file[f"release:{row.pk}"] = {"row": hashlib.sha256(said.encode()).hexdigest()}
    for (pk, number), rows in kept.items():
        entry.objects.create(
            content_type=types.get_or_create(app_label="submissions", model="solicitation")[0],
            object_id=str(pk),
            label=number,
            action="records.published",
            timestamp=timezone.now(),
            data={"number": number, "count": len(rows), "kept": rows},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0064_survey_steps_triggers"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(record_releases, migrations.RunPython.noop)]
