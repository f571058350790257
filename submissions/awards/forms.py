"""The forms of this stage: for suppliers, on the page of their link, and for staff. Decide nothing; know no request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from submissions.questions.forms import QuestionField
from submissions.typed_text import LineOfText

from . import debriefs, papers
from .enums import DeclineReason, Payment

YES, NO = "yes", "no"


class PublicForm(forms.Form):
    """As the forms of the public pages are drawn."""

    error_css_class = "has-error"
    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})


class AcceptForm(PublicForm):
    """Accepting an offer: every statement on its own, the name typed."""

    price = forms.BooleanField(error_messages={"required": _("Confirm the price, or decline the offer.")})
    delivery_date = forms.BooleanField(
        error_messages={"required": _("Confirm the delivery date, or decline the offer.")}
    )
    payment = forms.ChoiceField(
        label=_("How you are paid"),
        choices=Payment.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you are paid.")},
    )
    employee = forms.ChoiceField(
        label=_("Do you work for the Government of Canada?"),
        help_text=_(
            "If so, your director general must confirm in writing that you do the work in your own time and without "
            "government resources, and that the rights stay with you. You attach the confirmation on the next page. "
            "You must also report the work under the Directive on Conflict of Interest; your deputy head’s approval "
            "may be needed."
        ),
        choices=[(YES, _("Yes")), (NO, _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you work for the Government of Canada.")},
    )
    licence_holder = LineOfText(
        label=_("Name in the licence (optional)"),
        required=False,
        help_text=_(
            "Whom the licence file names as the holder of the copyright, if it is another name than that of the "
            "contractor above."
        ),
    )
    accepted = forms.BooleanField(
        label=_("I have read the terms above and accept them."),
        error_messages={"required": _("Accept the terms, or decline the offer.")},
    )
    signature = LineOfText(
        label=_("Your name, typed as your signature"),
        help_text=_("Your own first and last name, as the person who may sign for the contractor."),
        error_messages={"required": _("Type your name: it is your signature.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    terms = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, price: str, delivery_date: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"].label = _("I do the work for the fixed price of %(price)s, before tax.") % {
            "price": price
        }
        self.fields["delivery_date"].label = _("I deliver the work by %(date)s.") % {"date": delivery_date}


class DeclineForm(PublicForm):
    """Declining an offer, with the reason."""

    reason = forms.ChoiceField(
        label=_("Why you do not take the work"),
        help_text=_("It helps us to write better opportunities. It has no effect on later applications."),
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    words = QuestionField(label=_("In your own words (optional)"), required=False, limit=1000, rows=4)


class ConfirmationForm(PublicForm):
    """The only file that anybody can attach."""

    file = forms.FileField(
        label=_("Confirmation of your director general, as a PDF"),
        help_text=_("One PDF of at most 5 MB. Only the staff who sign the agreement can open it."),
        max_length=1000,
        error_messages={
            "required": _("Choose the PDF."),
            "empty": _("This file is empty. Choose the PDF."),
            "invalid": _("Choose the PDF."),
        },
        widget=forms.FileInput(attrs={"accept": papers.CONTENT_TYPE}),
    )


class WriteForm(PublicForm):
    """What a supplier says after the result."""

    words = QuestionField(
        label=_("What you want to say"),
        help_text=_("In English or in French, in 4,000 characters or fewer."),
        limit=debriefs.LONGEST,
        rows=10,
        error_messages={"required": _("Write what you want to say.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


# --- staff -----------------------------------------------------------------------------------------


class NothingForm(forms.Form):
    """A confirmation that asks nothing."""


class OfferForm(forms.Form):
    """An act about one offer: the reference of the offer that was shown goes with it."""

    offer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)


class ReasonForm(OfferForm):
    """Why a supplier may not do the work."""

    reason = QuestionField(
        label=_("Reason"),
        help_text=_(
            "The supplier reads it, so write it for the supplier, in the language in which the letters are written."
        ),
        limit=2000,
        rows=5,
        error_messages={"required": _("Write the reason: no decision without one.")},
    )


class SignForm(OfferForm):
    """What the person who signs for the department confirms."""

    checked = forms.BooleanField(
        label=_(
            "I have read what the supplier accepted, and sign it for the department. The award becomes public at once."
        ),
        error_messages={"required": _("Tick this to sign.")},
    )
    confirmation = forms.BooleanField(
        label=_(
            "I have read the confirmation of the director general: own time, no government resources, the rights stay "
            "with the supplier."
        ),
        error_messages={"required": _("Read the confirmation, then tick this.")},
    )

    def __init__(self, *args: Any, is_government_employee: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_government_employee:
            del self.fields["confirmation"]


class AnswerForm(forms.Form):
    """What staff answer a supplier after the result."""

    words = QuestionField(
        label=_("Answer"),
        help_text=_(
            "In the language of the message. Speak of this application only, never of another: nobody learns who else "
            "applied."
        ),
        limit=debriefs.LONGEST,
        rows=10,
        error_messages={"required": _("Write the answer.")},
    )
