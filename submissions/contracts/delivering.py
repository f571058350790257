"""Taking a delivery: when one may come, what it holds, and its evidence. One transaction.

Owns the act; what a file of results must be is in ``evidence``. Knows no request and no page.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from submissions.audit.services import record
from submissions.awards.models import lock_words
from submissions.proposals import custody
from submissions.solicitations.enums import ItemKind

from . import evidence, fingerprints, letters
from .enums import ContractState
from .models import Contract
from .services import locked_contract, named, refuse, require_visible
from .work_models import Delivery, Evidence, Judgement

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import PostedItem


@dataclass(frozen=True)
class Attached:
    """Evidence of one automated check: a link, or a file that was read.

    Attributes:
        check: Of ``enums.CheckKind``.
        link: Address of the results.
        name: Of the file, as sent.
        content: Of the file; empty where there is a link.
    """

    check: str
    link: str = ""
    name: str = ""
    content: bytes = b""


@dataclass(frozen=True)
class Delivered:
    """What a supplier sends.

    Attributes:
        requests: Addresses of pull or merge requests.
        commit: The commit that is delivered.
        licence: As SPDX names it.
        answers: How each criterion is met, by the identity of the posted item; extra questions and ``note`` beside.
        confirmed: Identities of the statements of the acceptance checklist that were confirmed.
        attached: Evidence.
        language: In which it was written.
        key: Of the form.
    """

    requests: Sequence[str]
    commit: str
    licence: str
    answers: dict[str, str]
    confirmed: Sequence[str]
    language: str
    key: uuid.UUID
    attached: Sequence[Attached] = field(default_factory=tuple)


def items_of(contract: Contract, kind: ItemKind) -> list[PostedItem]:
    """What the file posted of a kind, as it stands now."""
    items = contract.solicitation.current_posting.items.all()
    return sorted((item for item in items if item.kind == kind), key=lambda item: item.position)


def last_delivery(contract: Contract) -> Delivery | None:
    """The newest delivery of a contract."""
    found: Delivery | None = Delivery.objects.filter(contract=contract).order_by("-round").first()
    return found


def waiting_delivery(contract: Contract) -> Delivery | None:
    """The delivery that is being judged: the last one, until a judgement of it was concurred with."""
    last = last_delivery(contract)
    if last is None or Judgement.objects.filter(delivery=last, concurrence__agreed=True).exists():
        return None
    return last


def initial_of(contract: Contract) -> dict[str, str]:
    """What a form of a later round begins with: where the last delivery was."""
    last = last_delivery(contract)
    return {"requests": "\n".join(last.requests)} if last is not None else {}


def reasons_against_delivering(contract: Contract) -> list[str]:
    """Sentences against a delivery now."""
    if contract.state != ContractState.UNDER_WAY:
        return [_("The work is not under way.")]
    if waiting_delivery(contract) is not None:
        return [_("Your last delivery is being judged. We write to you when it was.")]
    last = last_delivery(contract)
    if last is not None and last.round >= contract.rounds:
        return [_("You delivered as often as the contract allows.")]
    return []


@transaction.atomic
def deliver(contract: Contract, sent: Delivered) -> Delivery:
    """Keep a delivery with its evidence; the same form again gives what was kept.

    Raises:
        Refused: none may come now, or a file cannot be read. It is recorded.
    """
    locked = locked_contract(contract)
    before: Delivery | None = Delivery.objects.filter(key=sent.key, contract=locked).first()
    if before is not None:
        return before
    if sentences := reasons_against_delivering(locked):
        refuse(locked, None, "contract.delivered", sentences)
    last = last_delivery(locked)
    statements = {str(item.identity): item for item in items_of(locked, ItemKind.DELIVERY)}
    delivery: Delivery = Delivery.objects.create(
        contract=locked,
        round=last.round + 1 if last else 1,
        posting=locked.solicitation.current_posting,
        key=sent.key,
        requests=list(sent.requests),
        commit=sent.commit,
        licence=sent.licence,
        confirmed=[
            {"identity": key, "en": statements[key].text_en, "fr": statements[key].text_fr}
            for key in sent.confirmed
            if key in statements
        ],
        language=sent.language,
        locked_words=lock_words(sent.answers),
    )
    for attached in sent.attached:
        _keep(delivery, attached, sent.language)
    kept = fingerprints.of(delivery, *delivery.evidence.defer("locked_content"))
    record(
        locked.solicitation,
        "contract.delivered",
        data={**named(locked), "round": delivery.round, "commit": delivery.commit, fingerprints.KEPT: kept},
    )
    letters.send_delivered(delivery)
    return delivery


def _keep(delivery: Delivery, attached: Attached, language: str) -> None:
    if not attached.content:
        Evidence.objects.create(delivery=delivery, check_kind=attached.check, link=attached.link)
        return
    try:
        result_format, summary = evidence.read(attached.content, language)
    except evidence.NotRead as refusal:
        refuse(delivery.contract, None, "contract.delivered", [str(refusal)])
    Evidence.objects.create(
        delivery=delivery,
        check_kind=attached.check,
        link=attached.link,
        name=evidence.clean_name(attached.name, result_format),
        size=len(attached.content),
        digest=hashlib.sha256(attached.content).hexdigest(),
        result_format=result_format,
        summary=summary,
        locked_content=custody.lock(attached.content).encode("ascii"),
    )


@transaction.atomic
def read_evidence(kept: Evidence, user: User) -> bytes:
    """The file of results, for staff; recorded, and so is asking in vain.

    Raises:
        PermissionDenied: the user may not.
    """
    contract = kept.delivery.contract
    require_visible(contract, user, "contract.evidence_read")
    data: dict[str, Any] = {**named(contract), "round": kept.delivery.round, "check": kept.check_kind}
    record(contract.solicitation, "contract.evidence_read", user=user, data=data)
    return kept.content()
