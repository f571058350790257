"""What the archive can prove: certificates of erasure say what was recorded, and nothing is gone without one.

Answers the hook ``file_proofs``. Reads only.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.contracts import fingerprints
from submissions.proposals.custody import ERASED
from submissions.proposals.models import OpenedProposal
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import ERASURE, Check, Finding, Tell, broken, recorded

from . import erasing
from .models import AccessPackage, ErasureCertificate


def checks(file: Solicitation) -> list[Check]:
    """The checks of this stage."""
    return [
        Check(
            "records.erasures",
            gettext_lazy("What was erased has a certificate, and each certificate says what was recorded."),
            partial(erasures, file),
            order=950,
        ),
        Check(
            "records.packages",
            gettext_lazy("Each package for access to information is as it was disclosed."),
            partial(packages, file),
            order=960,
        ),
    ]


def erasures(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Certificates that were changed or not recorded, records without one, and texts that are gone without any."""
    promised = {str(act.data.get("digest")) for act in recorded(file, [ERASURE])}
    rows = list(ErasureCertificate.objects.filter(solicitation=file).select_related("solicitation"))
    for row in rows:
        if erasing.digest_of(row) != row.digest or row.digest not in promised:
            yield broken(
                _("The certificate of %(date)s is not the one that was recorded."), date=row.made_at.date()
            )
    for digest in sorted(promised - {row.digest for row in rows}):
        yield broken(_("A certificate of erasure was recorded and is gone: %(digest)s."), digest=digest)
    named = {
        int(key)
        for row in rows
        for key in row.manifest.get(OpenedProposal._meta.db_table + ".locked_text", {})
    }
    gone = OpenedProposal.objects.filter(proposal__solicitation=file, locked_text=ERASED).exclude(
        pk__in=named
    )
    for receipt in gone.values_list("proposal__receipt_number", flat=True):
        yield broken(
            _("Application %(receipt)s: its text is gone, and no certificate names it."), receipt=receipt
        )


def packages(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Packages, or what was chosen for them, that are not what was recorded, and recorded ones that are not there."""
    acts = recorded(file, ["file.disclosed"])
    promised = Counter((str(act.data.get("digest")), str(act.data.get("reference"))) for act in acts)
    for row in AccessPackage.objects.filter(solicitation=file):
        digest = hashlib.sha256(bytes(row.content)).hexdigest()
        is_promised = promised[digest, row.reference] > 0
        promised[digest, row.reference] -= 1
        if digest != row.digest or not is_promised:
            yield broken(
                _("The package for the request %(reference)s is not the one that was disclosed."),
                reference=row.reference,
            )
    for (_digest, reference), count in promised.items():
        if count > 0:
            yield broken(
                _("The package for the request %(reference)s is not the one that was disclosed."),
                reference=reference,
            )
    yield from fingerprints.findings(file, [AccessPackage.objects.filter(solicitation=file)])
