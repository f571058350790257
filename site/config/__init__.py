"""The runnable project: settings, addresses, server entry point. No rule of the process lives here.

The applications lie beside the folder `site/`, so the checkout is put on the path before anything imports them,
whichever way Python was started (manage.py, gunicorn, pytest, mypy).
"""

from __future__ import annotations

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

if str(CHECKOUT) not in sys.path:
    sys.path.append(str(CHECKOUT))
