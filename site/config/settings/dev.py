"""Settings for trying the software and for developing it: what `make run` and a bare `manage.py` use.

Keys and state live below MICROACQ_VAR and are made at first use.
"""

from __future__ import annotations

from config import environment
from config.database import database_settings
from config.keys import ensure_keys
from config.settings.base import *

DEBUG = environment.flag("MICROACQ_DEBUG", default=True)
ALLOWED_HOSTS = ["*"]

_keys = ensure_keys(VAR_DIR / "keys")
SECRET_KEY = _keys.secret_key
MICROACQ_CUSTODIAN_RECIPIENTS = [_keys.custodian_recipient]
MICROACQ_CUSTODIAN_KEY_FILES = [str(_keys.custodian_file)]
MICROACQ_READING_KEY = [_keys.reading_key]
MICROACQ_MAIL_KEY = [_keys.mail_key]

DATABASES = database_settings(VAR_DIR / "postgres")
MICROACQ_EMBEDDED_DATABASE = not environment.text("DATABASE_URL")

# A whole selection can be tried while one watches: a lottery would take days.
MICROACQ_DRAW_SOURCE = environment.text("MICROACQ_DRAW_SOURCE", "witnesses")
MICROACQ_DEMO = environment.flag("MICROACQ_DEMO", default=True)
# What the examples of the standard use, so that the feed can be seen.
MICROACQ_OCID_PREFIX = environment.text("MICROACQ_OCID_PREFIX", "ocds-213czf")
MICROACQ_CONTACT_DOMAINS = [*MICROACQ_CONTACT_DOMAINS, "example.ca"]
MICROACQ_SERVE_MEDIA = True
MICROACQ_DELIVERY_BACKEND = environment.text("MICROACQ_DELIVERY_BACKEND", "config.mail.FolderBackend")
MICROACQ_MAIL_FOLDER = VAR_DIR / "mail"

MICROACQ_BASE_URL = WAGTAILADMIN_BASE_URL = environment.text(
    "MICROACQ_BASE_URL", f"http://localhost:{environment.text('PORT', '8000')}"
)

# Static files come straight from the applications' folders: nothing to collect.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# The terminal belongs to what a person wants to see: mail, refusals, faults.
for _logger in ("wagtail", "django_tasks", "django_tasks_db"):
    LOGGING["loggers"][_logger] = {"level": "WARNING"}
