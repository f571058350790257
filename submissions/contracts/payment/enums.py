"""The words that payment stores. Imports nothing of the project."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Source(models.TextChoices):
    """Who wrote the invoice."""

    MADE = "made", _("Made here from the file")
    OWN = "own", _("The supplier’s own, as a PDF")


class Step(models.TextChoices):
    """What comes next until a contract is paid."""

    INVOICE = "invoice", pgettext_lazy("step of a payment", "Invoice")
    APPROVE = "approve", pgettext_lazy("step of a payment", "Section 34 approval")
    PAY = "pay", pgettext_lazy("step of a payment", "Payment")
    PAID = "paid", pgettext_lazy("step of a payment", "Paid")


#: How staff say how they paid; what the supplier chose says the same from the other side.
METHODS = {"card": _("By acquisition card, on the supplier’s payment page"), "paypal": _("By PayPal")}
