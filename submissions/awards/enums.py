"""The words that this stage stores. Imports nothing of the project."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OfferState(models.TextChoices):
    """What became of an offer; ``states`` is the table."""

    OFFERED = "offered", pgettext_lazy("state of an offer", "Waits for the supplier")
    ACCEPTED = "accepted", pgettext_lazy("state of an offer", "Accepted by the supplier")
    AWARDED = "awarded", pgettext_lazy("state of an offer", "Signed by both: awarded")
    ENDED = "ended", pgettext_lazy("state of an offer", "Awarded, and the contract ended without the work")
    DECLINED = "declined", pgettext_lazy("state of an offer", "Declined by the supplier")
    LAPSED = "lapsed", pgettext_lazy("state of an offer", "Not accepted in time")
    NOT_ELIGIBLE = "not_eligible", pgettext_lazy("state of an offer", "Supplier not eligible")
    VOIDED = "voided", pgettext_lazy("state of an offer", "Withdrawn: what it followed from was undone")


#: The offer stands: nobody else is asked meanwhile.
STANDING = frozenset({OfferState.OFFERED, OfferState.ACCEPTED, OfferState.AWARDED})
#: This supplier was asked and does not do the work: the next in the order is asked.
PASSED_ON = frozenset({OfferState.DECLINED, OfferState.LAPSED, OfferState.NOT_ELIGIBLE, OfferState.ENDED})


class Payment(models.TextChoices):
    """How a supplier is paid; the department pays with its own acquisition card either way."""

    CARD = "card", _("By credit card (Visa), with my own payment service")
    PAYPAL = "paypal", _("By PayPal")


class DeclineReason(models.TextChoices):
    """Why a supplier does not take the work."""

    NO_TIME = "no_time", _("I have no time for it, or not by the delivery date")
    PRICE = "price", _("The price does not suit me")
    PAYMENT = "payment", _("I cannot be paid by credit card or PayPal")
    TERMS = "terms", _("I do not agree with the terms or the licence")
    EMPLOYER = "employer", _("My employer does not allow it")
    OTHER = "other", _("Another reason")


class Topic(models.TextChoices):
    """What a supplier asks for after the result."""

    CONVERSATION = "conversation", pgettext_lazy("debrief", "Conversation")
    COMPLAINT = "complaint", pgettext_lazy("debrief", "Complaint")


class Result(models.TextChoices):
    """What a supplier is told of its own application once the file has its result."""

    AWARDED = "awarded", _("Awarded")
    NOT_DRAWN = "not_drawn", _("Passed, not drawn")
    NOT_MET = "not_met", _("Did not meet every criterion")
    PASSED_ON = "passed_on", _("Asked, and did not do the work")
    SET_ASIDE = "set_aside", _("Set aside after an amendment")
