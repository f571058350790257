"""The extension that compares texts; trusted, so that the owner of the database can add it (PostgreSQL 13 or later)."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("microacq_pages", "0015_approvals_under_way")]

    operations = [TrigramExtension()]
