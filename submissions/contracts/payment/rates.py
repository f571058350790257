"""The rates of sales taxes that invoices are made with, and where a supply is made. Reads rows and settings only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.conf import settings

from .models import TaxRate
from .taxes import Rate, Tax, percents_on, place_of_supply


def department_province() -> str:
    """Code of the province of the address to which suppliers send invoices; empty where the department set none."""
    return str(getattr(settings, "MICROACQ_DEPARTMENT_PROVINCE", ""))


def place_of(supplier_province: str) -> str:
    """Code of the province whose taxes an invoice has; ``XX`` where it has none."""
    return place_of_supply(supplier_province, department_province())


def percents_of(place: str, day: date) -> dict[Tax, Decimal]:
    """The rates of a place on a day, in percent."""
    rows = TaxRate.objects.filter(province=place, since__lte=day)
    return percents_on((Rate(Tax(row.tax), row.province, row.since, row.percent) for row in rows), place, day)


def has_qst(supplier_province: str, day: date) -> bool:
    """Whether an invoice can have the QST, and so asks for its number."""
    return Tax.QST in percents_of(place_of(supplier_province), day)


def may_have_qst() -> bool:
    """Whether any invoice can have the QST: not where the department is elsewhere."""
    return department_province() in ("", "QC")
