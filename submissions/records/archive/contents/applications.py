"""The applications: what arrived and when, and once the evaluation is behind the file, what each says and of whom.

Before the file is opened nothing is said, and before the evaluation is signed off no text and no name: who evaluates
knows neither. Reading keys open the texts here; who had them written down is recorded with the writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.proposals.enums import ProposalState, Status
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.solicitations.enums import ItemKind, State
from submissions.solicitations.models import PostedItem

from .. import rich
from ..documents import document
from ..words import About, Run, Words, Writer
from .saying import FACTS, moment, names_are_known, person, written

if TYPE_CHECKING:
    from submissions.proposals.texts import ProposalText
    from submissions.solicitations.models import Solicitation


@document("applications-register", order=300, title=gettext_lazy("Register of applications"))
def write_register(file: Solicitation, writer: Writer) -> None:
    """Every version that arrived, with what proves that it was not changed since."""
    if file.state == State.POSTED:
        return
    language = writer.language
    rows = list(file.proposals.without_text().select_related("replaces").order_by("arrived_at", "pk"))
    writer.say(_("Applications and versions of applications received: %(count)s") % {"count": len(rows)})
    writer.table(
        _("Applications in the order in which they arrived"),
        (
            _("Receipt number"),
            _("Received"),
            _("State"),
            _("Size in bytes"),
            _("Digest as sealed, SHA-256"),
            _("Digest of the text, SHA-256"),
        ),
        [
            (
                each.receipt_number,
                moment(each.arrived_at, language),
                _state(each),
                str(each.size),
                each.sealed_digest,
                each.text_digest,
            )
            for each in rows
        ],
    )


def _state(proposal: Proposal) -> str:
    state = str(ProposalState(proposal.state).label)
    return f"{state} ({proposal.replaces.receipt_number})" if proposal.replaces else state


@document("applications", order=310, title=gettext_lazy("Applications"))
def write_applications(file: Solicitation, writer: Writer) -> None:
    """What each supplier whose application took part wrote, word for word."""
    if not names_are_known(file):
        return
    opened = OpenedProposal.objects.filter(proposal__solicitation=file)
    rows = opened.select_related("proposal__entered_by").defer("proposal__sealed", "proposal__contact")
    for row in rows.order_by("proposal__receipt_number").iterator(chunk_size=50):
        _write_application(row, writer)


def _write_application(row: OpenedProposal, writer: Writer) -> None:
    proposal, language = row.proposal, writer.language
    writer.heading(_("Application %(receipt)s") % {"receipt": proposal.receipt_number})
    facts: list[tuple[Any, Words]] = [
        (_("Received"), moment(proposal.arrived_at, language)),
        (_("Opened"), moment(row.opened_at, language)),
        (_("Digest of the text, SHA-256"), proposal.text_digest),
    ]
    if row.is_erased:
        writer.facts(_("The application"), FACTS, facts)
        writer.say(_("The text was erased when its retention period ended; its certificate is in this file."))
        return
    text = row.text()
    facts[1:1] = list(_who(text))
    if proposal.entered_by:
        how = f"{proposal.get_entered_how_display()}, {person(proposal.entered_by)}"
        facts.append((_("Entered by staff for the supplier"), how))
    writer.facts(_("The application"), FACTS, facts)
    posting = proposal.answered_posting
    items = {(item.kind, str(item.identity)): item for item in posting.items.all()}
    _write_answers(text, items, writer)
    _write_confirmed(text, items, writer)


def _who(text: ProposalText) -> Iterator[tuple[Any, Words]]:
    eligibility = text["eligibility"]
    yield _("Name"), Run(text["name"], about=About.NAME)
    yield _("Business name"), Run(text["business_name"], about=About.NAME)
    yield _("E-mail"), Run(text["email"], about=About.CONTACT)
    yield _("Telephone"), Run(text.get("telephone", ""), about=About.CONTACT)
    yield _("Postal address"), Run(text.get("postal_address", ""), about=About.CONTACT)
    yield _("Eligibility"), Run(str(Status(eligibility["status"]).label), about=About.NAME)
    yield (
        _("Age of majority and able to enter into a contract"),
        _("Yes") if eligibility["age_and_capacity"] else _("No"),
    )


def _write_answers(text: ProposalText, items: dict[tuple[str, str], PostedItem], writer: Writer) -> None:
    language = writer.language
    for kind, given in ((ItemKind.EVALUATION, text["answers"]), (ItemKind.QUESTION, text["questions"])):
        for identity, answer in given.items():
            item = items.get((kind, identity))
            if item is None or not answer:
                continue
            writer.heading(rich.runs_of(getattr(item, f"text_{language}")), 3)
            said = ", ".join(answer) if isinstance(answer, list) else answer
            passage = written(said, by=text["locale"], document=language, about=About.SUPPLIER)
            writer.say(said, language=passage.language, about=passage.about)


def _write_confirmed(text: ProposalText, items: dict[tuple[str, str], PostedItem], writer: Writer) -> None:
    named = [(ItemKind.CHECKLIST, one) for one in text["checklist"]]
    named += [(ItemKind.CONFIRMATION, one) for one in text["confirmations"]]
    named += [(ItemKind.TERMS, one["identity"]) for one in text["terms"]]
    found = [items[key] for key in named if key in items]
    if found:
        writer.heading(_("Confirmed one by one"), 3)
        writer.bullets(rich.runs_of(getattr(item, f"text_{writer.language}")) for item in found)


def names_in(file: Solicitation) -> list[ProposalText]:
    """The opened texts, for whoever looks for names in other documents; erased ones are left out."""
    rows = OpenedProposal.objects.filter(proposal__solicitation=file).order_by("pk")
    return [row.text() for row in rows.only("locked_text") if not row.is_erased]
