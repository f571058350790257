"""Settings for real use. Everything comes from the environment, and nothing secret has a default.

Every fault is collected first, so that one message names them all.
"""

from __future__ import annotations

from datetime import time
from urllib.parse import urlsplit

from config import environment
from config.database import database_settings
from config.settings.base import *

_needs = environment.Requirements()


def _fernet(value: str) -> None:
    from cryptography.fernet import Fernet

    Fernet(value)


def _recipient(value: str) -> None:
    import pyrage

    try:
        pyrage.x25519.Recipient.from_str(value)
    except pyrage.RecipientError as error:
        raise ValueError from error


def _https(value: str) -> None:
    if urlsplit(value).scheme != "https" or not urlsplit(value).hostname:
        raise ValueError


def _postgresql(value: str) -> None:
    if urlsplit(value).scheme not in {"postgres", "postgresql", "pgsql"}:
        raise ValueError


def _long_enough(value: str) -> None:
    if len(value) < 50 or len(set(value)) < 5:
        raise ValueError


SECRET_KEY = _needs.require("SECRET_KEY", "at least 50 random characters")
_needs.check("SECRET_KEY", SECRET_KEY, _long_enough, "is too short: it needs at least 50 random characters")

_database_url = _needs.require(
    "DATABASE_URL", "postgresql://user:password@host/name; no embedded database here"
)
_needs.check("DATABASE_URL", _database_url, _postgresql, "does not name a PostgreSQL database")

MICROACQ_BASE_URL = WAGTAILADMIN_BASE_URL = _needs.require(
    "MICROACQ_BASE_URL", "the public address, such as https://buy.example.org"
).rstrip("/")
_needs.check("MICROACQ_BASE_URL", MICROACQ_BASE_URL, _https, "must begin with https://")

DEFAULT_FROM_EMAIL = SERVER_EMAIL = _needs.require("DEFAULT_FROM_EMAIL", "the sender of all mail")
MICROACQ_CONTACT_EMAIL = _needs.require("MICROACQ_CONTACT_EMAIL", "where the public can write to")
EMAIL_HOST = _needs.require("EMAIL_HOST", "the mail server that takes outgoing mail")

_needs.require("MICROACQ_CUSTODIAN_RECIPIENTS", "age recipients of the custodians, separated by commas")
_needs.require("MICROACQ_CUSTODIAN_KEY_FILES", "paths of the custodians' age keys, read at opening only")
_needs.require("MICROACQ_READING_KEY", "Fernet key of opened proposals; older keys after a comma")
_needs.require("MICROACQ_MAIL_KEY", "Fernet key of suppliers' addresses; older keys after a comma")
MICROACQ_CUSTODIAN_RECIPIENTS = environment.words("MICROACQ_CUSTODIAN_RECIPIENTS")
MICROACQ_CUSTODIAN_KEY_FILES = environment.words("MICROACQ_CUSTODIAN_KEY_FILES")
MICROACQ_READING_KEY = environment.words("MICROACQ_READING_KEY")
MICROACQ_MAIL_KEY = environment.words("MICROACQ_MAIL_KEY")
_needs.check(
    "MICROACQ_CUSTODIAN_RECIPIENTS",
    MICROACQ_CUSTODIAN_RECIPIENTS,
    _recipient,
    "holds something that is not an age recipient",
)
_needs.check(
    "MICROACQ_READING_KEY", MICROACQ_READING_KEY, _fernet, "holds something that is not a Fernet key"
)
_needs.check("MICROACQ_MAIL_KEY", MICROACQ_MAIL_KEY, _fernet, "holds something that is not a Fernet key")
_needs.refuse(
    bool(set(MICROACQ_READING_KEY) & set(MICROACQ_MAIL_KEY)),
    "MICROACQ_READING_KEY and MICROACQ_MAIL_KEY must differ: who mails must not be able to read.",
)
_needs.check(
    "MICROACQ_DEADLINE_TIMES", MICROACQ_DEADLINE_TIMES, time.fromisoformat, "holds no time like 23:59"
)
for _name in ("DEBUG", "DJANGO_DEBUG", "MICROACQ_DEBUG"):
    _needs.refuse(
        environment.flag(_name, default=False), f"{_name} is on: production never runs in debug mode."
    )
