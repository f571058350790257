"""The digest of the network goes from the questions."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("submissions", "0021_question_triggers")]

    operations = [
        migrations.RemoveIndex(model_name="question", name="question_by_network"),
        migrations.RemoveField(model_name="question", name="network_digest"),
    ]
