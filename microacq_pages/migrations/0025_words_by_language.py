"""Words are indexed by language, so that a word that everything has is not looked up in the other language as well.

Such an index answers only where the plan knows the language: the function is planned for each search. Texts and vectors
lie beside the table, so that to gather the keys of thousands of rows does not read the words of each.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

BESIDE = "ALTER TABLE microacq_pages_listedtext SET (toast_tuple_target = 256);"
WITHIN = "ALTER TABLE microacq_pages_listedtext RESET (toast_tuple_target);"
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
        migrations.RunSQL(BESIDE, WITHIN),
        migrations.RunSQL(PLAN, UNPLAN),
    ]
