"""The machine’s own limit: as little of Django as takes a form and commits a row. Never part of the site."""

from __future__ import annotations

from config.database import database_settings

SECRET_KEY = "of a site that holds nothing and that nobody reaches"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.rush.bare.urls"
INSTALLED_APPS = ["tests.rush.bare"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = database_settings(None, keep=60)
USE_TZ = True
