"""Personal data of a file is erased when its time is over: digests, counts and a certificate stay, and the chain holds.

Owns which columns hold personal data and whose, and the one act that erases them. A trigger lets a value be erased only
in the transaction that keeps a certificate naming it with its digest; the log never held it (DESIGN, section 2, Acts),
so nothing in the chain changes. Imports no view.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import rfc8785
from django.db import models, transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils.translation import gettext as _

from submissions.audit.services import record
from submissions.awards.desk_models import OfferAnsweredForSupplier
from submissions.awards.models import (
    Acceptance,
    Award,
    DebriefAnswer,
    DebriefRequest,
    EmployeeConfirmation,
    Offer,
)
from submissions.contracts.desk_models import EnteredForSupplier
from submissions.contracts.enums import EndKind
from submissions.contracts.models import (
    ContractEnd,
    Dispute,
    EndAnswer,
    Extension,
    ExtensionAnswer,
    Message,
)
from submissions.contracts.payment.models import Invoice, InvoiceReturn
from submissions.contracts.work_models import Delivery, Evidence
from submissions.evaluation.aids import Clarification, WorkingTranslation
from submissions.notices.models import OutgoingMessage
from submissions.proposals.custody import ERASED
from submissions.proposals.desk_models import WithdrawnForSupplier
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.questions.models import Question
from submissions.solicitations.models import Solicitation

from . import retention, services
from .models import AccessPackage, Category, ErasureCertificate

if TYPE_CHECKING:
    from submissions.audit.services import Actor

FORMAT = "microacq-erasure/1"


class NotErased(Exception):
    """Nothing was erased; the message says why."""


@dataclass(frozen=True)
class Personal:
    """A column that holds personal data.

    Attributes:
        model: Its table.
        column: Its name.
        to_file: The way from a row to the number of its file.
        to_proposal: The way from a row to its application, where it has one: of the awarded one it is the contractor’s.
        is_readable: Whether its value could be guessed from a digest; then none is kept.
        blank: What stays in its place.
        only: Which rows hold what a supplier wrote, where others hold what staff did.
    """

    model: type[models.Model]
    column: str
    to_file: str
    to_proposal: str | None = None
    is_readable: bool = False
    blank: Any = ERASED
    only: Q = field(default_factory=Q)

    @property
    def name(self) -> str:
        """As the database knows it."""
        return f"{self.model._meta.db_table}.{self.column}"


_BYTES = ERASED.encode()
_UNIQUE = Concat(Value(f"{ERASED}:"), Cast(F("pk"), CharField()))

#: Everything that could tell who a supplier or an asker is. The database has the same list (migration ``erasure``).
PERSONAL: tuple[Personal, ...] = (
    Personal(Proposal, "sealed", "solicitation__number", "pk", blank=_BYTES),
    Personal(Proposal, "contact", "solicitation__number", "pk"),
    Personal(Proposal, "address_digest", "solicitation__number", "pk", blank=_UNIQUE),
    Personal(OpenedProposal, "locked_text", "proposal__solicitation__number", "proposal_id"),
    Personal(
        WithdrawnForSupplier, "reason", "proposal__solicitation__number", "proposal_id", is_readable=True
    ),
    Personal(
        Clarification, "locked_answer", "candidate__proposal__solicitation__number", "candidate__proposal_id"
    ),
    Personal(
        WorkingTranslation,
        "locked_texts",
        "candidate__proposal__solicitation__number",
        "candidate__proposal_id",
    ),
    Personal(Offer, "locked_contractor", "solicitation__number", "proposal_id"),
    Personal(Offer, "locked_reason", "solicitation__number", "proposal_id"),
    Personal(Acceptance, "locked_words", "offer__solicitation__number", "offer__proposal_id"),
    Personal(
        OfferAnsweredForSupplier, "locked_statement", "offer__solicitation__number", "offer__proposal_id"
    ),
    Personal(
        EmployeeConfirmation,
        "locked_content",
        "offer__solicitation__number",
        "offer__proposal_id",
        blank=_BYTES,
    ),
    Personal(
        EmployeeConfirmation, "name", "offer__solicitation__number", "offer__proposal_id", is_readable=True
    ),
    Personal(DebriefRequest, "locked_words", "proposal__solicitation__number", "proposal_id"),
    Personal(
        DebriefAnswer, "locked_words", "request__proposal__solicitation__number", "request__proposal_id"
    ),
    Personal(Message, "locked_words", "contract__solicitation__number", "contract__offer__proposal_id"),
    Personal(Extension, "locked_reason", "contract__solicitation__number", "contract__offer__proposal_id"),
    Personal(
        ExtensionAnswer,
        "locked_reason",
        "extension__contract__solicitation__number",
        "extension__contract__offer__proposal_id",
    ),
    Personal(Dispute, "locked_words", "contract__solicitation__number", "contract__offer__proposal_id"),
    Personal(
        EndAnswer,
        "locked_reason",
        "proposal__contract__solicitation__number",
        "proposal__contract__offer__proposal_id",
    ),
    Personal(
        ContractEnd,
        "locked_reason",
        "contract__solicitation__number",
        "contract__offer__proposal_id",
        only=Q(kind=EndKind.WITHDRAWN),
    ),
    Personal(
        EnteredForSupplier,
        "locked_statement",
        "contract__solicitation__number",
        "contract__offer__proposal_id",
    ),
    Personal(Delivery, "locked_words", "contract__solicitation__number", "contract__offer__proposal_id"),
    Personal(
        Evidence,
        "locked_content",
        "delivery__contract__solicitation__number",
        "delivery__contract__offer__proposal_id",
        blank=_BYTES,
    ),
    Personal(
        Evidence,
        "name",
        "delivery__contract__solicitation__number",
        "delivery__contract__offer__proposal_id",
        is_readable=True,
    ),
    Personal(Invoice, "locked_words", "contract__solicitation__number", "contract__offer__proposal_id"),
    Personal(
        Invoice,
        "locked_content",
        "contract__solicitation__number",
        "contract__offer__proposal_id",
        blank=_BYTES,
    ),
    Personal(
        Invoice, "name", "contract__solicitation__number", "contract__offer__proposal_id", is_readable=True
    ),
    Personal(
        InvoiceReturn,
        "locked_reason",
        "invoice__contract__solicitation__number",
        "invoice__contract__offer__proposal_id",
    ),
    Personal(Question, "original", "solicitation__number", blank=""),
    Personal(Question, "contact", "solicitation__number", blank=""),
    Personal(OutgoingMessage, "payload", "file_number", blank=b""),
    Personal(OutgoingMessage, "letter", "file_number", blank=_BYTES),
    Personal(OutgoingMessage, "to_masked", "file_number", is_readable=True),
    Personal(AccessPackage, "choices", "solicitation__number"),
)


def rows_of(file: Solicitation, category: Category, column: Personal) -> models.QuerySet[Any]:
    """The rows of a column that hold something of this category."""
    rows = column.model._default_manager.filter(column.only, **{column.to_file: file.number})
    if column.model is OutgoingMessage:
        rows = rows.filter(state__in=["sent", "abandoned"])
    awarded = Award.objects.filter(offer__solicitation=file).values("offer__proposal_id")
    if category == Category.CONTRACT:
        rows = rows.filter(**{f"{column.to_proposal}__in": awarded}) if column.to_proposal else rows.none()
    elif column.to_proposal:
        rows = rows.exclude(**{f"{column.to_proposal}__in": awarded})
    gone = Q(**{column.column: ""}) if not isinstance(column.blank, bytes) else Q(**{column.column: b""})
    gone |= (
        Q(**{f"{column.column}__startswith": ERASED})
        if column.blank is _UNIQUE
        else Q(**{column.column: ERASED if not isinstance(column.blank, bytes) else _BYTES})
    )
    return rows.exclude(gone).exclude(**{f"{column.column}__isnull": True}).order_by("pk")


def what_is_left(file: Solicitation, category: Category) -> dict[str, int]:
    """How many values of each column would be erased now."""
    found = {column.name: rows_of(file, category, column).count() for column in PERSONAL}
    return {name: count for name, count in found.items() if count}


@transaction.atomic
def erase(
    file: Solicitation, category: Category, *, authority: str, user: Actor = None
) -> ErasureCertificate:
    """Erase what is personal of a category, for good.

    Args:
        file: A file that has ended, and whose time is over.
        category: Whose data.
        authority: Under which rule, for the certificate.
        user: Who does it.

    Raises:
        NotErased: the file is under way, its time is not over, or nothing is left.
    """
    file = Solicitation.objects.select_for_update().get(pk=file.pk)
    period = next(each for each in retention.periods_of(file) if each.category == category)
    if period.ended_at is None or period.until is None:
        raise NotErased(_("The file has not ended: nothing is erased."))
    now = Solicitation.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=file.pk)
    if not period.is_over(now):
        raise NotErased(_("The data is kept until %(date)s.") % {"date": f"{period.until:%Y-%m-%d}"})
    manifest = {column.name: dict(_digests(file, category, column)) for column in PERSONAL}
    manifest = {name: digests for name, digests in manifest.items() if digests}
    if not manifest:
        raise NotErased(_("Nothing of it is left."))
    certificate = _certify(file, period, manifest, authority, user)
    for column in PERSONAL:
        keys = [int(key) for key in manifest.get(column.name, {})]
        if keys:
            column.model._default_manager.filter(pk__in=keys).update(**{column.column: column.blank})
    data = {
        "number": file.number,
        "category": category.value,
        "count": sum(certificate.counts.values()),
        "digest": certificate.digest,
    }
    record(file, "file.personal_data_erased", user=user, data=data)
    services.mark_due([file.pk])
    return certificate


def _digests(file: Solicitation, category: Category, column: Personal) -> Iterator[tuple[str, str]]:
    values = rows_of(file, category, column).values_list("pk", column.column)
    for key, value in values.iterator(chunk_size=100):
        plain = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        yield str(key), "" if column.is_readable else hashlib.sha256(plain).hexdigest()


def _certify(
    file: Solicitation,
    period: retention.Period,
    manifest: dict[str, dict[str, str]],
    authority: str,
    user: Actor,
) -> ErasureCertificate:
    if period.ended_at is None or period.until is None:
        raise NotErased(_("The file has not ended: nothing is erased."))
    certificate = ErasureCertificate(
        solicitation=file,
        category=period.category,
        ended_at=period.ended_at,
        retained_until=period.until,
        manifest=manifest,
        counts={name: len(digests) for name, digests in manifest.items()},
        authority=authority,
        made_by_id=user.pk if user is not None else None,
    )
    certificate.digest = digest_of(certificate)
    certificate.save(force_insert=True)
    return certificate


def certified_digests(file: Solicitation) -> frozenset[str]:
    """The digests of values that were erased, for what compares them with the audit."""
    manifests = ErasureCertificate.objects.filter(solicitation=file).values_list("manifest", flat=True)
    return frozenset(
        digest for manifest in manifests for rows in manifest.values() for digest in rows.values() if digest
    )


def digest_of(certificate: ErasureCertificate) -> str:
    """SHA-256 of what a certificate says, in the form of RFC 8785."""
    said = {
        "format": FORMAT,
        "file": certificate.solicitation.number,
        "category": str(certificate.category),
        "ended_at": _instant(certificate.ended_at),
        "retained_until": _instant(certificate.retained_until),
        "authority": certificate.authority,
        "counts": certificate.counts,
        "manifest": certificate.manifest,
    }
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()
