"""Entry point for the web server. Production is the default here; `make run` says otherwise."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

# Accounts can be looked at only now that the applications are loaded.
from django.db import connections  # noqa: E402

from config.checks import refuse_demo_accounts  # noqa: E402

refuse_demo_accounts()
connections.close_all()  # a server that forks after this must not share a connection

# What is loaded by now stays for the life of the process: the collector need not walk it again at each request, and
# servers that fork share it.
gc.collect()
gc.freeze()
