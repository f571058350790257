"""What the catalogue can prove: an entry says what was recorded when it was made, or last put right.

Answers the hook ``file_proofs``. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_lazy

from submissions.contracts import fingerprints
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check, Finding, Tell

from .models import CatalogueEntry


def checks(file: Solicitation) -> list[Check]:
    """The check of the catalogue."""
    return [
        Check(
            "reuse.entry",
            gettext_lazy("The entry of the catalogue says what was recorded."),
            partial(entry, file),
            order=975,
        )
    ]


def entry(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """An entry that was changed behind the software’s back, or is gone."""
    return fingerprints.findings(file, [CatalogueEntry.objects.filter(contract__solicitation=file)])
