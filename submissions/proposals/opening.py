"""Opening a file, and the trial that proves it will be possible.

Owns: the only tasks that load a custodian’s key. They run in the worker; a web request only asks for them.
What an opening finds is kept under the reading key, all of it or none. Imports no view and no form.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_tasks import task

from microacq_pages.formats import eastern
from submissions.audit.services import record, record_refusal
from submissions.proposals import custody, sealing, under_way
from submissions.proposals.custody import CustodianKey, KeyFileError
from submissions.proposals.enums import OpeningOutcome
from submissions.proposals.models import OpenedProposal, Proposal, TrialSeal
from submissions.proposals.sealing import CannotOpen
from submissions.proposals.under_way import Signs
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock, transition

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

logger = logging.getLogger(__name__)

OPEN_PERMISSION = "submissions.open_solicitation"

#: So many sealed texts are read, and so many opened ones written, at a time.
AT_A_TIME = 100

TRIAL_TEXT = b"This text was sealed to prove that it can be opened."


class OpeningRefused(Exception):
    """The file cannot be opened now; the message says why."""


#: What can go wrong with keys, texts and times; anything else is a fault of the software, and is raised.
EXPECTED = (KeyFileError, CannotOpen, OpeningRefused)


def opens_from(solicitation: Solicitation) -> datetime.datetime:
    """When no request that began before the deadline can still be under way."""
    return solicitation.deadline + datetime.timedelta(seconds=request_timeout())


def request_timeout() -> int:
    """The seconds after which the server has given up any request."""
    return int(getattr(settings, "MICROACQ_REQUEST_TIMEOUT", 60))


# --- opening -----------------------------------------------------------------------------------


def ask_to_open(solicitation: Solicitation, user: User) -> None:
    """Have the worker open a file; while it is being opened, asking again changes nothing.

    Asking too early, or without the right, is recorded.

    Raises:
        PermissionDenied: the user may not open files.
        OpeningRefused: it is too early, or the file was opened or cancelled before.
    """
    if not user.has_perm(OPEN_PERMISSION):
        _record_refused_opening(solicitation, user, "permission")
        raise PermissionDenied
    reason = reason_against_opening(solicitation)
    if reason:
        _record_refused_opening(solicitation, user, reason)
        raise OpeningRefused(reason)
    with transaction.atomic():
        asked, is_new = under_way.ask(solicitation, user)
        if is_new:
            record(solicitation, "file.opening_asked", user=user, data={"number": solicitation.number})
        elif not (under_way.is_left(asked) and under_way.claim(asked)):
            return
        open_file.enqueue(solicitation.pk, user.pk)


def begin_again_what_was_left() -> int:
    """Hand openings to a worker again that another left; for ``tick``.

    Returns:
        How many were handed over.
    """
    claimed = [opening for opening in under_way.left() if under_way.claim(opening)]
    for opening in claimed:
        open_file.enqueue(opening.solicitation_id, opening.asked_by_id)
    return len(claimed)


def reason_against_opening(solicitation: Solicitation) -> str:
    """Why the file cannot be opened now, by the database’s clock; empty when it can."""
    if solicitation.state != State.POSTED:
        return _("The file is “%(state)s”: there is nothing to open.") % {
            "state": solicitation.get_state_display()
        }
    now = database_clock()
    if now < solicitation.deadline:
        return _("The deadline has not passed: nobody can open the applications before it.")
    if now <= opens_from(solicitation):
        return _(
            "Applications sent in the last moment may still be arriving. Open the file after %(time)s."
        ) % {"time": eastern(opens_from(solicitation), get_language() or settings.LANGUAGE_CODE)}
    return ""


def reasons_against_moving_on(solicitation: Solicitation, user: User | AnonymousUser | None) -> list[str]:
    """The guard of the transition: each application is opened, and none can arrive any more."""
    reason = reason_against_opening(solicitation)
    sentences = [reason] if reason else []
    if solicitation.proposals.standing().filter(opened=None).exists():
        sentences.append(_("Not every application has been opened."))
    return sentences


def reasons_against_ending_empty(solicitation: Solicitation, user: User | AnonymousUser | None) -> list[str]:
    """The guard of the other transition: no application takes part, and none can arrive any more."""
    reason = reason_against_opening(solicitation)
    sentences = [reason] if reason else []
    if solicitation.proposals.standing().exists():
        sentences.append(_("There are applications: open them."))
    return sentences


@task()
def open_file(solicitation_id: int, user_id: int) -> str:
    """Open every application of a file that is neither replaced nor withdrawn.

    All are opened and the file moves on, or nothing changes and the failure is recorded.
    """
    solicitation = Solicitation.objects.get(pk=solicitation_id)
    user = get_user_model().objects.get(pk=user_id)
    asked = under_way.current(solicitation)
    try:
        with transaction.atomic():
            count = open_proposals(solicitation, user, custody.custodian_identities(), Signs(asked))
            under_way.end(asked, OpeningOutcome.OPENED, done=count)
    except Exception as error:
        solicitation.refresh_from_db()
        if solicitation.state != State.POSTED:
            under_way.end(asked, OpeningOutcome.FAILED, fault=str(solicitation.state))
            return f"{solicitation.number}: opened before"
        logger.exception("The file %s was not opened", solicitation.number)
        fault = type(error).__name__
        with transaction.atomic():
            under_way.record_failure(solicitation, user, fault)
            under_way.end(asked, OpeningOutcome.FAILED, fault=fault)
        if not isinstance(error, EXPECTED):
            raise
        return f"{solicitation.number}: not opened"
    return f"{solicitation.number}: {count} opened"


@transaction.atomic
def open_proposals(
    solicitation: Solicitation, user: User, keys: Iterable[CustodianKey], signs: Signs | None = None
) -> int:
    """Open the standing proposals of ``solicitation`` with ``keys`` and move the file to the state opened.

    Where there is none the file ends. One that was neither confirmed nor replaced after an amendment that asked for
    it is set aside, and stays sealed.

    Args:
        solicitation: The file.
        user: Who asked.
        keys: Of the custodians; any of them opens.
        signs: Who is told how far it is.

    Returns:
        How many were opened.

    Raises:
        OpeningRefused: it is too early, or the file was opened or cancelled before.
        CannotOpen: no key opens one of them, or one does not say what its receipt says.
    """
    signs = signs or Signs(None)
    locked = Solicitation.objects.select_for_update().get(pk=solicitation.pk)
    reason = reason_against_opening(locked)
    if reason:
        raise OpeningRefused(reason)
    count = _open_all(locked, [key.identity for key in keys], signs)
    aside = [proposal.receipt_number for proposal in locked.proposals.set_aside().without_text()]
    transition(
        locked,
        "open" if count else "end_empty",
        user=user,
        data={"count": count, "set_aside": aside},
    )
    solicitation.refresh_from_db()
    return count


def _open_all(locked: Solicitation, identities: list[str], signs: Signs) -> int:
    """Open and keep every standing proposal, some at a time. Returns how many."""
    standing = locked.proposals.standing().order_by("pk")
    signs.begin(standing.count())
    opened: list[OpenedProposal] = []
    for count, proposal in enumerate(standing.defer("contact").iterator(chunk_size=AT_A_TIME), start=1):
        locked_text = custody.lock(_text_of(proposal, identities))
        opened.append(OpenedProposal(proposal=proposal, locked_text=locked_text))
        if len(opened) == AT_A_TIME:
            OpenedProposal.objects.bulk_create(opened)
            opened = []
        signs.opened(count)
    OpenedProposal.objects.bulk_create(opened)
    return OpenedProposal.objects.filter(proposal__solicitation=locked).count()


def _text_of(proposal: Proposal, identities: list[str]) -> bytes:
    try:
        text = sealing.unseal(bytes(proposal.sealed), identities)
    except CannotOpen as error:
        raise CannotOpen(f"No custodian’s key opens application {proposal.receipt_number}.") from error
    if sealing.digest(text) != proposal.text_digest:
        raise CannotOpen(f"Application {proposal.receipt_number} is not what its receipt says.")
    return text


def _record_refused_opening(solicitation: Solicitation, user: User, reason: str) -> None:
    record_refusal(
        solicitation,
        "file.open_refused",
        user=user,
        data={"number": solicitation.number, "reason": reason},
    )


# --- trial -------------------------------------------------------------------------------------


#: What is kept of each key, in English as the command of operators prints it.
OPENS, STAYS_SHUT = "opens", "does not open what is sealed to the custodians"


@task()
def run_trial_seal() -> str:
    """Prove, with the keys of the worker, that what is sealed today can be opened."""
    return str(make_trial().detail)


@transaction.atomic
def make_trial() -> TrialSeal:
    """Seal a text to the custodians, open it with each key at hand, and keep the outcome."""
    recipients = custody.custodian_recipients()
    passed, detail = try_keys(recipients)
    trial = TrialSeal.objects.create(
        recipients_digest=sealing.recipients_digest(recipients), passed=passed, detail=detail
    )
    record(
        trial,
        "trial_seal.passed" if passed else "trial_seal.failed",
        data={"recipients": trial.recipients_digest},
    )
    return trial


def try_keys(recipients: list[str]) -> tuple[bool, str]:
    """Whether a key at hand opens what is sealed to ``recipients``, and a line for each key.

    One is enough, as any custodian can open; a key that was retired is kept for what was sealed to it.
    """
    try:
        keys = custody.custodian_identities()
        sealed = sealing.seal(TRIAL_TEXT, recipients)
    except (KeyFileError, sealing.SealingError) as error:
        return False, str(error)
    outcomes = [(key, _opens(sealed, key)) for key in keys]
    lines = [f"{key.recipient}: {OPENS if opens else STAYS_SHUT}" for key, opens in outcomes]
    return any(opens for _key, opens in outcomes), "\n".join(lines)


def _opens(sealed: bytes, key: CustodianKey) -> bool:
    try:
        return sealing.unseal(sealed, [key.identity]) == TRIAL_TEXT
    except CannotOpen:
        return False


def trial_max_age() -> datetime.timedelta:
    """For how long a passed trial allows posting."""
    return datetime.timedelta(hours=int(getattr(settings, "MICROACQ_TRIAL_SEAL_HOURS", 24)))


def latest_trial() -> TrialSeal | None:
    """The last trial with the custodians of today."""
    digest = sealing.recipients_digest(custody.custodian_recipients())
    return TrialSeal.objects.filter(recipients_digest=digest).first()


def reason_against_posting() -> str:
    """Why nothing may be posted: no proof that what is sealed can be opened. Empty when there is one."""
    trial = latest_trial()
    if trial is None:
        return _("No trial seal was opened with the present keys: run the trial, then post.")
    if not trial.passed:
        return _("The last trial seal could not be opened: nothing may be posted until the keys are mended.")
    if trial.made_at < database_clock() - trial_max_age():
        return _("The last trial seal is too old: run the trial again, then post.")
    return ""


def ask_for_trial_when_due() -> bool:
    """Have the worker make a trial when half the life of the last one is over; for ``tick``.

    Returns:
        Whether one was asked for. While nobody makes it, it is asked for again every quarter of an hour only.
    """
    trial = latest_trial()
    if trial and trial.passed and trial.made_at > database_clock() - trial_max_age() / 2:
        return False
    if not cache.add("microacq-trial-seal-asked", True, timeout=15 * 60):
        return False
    run_trial_seal.enqueue()
    return True
