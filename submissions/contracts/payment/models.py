"""What is kept of the payment of a contract: invoices, what was sent back, section 34 approval, the payment.

Owns the rows, and the rates of the taxes, which finance keeps up to date. The rules of what was paid are also the
database’s (migrations ``payment_triggers`` and ``tax_rates``): none of its rows ever changes. What a
supplier wrote of itself, and the invoice, are kept under the reading key. No column takes the number of a card or of
an account: ``numbers`` refuses it in each text, and references that stand in clear hold no long run of digits at all.
Imports no view and no form.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Abs, Round
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microacq_pages import formats
from submissions.awards.enums import Payment as Method
from submissions.awards.models import unlock_words
from submissions.contracts.desk_models import EnteredForSupplier
from submissions.contracts.models import Contract, ContractEnd, language_field, moment, person
from submissions.contracts.work_models import WorkAcceptance
from submissions.proposals import custody
from submissions.proposals.models import KeptModel
from submissions.proposals.querysets import KeptQuerySet

from .enums import Source
from .taxes import LABELS, PROVINCES, QUEBEC, TAXED, Tax

#: References of the department’s systems and of payment services: letters, digits, and few signs.
REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{1,39}$"
#: Twelve digits and more in a row could be the number of a card or of an account.
LONG_NUMBER = r"([0-9][ ./_-]?){11}[0-9]"


def _money(label: Any) -> Any:
    return models.DecimalField(label, max_digits=8, decimal_places=2)


def _reference(name: str, constraint: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{name}__regex": REFERENCE}) & ~models.Q(**{f"{name}__regex": LONG_NUMBER}),
        name=constraint,
    )


def _as_its_rate(side: str) -> models.CheckConstraint:
    """A tax is what its rate gives, to a cent either way: some programs round each line, some the sum."""
    right = Round(models.F("subtotal") * models.F(f"{side}_percent") / 100, 2)
    return models.CheckConstraint(
        condition=LessThanOrEqual(Abs(models.F(f"{side}_tax") - right), Decimal("0.01")),
        name=f"invoice_{side}_tax_as_its_rate",
    )


class TaxRate(models.Model):
    """One rate of a sales tax in one province or territory, from a day on, until a later row says otherwise."""

    tax = models.CharField(_("tax"), max_length=3, choices=Tax.choices)
    province = models.CharField(_("province or territory"), max_length=2, choices=list(TAXED.items()))
    percent = models.DecimalField(
        _("rate, in percent"),
        max_digits=5,
        decimal_places=3,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
        help_text=_("Of the price before tax. 0 where the tax is no longer charged from that day on."),
    )
    since = models.DateField(_("counts from"), help_text=_("The first day on which invoices have this rate."))
    source = models.CharField(
        _("source"),
        max_length=200,
        help_text=_("The act or the notice that sets it, so that others can check it."),
    )

    class Meta:
        verbose_name = _("rate of a sales tax")
        verbose_name_plural = _("rates of sales taxes")
        ordering = ("province", "tax", "-since")
        default_permissions = ("add", "change", "view")
        constraints = (
            models.UniqueConstraint(
                fields=["tax", "province", "since"],
                name="one_rate_a_day",
                violation_error_message=_("There is a rate of this tax from that day on: change that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=20), name="rate_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=models.Q(tax__in=Tax.values)
                & models.Q(province__in=sorted(TAXED))
                & (~models.Q(tax=Tax.QST) | models.Q(province=QUEBEC)),
                name="rate_of_a_tax_that_is_paid",
            ),
        )

    def __str__(self) -> str:
        since = formats.date_long(self.since, formats.known_language(get_language()))
        return f"{self.get_tax_display()}, {self.get_province_display()}, {since}"

    def clean(self) -> None:
        """The tax of Quebec is Quebec’s."""
        if self.tax == Tax.QST and self.province != QUEBEC:
            raise ValidationError({"province": _("The QST is charged in Quebec alone.")})


class InvoiceQuerySet(KeptQuerySet):
    """Questions that are asked of invoices."""

    def standing(self) -> InvoiceQuerySet:
        """Not sent back."""
        return self.filter(returned=None)

    def with_document(self) -> InvoiceQuerySet:
        """Those whose document was not erased at the end of its retention period."""
        return self.exclude(name=custody.ERASED)


class Invoice(KeptModel):
    """What a supplier charges for one contract, once; another follows only where one was sent back."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("contract")
    )
    sequence = models.PositiveSmallIntegerField(_("sequence"))
    number = models.CharField(_("invoice number"), max_length=24, unique=True)
    source = models.CharField(_("invoice"), max_length=4, choices=Source.choices)
    key = models.UUIDField(_("key of the form"), unique=True, editable=False)
    day = models.DateField(_("date of the invoice"))
    province = models.CharField(
        _("province or territory"), max_length=2, choices=[(code, name) for code, name in PROVINCES.items()]
    )
    tax_province = models.CharField(
        _("place of the supply, which decides the taxes"),
        max_length=2,
        choices=[(code, name) for code, name in PROVINCES.items()],
    )
    in_capital_region = models.BooleanField(_("works in the National Capital Region"))
    subtotal = _money(_("before tax"))
    federal_name = models.CharField(_("federal tax"), max_length=3, blank=True)
    federal_percent = models.DecimalField(
        _("rate of the federal tax, in percent"), max_digits=5, decimal_places=3
    )
    federal_tax = _money(_("federal tax, amount"))
    provincial_name = models.CharField(_("tax of the province"), max_length=3, blank=True)
    provincial_percent = models.DecimalField(
        _("rate of the tax of the province, in percent"), max_digits=5, decimal_places=3
    )
    provincial_tax = _money(_("tax of the province, amount"))
    total = _money(_("total"))
    language = language_field()
    name = models.CharField(_("file name"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    digest = models.CharField(_("digest of the document"), max_length=64)
    locked_words = models.TextField(_("name, address, tax numbers and where to pay, encrypted"))
    locked_content = models.BinaryField(_("document, encrypted"))
    entered_by = person(verbose_name=_("entered by"), null=True)
    received_at = moment(_("received at"))

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ("contract", "sequence")
        default_permissions = ()
        permissions = (
            ("approve_invoice", _("Can approve an invoice under section 34")),
            ("read_invoice", _("Can read invoices, with the name and address of the supplier")),
        )
        constraints = (
            models.UniqueConstraint(fields=["contract", "sequence"], name="invoice_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(
                    total=models.F("subtotal") + models.F("federal_tax") + models.F("provincial_tax")
                ),
                name="invoice_adds_up",
            ),
            models.CheckConstraint(condition=models.Q(total__lte=10000), name="invoice_within_the_cap"),
            models.CheckConstraint(
                condition=models.Q(subtotal__gt=0, federal_tax__gte=0, provincial_tax__gte=0),
                name="invoice_charges_something",
            ),
            models.CheckConstraint(
                condition=models.Q(province__in=sorted(PROVINCES)), name="invoice_province_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(tax_province__in=sorted(PROVINCES)), name="invoice_place_is_known"
            ),
            _as_its_rate("federal"),
            _as_its_rate("provincial"),
            models.CheckConstraint(
                condition=models.Q(federal_name__in=["", Tax.GST, Tax.HST], provincial_name__in=["", Tax.QST])
                & (~models.Q(federal_name="") | models.Q(federal_percent=0))
                & (~models.Q(provincial_name="") | models.Q(provincial_percent=0)),
                name="invoice_charges_what_is_paid",
            ),
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="invoice_has_a_digest"
            ),
        )

    def __str__(self) -> str:
        return str(self.number)

    @property
    def has_document(self) -> bool:
        """Whether the document was not erased at the end of its retention period."""
        return self.name != custody.ERASED

    @property
    def is_own(self) -> bool:
        """Whether the document is the supplier’s own PDF."""
        return self.source == Source.OWN

    @property
    def taxes(self) -> list[tuple[str, Any, Any]]:
        """Label, rate in percent and amount of each tax that is charged."""
        rows = (
            (self.federal_name, self.federal_percent, self.federal_tax),
            (self.provincial_name, self.provincial_percent, self.provincial_tax),
        )
        return [(str(LABELS[name]), percent, amount) for name, percent, amount in rows if name]

    def approved_by_others_than(self) -> set[int]:
        """Keys of those who do not approve it: who decided that something is due, and who spoke for the supplier.

        Client and IT Strategy accepted the work, or one proposed the end of the contract.
        """
        accepted = WorkAcceptance.objects.filter(contract=self.contract_id)
        proposed = ContractEnd.objects.filter(contract=self.contract_id)
        rows = (
            *accepted.values_list("accepted_by", "concurred_by"),
            *proposed.values_list("proposal__proposed_by"),
            *EnteredForSupplier.objects.filter(contract=self.contract_id).values_list("entered_by"),
            (self.entered_by_id,),
        )
        return {key for row in rows for key in row if key is not None}

    def words(self) -> dict[str, str]:
        """``name``, address, tax numbers, ``pay_to``; nothing once erased. The caller records that staff read it."""
        found: dict[str, str] = json.loads(unlock_words(self.locked_words) or "{}")
        return found

    def content(self) -> bytes:
        """The document. Staff’s reading is recorded by its caller.

        Raises:
            Erased: nothing is left of it (``proposals.custody``).
        """
        return custody.unlock(bytes(self.locked_content).decode("ascii"))


