"""Parts of other pages: the award on the file’s page, the result on the page of a supplier’s own link.

Draws what ``offers`` and ``outcome`` know. Names are shown to those who may know them, and to all once awarded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from wagtail.admin.ui.components import Component

from submissions.proposals import custody
from submissions.proposals.entering import ENTER_PERMISSION
from submissions.proposals.reading import IDENTIFY_PERMISSION
from submissions.solicitations import states as states_of_file
from submissions.solicitations.enums import AFTER_SELECTION, State
from submissions.solicitations.panels import money, when
from submissions.solicitations.services import obstacles

from . import desk, offers, outcome, results, states, timing
from .enums import STANDING, OfferState
from .models import Award, DebriefRequest, EmployeeConfirmation, Offer

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.proposals.models import Proposal
    from submissions.solicitations.models import Solicitation

Context = Mapping[str, Any]

#: States of a file in which there is something to show.
SHOWN = AFTER_SELECTION | {State.NONE_SUITABLE}


def may_identify(user: User) -> bool:
    """Who may know the supplier before the award: who is given the permission, and who signs with the supplier."""
    return user.has_perm(IDENTIFY_PERMISSION) or user.has_perm(states.COUNTERSIGN)


def name_of(user: User) -> str:
    """A person of staff as others know them."""
    return user.get_full_name() or user.get_username()


class AwardPanel(Component):
    """Whom the work was offered to and what came of it, with what this person may do now."""

    template_name = "submissions/awards/admin/panel.html"
    order = 240

    def __init__(self, solicitation: Solicitation, user: User) -> None:
        self.solicitation, self.user = solicitation, user

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        file, user = self.solicitation, self.user
        current = results.current_offer(file)
        asks = user.has_perm(states.OFFER) and file.state == State.SELECTED
        open_offer = current if current is not None and current.state != OfferState.AWARDED else None
        return {
            "file": file,
            "offers": [self._row(offer) for offer in self._offers()],
            "next": outcome.next_in_order(file) if asks else None,
            "against_offering": offers.reasons_against_offering(file) if asks else [],
            "may_offer": asks and not offers.reasons_against_offering(file),
            "may_end": asks and not obstacles(states_of_file.END_UNACCEPTED, file, user),
            "may_refuse": asks and open_offer is not None,
            "may_sign": open_offer is not None
            and open_offer.state == OfferState.ACCEPTED
            and user.has_perm(states.COUNTERSIGN),
            "may_answer_for": desk.is_for_staff(current) and user.has_perm(ENTER_PERMISSION),
            "current": current,
            "without_mail": self._without_mail(),
        }

    def _offers(self) -> list[Offer]:
        return list(
            self.solicitation.offers.select_related(
                "proposal", "acceptance", "award__countersigned_by", "made_by"
            ).defer("proposal__sealed")
        )

    def _row(self, offer: Offer) -> dict[str, Any]:
        acceptance = getattr(offer, "acceptance", None)
        award: Award | None = getattr(offer, "award", None)
        knows = award is not None or may_identify(self.user)
        return {
            "offer": offer,
            "supplier": offer.contractor if knows else "",
            "made_at": when(offer.made_at),
            "expires_at": when(offer.expires_at),
            "changed_at": when(offer.changed_at),
            "accepted_at": when(acceptance.accepted_at) if acceptance else "",
            "payment": acceptance.get_payment_display() if acceptance else "",
            "is_employee": acceptance.is_government_employee if acceptance else False,
            "confirmations": self._confirmations(offer) if acceptance else [],
            "declined_for": offer.get_declined_for_display(),
            "reason": offer.reason if knows else "",
            "award": award,
            "signed_at": when(award.countersigned_at) if award else "",
            "signed_by": name_of(award.countersigned_by) if award else "",
            "value": money(award.value) if award else "",
            "stands": offer.state in STANDING,
            "answered_for": [
                {
                    "what": each.get_what_display(),
                    "how": each.get_entered_how_display(),
                    "by": name_of(each.entered_by),
                    "at": when(each.entered_at),
                }
                for each in desk.answered_for(offer)
            ],
        }

    def _confirmations(self, offer: Offer) -> list[dict[str, Any]]:
        if not self.user.has_perm(states.READ_CONFIRMATION):
            return []
        kept = EmployeeConfirmation.objects.filter(offer=offer).exclude(name=custody.ERASED)
        return [
            {
                "name": each.name,
                "at": when(each.received_at),
                "url": reverse("awards:confirmation", args=[each.pk]),
            }
            for each in kept.defer("locked_content")
        ]

    def _without_mail(self) -> list[tuple[str, str]]:
        """Who is to be told by telephone or by post, once there is something to tell."""
        if not self.user.has_perm(states.OFFER):
            return []
        return [
            (proposal.receipt_number, str(result.label))
            for proposal, result in outcome.results_of(self.solicitation)
            if not proposal.address and not proposal.is_erased
        ]


class DebriefPanel(Component):
    """What suppliers asked after the result, and until when staff should answer."""

    template_name = "submissions/awards/admin/debriefs.html"
    order = 245

    def __init__(self, solicitation: Solicitation) -> None:
        self.solicitation = solicitation

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        requests = (
            DebriefRequest.objects.filter(proposal__solicitation=self.solicitation)
            .select_related("proposal", "answer__answered_by")
            .defer("proposal__sealed")
        )
        return {
            "requests": [
                {
                    "request": each,
                    "at": when(each.received_at),
                    "due": when(timing.answer_due(each.topic, each.received_at)),
                    "answer": getattr(each, "answer", None),
                    "answered_at": when(each.answer.answered_at) if hasattr(each, "answer") else "",
                }
                for each in requests
            ]
        }


class ResultPanel(Component):
    """On the page of the own link: that there is an offer or a result, and the way to it."""

    template_name = "submissions/awards/link_panel.html"
    order = 110  # after what becomes of the application

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        link = (parent_context or {}).get("link")
        offer = Offer.objects.filter(proposal=self.proposal, state__in=STANDING).first()
        return {
            "offer": offer,
            "result": outcome.result_of(self.proposal),
            "address": reverse("result:page", args=[link.token]) if link is not None else "",
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        }


def has_something(proposal: Proposal) -> bool:
    """Whether the own link of an application leads to something of this stage."""
    return (
        Offer.objects.filter(proposal=proposal).exclude(state=OfferState.VOIDED).exists()
        or proposal.solicitation.state in outcome.WITH_RESULT
    )
