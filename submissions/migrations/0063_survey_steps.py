"""Up to how many people a sum of the survey may be read."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("submissions", "0062_keys_stay")]

    operations = [
        migrations.AddField(
            model_name="surveysum",
            name="shown",
            field=models.PositiveIntegerField(default=0, verbose_name="of them, those who may be read"),
        ),
        migrations.AddConstraint(
            model_name="surveysum",
            constraint=models.CheckConstraint(
                condition=models.Q(("shown__lte", models.F("count"))), name="survey_shown_is_counted"
            ),
        ),
    ]
