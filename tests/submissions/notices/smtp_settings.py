"""Settings of a worker that delivers to a mail server of the test, and may soon repeat what a dead one left."""

from __future__ import annotations

import os

from config.settings.test import *  # noqa: F403

MICROACQ_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["MICROACQ_TEST_SMTP_PORT"])
EMAIL_TIMEOUT = 30
MICROACQ_MAIL_LEASE = 2
