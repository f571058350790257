"""What suppliers without e-mail say, write or send after the award, entered by staff.

Owns: for whom staff may enter, and keeping how each act came, recorded. The act itself is that of the supplier’s own
link (``talking``, ``delivering``, ``ending``, ``payment.invoicing``), with its rules. Who enters speaks for the
supplier, and so does not decide about the same act for the department. Imports no view.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from submissions.audit.services import record
from submissions.awards.enums import AnsweredHow
from submissions.awards.models import lock_words
from submissions.proposals import came as coming
from submissions.proposals.came import Came
from submissions.proposals.entering import ENTER_PERMISSION
from submissions.solicitations.services import Actor, database_clock

from . import fingerprints
from .desk_models import SUBJECTS, EnteredForSupplier
from .models import Contract, EndProposal, Extension
from .payment import numbers
from .services import clean, locked_contract, named, refuse, require

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Row = TypeVar("Row", bound=models.Model)

ACT = "contract.entered_for"


def is_for_staff(contract: Contract) -> bool:
    """Whether staff enter what the supplier says: they entered the application."""
    return contract.offer.proposal.entered_by_id is not None


def may_enter(user: Actor, contract: Contract) -> bool:
    """Whether a person enters for the supplier of a contract: never its client, who decides for the department."""
    return (
        user.has_perm(ENTER_PERMISSION)
        and is_for_staff(contract)
        and user.pk != contract.solicitation.client_id
    )


def require_entering(contract: Contract, user: Actor) -> None:
    """Refuse, and record, who may not enter for the supplier of a contract.

    Raises:
        PermissionDenied: the user does not have the permission.
        Refused: the supplier uses the own link, or the user is the client.
    """
    require(ENTER_PERMISSION, contract, user, ACT)
    if not is_for_staff(contract):
        refuse(contract, user, ACT, [_("This supplier uses the own link.")])
    if not may_enter(user, contract):
        refuse(contract, user, ACT, [client_enters_nothing()])


def client_enters_nothing() -> str:
    """Said to the client of a file, who decides for the department."""
    return _("You are the client: another person enters what the supplier says.")


@transaction.atomic
def reach(contract: Contract, user: User) -> dict[str, str]:
    """How to reach the supplier; that it was shown is recorded.

    Raises:
        PermissionDenied: as ``require_entering``.
        Refused: as ``require_entering``.
    """
    require_entering(contract, user)
    return coming.reach(contract.offer.proposal, user)


def reasons_against_answering(asked: Extension | EndProposal, user: Actor) -> list[str]:
    """Sentences against this person’s entering the answer to what the department asked or proposed."""
    asker = asked.asked_by_id if isinstance(asked, Extension) else asked.proposed_by_id
    if asker == user.pk:
        return [_("You asked for the department: another person enters what the supplier answers.")]
    return []


@transaction.atomic
def enter(
    contract: Contract,
    user: User,
    came: Came,
    act: Callable[[Contract], Row],
    *,
    answers: Extension | EndProposal | None = None,
) -> Row:
    """Carry out an act of the supplier, and keep who entered it and how it came; the same form again changes nothing.

    Args:
        contract: Whose supplier staff applied for.
        user: Who enters it.
        came: How it came.
        act: The act, as the supplier’s own link carries it out.
        answers: What the department asked or proposed, where the act is the answer to it.

    Raises:
        PermissionDenied: the user may not.
        Refused: something stands against it. Both are recorded.
    """
    locked = locked_contract(contract)
    require_entering(locked, user)
    if answers is not None and (sentences := reasons_against_answering(answers, user)):
        refuse(locked, user, ACT, sentences)
    if sentences := faults(locked, came):
        refuse(locked, user, ACT, sentences)
    row = act(locked)
    keep(locked, user, came, row)
    return row


def faults(contract: Contract, came: Came) -> list[str]:
    """Sentences against how something came; forms ask the same."""
    found = []
    if came.how not in AnsweredHow.values:
        found.append(_("Choose how it came."))
    if not clean(came.statement):
        found.append(_("Write how it was received."))
    if (number := numbers.found_in(came.statement)) is not None:
        found.append(str(numbers.SENTENCES[number]))
    if not contract.started_at.replace(second=0, microsecond=0) <= came.taken_at <= database_clock():
        found.append(_("It came between the beginning of the work and now."))
    return found


def keep(contract: Contract, user: User, came: Came, row: models.Model) -> EnteredForSupplier:
    """Write down beside an act of the supplier who entered it and how it came, in its transaction; once."""
    name = subject_of(row)
    before: EnteredForSupplier | None = EnteredForSupplier.objects.filter(**{name: row}).first()
    if before is not None:
        return before
    kept: EnteredForSupplier = EnteredForSupplier.objects.create(
        contract=contract,
        **{name: row},
        entered_by_id=user.pk,
        entered_how=came.how,
        taken_at=came.taken_at,
        locked_statement=lock_words(clean(came.statement)),
    )
    data: dict[str, Any] = {"what": name, "how": str(kept.entered_how)}
    record(
        contract.solicitation,
        ACT,
        user=user,
        data={**named(contract), **data, fingerprints.KEPT: fingerprints.of(kept)},
    )
    return kept


def subject_of(row: models.Model) -> str:
    """By which column an act of the supplier is named."""
    fields: Any = EnteredForSupplier._meta
    return next(name for name in SUBJECTS if fields.get_field(name).related_model is type(row))


# --- who entered what ------------------------------------------------------------------------------------


def has_entered(user: Actor, row: models.Model) -> bool:
    """Whether a person entered an act for the supplier: then another decides about it for the department."""
    found = EnteredForSupplier.objects.filter(**{subject_of(row): row}, entered_by_id=user.pk)
    return user.pk is not None and bool(found.exists())


def not_the_one_who_entered() -> str:
    """Said to who decides for the department about what the same person entered for the supplier."""
    return _("You entered this for the supplier: another person decides.")
