"""The opportunity as posted, each amendment, and what the client confirmed before. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages import formats
from microacq_pages.models import Opportunity, PublicationApproval, SplittingJustification
from submissions.solicitations import amendments, changes, postings
from submissions.solicitations.enums import ItemKind

from .. import rich
from ..documents import document
from ..words import Run, Writer
from .saying import FACTS, SHA_256, moment, person

if TYPE_CHECKING:
    from submissions.solicitations.models import Posting, Solicitation

CONFIRMATIONS = (
    "confirm_standalone",
    "confirm_no_internal_capacity",
    "confirm_unclassified",
    "confirm_not_split",
    "confirm_funds_committed",
)
_RICH = frozenset({"background", "work"})
#: Of the page, not of what was bought.
_LEFT_OUT = frozenset({"slug", "seo_title", "search_description"})


@document("opportunity", order=100, title=gettext_lazy("Opportunity as posted"))
def write_opportunity(file: Solicitation, writer: Writer) -> None:
    """The text of the first posting, whole, with its digest."""
    first = file.postings.prefetch_related("items").order_by("amendment").first()
    if first is not None:
        _posting(file, first, writer)


@document("amendments", order=110, title=gettext_lazy("Amendments"))
def write_amendments(file: Solicitation, writer: Writer) -> None:
    """Each amendment: what was changed and why, and the whole text as it stood then."""
    language = writer.language
    for before, posting in reversed(amendments.amended(file)):
        writer.heading(_("Amendment %(number)s") % {"number": posting.amendment})
        writer.facts(
            _("The amendment"),
            FACTS,
            [
                (_("Published"), moment(posting.created_at, language)),
                (_("How it came to be"), posting.get_kind_display()),
                (_("Published by"), person(posting.made_by)),
                (
                    _("Applicants asked to confirm or replace"),
                    _("Yes") if posting.asks_confirmation else _("No"),
                ),
            ],
        )
        writer.heading(_("What was changed and why"), 3)
        writer.say(posting.get_summary(language))
        writer.table(
            _("Before and after"),
            (_("What"), _("Before"), _("After")),
            [
                (change.label, change.before, change.after)
                for change in changes.changes_between(before.text, posting.text, language)
                if change.name not in _LEFT_OUT
            ],
        )
        writer.heading(_("The whole text as amended"), 3)
        _posting(file, posting, writer, level=4)


def _posting(file: Solicitation, posting: Posting, writer: Writer, level: int = 2) -> None:
    language = writer.language
    words, facts = posting.text.get(language, {}), posting.text.get("facts", {})
    writer.facts(
        _("Facts as posted"),
        FACTS,
        [
            (_("Number of the file"), file.number),
            (_("Published"), moment(posting.created_at if posting.amendment else file.posted_at, language)),
            *(
                (changes.LABELS[name], _fact(name, facts.get(name, ""), language))
                for name in postings.FACT_FIELDS
            ),
            *(
                (changes.LABELS[name], words.get(name, ""))
                for name in ("title", "department", "branch", "team", *postings.SURROUNDING_FIELDS)
                if name not in _LEFT_OUT
            ),
            (str(SHA_256), posting.digest),
        ],
    )
    writer.heading(changes.LABELS["teaser"], level)
    writer.say(words.get("teaser", ""))
    for name in ("background", "work"):
        if words.get(name):
            writer.heading(changes.LABELS[name], level)
            writer.blocks.extend(rich.blocks_of(words[name], level=level + 1))
    items = list(posting.items.all())
    for kind in ItemKind:
        of_kind = [item for item in items if item.kind == kind]
        if of_kind:
            writer.heading(str(kind.label), level)
            writer.table(
                kind.label,
                (_("Number"), _("Text"), _("Details")),
                [
                    (str(item.position), rich.runs_of(_of(item, "text", language)), _details(item, language))
                    for item in of_kind
                ],
            )


def _of(item: Any, name: str, language: str) -> Any:
    return getattr(item, f"{name}_{language}")


def _details(item: Any, language: str) -> str:
    parts = [_of(item, "help", language), ", ".join(_of(item, "choices", language))]
    if item.word_limit:
        parts.append(_("At most %(count)s words") % {"count": item.word_limit})
    if item.kind == ItemKind.QUESTION and not item.required:
        parts.append(_("Optional"))
    return "\n".join(filter(None, parts))


def _fact(name: str, stored: str, language: str) -> str:
    value: Any = postings.fact_from(name, stored)
    if name == "price":
        return formats.money(value, language)
    return moment(value, language) if name in {"deadline", "selection_date", "delivery_date"} else stored


@document("client-confirmations", order=120, title=gettext_lazy("What the client confirmed"))
def write_confirmations(file: Solicitation, writer: Writer) -> None:
    """The statements for the rules of the collective agreements and of the law, and who approved the text."""
    page = file.page("en")
    if not isinstance(page, Opportunity):
        return
    language = writer.language
    writer.facts(
        _("Who it is about"),
        FACTS,
        [
            (_("Number of the file"), file.number),
            (_("Client"), person(file.client) if file.client else ""),
            (_("Posted by"), person(file.posted_by) if file.posted_by else ""),
            (_("Posted"), moment(file.posted_at, language)),
            (_("Section 32 reference"), page.section_32_reference),
        ],
    )
    writer.heading(_("Statements"))
    writer.table(
        _("Statements of the client"),
        (_("Statement"), _("Confirmed")),
        [
            (
                capfirst(str(Opportunity._meta.get_field(name).verbose_name)),
                _("Yes") if getattr(page, name) else _("No"),
            )
            for name in CONFIRMATIONS
        ],
    )
    _write_approvals(file, writer)
    _write_justifications(file, writer)


def _write_approvals(file: Solicitation, writer: Writer) -> None:
    approvals = PublicationApproval.objects.filter(translation_key=file.translation_key)
    rows = [
        (moment(each.approved_at, writer.language), person(each.approved_by), each.digest)
        for each in approvals.select_related("approved_by").order_by("approved_at", "pk")
    ]
    if rows:
        writer.heading(_("Approvals of the text"))
        writer.table(
            _("Approvals of the text"), (_("When"), _("By whom"), _("Digest of the text, SHA-256")), rows
        )


def _write_justifications(file: Solicitation, writer: Writer) -> None:
    found = SplittingJustification.objects.filter(translation_key=file.translation_key)
    for each in found.select_related("written_by", "decided_by").order_by("pk"):
        writer.heading(_("Justification of several contracts"))
        writer.say(each.text)
        writer.facts(
            _("The justification and what was decided"),
            FACTS,
            [
                (_("Written by"), person(each.written_by)),
                (_("Written"), moment(each.written_at, writer.language)),
                (_("Sum with tax"), formats.money(each.sum_with_tax, writer.language)),
                (_("Decision"), each.get_decision_display()),
                (_("Decided by"), person(each.decided_by) if each.decided_by else ""),
                (_("Decided"), moment(each.decided_at, writer.language)),
                (_("Reason"), [Run(each.reason)] if each.reason else ""),
            ],
        )
