"""Everything that was said and done under a contract, in order, in words: the same for staff and for the supplier.

Owns what the story tells; the two sides differ only in that staff are named to staff alone, and that files of results
are downloaded by staff alone. What waits for IT Strategy, and a default that nobody has confirmed, are told to staff
alone. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from microacq_pages import formats
from submissions.awards import terms
from submissions.solicitations.enums import ItemKind

from . import evidence
from .desk_models import EnteredForSupplier
from .enums import CheckKind, EndKind, MessageKind, Side
from .models import Contract, Dispute, EndProposal, Extension, Message
from .work_models import Delivery, Evidence, Judgement

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Row:
    """One criterion, statement or check of an entry.

    Attributes:
        label: What it is about.
        words: What was said.
        verdict: Met or not met, in words; empty where nothing was judged.
        url: Where there is more.
        language: Of the words.
    """

    label: str
    words: str = ""
    verdict: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing that was said or done.

    Attributes:
        at: When (UTC).
        title: What.
        who: By whom, as the reader may know.
        words: In the words of whoever did it.
        language: Of the words.
        rows: Its parts.
        facts: Other facts, each with its label.
        round: Of a delivery and what was judged of it; 0 for anything else.
    """

    at: datetime
    title: str
    who: str
    words: str = ""
    language: str = ""
    rows: list[Row] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    round: int = 0


def of(contract: Contract, *, for_staff: bool) -> list[Entry]:
    """The whole story, the newest first; a constant number of queries."""
    teller = _Teller(contract, for_staff=for_staff)
    return [entry for _at, _number, entry in sorted(_numbered(teller.entries()), reverse=True)]


def _numbered(entries: Iterator[Entry]) -> Iterator[tuple[datetime, int, Entry]]:
    """Entries of one moment stay in the order of the process."""
    for number, entry in enumerate(entries):
        yield entry.at, number, entry


