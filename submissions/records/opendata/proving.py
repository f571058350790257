"""What the open data can prove: releases are as they were published, one for each act, numbered without a gap.

Answers the hook ``file_proofs`` for this stage. Reads the rows themselves, and compares them with what the audit keeps
of each. The record, which is no act, is merged again. Imports no later stage.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import ModelLogEntry

from submissions.contracts import fingerprints
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check, Finding, Tell, broken

from . import collecting, standard
from .models import Record, Release


def checks(file: Solicitation) -> list[Check]:
    """The checks of this stage."""
    return [
        Check(
            "opendata.releases",
            gettext_lazy(
                "Each Open Contracting release is as it was published, and tells of a recorded act."
            ),
            partial(releases, file),
            order=990,
        ),
        Check(
            "opendata.record",
            gettext_lazy("The Open Contracting record says what the releases of the file say together."),
            partial(record, file),
            order=995,
        ),
    ]


def releases(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Releases that are not as they were recorded, without their act, or with one missing before them."""
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
            break
    yield from fingerprints.findings(file, [Release.objects.filter(solicitation=file)])


def record(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """A record that its releases do not make, or that is missing."""
    texts = Release.objects.filter(solicitation=file).order_by("sequence").values_list("text", flat=True)
    told = [json.loads(text) for text in texts]
    row = Record.objects.filter(solicitation=file).first()
    said = (row.ocid, json.loads(row.text), row.releases) if row is not None else None
    made = (told[0]["ocid"], standard.compiled(told), collecting.linked(told)) if told else None
    if said != made:
        yield broken(_("The Open Contracting record is not what the releases of the file make."))
