"""What suppliers sent as files, to the byte: confirmations of employers, results of checks, invoices.

Owns what they are called and who may read them. They lie in the storage and in the download of the whole file, and are
never part of a package for access to information. What was erased is not there. Imports no view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from submissions.awards.models import EmployeeConfirmation
from submissions.awards.states import READ_CONFIRMATION
from submissions.contracts.enums import ResultFormat
from submissions.contracts.payment.models import Invoice
from submissions.contracts.payment.permissions import READ as READ_INVOICE
from submissions.contracts.work_models import Evidence
from submissions.proposals import custody

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

FOLDER = "attachments"


@dataclass(frozen=True)
class Attachment:
    """One file that a supplier sent.

    Attributes:
        path: Below the folder of the procurement file.
        titles: What it is, by language.
        content: Its bytes.
        permission: What somebody needs to fetch it; empty where whoever fetches the whole file may.
    """

    path: str
    titles: dict[str, str]
    content: bytes
    permission: str


def of(file: Solicitation) -> Iterator[Attachment]:
    """The attachments of a file in the order of the process, one decrypted at a time."""
    confirmations = EmployeeConfirmation.objects.filter(offer__solicitation=file).order_by("pk")
    for number, confirmation in enumerate(confirmations.iterator(chunk_size=10), start=1):
        yield from _attachment(
            f"500-confirmation-{number}.pdf",
            _("Confirmation of a government employee, no. %(number)s"),
            {"number": number},
            confirmation.content,
            READ_CONFIRMATION,
        )
    evidence = Evidence.objects.filter(delivery__contract__solicitation=file, size__gt=0).order_by("pk")
    for each in evidence.select_related("delivery").iterator(chunk_size=10):
        ending = "xml" if each.result_format == ResultFormat.JUNIT else "json"
        yield from _attachment(
            f"610-contract-{each.delivery.contract_id}-delivery-{each.delivery.round}-{each.check_kind}.{ending}",
            _("Results of checks, delivery %(round)s: %(check)s"),
            {"round": each.delivery.round, "check": each.get_check_kind_display},
            each.content,
        )
    for invoice in Invoice.objects.filter(contract__solicitation=file).order_by("pk").iterator(chunk_size=10):
        yield from _attachment(
            f"620-invoice-{invoice.number}.{'pdf' if invoice.is_own else 'txt'}",
            _("Invoice %(invoice)s as it was sent"),
            {"invoice": invoice.number},
            invoice.content,
            READ_INVOICE,
        )


def _attachment(
    name: str, title: object, values: dict[str, object], content: Callable[[], bytes], permission: str = ""
) -> Iterator[Attachment]:
    try:
        data = content()
    except custody.Erased:
        return
    titles = {}
    for language in ("en", "fr"):
        with override(language):
            said = {key: str(value() if callable(value) else value) for key, value in values.items()}
            titles[language] = str(title) % said
    yield Attachment(f"{FOLDER}/{name}", titles, data, permission)
