"""Entry point for the web server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.rush.bare.settings"
application = get_wsgi_application()
gc.collect()
gc.freeze()