class _Teller:
    """Puts the rows of one contract into words."""

    def __init__(self, contract: Contract, *, for_staff: bool) -> None:
        self.contract, self.for_staff = contract, for_staff
        self.language = formats.known_language(get_language())
        self.entered: dict[tuple[str, int], EnteredForSupplier] = {}

    def entries(self) -> Iterator[Entry]:
        contract = self.contract
        rows = EnteredForSupplier.objects.filter(contract=contract).select_related("entered_by")
        self.entered = {(row.what, getattr(row, f"{row.what}_id")): row for row in rows}
        yield Entry(contract.started_at, _("The work began"), _("Both sides signed"))
        for message in Message.objects.filter(contract=contract).select_related("written_by"):
            yield self._message(message)
        for extension in (
            Extension.objects.filter(contract=contract)
            .select_related("asked_by", "answer__answered_by")
            .order_by("pk")
        ):
            yield from self._extension(extension)
        for delivery in (
            Delivery.objects.filter(contract=contract)
            .prefetch_related("evidence", "posting__items", "judgements__criteria__item")
            .prefetch_related("judgements__judged_by", "judgements__concurrence__concurred_by")
            .order_by("round")
        ):
            yield self._delivery(delivery)
            for judgement in delivery.judgements.all():
                yield from self._judgement(delivery, judgement)
        for dispute in Dispute.objects.filter(contract=contract).select_related(
            "raised_by", "settlement__settled_by"
        ):
            yield from self._dispute(dispute)
        for proposal in EndProposal.objects.filter(contract=contract).select_related(
            "proposed_by", "answer__answered_by"
        ):
            yield from self._proposal(proposal)
        yield from self._end()

    # --- who and when -------------------------------------------------------------------------------

    def _who(self, person: User | None) -> str:
        if person is None:
            return str(Side.SUPPLIER.label) if self.for_staff else _("You")
        if self.for_staff:
            return person.get_full_name() or person.get_username()
        return _("The department")

    def _day(self, day: Any) -> str:
        return formats.date_long(day, self.language)

    def _came(self, name: str, row: Any) -> list[tuple[str, str]]:
        """How an act of the supplier came that staff entered; nothing where the supplier used the link."""
        kept = self.entered.get((name, row.pk))
        if kept is None:
            return []
        found = [(_("How it came"), str(kept.get_entered_how_display()))]
        if self.for_staff:
            found += [
                (_("When it was signed, written or said"), formats.eastern(kept.taken_at, self.language)),
                (_("Entered by"), self._who(kept.entered_by)),
                (_("How it was received"), kept.statement),
            ]
        return found

    # --- entries ------------------------------------------------------------------------------------

    def _message(self, message: Message) -> Entry:
        is_progress = message.kind == MessageKind.PROGRESS
        title = _("How the work goes") if is_progress else _("Message")
        return Entry(
            message.sent_at,
            title,
            self._who(message.written_by),
            message.words,
            message.language,
            facts=self._came("message", message),
        )

    def _extension(self, extension: Extension) -> Iterator[Entry]:
        title = _("Asked for delivery by %(day)s instead of %(before)s") % {
            "day": self._day(extension.until),
            "before": self._day(extension.before),
        }
        yield Entry(
            extension.asked_at,
            title,
            self._who(extension.asked_by),
            extension.reason,
            extension.language,
            facts=self._came("extension", extension),
        )
        answer = getattr(extension, "answer", None)
        if answer is not None:
            agreed = (
                _("Agreed to delivery by %(day)s")
                if answer.agreed
                else _("Did not agree to delivery by %(day)s")
            )
            yield Entry(
                answer.answered_at,
                agreed % {"day": self._day(extension.until)},
                self._who(answer.answered_by),
                answer.reason,
                answer.language,
                facts=self._came("extension_answer", answer),
            )

    def _delivery(self, delivery: Delivery) -> Entry:
        answers = delivery.answers()
        items = sorted(delivery.posting.items.all(), key=lambda item: item.position)
        rows = [
            Row(
                terms.plain(item.text),
                answers.get(str(item.identity), ""),
                language=delivery.language,
            )
            for kind in (ItemKind.ACCEPTANCE, ItemKind.DELIVERY)
            for item in items
            if item.kind == kind and (kind == ItemKind.ACCEPTANCE or item.field_type)
        ]
        rows += [Row(self._in_language(each), _("Confirmed")) for each in delivery.confirmed]
        rows += self._checks(delivery, answers)
        return Entry(
            delivery.delivered_at,
            _("Work delivered, round %(round)s of %(rounds)s")
            % {"round": delivery.round, "rounds": self.contract.rounds},
            self._who(None),
            answers.get("note", ""),
            delivery.language,
            rows,
            [
                (_("Commit"), delivery.commit),
                (_("Licence"), delivery.licence),
                *self._came("delivery", delivery),
            ],
            list(delivery.requests),
            delivery.round,
        )

    def _in_language(self, both: dict[str, str]) -> str:
        return terms.plain(both.get(self.language) or both.get("en", ""))

    def _checks(self, delivery: Delivery, answers: dict[str, str]) -> list[Row]:
        kept = {each.check_kind: each for each in delivery.evidence.all()}
        found = []
        for kind in CheckKind:
            if kind in kept:
                found.append(self._evidence(kept[kind]))
            elif answers.get(f"no_{kind}"):
                found.append(Row(str(kind.label), answers[f"no_{kind}"], language=delivery.language))
        return found

    def _evidence(self, kept: Evidence) -> Row:
        label = str(CheckKind(kept.check_kind).label)
        if not kept.size:
            return Row(label, kept.link, url=kept.link)
        told = evidence.sentence(kept.result_format, kept.summary)
        clean = evidence.is_clean(kept.result_format, kept.summary)
        return Row(
            label,
            f"{kept.get_result_format_display()} – {told}",
            verdict=_("Nothing found") if clean else _("Findings"),
            url=reverse("contracts:evidence", args=[kept.pk]) if self.for_staff else kept.link,
        )

    def _judgement(self, delivery: Delivery, judgement: Judgement) -> Iterator[Entry]:
        concurrence = getattr(judgement, "concurrence", None)
        counts = concurrence is not None and concurrence.agreed
        if not (counts or self.for_staff):
            return
        title = (
            _("Every criterion is met, round %(round)s")
            if judgement.passed
            else _("Not every criterion is met, round %(round)s")
        )
        facts = []
        if judgement.commit:
            facts.append((_("Merged commit"), judgement.commit))
        if judgement.mend_by:
            facts.append((pgettext("label", "To be mended by"), self._day(judgement.mend_by)))
        yield Entry(
            judgement.judged_at,
            title % {"round": delivery.round},
            self._who(judgement.judged_by),
            judgement.mend,
            judgement.language,
            [
                Row(
                    terms.plain(each.item.text),
                    each.reason,
                    _("Met") if each.passed else _("Not met"),
                    language=judgement.language,
                )
                for each in sorted(judgement.criteria.all(), key=lambda each: each.item.position)
            ],
            facts,
            round=delivery.round,
        )
        if concurrence is not None:
            to_mend = (
                _("IT Strategy concurs: to be mended") if judgement.mend_by else _("The work is not accepted")
            )
            accepted = _("The work is accepted") if judgement.passed else to_mend
            yield Entry(
                concurrence.concurred_at,
                accepted if concurrence.agreed else _("IT Strategy does not concur: judged again"),
                self._who(concurrence.concurred_by),
                concurrence.reason if self.for_staff else "",
                concurrence.language,
            )

    def _dispute(self, dispute: Dispute) -> Iterator[Entry]:
        yield Entry(
            dispute.raised_at,
            _("Dispute raised"),
            self._who(dispute.raised_by),
            dispute.words,
            dispute.language,
            facts=self._came("dispute", dispute),
        )
        settlement = getattr(dispute, "settlement", None)
        if settlement is not None:
            yield Entry(
                settlement.settled_at,
                _("Dispute settled"),
                self._who(settlement.settled_by),
                settlement.words,
                settlement.language,
            )

    def _proposal(self, proposal: EndProposal) -> Iterator[Entry]:
        is_default = proposal.kind == EndKind.DEFAULT
        if is_default and not self.for_staff:
            return
        title = (
            _("Termination for default proposed")
            if is_default
            else _("Termination for convenience proposed: %(share)s percent of the price is paid")
            % {"share": proposal.percentage}
        )
        yield Entry(
            proposal.proposed_at,
            title,
            self._who(proposal.proposed_by),
            proposal.reason,
            proposal.language,
            facts=[]
            if is_default
            else [
                (_("Share computed from the criteria"), _("%(share)s percent") % {"share": proposal.computed})
            ],
        )
        answer = getattr(proposal, "answer", None)
        if answer is not None:
            yield Entry(
                answer.answered_at,
                _("Agreed to the end of the contract")
                if answer.agreed
                else _("Did not agree to the end of the contract"),
                self._who(answer.answered_by),
                answer.reason,
                answer.language,
                facts=self._came("end_answer", answer),
            )

    def _end(self) -> Iterator[Entry]:
        end = getattr(self.contract, "end", None)
        if end is None:
            return
        titles = {
            EndKind.DEFAULT: _("The contract ended for default: nothing is paid"),
            EndKind.CONVENIENCE: _("The contract ended for convenience"),
            EndKind.WITHDRAWN: _("The supplier withdrew: nothing is paid"),
        }
        is_withdrawn = end.kind == EndKind.WITHDRAWN
        yield Entry(
            end.ended_at,
            titles[EndKind(end.kind)],
            self._who(None) if is_withdrawn else _("The department"),
            end.reason,
            end.language,
            facts=self._came("end", end),
        )
