"""Counting suppliers over files: a keyed digest of how each can be reached, written once a file is opened.

Owns the digest. It is the same for every file, unlike that of ``proposals.services``, because unique suppliers cannot
be counted otherwise; single rows are shown to nobody. Once the personal data of a file is erased, its digests are
replaced: those of one run can still be compared with each other, and with nothing else.
"""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils.crypto import salted_hmac

from submissions.proposals.custody import ERASED
from submissions.proposals.models import Proposal
from submissions.solicitations.enums import AFTER_OPENING
from submissions.solicitations.models import Solicitation

from .models import KnownSupplier, SuppliersCounted

#: With what a digest begins that tells of nobody any more; no digest in hexadecimal begins so.
FORGOTTEN = "x"


def digest_of(proposal: Proposal) -> str:
    """The digest of who applied; empty where how to reach them is erased."""
    if proposal.contact == ERASED:
        return ""
    reach = proposal.reach()
    telephone = "".join(filter(str.isdigit, reach.get("telephone", "")))
    way = reach["address"] or (f"tel:{telephone}" if telephone else f"post:{reach.get('postal_address', '')}")
    return salted_hmac("submissions.reporting.supplier", way.casefold(), algorithm="sha256").hexdigest()


def count_where_due() -> int:
    """Write the digests of every file that was opened and not counted yet.

    Returns:
        How many files were counted.
    """
    counted = SuppliersCounted.objects.values("pk")
    due = Solicitation.objects.filter(state__in=AFTER_OPENING).exclude(pk__in=counted)
    return sum(count(file) for file in due)


@transaction.atomic
def count(file: Solicitation) -> bool:
    """Write the digests of one file, once.

    Returns:
        Whether they were written now.
    """
    _row, is_first = SuppliersCounted.objects.get_or_create(solicitation=file)
    if not is_first:
        return False
    proposals = file.proposals.sent().defer("sealed").iterator(chunk_size=500)
    digests = {digest_of(proposal) for proposal in proposals} - {""}
    KnownSupplier.objects.bulk_create(
        [KnownSupplier(solicitation=file, digest=digest) for digest in sorted(digests)],
        ignore_conflicts=True,
    )
    return True


@transaction.atomic
def forget() -> int:
    """Replace the digests of files whose applicants’ data is erased, under a key that is thrown away at once.

    Returns:
        How many digests were replaced.
    """
    erased = Proposal.objects.filter(contact=ERASED).values("solicitation")
    rows = list(
        KnownSupplier.objects.select_for_update()
        .filter(solicitation__in=erased)
        .exclude(digest__startswith=FORGOTTEN)
    )
    key = secrets.token_bytes(32)
    for row in rows:
        row.digest = FORGOTTEN + hashlib.sha256(key + row.digest.encode()).hexdigest()[1:]
    KnownSupplier.objects.bulk_update(rows, ["digest"], batch_size=500)
    return len(rows)
