"""Up to which entry of the audit the documents of a file say what was done."""

from __future__ import annotations

from django.db import migrations, models

FILL = """
UPDATE submissions_archivedfile SET reached = coalesce((SELECT max(sequence) FROM submissions_sweep), 0)
WHERE due_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0060_desk_after_the_award_triggers")]

    operations = [
        migrations.AddField(
            model_name="archivedfile",
            name="reached",
            field=models.BigIntegerField(
                default=0,
                help_text="Up to which its documents say what was done.",
                verbose_name="entry of the audit",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
