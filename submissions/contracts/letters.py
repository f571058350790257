"""What this stage writes: to the supplier in the language of correspondence, to staff in the language each has chosen.

Owns which letter goes to whom; the words are with all notices. A letter to the supplier carries a fresh link to the
page of the work, because the server keeps no own link. Words of people stand in private letters alone. Imports no view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from microacq_pages import formats
from submissions.awards import access
from submissions.notices.models import OutgoingMessage
from submissions.notices.reviews import address_of, language_of
from submissions.notices.services import send_notice

from . import results, states
from .desk_models import EnteredForSupplier
from .enums import EndKind, Side
from .models import Contract, Dispute, EndProposal, Extension, Message, Settlement
from .work_models import Delivery, Judgement, WorkAcceptance

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"


class What(StrEnum):
    """What staff are told of."""

    MESSAGE = "message"
    EXTENSION = "extension"
    EXTENSION_ANSWERED = "extension_answered"
    DELIVERED = "delivered"
    JUDGED = "judged"
    NOT_CONCURRED = "not_concurred"
    DEFAULT_PROPOSED = "default_proposed"
    END_REFUSED = "end_refused"
    DISPUTE = "dispute"
    DISPUTE_RAISED = "dispute_raised"
    DISPUTE_SETTLED = "dispute_settled"
    ENDED = "ended"


#: For each, what the subject says and what is to be done.
NEWS: dict[What, tuple[Any, Any]] = {
    What.MESSAGE: (
        gettext_lazy("a message about the work"),
        gettext_lazy("The supplier has written about the work. Read it and answer."),
    ),
    What.EXTENSION: (
        gettext_lazy("the supplier asks for a later delivery date"),
        gettext_lazy("The supplier asks for a later delivery date, with a reason. Agree, or say why not."),
    ),
    What.EXTENSION_ANSWERED: (
        gettext_lazy("the supplier answered about the delivery date"),
        gettext_lazy("The supplier has answered about the later delivery date that you asked for."),
    ),
    What.DELIVERED: (
        gettext_lazy("the work was delivered"),
        gettext_lazy(
            "The supplier has delivered the work. Judge each work acceptance criterion, with a reason."
        ),
    ),
    What.JUDGED: (
        gettext_lazy("a judgement waits for your concurrence"),
        gettext_lazy("The work was judged. Say whether you concur: only then does the judgement count."),
    ),
    What.NOT_CONCURRED: (
        gettext_lazy("IT Strategy does not concur"),
        gettext_lazy(
            "IT Strategy does not concur with your judgement of the work. Read why, and judge again."
        ),
    ),
    What.DEFAULT_PROPOSED: (
        gettext_lazy("a termination for default waits for a decision"),
        gettext_lazy("Somebody proposes to end the contract for default. Another person must decide."),
    ),
    What.END_REFUSED: (
        gettext_lazy("your proposal to end the contract was not agreed to"),
        gettext_lazy("Your proposal to end the contract was not agreed to. Read why."),
    ),
    What.DISPUTE: (
        gettext_lazy("a dispute is to be settled"),
        gettext_lazy(
            "One side does not agree with the other. Somebody who is no part of it settles the dispute in writing."
        ),
    ),
    What.DISPUTE_RAISED: (
        gettext_lazy("the supplier has raised a dispute"),
        gettext_lazy(
            "The supplier does not agree with the department. Somebody who is no part of it settles the dispute in "
            "writing; until then the contract does not end for default. Read what the supplier says."
        ),
    ),
    What.DISPUTE_SETTLED: (
        gettext_lazy("the dispute is settled"),
        gettext_lazy("The dispute about the work is settled. Read how."),
    ),
    What.ENDED: (
        gettext_lazy("the contract has ended"),
        gettext_lazy(
            "The contract has ended without the whole work. IT Strategy decides whether the next in the drawn order is "
            "asked."
        ),
    ),
}


# --- to the supplier -----------------------------------------------------------------------------------


def language_of_supplier(contract: Contract) -> str:
    """In which language this supplier is written to."""
    return formats.known_language(contract.offer.proposal.correspondence_language)


def has_mail(contract: Contract) -> bool:
    """Whether the supplier gave an e-mail address; else staff tell by telephone or by post."""
    return bool(contract.offer.proposal.address)


def tell_supplier(kind: str, contract: Contract, key: str, **values: Any) -> None:
    """Write to the supplier of a contract, who reads the rest on the page of the work."""
    proposal = contract.offer.proposal
    if not proposal.address:
        return
    file, language = contract.solicitation, language_of_supplier(contract)
    send_notice(
        kind,
        proposal.address,
        key=f"{kind}:{file.number}:{key}",
        language=language,
        number=file.number,
        context={
            "number": file.number,
            "title": file.get_title(language),
            "receipt": proposal.receipt_number,
            "delivery_date": formats.date_long(contract.delivery_date, language),
            "link": access.make_address(proposal, language, "work:page"),
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
            **values,
        },
    )


def send_message(message: Message) -> None:
    """What one side wrote, to the other."""
    if message.side == Side.DEPARTMENT:
        tell_supplier("work_message", message.contract, str(message.pk), words=message.words)
    else:
        tell_client(message.contract, What.MESSAGE, f"message:{message.pk}")


def send_extension_asked(extension: Extension) -> None:
    """A later date is asked for: the other side answers."""
    if extension.side == Side.DEPARTMENT:
        sentence = gettext_lazy(
            "The department asks you to deliver by %(until)s. The date that stands counts until you agree. Reason: "
            "%(reason)s"
        )
        _tell_of_date(extension, f"asked:{extension.pk}", sentence, extension.reason)
    else:
        tell_client(extension.contract, What.EXTENSION, f"extension:{extension.pk}")


def send_extension_answered(extension: Extension, *, agreed: bool, reason: str) -> None:
    """The answer, to the side that asked."""
    if extension.side == Side.SUPPLIER:
        sentence = (
            gettext_lazy("The department agrees to a later delivery date. Deliver the work by %(until)s.")
            if agreed
            else gettext_lazy("The department does not agree to delivery by %(until)s. Reason: %(reason)s")
        )
        _tell_of_date(extension, f"answered:{extension.pk}", sentence, reason)
    else:
        tell_client(extension.contract, What.EXTENSION_ANSWERED, f"extension-answered:{extension.pk}")


def _tell_of_date(extension: Extension, key: str, sentence: Any, reason: str) -> None:
    language = language_of_supplier(extension.contract)
    with override(language):
        news = str(sentence) % {"until": formats.date_long(extension.until, language), "reason": reason}
    tell_supplier("work_extension", extension.contract, key, news=news)


def send_delivered(delivery: Delivery) -> None:
    """To the supplier that it arrived; to the client that it is to be judged."""
    contract = delivery.contract
    tell_supplier(
        "work_received",
        contract,
        str(delivery.pk),
        round=delivery.round,
        rounds=contract.rounds,
        commit=delivery.commit,
    )
    tell_client(contract, What.DELIVERED, f"delivered:{delivery.pk}")


def send_judged(judgement: Judgement) -> None:
    """To those of IT Strategy who may concur."""
    contract = judgement.delivery.contract
    others = {judgement.judged_by_id, *_who_entered(delivery=judgement.delivery_id)}
    people = [person for person in people_with(states.CONCUR) if person.pk not in others]
    _tell_staff(people, contract, What.JUDGED, f"judged:{judgement.pk}")


def send_not_concurred(judgement: Judgement) -> None:
    """To who judged: IT Strategy does not concur."""
    contract = judgement.delivery.contract
    _tell_staff([judgement.judged_by], contract, What.NOT_CONCURRED, f"not-concurred:{judgement.pk}")


def send_not_accepted(judgement: Judgement) -> None:
    """To the supplier: what to mend, and by when."""
    contract = judgement.delivery.contract
    language = language_of_supplier(contract)
    with override(language):
        news = (
            _("You can mend it and deliver again by %(day)s.")
            % {"day": formats.date_long(max(judgement.mend_by, contract.delivery_date), language)}
            if judgement.mend_by
            else _(
                "It was delivered as often as the contract allows. The client decides what follows and writes to you."
            )
        )
    tell_supplier("work_not_accepted", contract, str(judgement.pk), mend=judgement.mend, news=news)


def send_accepted(acceptance: WorkAcceptance) -> None:
    """To the supplier: accepted, with the commit, and what comes next."""
    contract = acceptance.contract
    language = language_of_supplier(contract)
    tell_supplier(
        "work_accepted",
        contract,
        str(acceptance.pk),
        commit=acceptance.commit,
        price=formats.money(contract.price, language),
    )


def send_end_proposed(proposal: EndProposal) -> None:
    """A convenience to the supplier, who agrees or not; a default to those who may confirm it."""
    contract = proposal.contract
    if proposal.kind == EndKind.CONVENIENCE:
        language = language_of_supplier(contract)
        tell_supplier(
            "contract_end_proposed",
            contract,
            str(proposal.pk),
            percentage=proposal.percentage,
            amount=formats.money(contract.price * proposal.percentage / 100, language),
            reason=proposal.reason,
        )
    else:
        people = [
            person for person in people_with(states.CONFIRM_END) if person.pk != proposal.proposed_by_id
        ]
        _tell_staff(people, contract, What.DEFAULT_PROPOSED, f"default:{proposal.pk}")


def send_end_refused(proposal: EndProposal) -> None:
    """To who proposed it."""
    _tell_staff([proposal.proposed_by], proposal.contract, What.END_REFUSED, f"end-refused:{proposal.pk}")


def send_ended(contract: Contract) -> None:
    """To the supplier how the contract ended; to client and IT Strategy as well."""
    end = contract.end
    language = language_of_supplier(contract)
    office = settings.MICROACQ_OMBUDSMAN[language]
    tell_supplier(
        "contract_ended",
        contract,
        str(end.pk),
        news=_how_it_ended(contract, language),
        reason=end.reason,
        ombud="\n".join(filter(None, (office["name"], office["telephone"], office["email"], office["url"]))),
    )
    tell_client(contract, What.ENDED, f"ended:{end.pk}", and_all=True)


def _how_it_ended(contract: Contract, language: str) -> str:
    end = contract.end
    with override(language):
        if end.kind == EndKind.DEFAULT:
            return _(
                "The department has ended the contract for default, as the terms allow. Nothing is paid."
            )
        if end.kind == EndKind.WITHDRAWN:
            return _("You withdrew from the contract. It has ended, and nothing is paid.")
        due = results.payable(contract)
        if due is None:
            return _("The contract has ended, as the department proposed and you agreed. Nothing is paid.")
        return _(
            "The contract has ended, as the department proposed and you agreed. %(percentage)s percent of the price is "
            "paid: %(amount)s, before tax. Send your invoice from the page of your work."
        ) % {"percentage": end.percentage, "amount": formats.money(due, language)}


def send_dispute_raised(raised: Dispute) -> None:
    """To those who may settle it, and to the side that did not raise it."""
    contract = raised.contract
    others = _who_entered(dispute=raised.pk)
    people = [person for person in people_with(states.SETTLE) if person.pk not in others]
    _tell_staff(people, contract, What.DISPUTE, f"dispute:{raised.pk}")
    if raised.side == Side.DEPARTMENT:
        tell_supplier("work_dispute_raised", contract, str(raised.pk), words=raised.words)
    else:
        tell_client(contract, What.DISPUTE_RAISED, f"dispute-raised:{raised.pk}")


def send_settled(settlement: Settlement) -> None:
    """To the supplier; staff read it on the page of the work."""
    contract = settlement.dispute.contract
    tell_supplier("work_dispute_settled", contract, str(settlement.pk), words=settlement.words)
    tell_client(contract, What.DISPUTE_SETTLED, f"settled:{settlement.pk}")


def send_due(contract: Contract, day: Any) -> bool:
    """Remind the supplier of the day, once for each day that was agreed. Returns whether a letter was queued now."""
    key = f"{contract.pk}:{day}"
    if OutgoingMessage.objects.filter(
        idempotency_key=f"work_due:{contract.solicitation.number}:{key}"
    ).exists() or not has_mail(contract):
        return False
    language = language_of_supplier(contract)
    tell_supplier("work_due", contract, key, due=formats.date_long(day, language))
    return True


# --- to staff --------------------------------------------------------------------------------------------


def people_with(permission: str) -> list[User]:
    """Active staff who have a permission through their groups."""
    people = get_user_model().objects.with_perm(permission, backend=_BACKEND, include_superusers=False)
    return list(people.filter(is_active=True).order_by("pk"))


def _who_entered(**act: int) -> set[int]:
    """Keys of who entered an act for the supplier, and so does not decide about it."""
    return set(EnteredForSupplier.objects.filter(**act).values_list("entered_by", flat=True))


def tell_client(contract: Contract, what: What, key: str, *, and_all: bool = False) -> None:
    """Write to the client of the file; where there is none who reads mail, and where all must know, to IT Strategy."""
    client = contract.solicitation.client
    people = [client] if client is not None and client.is_active and client.email else []
    if and_all or not people:
        people += [person for person in people_with(states.WORK) if person not in people]
    _tell_staff(people, contract, what, key)


def _tell_staff(people: Iterable[User], contract: Contract, what: What, key: str) -> None:
    file = contract.solicitation
    for person in people:
        if person.email:
            send_notice(
                "work_waiting",
                person.email,
                key=f"work_waiting:{file.number}:{key}:{person.pk}",
                language=language_of(person),
                number=file.number,
                context=_values(contract, what),
            )


def _values(contract: Contract, what: What) -> Callable[[str], dict[str, str]]:
    file = contract.solicitation

    def values(language: str) -> dict[str, str]:
        return {
            "number": file.number,
            "title": file.get_title(language),
            "supplier": contract.supplier,
            "news": str(NEWS[what][0]),
            "act": str(NEWS[what][1]),
            "delivery_date": formats.date_long(contract.delivery_date, language),
            "url": address_of(reverse("contracts:work", args=[contract.pk])),
        }

    return values
