"""Staff enter an application for somebody who cannot use the form: by telephone, on paper, in person.

Owns: the form with what staff add to it, the one transaction in which an entry is sealed and recorded, and the question
who entered what, which later stages ask before somebody evaluates. An entry is sealed like any other. Its own link is
mailed where the supplier has e-mail and thrown away where not: the link on the printed receipt replaces or withdraws
and cannot read, so that nobody who prints it can. Imports no view.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from submissions.audit.services import record, record_refusal
from submissions.proposals import links, services
from submissions.proposals.enums import EnteredHow, LinkKind
from submissions.proposals.fields import LineOfText, PlainText
from submissions.proposals.forms import ProposalForm, Section
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.services import database_clock

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.proposals.texts import ProposalText
    from submissions.solicitations.models import Posting, Solicitation

ENTER_PERMISSION = "submissions.enter_proposal"

ENTRY = ("entered_how", "taken_at", "replaces_entry")
REACH = ("telephone", "postal_address")


class EntryForm(ProposalForm):
    """What every supplier is asked, and how it came. There may be no e-mail: then telephone or post is needed.

    Args:
        file: The file applied to.
        is_conflict: Whether an entry was made before for the same number or postal address.
    """

    entered_how = forms.ChoiceField(
        label=_("How it came"),
        choices=EnteredHow.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the application came.")},
    )
    taken_at = forms.DateTimeField(
        label=_("When the supplier said or wrote it"),
        help_text=_("Eastern time. The application counts as received when you save it, not before."),
        widget=AdminDateTimeInput,
        error_messages={
            "required": _("Write when the supplier said or wrote it."),
            "invalid": _("Write day and time as 2026-03-31 14:05."),
        },
    )
    replaces_entry = forms.BooleanField(
        label=_("It takes the place of the application that was entered before for the same supplier"),
        required=False,
    )
    telephone = LineOfText(
        label=_("Telephone number"),
        required=False,
        max_length=40,
        help_text=_("Needed where there is no e-mail address and no postal address."),
    )
    postal_address = PlainText(
        label=_("Postal address"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where there is no e-mail address and no telephone number."),
    )

    def __init__(self, *args: Any, file: Solicitation, is_conflict: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file, self.is_conflict = file, is_conflict
        self.fields["email"].required = False
        self.fields["email"].label = _("E-mail address (if there is one)")

    def sections(self) -> list[Section]:
        """How it came, then what every supplier is asked."""
        names = [name for name in ENTRY if name != "replaces_entry" or self.is_conflict]
        sections = super().sections()
        for section in sections:
            if any(row.bound.name == "email" for row in section.rows):
                section.rows = [*section.rows, *self._rows(REACH)]
        return [Section("entry", _("How it came"), self._rows(names)), *sections]

    def clean_taken_at(self) -> datetime:
        """Neither before the opportunity was posted nor in the future, by the database’s clock."""
        taken: datetime = self.cleaned_data["taken_at"]
        if taken > database_clock():
            raise forms.ValidationError(_("This is in the future: write when the supplier said or wrote it."))
        if taken < self.file.posted_at.replace(second=0, microsecond=0):
            raise forms.ValidationError(_("This is before the opportunity was posted."))
        return taken

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        reached = [cleaned.get(name) for name in ("email", *REACH)]
        if not any(reached) and "email" not in self.errors:
            self.add_error(
                "email",
                _("Write an e-mail address, a telephone number or a postal address: one of them is needed."),
            )
        telephone = cleaned.get("telephone", "")
        if telephone and sum(character.isdigit() for character in telephone) < 7:
            self.add_error("telephone", _("Write the whole number, with the area code."))
        return cleaned

    def proposal_text(self, *, number: str, posting: str, link: SupplierLink) -> ProposalText:
        """The text to be sealed, with how to reach a supplier without e-mail."""
        text = super().proposal_text(number=number, posting=posting, link=link)
        if telephone := self.cleaned_data["telephone"]:
            text["telephone"] = telephone
        if postal := self.cleaned_data["postal_address"]:
            text["postal_address"] = postal
        return text


@dataclass(frozen=True)
class Entered:
    """What came of an entry.

    Attributes:
        proposal: As it was received.
        link: What stands on the receipt to hand over; empty where the supplier gets a receipt by e-mail.
        is_mailed: Whether the receipt went out by e-mail.
    """

    proposal: Proposal
    link: str
    is_mailed: bool


def require(file: Solicitation, user: User) -> None:
    """Let nobody enter an application but who may; an attempt is recorded.

    Raises:
        PermissionDenied: the user may not.
    """
    if not user.has_perm(ENTER_PERMISSION):
        record_refusal(file, "proposal.entry_refused", user=user, data={"number": file.number})
        raise PermissionDenied


@transaction.atomic
def enter(form: EntryForm, *, user: User, posting: Posting, key: uuid.UUID) -> Entered:
    """Seal what a member of staff typed in; the same form sent twice enters it once.

    Args:
        form: Valid.
        user: Who typed it in.
        posting: What was asked.
        key: Of the form.

    Raises:
        PermissionDenied: the user may not, or another person entered it with this key.
        services.Closed: the deadline has passed by the database’s clock.
        services.PostingChanged: the file was amended meanwhile.
        services.AlreadyEntered: it was entered before for the same number or postal address.
    """
    file = form.file
    require(file, user)
    services.lock(f"entry/{key}")
    before = Proposal.objects.select_related("solicitation").filter(entry_key=key).first()
    if before is None:
        # Nobody at this desk sees the link: it is mailed to the supplier, or it is thrown away here.
        link = SupplierLink.generate()
        text = form.proposal_text(number=file.number, posting=posting.digest, link=link)
        before = services.receive(
            solicitation=file,
            posting=posting,
            link=link,
            text=text,
            link_address=links.full_address("link", link, text["correspondence_language"]),
            entry=services.Entry(
                by=user,
                how=form.cleaned_data["entered_how"],
                taken_at=form.cleaned_data["taken_at"],
                key=key,
                replaces=form.cleaned_data["replaces_entry"],
            ),
        ).proposal
    elif before.entered_by_id != user.pk or before.solicitation_id != file.pk:
        raise PermissionDenied
    if before.address:
        return Entered(before, "", is_mailed=True)
    return Entered(before, _link_to_hand_over(before, user), is_mailed=False)


def _link_to_hand_over(proposal: Proposal, user: User) -> str:
    """A link that replaces or withdraws and does not read, made anew each time that the receipt is shown."""
    record(
        proposal,
        "proposal.link_handed",
        user=user,
        data={"number": proposal.solicitation.number, "receipt": proposal.receipt_number},
    )
    return links.make(LinkKind.RECOVER, proposal)


# --- who entered what ----------------------------------------------------------------------------


def has_entered(user: User, solicitation: Solicitation) -> bool:
    """Whether a person entered an application to a file or called its supplier: then they evaluate none of it."""
    proposals = solicitation.proposals
    return bool(proposals.entered_by(user).exists() or proposals.filter(told__told_by=user).exists())


def languages() -> list[tuple[str, str]]:
    """In which an application is written."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]
