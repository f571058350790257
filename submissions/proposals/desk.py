"""What staff do for suppliers without e-mail after their application was entered: tell of amendments, withdraw.

Owns: who has to be told, showing how to reach them, and the two acts, each recorded. Nobody reads an application for
it: telephone number and postal address are kept apart from the sealed text, for this purpose. Imports no view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microacq_pages.waiting import WaitingItem
from submissions.audit.services import record
from submissions.solicitations.enums import State as FileState

from . import letters, services
from .desk_models import ToldOfAmendment, WithdrawnForSupplier
from .entering import ENTER_PERMISSION, require
from .enums import ToldHow
from .fields import PlainText
from .models import Proposal

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import Solicitation

#: Business days within which a supplier without e-mail is told.
TARGET_DAYS = 1


class NothingToDo(Exception):
    """It was done meanwhile, or there is no such application for this person."""


class ToldForm(forms.Form):
    """How a supplier was told."""

    how = forms.ChoiceField(
        label=_("How the supplier was told"),
        choices=ToldHow.choices,
        error_messages={"required": _("Choose how the supplier was told.")},
    )


class WithdrawForm(forms.Form):
    """Why, in the supplier's words."""

    reason = PlainText(
        label=_("What the supplier said or wrote, and when"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the supplier said or wrote, and when.")},
    )


def entered(file: Solicitation) -> Iterable[Proposal]:
    """The applications to a file that staff entered and that take part."""
    found: Iterable[Proposal] = (
        file.proposals.live().filter(entered_by__isnull=False).defer("sealed").select_related("entered_by")
    )
    return found


def to_tell(file: Solicitation) -> list[Proposal]:
    """Whose supplier nobody told of the last amendment, and has no e-mail."""
    return [] if file.state == FileState.CANCELLED else _without_mail(file.proposals.untold())


def _without_mail(found: Iterable[Proposal]) -> list[Proposal]:
    return [proposal for proposal in found if not proposal.address]


def work_of(user: User) -> Iterator[WaitingItem]:
    """The suppliers to call or to write to, for whoever enters applications; one query, however many there are."""
    if not user.has_perm(ENTER_PERMISSION):
        return
    found = Proposal.objects.untold().exclude(solicitation__state=FileState.CANCELLED)
    untold: Iterable[Any] = _without_mail(found.select_related("solicitation").order_by("pk"))
    for proposal in untold:
        file = proposal.solicitation
        yield WaitingItem(
            kind="amendment-call",
            label=_("Tell a supplier without e-mail of an amendment"),
            title=f"{file.number} – {proposal.receipt_number}",
            url=reverse("proposals:desk", args=[file.pk]),
            since=proposal.amended_at,
            target_days=TARGET_DAYS,
        )


@transaction.atomic
def reach(file: Solicitation, user: User, receipt: str) -> dict[str, str]:
    """How to reach a supplier who has to be told; that it was shown is recorded.

    Raises:
        PermissionDenied: the user may not enter applications.
        NothingToDo: this supplier has not to be told of anything.
    """
    require(file, user)
    proposal = _one(to_tell(file), receipt)
    record(proposal, "proposal.reach_shown", user=user, data=_named(file, proposal))
    known = proposal.reach()
    return {name: known[name] for name in ("telephone", "postal_address") if known.get(name)}


@transaction.atomic
def tell(file: Solicitation, user: User, receipt: str, *, amendment: int, how: str) -> ToldOfAmendment:
    """Keep that a supplier was told of the file as last amended.

    Args:
        file: The file.
        user: Who told them.
        receipt: Of the application.
        amendment: The number of the amendment that they were told of.
        how: One of ``ToldHow``.

    Raises:
        PermissionDenied: the user may not enter applications.
        NothingToDo: they were told meanwhile, or the file was amended again.
    """
    require(file, user)
    services.lock(f"told/{receipt}")
    proposal = _one(to_tell(file), receipt)
    posting = file.current_posting
    if posting.amendment != amendment:
        raise NothingToDo
    told = ToldOfAmendment.objects.create(proposal=proposal, posting=posting, told_by=user, how=how)
    record(proposal, "proposal.told", user=user, data={**_named(file, proposal), "amendment": amendment})
    return told


@transaction.atomic
def withdraw(file: Solicitation, user: User, receipt: str, reason: str) -> Proposal:
    """Withdraw, on the supplier's word, what the same person entered. It stays sealed and is never opened.

    Raises:
        PermissionDenied: the user may not enter applications.
        NothingToDo: it takes no part any more, or another person entered it.
        services.Closed: the deadline has passed by the database’s clock.
    """
    require(file, user)
    own = file.proposals.live().entered_by(user)
    found = _one(own.without_text(), receipt)
    services.lock(found.link_digest)
    services.lock_addresses(found.address_digest)
    proposal = _one(own.defer("sealed"), receipt)
    services.move("withdraw_for", proposal)
    WithdrawnForSupplier.objects.create(proposal=proposal, by=user, reason=reason)
    record(proposal, "proposal.withdrawn_for", user=user, data=_named(file, proposal))
    letters.send_withdrawal_for(proposal)
    return proposal


def _one(proposals: Iterable[Proposal], receipt: str) -> Proposal:
    for proposal in proposals:
        if proposal.receipt_number == receipt:
            return proposal
    raise NothingToDo


def _named(file: Solicitation, proposal: Proposal) -> dict[str, str]:
    return {"number": file.number, "receipt": proposal.receipt_number}
