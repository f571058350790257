"""The invoice: made from the file or taken as the supplier’s own PDF, checked against price and cap, or sent back.

Each act in one transaction. Sending the same form again gives what was kept. Knows no request and no page.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from microacq_pages import formats
from microacq_pages.guardrails import CAP
from submissions.audit.services import record
from submissions.awards import papers
from submissions.awards.models import lock_words
from submissions.contracts import desk, fingerprints, timing
from submissions.contracts import results as contracts
from submissions.contracts.enums import ContractState
from submissions.contracts.models import Contract
from submissions.contracts.services import clean, locked_contract, named, refuse, require
from submissions.proposals import custody
from submissions.proposals.came import Came
from submissions.solicitations.services import database_clock

from . import amounts, letters, numbers, permissions, rates, registrations, results, taxes
from .enums import Source
from .models import Invoice, InvoiceReturn

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: So often a supplier can send an invoice for one contract: a mistake can be mended, the table cannot be filled.
MOST = 10
#: Where a day of Canada begins first and last: a supplier dates an invoice by the clock at home.
FIRST_TO_BEGIN, LAST_TO_BEGIN = ZoneInfo("America/St_Johns"), ZoneInfo("America/Vancouver")


@dataclass(frozen=True)
class Own:
    """A supplier’s own invoice.

    Attributes:
        content_type: As announced.
        content: The PDF.
        subtotal, federal_tax, provincial_tax: As it says, in CAD.
        day: Its date, which decides the rates of its taxes.
    """

    content_type: str
    content: bytes
    subtotal: Decimal
    federal_tax: Decimal
    provincial_tax: Decimal
    day: date


@dataclass(frozen=True)
class Charge:
    """What a supplier says for an invoice.

    Attributes:
        name: Legal name, or that of the business.
        street, city, postal_code, province: Where it works.
        gst_number: For GST and HST; empty where not registered.
        provincial_number: For the QST; empty where not registered.
        pay_to: The PayPal address, or the page where a card is taken.
        language: Of the invoice.
        key: Of the form.
        own: The supplier’s own invoice; None where it is made here.
    """

    name: str
    street: str
    city: str
    province: str
    postal_code: str
    gst_number: str
    provincial_number: str
    pay_to: str
    language: str
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    own: Own | None = None

    def words(self) -> dict[str, str]:
        """What is kept encrypted."""
        return {
            "name": self.name,
            "street": self.street,
            "city": self.city,
            "postal_code": registrations.spaced(self.postal_code),
            "gst_number": registrations.spaced(self.gst_number),
            "provincial_number": registrations.spaced(self.provincial_number),
            "pay_to": self.pay_to,
        }


def reasons_against_sending(contract: Contract) -> list[str]:
    """Sentences against an invoice now."""
    if contracts.payable(contract) is None:
        return [_("Nothing is to be paid under this contract now.")]
    if results.invoice_of(contract) is not None:
        return [_("The invoice was sent already.")]
    if Invoice.objects.filter(contract=contract).count() >= MOST:
        return [_("Enough invoices were sent. Write to us if another is needed.")]
    return []


def computed(contract: Contract, charge: Charge, day: date) -> taxes.Computed:
    """What the invoice comes to by the rates of the province."""
    due = contracts.payable(contract)
    if due is None:
        raise ValueError("nothing is due")
    percents = rates.percents_of(rates.place_of(charge.province), day)
    return taxes.compute(
        due, percents, federal=bool(charge.gst_number), provincial=bool(charge.provincial_number)
    )


def faults(charge: Charge) -> dict[str, str]:
    """What is wrong with what a supplier says, by the name of the field; forms ask it too."""
    found: dict[str, str] = {}
    for name, text in charge.words().items():
        number = numbers.found_in(text) if name in ("name", "street", "city", "pay_to") else None
        if number is not None:
            found[name] = str(numbers.SENTENCES[number])
        elif not text and name in ("name", "street", "city", "pay_to"):
            found[name] = _("Fill this in.")
    if "pay_to" not in found and not registrations.is_where_to_pay(charge.pay_to):
        found["pay_to"] = _("Write an e-mail address, or the address of a page that begins with https://.")
    if charge.province not in taxes.PROVINCES:
        return {**found, "province": _("Choose the province or territory.")}
    if not registrations.is_postal_code(charge.postal_code, charge.province):
        found["postal_code"] = _("Write the postal code of your province, for example K1A 0B1.")
    if charge.gst_number and not registrations.is_gst_number(charge.gst_number):
        found["gst_number"] = _(
            "Write the number as the Canada Revenue Agency gave it: nine digits, RT, four digits."
        )
    if charge.provincial_number:
        if rates.place_of(charge.province) != taxes.QUEBEC:
            found["provincial_number"] = _("The QST is not charged here: leave this blank.")
        elif not registrations.is_qst_number(charge.provincial_number):
            found["provincial_number"] = _(
                "Write the number as Revenu Québec gave it: ten digits, TQ, four digits."
            )
    return found


def day_of(charge: Charge, today: date) -> date:
    """The date of an invoice: that of the supplier’s own, today where it is made here."""
    return charge.own.day if charge.own is not None else today


def fault_of_day(contract: Contract, charge: Charge, now: datetime) -> str:
    """Why an invoice cannot have its date, by the calendar of any province; empty when it can."""
    since = results.due_since(contract)
    if charge.own is None or since is None:
        return ""
    if since.astimezone(LAST_TO_BEGIN).date() <= charge.own.day <= now.astimezone(FIRST_TO_BEGIN).date():
        return ""
    return _("The date of an invoice is a day since the work was accepted, until today.")


def faults_of_amounts(contract: Contract, charge: Charge, today: date) -> list[str]:
    """Sentences against the amounts: not the price, not the rates, or over the cap."""
    right = computed(contract, charge, day_of(charge, today))
    language = formats.known_language(charge.language)

    def shown(amount: Decimal) -> str:
        return amounts.exact(amount, language)

    found = []
    own = charge.own
    if own is not None:
        if own.subtotal != right.subtotal:
            found.append(
                _("Before tax the invoice must be %(amount)s, as agreed.") % {"amount": shown(right.subtotal)}
            )
        pairs = ((own.federal_tax, right.federal), (own.provincial_tax, right.provincial))
        for given, tax in pairs:
            # A cent either way: some programs round each line, some the sum.
            if abs(given - tax.amount) > taxes.CENT or (given and not tax.name):
                found.append(_wrong_tax(tax, given, language, rates.place_of(charge.province)))
    total = (own.subtotal + own.federal_tax + own.provincial_tax) if own is not None else right.total
    if total > CAP:
        found.append(
            _("The invoice comes to %(total)s: more than %(cap)s, which nothing here may cost.")
            % {"total": shown(total), "cap": shown(CAP)}
        )
    return found


def _wrong_tax(tax: taxes.Charged, given: Decimal, language: str, place: str) -> str:
    if not tax.name and place in taxes.EXEMPT:
        return _(
            "The invoice charges a tax of %(given)s. The Government of Canada does not pay the sales tax of this "
            "province (PST or RST): send an invoice without it."
        ) % {"given": amounts.exact(given, language)}
    if not tax.name:
        return _("The invoice charges a tax of %(given)s without the number that goes with it.") % {
            "given": amounts.exact(given, language)
        }
    return _("%(tax)s of %(percent)s is %(amount)s; the invoice says %(given)s.") % {
        "tax": taxes.LABELS[tax.name],
        "percent": amounts.rate(tax.percent, language),
        "amount": amounts.exact(tax.amount, language),
        "given": amounts.exact(given, language),
    }


@transaction.atomic
def send(
    contract: Contract, charge: Charge, *, user: User | None = None, came: Came | None = None
) -> Invoice:
    """Keep an invoice, made here or the supplier’s own.

    Args:
        contract: Under which something is due.
        charge: What the supplier says.
        user: Who enters it for a supplier who cannot use the link: finance, or who enters applications; None for the
            supplier.
        came: How it came, where somebody enters it.

    Raises:
        PermissionDenied: the user may not.
        Refused: nothing is due, the amounts are not right, or the file is none. It is recorded.
    """
    locked = locked_contract(contract)
    if user is not None and not may_enter(user, locked):
        require(permissions.PAY, locked, user, "payment.invoice_received")
    before: Invoice | None = Invoice.objects.filter(key=charge.key, contract=locked).first()
    if before is not None:
        return before
    now = database_clock()
    today = timing.today(now)
    sentences = reasons_against_sending(locked) or [
        *_faults_of_entry(locked, user, came),
        *faults(charge).values(),
        *filter(None, [fault_of_day(locked, charge, now)]),
        *(faults_of_amounts(locked, charge, today) if charge.province in taxes.PROVINCES else ()),
        *_faults_of_file(charge),
    ]
    if sentences:
        refuse(locked, user, "payment.invoice_received", sentences)
    invoice = _keep(locked, charge, day_of(charge, today), user)
    record(
        locked.solicitation,
        "payment.invoice_received",
        user=user,
        data={
            **named(locked),
            "invoice": invoice.number,
            "total": str(invoice.total),
            "digest": invoice.digest,
            fingerprints.KEPT: fingerprints.of(invoice),
        },
    )
    if user is not None and came is not None:
        desk.keep(locked, user, came, invoice)
    letters.send_received(invoice)
    return invoice


def may_enter(user: User, contract: Contract) -> bool:
    """Whether a person enters the invoice for a supplier: finance, or who enters what suppliers say; not the client."""
    return (user.has_perm(permissions.PAY) and not _is_client(user, contract)) or desk.may_enter(
        user, contract
    )


def _is_client(user: User, contract: Contract) -> bool:
    return bool(user.pk == contract.solicitation.client_id)


def _faults_of_entry(contract: Contract, user: User | None, came: Came | None) -> list[str]:
    """Who enters it says how it came."""
    if user is None:
        return []
    if _is_client(user, contract):
        return [desk.client_enters_nothing()]
    return desk.faults(contract, came) if came is not None else [_("Choose how it came.")]


def _faults_of_file(charge: Charge) -> list[str]:
    own = charge.own
    fault = papers.fault(own.content_type, own.content, charge.language) if own is not None else ""
    return [fault] if fault else []


def _keep(contract: Contract, charge: Charge, day: date, user: User | None) -> Invoice:
    right = computed(contract, charge, day)
    own = charge.own
    sequence = Invoice.objects.filter(contract=contract).count() + 1
    number = next_number(contract)
    content = own.content if own is not None else text_of(contract, charge, right, number, day).encode()
    federal_tax = own.federal_tax if own is not None else right.federal.amount
    provincial_tax = own.provincial_tax if own is not None else right.provincial.amount
    invoice: Invoice = Invoice.objects.create(
        contract=contract,
        sequence=sequence,
        number=number,
        source=Source.OWN if own is not None else Source.MADE,
        # Another contract's key is no way into an error.
        key=uuid.uuid4() if Invoice.objects.filter(key=charge.key).exists() else charge.key,
        day=day,
        province=charge.province,
        tax_province=rates.place_of(charge.province),
        in_capital_region=registrations.in_capital_region(charge.postal_code, charge.province),
        subtotal=right.subtotal,
        federal_name=right.federal.name,
        federal_percent=right.federal.percent,
        federal_tax=federal_tax,
        provincial_name=right.provincial.name,
        provincial_percent=right.provincial.percent,
        provincial_tax=provincial_tax,
        total=right.subtotal + federal_tax + provincial_tax,
        language=charge.language,
        # Not the supplier's name of the file, which may say who somebody is, or hold a number.
        name=f"{number}.pdf" if own is not None else f"{number}.txt",
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        locked_words=lock_words(charge.words()),
        locked_content=custody.lock(content).encode("ascii"),
        entered_by=user,
    )
    return invoice


def next_number(contract: Contract) -> str:
    """The number of the next invoice of a file: its own number, then 1, 2, 3 …"""
    earlier = Invoice.objects.filter(contract__solicitation=contract.solicitation_id).count()
    return f"{contract.solicitation.number}-{earlier + 1}"


def text_of(contract: Contract, charge: Charge, right: taxes.Computed, number: str, day: date) -> str:
    """The invoice that is made here, in the language of the supplier; what is read is what is kept."""
    language = formats.known_language(charge.language)
    with override(language):
        return render_to_string(
            f"submissions/contracts/payment/invoice.{language}.txt",
            {
                **charge.words(),
                "province": taxes.PROVINCES[charge.province],
                "number": number,
                "day": formats.date_long(day, language),
                "department": settings.MICROACQ_DEPARTMENT[language],
                "contact_email": settings.MICROACQ_CONTACT_EMAIL,
                "fund_reservation": fund_reservation_of(contract),
                "file": contract.solicitation.number,
                "title": contract.solicitation.get_title(language),
                "share": _share_of(contract, language),
                "price": amounts.exact(contract.price, language),
                "subtotal": amounts.exact(right.subtotal, language),
                "taxes": [
                    {
                        "label": str(taxes.LABELS[tax.name]),
                        "percent": amounts.rate(tax.percent, language),
                        "amount": amounts.exact(tax.amount, language),
                        "number": registrations.spaced(of_tax),
                    }
                    for tax, of_tax in (
                        (right.federal, charge.gst_number),
                        (right.provincial, charge.provincial_number),
                    )
                    if tax.name
                ],
                "total": amounts.exact(right.total, language),
            },
        )


def _share_of(contract: Contract, language: str) -> str:
    """The agreed share of a contract that ended for convenience, as it is written; empty where all is paid."""
    if contract.state != ContractState.ENDED_CONVENIENCE:
        return ""
    return amounts.rate(Decimal(contract.end.percentage), language)


def fund_reservation_of(contract: Contract) -> str:
    """The reference under which the funds were committed (section 32), as the page of the opportunity has it."""
    return str(getattr(contract.solicitation.page("en"), "section_32_reference", "") or "").strip()


@transaction.atomic
def send_back(invoice: Invoice, user: User, reason: str) -> InvoiceReturn:
    """Send an invoice back to the supplier, with what is to be mended.

    Raises:
        PermissionDenied: the user may not.
        Refused: it is approved or was sent back, there is no reason, or the reason holds a number. It is recorded.
    """
    contract = locked_contract(invoice.contract)
    if not user.has_perm(permissions.APPROVE):
        require(permissions.PAY, contract, user, "payment.invoice_returned")
    words = clean(reason)
    sentences = reasons_against_deciding(invoice)
    if not words:
        sentences.append(_("Write the reason: no decision without one."))
    number = numbers.found_in(words)
    if number is not None:
        sentences.append(str(numbers.SENTENCES[number]))
    if sentences:
        refuse(contract, user, "payment.invoice_returned", sentences)
    returned: InvoiceReturn = InvoiceReturn.objects.create(
        invoice=invoice,
        language=letters.language_of_supplier(contract),
        locked_reason=lock_words(words),
        returned_by=user,
    )
    record(
        contract.solicitation,
        "payment.invoice_returned",
        user=user,
        data={**named(contract), "invoice": invoice.number, fingerprints.KEPT: fingerprints.of(returned)},
    )
    letters.send_returned(returned)
    return returned


def said_before(contract: Contract) -> dict[str, Any]:
    """What the supplier said for the invoice that was sent back last, by the fields of the forms, to be mended."""
    last = next(iter(results.sent_back(contract)), None)
    if last is None or not last.has_document:
        return {}
    said: dict[str, Any] = {**last.words(), "province": last.province}
    if last.is_own:
        language = formats.known_language(get_language())
        for name in ("subtotal", "federal_tax", "provincial_tax"):
            amount = getattr(last, name)
            said[name] = formats.number(amount, language) if amount else ""
        said["day"] = last.day
    return said


def reasons_against_deciding(invoice: Invoice) -> list[str]:
    """Sentences against approving an invoice or sending it back now."""
    if InvoiceReturn.objects.filter(invoice=invoice).exists():
        return [_("This invoice was sent back.")]
    if results.approval_of(invoice) is not None:
        return [_("This invoice is approved already.")]
    return []


@transaction.atomic
def read_document(invoice: Invoice, user: User) -> bytes:
    """The document, for staff who may read it; recorded, and so is asking in vain.

    Raises:
        PermissionDenied: the user may not.
    """
    contract = invoice.contract
    require(permissions.READ, contract, user, "payment.invoice_read")
    record(
        contract.solicitation,
        "payment.invoice_read",
        user=user,
        data={**named(contract), "invoice": invoice.number},
    )
    return invoice.content()


@transaction.atomic
def read_words(invoice: Invoice, user: User) -> dict[str, str]:
    """Name, address, tax numbers and where to pay, for staff who may read them; recorded likewise.

    Raises:
        PermissionDenied: the user may not.
    """
    contract = invoice.contract
    require(permissions.READ, contract, user, "payment.invoice_read")
    record(
        contract.solicitation,
        "payment.invoice_read",
        user=user,
        data={**named(contract), "invoice": invoice.number},
    )
    return invoice.words()
