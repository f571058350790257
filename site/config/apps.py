"""Makes the project itself an application, so that it has commands, checks and templates."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.db.models.signals import post_migrate


class ProjectConfig(AppConfig):
    """The runnable project."""

    name = "config"

    def ready(self) -> None:
        """Register the checks and what has to follow a migration."""
        from config.checks import check_demo_accounts

        checks.register(check_demo_accounts)
        # The signal comes once for each application that has models; one of them is enough.
        post_migrate.connect(make_cache_table, sender=apps.get_app_config("contenttypes"))


def make_cache_table(using: str, **kwargs: Any) -> None:
    """Make the table of a cache that is kept in the database, which no migration does."""
    from django.core.management import call_command

    kept_in_database = any(cache["BACKEND"].endswith(".DatabaseCache") for cache in settings.CACHES.values())
    if kept_in_database:
        call_command("createcachetable", database=using, verbosity=0)
