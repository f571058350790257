"""Asking client and supplier how it went, some days after the end of their contract: three questions each.

Owns when and whom. The right to answer, the answers and their sums are those of ``survey``: nobody can tell who
answered what. Nobody is asked twice in a year as one of the same cohort. A contract about which nobody can be asked
now, as where an address cannot be decrypted, is tried again at the next tick and stops no other.
"""

from __future__ import annotations

import logging
import secrets
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from microacq_pages.formats import date_long
from submissions.audit.services import record
from submissions.contracts.enums import ENDED, ContractState
from submissions.contracts.models import Contract
from submissions.notices.reviews import language_of
from submissions.notices.services import send_notice
from submissions.solicitations.services import database_clock
from submissions.survey import tokens
from submissions.survey.enums import Cohort
from submissions.survey.inviting import link_of
from submissions.survey.models import SurveyAddress

from .models import ClosingMailing

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

logger = logging.getLogger(__name__)

#: So long after a contract was paid, or ended otherwise, they are asked: the letters about it have been read by then.
AFTER = timedelta(days=5)
#: The states in which a contract is over.
OVER = ENDED | {ContractState.PAID}


def ask_where_due() -> int:
    """Ask about every contract that was over long enough ago and about which nobody was asked.

    Returns:
        How many letters were queued.
    """
    asked = ClosingMailing.objects.values("pk")
    due = Contract.objects.filter(state__in=OVER, changed_at__lte=database_clock() - AFTER)
    rows = due.exclude(pk__in=asked).select_related("solicitation__client", "offer__proposal")
    return sum(_ask_unless_it_fails(contract) for contract in rows.defer("offer__proposal__sealed"))


def _ask_unless_it_fails(contract: Contract) -> int:
    """Nothing of a contract that fails is kept, so it is due again; its number tells nothing of anybody."""
    number = contract.solicitation.number
    try:
        return ask(contract)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Nobody could be asked how the contract of %s went", number)
        return 0


@transaction.atomic
def ask(contract: Contract) -> int:
    """Queue the letters about one contract, all or none; in a random order.

    Returns:
        How many letters were queued.
    """
    _mailing, is_first = ClosingMailing.objects.get_or_create(contract=contract)
    if not is_first:
        return 0
    today = timezone.localdate()
    file, proposal = contract.solicitation, contract.offer.proposal
    people: list[tuple[Cohort, str, str | None]] = [
        (Cohort.SUPPLIER, proposal.address, proposal.correspondence_language)
    ]
    if file.client is not None and file.client.is_active:
        people.append((Cohort.CLIENT, file.client.email, language_of(file.client)))
    secrets.SystemRandom().shuffle(people)
    count = sum(
        _ask(file, cohort, address, language, f"{contract.pk}", today) for cohort, address, language in people
    )
    record(file, "closing.asked", data={"number": file.number, "count": count})
    return count


def _ask(
    file: Solicitation, cohort: Cohort, address: str, language: str | None, key: str, today: date
) -> bool:
    if not address:
        return False
    _row, is_new = SurveyAddress.objects.get_or_create(
        digest=_digest(address), year=today.year, cohort=cohort
    )
    if not is_new:
        return False
    token = tokens.make(cohort, today)
    send_notice(
        "closing_asked",
        address,
        key=f"closing:{cohort}:{key}",
        language=language,
        number=file.number,
        context=lambda language: {
            "number": file.number,
            "title": file.get_title(language),
            "link": link_of(token, language),
            "until": date_long(token.usable_until - timedelta(days=1), language),
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        },
    )
    return True


def _digest(address: str) -> str:
    return salted_hmac("submissions.survey.address", address.casefold(), algorithm="sha256").hexdigest()
