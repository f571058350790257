"""Settings for the tests. Keys, data and files lie apart from those of `dev`, whose content no test touches."""

from __future__ import annotations

from pathlib import Path

from config import environment
from config.database import database_settings
from config.keys import ensure_keys
from config.settings.base import *

_keys = ensure_keys(VAR_DIR / "keys-test")
SECRET_KEY = _keys.secret_key
MICROACQ_CUSTODIAN_RECIPIENTS = [_keys.custodian_recipient]
MICROACQ_CUSTODIAN_KEY_FILES = [str(_keys.custodian_file)]
MICROACQ_READING_KEY = [_keys.reading_key]
MICROACQ_MAIL_KEY = [_keys.mail_key]
# A test in a transaction has one connection; the fixture `refusals` brings the second one back.
MICROACQ_REFUSALS_DATABASE = "default"

ALLOWED_HOSTS = ["*"]
# A server that browsers visit keeps its connections, as in production; `SiteServer` says that it is one.
_IS_SERVER = environment.flag("MICROACQ_TEST_SERVER", default=False)
DATABASES = database_settings(VAR_DIR / "postgres-test", throwaway=True, keep=60 if _IS_SERVER else 0)
MICROACQ_EMBEDDED_DATABASE = not environment.text("DATABASE_URL")

MICROACQ_DEMO = environment.flag("MICROACQ_DEMO", default=False)
MICROACQ_BASE_URL = WAGTAILADMIN_BASE_URL = environment.text("MICROACQ_BASE_URL", "http://testserver")
MICROACQ_CONTACT_DOMAINS = ["gc.ca", "example.ca", "example.org"]
MICROACQ_SERVE_MEDIA = True
MICROACQ_DELIVERY_BACKEND = environment.text(
    "MICROACQ_DELIVERY_BACKEND", "django.core.mail.backends.locmem.EmailBackend"
)
MICROACQ_MAIL_FOLDER = Path(environment.text("MICROACQ_MAIL_FOLDER", str(VAR_DIR / "test-mail")))
MEDIA_ROOT = Path(environment.text("MICROACQ_MEDIA_ROOT", str(VAR_DIR / "test-media")))
STORAGES["records"]["OPTIONS"] = {"location": str(VAR_DIR / "test-records")}

# Tests fill a form in no time; those of the minimum time set it.
MICROACQ_SHORTEST_VISIT = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The test client signs in without a request, which the throttle refuses; its own tests switch it on.
AXES_ENABLED = environment.flag("MICROACQ_TEST_THROTTLE", default=False)
WHITENOISE_USE_FINDERS = True
# A server that browsers visit knows its files from its start on, and lets them be kept; the test client asks for none.
WHITENOISE_AUTOREFRESH = not _IS_SERVER
WHITENOISE_MAX_AGE = 3600
LOGGING["root"]["level"] = "WARNING"
LOGGING["loggers"]["django"]["level"] = "WARNING"
LOGGING["loggers"]["django_tasks"]["level"] = "WARNING"
