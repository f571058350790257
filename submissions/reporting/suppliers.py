"""Counting suppliers over files: a keyed digest of how each can be reached, written once an evaluation is signed off.

Owns the digest. It is the same for every file, unlike that of ``proposals.services``, because unique suppliers cannot
be counted otherwise; single rows are shown to nobody. While applications are evaluated without names it is not made:
that one of them is of somebody who applied before would be a hint whose it is. Once the personal data of a file is
erased, its digests are replaced: those of one run can still be compared with each other, and with nothing else; whether
a supplier was new when it was counted stays.
"""

from __future__ import annotations

import hashlib
import secrets

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from microacq_pages.formats import EASTERN
from submissions.proposals.custody import ERASED
from submissions.proposals.models import Proposal
from submissions.solicitations.enums import AFTER_OPENING, State
from submissions.solicitations.models import Solicitation

from .indicators.period import fiscal_year_of
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
    """Write the digests of every file whose evaluation was signed off and that was not counted yet.

    Returns:
        How many files were counted.
    """
    counted = SuppliersCounted.objects.values("pk")
    due = Solicitation.objects.filter(state__in=AFTER_OPENING - {State.OPENED}).exclude(pk__in=counted)
    return sum(count(file) for file in due.order_by("deadline", "pk"))


@transaction.atomic
def count(file: Solicitation) -> bool:
    """Write the digests of one file, once, and whether each supplier is new.

    Returns:
        Whether they were written now.
    """
    _one_at_a_time()
    _row, is_first = SuppliersCounted.objects.get_or_create(solicitation=file)
    if not is_first:
        return False
    proposals = file.proposals.sent().defer("sealed").iterator(chunk_size=500)
    digests = {digest_of(proposal) for proposal in proposals} - {""}
    year = fiscal_year_of(file.deadline.astimezone(EASTERN).date())
    before = set(KnownSupplier.objects.filter(digest__in=digests).values_list("digest", "fiscal_year"))
    known = {digest for digest, _year in before}
    KnownSupplier.objects.bulk_create(
        KnownSupplier(
            solicitation=file,
            digest=digest,
            fiscal_year=year,
            is_new_in_year=(digest, year) not in before,
            is_new=digest not in known,
        )
        for digest in sorted(digests)
    )
    return True


def _one_at_a_time() -> None:
    """Two files that are counted together would both take the same supplier for new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [SuppliersCounted._meta.db_table])


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
