"""The work: each contract with its dates, messages, extensions, deliveries, judgements, acceptance or other end."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages import formats
from submissions.contracts import evidence, results
from submissions.contracts.desk_models import EnteredForSupplier
from submissions.contracts.enums import CheckKind, EndKind, Side
from submissions.contracts.models import (
    Contract,
    ContractEnd,
    Dispute,
    EndProposal,
    Extension,
    Message,
    PassedOn,
)
from submissions.contracts.payment import amounts
from submissions.contracts.work_models import Concurrence, Delivery, Judgement
from submissions.solicitations.enums import ItemKind

from .. import rich
from ..documents import document
from ..words import About, Run, Words, Writer
from .saying import FACTS, moment, person, written

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


@document("contract", order=600, title=gettext_lazy("Contract and the work"))
def write_contract(file: Solicitation, writer: Writer) -> None:
    """Each contract of the file: its facts, what both sides wrote, extensions, disputes."""
    for contract in results.contracts_of(file):
        language = writer.language
        writer.heading(_title(contract))
        writer.facts(
            _("The contract"),
            FACTS,
            [
                (_("Supplier"), contract.supplier),
                (_("Application"), contract.offer.proposal.receipt_number),
                (_("State"), contract.get_state_display()),
                (_("In this state since"), moment(contract.changed_at, language)),
                (_("Fixed price, before tax"), formats.money(contract.price, language)),
                (_("Work delivery date"), moment(contract.delivery_date, language)),
                (_("Repository"), Run(contract.repository, link=contract.repository)),
                (_("Deliveries allowed"), str(contract.rounds)),
                (_("Started"), moment(contract.started_at, language)),
            ],
        )
        _write_messages(contract, writer)
        _write_extensions(contract, writer)
        _write_disputes(contract, writer)
        _write_proposals(contract, writer)
        _write_entered(contract, writer)


def _title(contract: Contract) -> str:
    return _("Contract with %(supplier)s") % {"supplier": contract.supplier}


def _side(row: Any, who: Any) -> str:
    """Which side it was; of the department also who."""
    return f"{row.get_side_display()}, {person(who)}" if who is not None else str(row.get_side_display())


def _words(row: Any, text: str, writer: Writer) -> Run:
    about = About.SUPPLIER if getattr(row, "side", "") == Side.SUPPLIER else None
    return written(text, by=row.language, document=writer.language, about=about)


def _answer(answer: Any, writer: Writer) -> Words:
    """Whether the other side agreed, who, when, and why not; nothing without an answer. The supplier has no account."""
    if answer is None:
        return ""
    is_suppliers = answer.answered_by_id is None
    who = str(Side.SUPPLIER.label) if is_suppliers else person(answer.answered_by)
    said = _("Agreed") if answer.agreed else _("Not agreed")
    head = Run("\n".join((said, who, moment(answer.answered_at, writer.language))))
    if not answer.reason:
        return head
    about = About.SUPPLIER if is_suppliers else None
    return (
        Run(f"{head.text}\n"),
        written(answer.reason, by=answer.language, document=writer.language, about=about),
    )


def _write_messages(contract: Contract, writer: Writer) -> None:
    rows: list[tuple[Words, ...]] = [
        (moment(row.sent_at, writer.language), _side(row, row.written_by), _words(row, row.words, writer))
        for row in Message.objects.filter(contract=contract).select_related("written_by").order_by("pk")
    ]
    if rows:
        writer.heading(_("Messages"), 3)
        writer.table(_("Messages about the work"), (_("When"), _("From"), _("Message")), rows)


def _write_extensions(contract: Contract, writer: Writer) -> None:
    language = writer.language
    asked = Extension.objects.filter(contract=contract).select_related("asked_by", "answer__answered_by")
    rows: list[tuple[Words, ...]] = []
    for row in asked.order_by("pk"):
        rows.append(
            (
                f"{moment(row.before, language)} → {moment(row.until, language)}",
                f"{_side(row, row.asked_by)}\n{moment(row.asked_at, language)}",
                _words(row, row.reason, writer),
                _answer(getattr(row, "answer", None), writer),
            )
        )
    if rows:
        writer.heading(_("Extensions of the delivery date"), 3)
        writer.table(
            _("Extensions of the delivery date"), (_("Dates"), _("Asked by"), _("Reason"), _("Answer")), rows
        )


def _write_disputes(contract: Contract, writer: Writer) -> None:
    disputes = Dispute.objects.filter(contract=contract).select_related("raised_by", "settlement__settled_by")
    for row in disputes.order_by("pk"):
        settlement = getattr(row, "settlement", None)
        writer.heading(_("Dispute"), 3)
        writer.facts(
            _("The dispute"),
            FACTS,
            [
                (_("Raised by"), _side(row, row.raised_by)),
                (_("Raised"), moment(row.raised_at, writer.language)),
                (_("What about"), _words(row, row.words, writer)),
                (_("Settled by"), person(settlement.settled_by) if settlement else ""),
                (_("Settled"), moment(settlement.settled_at, writer.language) if settlement else ""),
                (_("How"), _words(settlement, settlement.words, writer) if settlement else ""),
            ],
        )


def _write_proposals(contract: Contract, writer: Writer) -> None:
    """Each proposal to end the contract, whatever became of it."""
    language = writer.language
    proposed = EndProposal.objects.filter(contract=contract).select_related(
        "proposed_by", "answer__answered_by"
    )
    rows: list[tuple[Words, ...]] = [
        (
            "\n".join((row.get_kind_display(), person(row.proposed_by), moment(row.proposed_at, language))),
            f"{amounts.rate(Decimal(row.percentage), language)} ({amounts.rate(Decimal(row.computed), language)})",
            written(row.reason, by=row.language, document=language),
            _answer(getattr(row, "answer", None), writer),
        )
        for row in proposed.order_by("pk")
    ]
    if rows:
        writer.heading(_("Proposals to end the contract"), 3)
        writer.table(
            _("What was proposed and answered"),
            (_("Kind"), _("Share that is paid (computed)"), _("Reason"), _("Answer")),
            rows,
        )


def _write_entered(contract: Contract, writer: Writer) -> None:
    """What staff entered for a supplier without e-mail, and how each came."""
    language = writer.language
    kept = EnteredForSupplier.objects.filter(contract=contract).select_related("entered_by")
    rows: list[tuple[Words, ...]] = [
        (
            f"{row.label}\n{moment(row.entered_at, language)}",
            f"{row.get_entered_how_display()}\n{moment(row.taken_at, language)}",
            person(row.entered_by),
            Run(row.statement, about=About.SUPPLIER),
        )
        for row in kept
    ]
    if rows:
        writer.heading(_("Entered by staff for the supplier"), 3)
        writer.table(
            _("What staff entered for the supplier"),
            (_("What it is"), _("How it came"), _("Entered by"), _("How it was received")),
            rows,
        )


@document("acceptance", order=610, title=gettext_lazy("Delivery and acceptance of the work"))
def write_acceptance(file: Solicitation, writer: Writer) -> None:
    """Each delivery with its checklist and evidence, how each criterion was judged, and how it came out."""
    for contract in results.contracts_of(file):
        deliveries = Delivery.objects.filter(contract=contract).prefetch_related("evidence")
        rows = list(deliveries.select_related("posting").order_by("round"))
        end: ContractEnd | None = getattr(contract, "end", None)
        if not rows and end is None:
            continue
        writer.heading(_title(contract))
        for delivery in rows:
            _write_delivery(delivery, writer)
        _write_accepted(contract, writer)
        if end is not None:
            _write_end(contract, end, writer)


def _write_delivery(delivery: Delivery, writer: Writer) -> None:
    language = writer.language
    writer.heading(_("Delivery, round %(number)s") % {"number": delivery.round}, 3)
    writer.facts(
        _("The delivery"),
        FACTS,
        [
            (_("Delivered"), moment(delivery.delivered_at, language)),
            (_("Entered for the supplier by"), _entered_by(delivery)),
            (_("Pull or merge requests"), "\n".join(delivery.requests)),
            (_("Commit"), delivery.commit),
            (_("Licence"), delivery.licence),
        ],
    )
    answers = delivery.answers()
    rows: list[tuple[Words, ...]] = [
        (
            rich.runs_of(getattr(item, f"text_{language}")),
            written(
                answers.get(str(item.identity), ""),
                by=delivery.language,
                document=language,
                about=About.SUPPLIER,
            ),
        )
        for item in delivery.posting.items.filter(kind="acceptance").order_by("position")
    ]
    writer.table(_("How each criterion is met"), (_("Work acceptance criterion"), _("How it is met")), rows)
    _write_questions(delivery, answers, writer)
    note = answers.get("note", "")
    if note:
        passage = written(note, by=delivery.language, document=language, about=About.SUPPLIER)
        writer.say(note, language=passage.language, about=passage.about)
    if delivery.confirmed:
        writer.heading(_("Acceptance checklist, confirmed one by one"), 4)
        writer.bullets(_statement(each, language) for each in delivery.confirmed)
    _write_evidence(delivery, answers, writer)
    for judgement in Judgement.objects.filter(delivery=delivery).select_related("judged_by").order_by("pk"):
        _write_judgement(judgement, writer)


def _entered_by(delivery: Delivery) -> str:
    """Who of staff entered it; how it came stands with the contract."""
    kept = EnteredForSupplier.objects.filter(delivery=delivery).select_related("entered_by").first()
    return person(kept.entered_by) if kept is not None else ""


def _write_questions(delivery: Delivery, answers: dict[str, str], writer: Writer) -> None:
    """What editors ask of every delivery besides, with the answers."""
    language = writer.language
    asked = delivery.posting.items.filter(kind=ItemKind.DELIVERY).exclude(field_type="").order_by("position")
    rows: list[tuple[Words, ...]] = [
        (
            rich.runs_of(getattr(item, f"text_{language}")),
            written(
                answers[str(item.identity)], by=delivery.language, document=language, about=About.SUPPLIER
            ),
        )
        for item in asked
        if answers.get(str(item.identity))
    ]
    writer.table(_("Other questions about the delivery"), (_("Question"), _("Answer")), rows)


def _statement(stored: Any, language: str) -> Words:
    """A statement as it was confirmed: kept in both languages."""
    text = (
        stored.get(language) or stored.get(f"text_{language}", "")
        if isinstance(stored, dict)
        else str(stored)
    )
    return rich.runs_of(text)


def _write_evidence(delivery: Delivery, answers: dict[str, str], writer: Writer) -> None:
    attached = {each.check_kind: each for each in delivery.evidence.defer("locked_content")}
    rows: list[tuple[Words, ...]] = []
    for kind in CheckKind:
        each = attached.get(kind)
        if each is not None:
            summary = evidence.sentence(each.result_format, each.summary) if each.size else ""
            told = "\n".join(filter(None, (summary, each.link)))
            rows.append((str(kind.label), told, each.digest))
        elif answers.get(f"no_{kind.value}"):
            why = answers[f"no_{kind.value}"]
            rows.append(
                (
                    str(kind.label),
                    written(why, by=delivery.language, document=writer.language, about=About.SUPPLIER),
                    "",
                )
            )
    writer.table(_("Evidence of automated checks"), (_("Check"), _("Results"), _("Digest, SHA-256")), rows)


def _write_judgement(judgement: Judgement, writer: Writer) -> None:
    language = writer.language
    concurrence: Concurrence | None = getattr(judgement, "concurrence", None)
    writer.heading(_("Judgement %(number)s") % {"number": judgement.sequence}, 4)
    concurred: Words = ""
    if concurrence is not None:
        said = _("Concurs") if concurrence.agreed else _("Does not concur")
        head = "\n".join((said, person(concurrence.concurred_by), moment(concurrence.concurred_at, language)))
        reason = concurrence.reason
        because = written(f"\n{reason}" if reason else "", by=concurrence.language, document=language)
        concurred = (Run(head), because)
    writer.facts(
        _("The judgement"),
        FACTS,
        [
            (_("Judged by"), person(judgement.judged_by)),
            (_("Judged on"), moment(judgement.judged_at, language)),
            (
                _("Result"),
                _("Every criterion is met") if judgement.passed else _("Not every criterion is met"),
            ),
            (_("Merged commit"), judgement.commit),
            (_("What to mend"), written(judgement.mend, by=judgement.language, document=language)),
            (_("Mend by"), moment(judgement.mend_by, language)),
            (_("IT Strategy"), concurred),
        ],
    )
    rows: list[tuple[Words, ...]] = [
        (
            rich.runs_of(getattr(row.item, f"text_{language}")),
            _("Met") if row.passed else _("Not met"),
            written(row.reason, by=judgement.language, document=language),
        )
        for row in judgement.criteria.select_related("item").order_by("item__position")
    ]
    writer.table(
        _("Verdict on each criterion"), (_("Work acceptance criterion"), _("Verdict"), _("Reason")), rows
    )


def _write_accepted(contract: Contract, writer: Writer) -> None:
    accepted = results.acceptance_of(contract)
    if accepted is None:
        return
    writer.heading(_("The work is accepted"), 3)
    writer.facts(
        _("Acceptance of the work"),
        FACTS,
        [
            (_("Merged commit"), accepted.commit),
            (_("Accepted by"), person(accepted.accepted_by)),
            (_("Concurred by"), person(accepted.concurred_by)),
            (_("Work accepted on"), moment(accepted.accepted_at, writer.language)),
        ],
    )


def _write_end(contract: Contract, end: ContractEnd, writer: Writer) -> None:
    language = writer.language
    about = About.SUPPLIER if end.kind == EndKind.WITHDRAWN else None
    writer.heading(_("End of the contract"), 3)
    writer.facts(
        _("How the contract ended"),
        FACTS,
        [
            (_("Kind"), end.get_kind_display()),
            (_("Ended"), moment(end.ended_at, language)),
            (_("Share of the work that is paid"), amounts.rate(Decimal(end.percentage), language)),
            (_("Reason"), written(end.reason, by=end.language, document=language, about=about)),
        ],
    )
    passed: PassedOn | None = getattr(contract, "passed_on", None)
    if passed is not None:
        writer.say(
            _("Offered to the next in the drawn order, for delivery by %(date)s.")
            % {"date": moment(passed.delivery_date, language)}
        )