class InvoiceReturn(KeptModel):
    """An invoice that was sent back to the supplier, with what is to be mended."""

    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, related_name="returned", verbose_name=_("invoice")
    )
    language = language_field()
    locked_reason = models.TextField(_("reason, encrypted"))
    returned_by = person(verbose_name=_("sent back by"))
    returned_at = moment(_("sent back at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice sent back")
        verbose_name_plural = _("invoices sent back")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(locked_reason=""), name="invoice_returned_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return str(self.invoice)

    @property
    def reason(self) -> str:
        return unlock_words(self.locked_reason)


class Section34Approval(KeptModel):
    """The certificate of section 34 of the Financial Administration Act: the work was done, the price is as agreed."""

    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, related_name="approval", verbose_name=_("invoice")
    )
    fund_reservation = models.CharField(_("SAP fund reservation number"), max_length=40)
    approved_by = person(verbose_name=_("approved by"))
    approved_at = moment(_("approved at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("section 34 approval")
        verbose_name_plural = _("section 34 approvals")
        default_permissions = ()
        constraints = (_reference("fund_reservation", "approval_fund_reservation_is_a_reference"),)

    def __str__(self) -> str:
        return str(self.invoice)

    def clean(self) -> None:
        """Two people act (Financial Administration Act, s. 34): a trigger of the database refuses the same."""
        if self.approved_by_id in self.invoice.approved_by_others_than():
            raise ValidationError(
                _("Another person approves: not who accepted the work or entered the invoice.")
            )


class Payment(KeptModel):
    """That the supplier was paid: when, how, and under which numbers. Never a number of a card or of an account."""

    contract = models.OneToOneField(
        Contract, on_delete=models.PROTECT, related_name="payment", verbose_name=_("contract")
    )
    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, related_name="payment", verbose_name=_("invoice")
    )
    method = models.CharField(_("paid by"), max_length=8, choices=Method.choices)
    reference = models.CharField(_("reference of the payment"), max_length=40)
    sap_document = models.CharField(_("SAP document number"), max_length=40)
    amount = _money(_("amount paid"))
    paid_on = models.DateField(_("paid on"))
    days = models.PositiveSmallIntegerField(
        _("days to pay"),
        help_text=_("Calendar days from the acceptance of the work, or from its agreed end."),
    )
    recorded_by = person(verbose_name=_("recorded by"))
    recorded_at = moment(_("recorded at"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(method__in=Method.values), name="payment_method_is_known"
            ),
            _reference("reference", "payment_reference_is_a_reference"),
            _reference("sap_document", "payment_sap_document_is_a_reference"),
        )

    def __str__(self) -> str:
        return str(self.invoice)
