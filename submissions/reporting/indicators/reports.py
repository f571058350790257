"""The mid-point and the close-out report as accessible .docx documents, from the same figures as the dashboard.

Owns what each report holds; the form of a document is that of the archive. A report says what cannot be known, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext

from microacq_pages.formats import date_long
from submissions.records.archive import docx
from submissions.records.archive.words import Document, Writer

from .charts import chart
from .figures import Arrivals, Figures, Line
from .period import Period
from .values import NOTHING_YET

CONTENT_TYPE = docx.CONTENT_TYPE


@dataclass(frozen=True)
class Kind:
    """One report.

    Attributes:
        name: In addresses and names of files.
        title: What it is called.
        is_final: Whether it tells of every stage and contract as well.
    """

    name: str
    title: Any
    is_final: bool


KINDS = {
    kind.name: kind
    for kind in (
        Kind("mid-point", gettext_lazy("Mid-point report"), is_final=False),
        Kind("close-out", gettext_lazy("Close-out report"), is_final=True),
    )
}


def file_name(kind: Kind, period: Period, language: str) -> str:
    """As the browser saves it."""
    return f"{kind.name}_{period.first.isoformat()}_{period.last.isoformat()}_{language}.docx"


def draw(kind: Kind, period: Period, language: str) -> bytes:
    """The report of a period in a language, as the bytes of a .docx file."""
    with override(language):
        return docx.draw(document(kind, Figures(period, language)))


def document(kind: Kind, figures: Figures) -> Document:
    """The report, before it is drawn; in the language of the figures, which is active."""
    writer = Writer(figures.language)
    first, last = (date_long(day, figures.language) for day in (figures.period.first, figures.period.last))
    days = f"{first} – {last}"
    writer.say(
        _("Every figure in this report is computed from what the site recorded from %(first)s to %(last)s.")
        % {"first": first, "last": last}
    )
    writer.say(
        _(
            "Groups of fewer than five people are not shown, nor what would give them away. What "
            "cannot be known says why."
        )
    )
    _summary(writer, figures)
    writer.heading(_("Indicators against targets"))
    for label, lines in figures.groups:
        _indicators(writer, label, lines)
    _unknown(writer, figures)
    _trends(writer, figures)
    _people(writer, figures)
    if kind.is_final:
        _stages(writer, figures)
        _completed(writer, figures)
    _sources(writer, figures)
    return Document(
        kind.name, str(kind.title), figures.language, days, figures.period.end, tuple(writer.blocks)
    )


def _summary(writer: Writer, figures: Figures) -> None:
    writer.heading(_("In short"))
    writer.facts(_("In short"), (_("What"), _("How many")), figures.totals)
    counted = [line.is_met for line in figures.lines if line.indicator.target]
    met, known = counted.count(True), len(counted) - counted.count(None)
    writer.say(
        _("Of %(all)s targets, %(known)s can be judged now; of those, %(met)s are met.")
        % {"all": len(counted), "known": known, "met": met}
    )


def _indicators(writer: Writer, label: Any, lines: list[Line]) -> None:
    writer.heading(label, level=3)
    header = (
        _("Indicator"),
        pgettext("of an indicator", "Target"),
        _("Result"),
        _("Target met"),
        _("Variance and explanation"),
    )
    writer.table(
        label,
        header,
        [
            (str(line.indicator.label), line.target, line.words, line.verdict, " ".join(line.remarks))
            for line in lines
        ],
        widths=(2.1, 0.95, 1.25, 0.85, 1.6),
    )


def _unknown(writer: Writer, figures: Figures) -> None:
    lines = [line for line in figures.lines if line.value.latest is None]
    if lines:
        writer.heading(_("What is not known"))
        writer.bullets(
            _("%(indicator)s: %(why)s") % {"indicator": line.indicator.label, "why": " ".join(line.remarks)}
            for line in lines
        )


def _trends(writer: Writer, figures: Figures) -> None:
    writer.heading(_("Trends"))
    for trend in figures.trends:
        drawn = chart(trend, figures.language)
        writer.heading(trend.label, level=3)
        writer.say(drawn.summary)
        writer.table(trend.label, (_("Period"), trend.label), drawn.rows)
    _arrivals(writer, figures.arrivals)


def _arrivals(writer: Writer, arrivals: Arrivals) -> None:
    writer.heading(_("When applications arrive"), level=3)
    if not arrivals.years:
        writer.say(str(NOTHING_YET))
        return
    writer.say(
        _(
            "By fiscal year of the deadline, whole years, so that no small group can be told from a difference."
        )
    )
    writer.table(
        _("Applications by the time left until the deadline"),
        (_("Before the deadline"), *arrivals.years),
        [(str(label), *counts) for label, counts in arrivals.lines],
    )


def _people(writer: Writer, figures: Figures) -> None:
    if not figures.people:
        return
    writer.heading(_("Who suppliers are"))
    writer.say(
        _("From the sums of the survey, by calendar year: what those said of themselves who answered it.")
    )
    for told in figures.people:
        writer.table(told.title, (told.title, _("People")), told.lines)


def _stages(writer: Writer, figures: Figures) -> None:
    writer.heading(_("Days for each stage, against the plan"))
    writer.say(
        _(
            "Calendar days, of the opportunities posted in the period that have passed the stage. "
            "The plan is that of the pilot of 2021."
        )
    )
    writer.table(
        _("Days for each stage, against the plan"),
        (_("Stage"), _("Planned"), _("Mean"), _("Median"), _("Against the plan"), _("Opportunities")),
        [
            (str(each.label), each.planned, each.mean, each.middle, each.over, str(each.taken.files))
            for each in figures.stages
        ],
        widths=(1.6, 0.85, 0.95, 0.95, 1.0, 1.25),
    )


def _completed(writer: Writer, figures: Figures) -> None:
    writer.heading(_("Completed contracts"))
    if not figures.completed:
        writer.say(_("No work was accepted in this period."))
        return
    writer.table(
        _("Completed contracts"),
        (
            _("Number"),
            _("Opportunity"),
            _("Supplier"),
            _("Value before tax"),
            _("Licence"),
            _("Work accepted"),
        ),
        [
            (
                each.number,
                each.title,
                each.supplier,
                each.worth,
                each.licence,
                date_long(each.accepted_on, figures.language),
            )
            for each in figures.completed
        ],
        widths=(1.15, 1.4, 1.2, 0.9, 0.9, 1.1),
    )


def _sources(writer: Writer, figures: Figures) -> None:
    writer.heading(_("Where each figure comes from"))
    writer.table(
        _("Where each figure comes from"),
        (_("Indicator"), _("Source")),
        [(str(line.indicator.label), str(line.indicator.source)) for line in figures.lines],
    )
