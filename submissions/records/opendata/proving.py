"""What the open data can prove: releases are as they were published, one for each act, numbered without a gap.

Answers the hook ``file_proofs`` for this stage. Reads the rows themselves. Imports no later stage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import ModelLogEntry

from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check, Finding, Tell, broken

from .models import Release


def checks(file: Solicitation) -> list[Check]:
    """The check of this stage."""
    return [
        Check(
            "opendata.releases",
            gettext_lazy(
                "Each Open Contracting release is as it was published, and tells of a recorded act."
            ),
            partial(releases, file),
            order=700,
        )
    ]


def releases(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Releases with another text than their digest says, without their act, or with one missing before them."""
    rows = list(Release.objects.filter(solicitation=file).order_by("sequence"))
    recorded = dict(
        ModelLogEntry.objects.filter(pk__in=[row.act for row in rows]).values_list("pk", "action")
    )
    for place, row in enumerate(rows, start=1):
        if hashlib.sha256(row.text.encode()).hexdigest() != row.digest:
            yield broken(_("Release %(name)s: the text has another digest."), name=row.name)
        if recorded.get(row.act) != row.action:
            yield broken(_("Release %(name)s: its act is not in the log."), name=row.name)
        if row.sequence != place:
            yield broken(_("Release %(name)s: one before it is missing."), name=row.name)
            return