_needs.refuse(
    environment.flag("MICROACQ_DEMO", default=False),
    "MICROACQ_DEMO is on: demonstration content and accounts do not belong in production.",
)
_sharepoint = environment.text("MICROACQ_RECORDS", "folder") == "sharepoint"
_needs.refuse(
    environment.text("MICROACQ_RECORDS", "folder") not in {"folder", "sharepoint"},
    "MICROACQ_RECORDS is neither folder nor sharepoint.",
)
if _sharepoint:
    _needs.require("MICROACQ_SHAREPOINT_TENANT", "directory in which the application is registered")
    _needs.require("MICROACQ_SHAREPOINT_CLIENT", "identifier of the application")
    _needs.require("MICROACQ_SHAREPOINT_DRIVE", "identifier of the document library")
    _needs.refuse(
        not (
            environment.text("MICROACQ_SHAREPOINT_SECRET")
            or environment.text("MICROACQ_SHAREPOINT_CERTIFICATE")
        ),
        "MICROACQ_SHAREPOINT_SECRET or MICROACQ_SHAREPOINT_CERTIFICATE (path of a PEM file) is not set.",
    )
_needs.enforce()

DEBUG = False
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or [str(urlsplit(MICROACQ_BASE_URL).hostname)]
CSRF_TRUSTED_ORIGINS = [MICROACQ_BASE_URL, *environment.words("CSRF_TRUSTED_ORIGINS")]

DATABASES = database_settings(None, keep=60)
MICROACQ_REFUSE_DEMO_ACCOUNTS = True

EMAIL_PORT = int(environment.text("EMAIL_PORT", "587"))
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 30
MICROACQ_DELIVERY_BACKEND = environment.text(
    "MICROACQ_DELIVERY_BACKEND", "django.core.mail.backends.smtp.EmailBackend"
)

# Several processes and hosts: what they share lies in the database.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "microacq_cache"},
}
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
STORAGES["default"]["BACKEND"] = environment.text(
    "MICROACQ_FILE_STORAGE", "django.core.files.storage.FileSystemStorage"
)
if _sharepoint:
    STORAGES["records"] = {
        "BACKEND": "submissions.records.archive.sharepoint.SharePointStorage",
        "OPTIONS": {
            "tenant": environment.text("MICROACQ_SHAREPOINT_TENANT"),
            "client": environment.text("MICROACQ_SHAREPOINT_CLIENT"),
            "secret": environment.text("MICROACQ_SHAREPOINT_SECRET"),
            "certificate": environment.text("MICROACQ_SHAREPOINT_CERTIFICATE"),
            "drive": environment.text("MICROACQ_SHAREPOINT_DRIVE"),
            "folder": environment.text("MICROACQ_SHAREPOINT_FOLDER", "Micro-acquisition"),
            "graph": environment.text("MICROACQ_SHAREPOINT_GRAPH", "https://graph.microsoft.com/v1.0"),
            "authority": environment.text(
                "MICROACQ_SHAREPOINT_AUTHORITY", "https://login.microsoftonline.com"
            ),
        },
    }

SILENCED_SYSTEM_CHECKS = ["security.W019"]  # frames of our own pages: see X_FRAME_OPTIONS
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = int(environment.text("SECURE_HSTS_SECONDS", "31536000"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
if environment.flag("MICROACQ_BEHIND_PROXY", default=False):
    # Only where a proxy sets this header itself, and removes it from what visitors send.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MICROACQ_PROXY_COUNT = int(environment.text("MICROACQ_PROXY_COUNT", "1"))
