"""Makes the databases that a run of the tests copies, while the checks before the tests use the other core.

The tests are translated into bytecode besides, once; the processes of a run, which load them all at the same time,
would each do it.

``python -m tests.support.prepare``; `.ci/run` starts it in the background. The run to come finds them by the mark that
both find in MICROACQ_PREPARED_RUN; whoever does not prepare makes the same databases when tests first ask for them.
Must not be imported by tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import django
from django.conf import settings

from tests.support.plugin import PREPARED_VARIABLE, RUN_VARIABLE


def main() -> None:
    """Make the templates of the site, of the browser tests and of the demonstration, and load every test once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    os.environ[RUN_VARIABLE] = os.environ[PREPARED_VARIABLE]
    django.setup()
    from config.catalogues import compile_catalogues
    from tests.support import databases

    compile_catalogues(settings.BASE_DIR / "locale")
    collecting = subprocess.Popen(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        stdout=subprocess.DEVNULL,
    )
    databases.site_template()
    with ThreadPoolExecutor() as both:
        for made in [both.submit(databases.demo_template), both.submit(databases.rehearsed_template)]:
            made.result()
    collecting.wait()  # a test that cannot be loaded is told of by the run


if __name__ == "__main__":
    main()
