"""How the amounts of an invoice are written: always with their cents, as people compare them. Knows no request."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from microacq_pages import formats

from .taxes import CENT

if TYPE_CHECKING:
    from .models import Invoice

NO_BREAK = "\N{NO-BREAK SPACE}"


def exact(amount: Decimal, language: str) -> str:
    """``$8,200.00`` or ``8 200,00 $``."""
    number = formats.number(Decimal(amount).quantize(CENT), language)
    return f"{number}{NO_BREAK}$" if formats.known_language(language) == "fr" else f"${number}"


def rate(percent: Decimal, language: str) -> str:
    """``9.975%`` or ``9,975 %``."""
    # A normal form has no zeros at its end, and 20 as 2E+1: the format writes it out.
    number = formats.number(percent.normalize(), language)
    return f"{number}{NO_BREAK}%" if formats.known_language(language) == "fr" else f"{number}%"


def rows_of(invoice: Invoice, language: str) -> list[tuple[str, str]]:
    """Labels and amounts of an invoice, from the price to the total."""
    return [
        (_("Before tax"), exact(invoice.subtotal, language)),
        *(
            (f"{label} ({rate(percent, language)})", exact(amount, language))
            for label, percent, amount in invoice.taxes
        ),
        (_("Total"), exact(invoice.total, language)),
    ]
