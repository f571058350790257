"""Words are indexed by language, so that a word that everything has is not looked up in the other language as well.

Such an index answers only where the plan knows the language: the function is planned for each search.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

PLAN = "ALTER FUNCTION microacq_search_listed(text, text[]) SET plan_cache_mode = force_custom_plan;"
UNPLAN = "ALTER FUNCTION microacq_search_listed(text, text[]) RESET plan_cache_mode;"


class Migration(migrations.Migration):
    dependencies = [("microacq_pages", "0024_search_order")]

    operations = [
        migrations.AddIndex(
            model_name="listedtext",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("language", "en")), fields=["vector"], name="listed_words_en"
            ),
        ),
        migrations.AddIndex(
            model_name="listedtext",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("language", "fr")), fields=["vector"], name="listed_words_fr"
            ),
        ),
        migrations.RemoveIndex(model_name="listedtext", name="listed_words"),
        migrations.RunSQL(PLAN, UNPLAN),
    ]
