"""Asking: one letter for each supplier whose application was opened, some days after the end is known to all.

Owns when and to whom. All letters of a file are queued at once in a random order, also the one to who was awarded the
work; none says anything of the outcome. Nobody is asked twice in a year as one of the same cohort.

Seam (Wagtail hook): ``survey_awarded(solicitation) -> str | None``: receipt number of the application that was awarded
the work. Where the file is awarded and nobody answers, nobody is asked.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from wagtail import hooks
from wagtail.models import ModelLogEntry

from microacq_pages.formats import date_long
from submissions.audit.services import record
from submissions.notices.reviews import address_of
from submissions.notices.services import send_notice
from submissions.proposals.models import Proposal
from submissions.solicitations import states
from submissions.solicitations.enums import WITH_CONTRACT, State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock

from . import tokens
from .enums import Cohort
from .models import SurveyAddress, SurveyMailing

#: The ends after which suppliers are asked.
ENDS = WITH_CONTRACT | {State.NONE_SUITABLE, State.NOT_ACCEPTED}
#: So long after the end they are: the letters with the outcome have been read by then.
AFTER = timedelta(days=7)


def ask_where_due() -> int:
    """Ask the suppliers of every file that ended long enough ago and about which nobody was asked.

    Returns:
        How many letters were queued.
    """
    asked = SurveyMailing.objects.values("pk")
    files = Solicitation.objects.filter(state__in=ENDS).exclude(pk__in=asked)
    return sum(ask(file) for file in files if _is_due(file))


def _is_due(file: Solicitation) -> bool:
    acts = [rule.act for rule in states.TRANSITIONS.values() if rule.target == file.state]
    entries = ModelLogEntry.objects.for_instance(file).filter(action__in=acts)
    ended = entries.order_by("-timestamp").values_list("timestamp", flat=True).first()
    return ended is not None and ended + AFTER <= database_clock()


def ask(file: Solicitation) -> int:
    """Queue the letters of one file, all or none; two who ask at once ask once.

    Returns:
        How many letters were queued.
    """
    awarded = awarded_receipt(file)
    if file.state in WITH_CONTRACT - {State.TERMINATED} and not awarded:
        return 0
    today = timezone.localdate()
    with transaction.atomic():
        _mailing, is_first = SurveyMailing.objects.get_or_create(solicitation=file)
        if not is_first:
            return 0
        proposals = list(file.proposals.opened().sent().defer("sealed"))
        secrets.SystemRandom().shuffle(proposals)
        count = sum(_ask(file, proposal, awarded, today) for proposal in proposals)
        record(file, "survey.asked", data={"number": file.number, "count": count})
    return count


def awarded_receipt(file: Solicitation) -> str:
    """Receipt number of the application that was awarded the work; empty where none was."""
    answers = (answer(file) for answer in hooks.get_hooks("survey_awarded"))
    return next((str(receipt) for receipt in answers if receipt), "")


def _ask(file: Solicitation, proposal: Proposal, awarded: str, today: date) -> bool:
    address = proposal.address
    if not address:
        return False
    cohort = Cohort.AWARDED if proposal.receipt_number == awarded else Cohort.APPLIED
    _row, is_new = SurveyAddress.objects.get_or_create(
        digest=_digest(address), year=today.year, cohort=cohort
    )
    if not is_new:
        return False
    token = tokens.make(cohort, today)
    send_notice(
        "survey_asked",
        address,
        key=f"survey:{proposal.receipt_number}",
        language=proposal.correspondence_language,
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


def link_of(token: tokens.Token, language: str) -> str:
    """The address of the form in a language."""
    with translation.override(language):
        return address_of(reverse("survey:answer", args=[str(token)]))


def _digest(address: str) -> str:
    return salted_hmac("submissions.survey.address", address.casefold(), algorithm="sha256").hexdigest()


def forget() -> int:
    """Delete digests of addresses that were asked in an earlier year."""
    deleted, _by_model = SurveyAddress.objects.filter(year__lt=timezone.localdate().year).delete()
    return deleted
