"""Suppliers without e-mail: staff take an application down, and enter what is said once the work is under way.

What is left to do by hand are the forms of the desk: a delivery with its files, a later date, a dispute, the end.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from submissions.awards import desk as awards_desk
from submissions.awards import offers
from submissions.awards.enums import AnsweredHow, Payment
from submissions.contracts import desk, letters, results, talking
from submissions.contracts.enums import MessageKind
from submissions.proposals import entering
from submissions.proposals.came import Came
from submissions.proposals.entering import EntryForm
from submissions.proposals.enums import EnteredHow
from submissions.solicitations.services import database_clock

from . import proposals
from .accounts import person
from .awards import answer_of

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

ON_PAPER = {
    "en": "Signed at the counter and kept in the file.",
    "fr": "Signées au comptoir et conservées au dossier.",
}
CALLED = {
    "en": "Called from the number of the application.",
    "fr": "Appel fait du numéro inscrit à la demande.",
}
SAID = {
    "en": "The page shows the whole table. The search comes next week.",
    "fr": "La page montre tout le tableau. La recherche suivra la semaine prochaine.",
}


@transaction.atomic
def enter(said: dict[str, Any], file: Solicitation) -> str:
    """Type in what somebody says on the telephone, as IT Strategy does.

    Returns:
        The receipt number.
    """
    language, posting = said["language"], file.current_posting
    with override(language):
        blank = EntryForm(None, items=posting.items.all(), language=language, file=file)
        moment = max(file.posted_at, database_clock() - timedelta(minutes=5))
        typed = {
            **proposals.typed(blank, {**said, "email": "", "business_name": ""}),
            "telephone": said["telephone"],
            "entered_how": EnteredHow.TELEPHONE.value,
            "taken_at": timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S"),
        }
        form = EntryForm(typed, items=posting.items.all(), language=language, file=file)
        if not form.is_valid():
            raise proposals.NotValidError(form.errors.as_text())
        entered = entering.enter(form, user=person("it-strategy"), posting=posting, key=uuid.uuid4())
    return str(entered.proposal.receipt_number)


@transaction.atomic
def begin(file: Solicitation) -> str:
    """Offer the work, take the signed terms and one message in; what somebody has begun is left alone.

    Returns:
        Where the file stands then.
    """
    if file.offers.exists() or offers.reasons_against_offering(file):
        return str(file.state)
    staff = person("it-strategy")
    with override("en"):
        made = offers.make(file, staff)
    language = made.proposal.correspondence_language
    with override(language):
        answer = answer_of(made, Payment.CARD)
        signed = Came(AnsweredHow.IN_PERSON, made.made_at, ON_PAPER[language])
        awards_desk.accept_for(made, staff, answer, signed)
    made.refresh_from_db()
    with override("en"):
        offers.countersign(made, person("cfob"))
    contract = results.contract_of(file)
    if contract is not None:
        words = letters.language_of_supplier(contract)
        called = Came(AnsweredHow.TELEPHONE, contract.started_at, CALLED[words])
        desk.enter(
            contract,
            staff,
            called,
            lambda locked: talking.write(
                locked, SAID[words], key=uuid.uuid4(), language=words, kind=MessageKind.PROGRESS
            ),
        )
    file.refresh_from_db()
    return str(file.state)
