"""Trends as drawings that the server makes: SVG with a title, a description and, beside it, the table of the same
numbers.

Pure. Bars of one ink on the page's own background, so that nothing is told by colour; no script and no inline style,
which the public pages' security policy forbids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microacq_pages.formats import labelled

from .period import Period
from .trends import Trend
from .values import formatted

WIDTH, HEIGHT = 480, 200
#: Room for the numbers on the left, the months below, and above.
LEFT, BELOW, ABOVE = 76, 34, 16
#: So many months are named below the bars at most.
NAMED = 6


@dataclass(frozen=True)
class Chart:
    """A trend, drawn and in rows.

    Attributes:
        name: Of the trend, for the identifiers of the page.
        label: What it shows.
        svg: The drawing; empty where there is nothing to draw.
        rows: Each step with its number, in words.
        summary: What the drawing shows, in a sentence.
    """

    name: str
    label: Any
    svg: SafeString | str
    rows: list[tuple[str, str]]
    summary: str


def chart(trend: Trend, language: str) -> Chart:
    """One trend in one language."""
    rows = [
        (step_name(step), formatted(value, trend.unit, language) if value is not None else "–")
        for step, value in trend.points
    ]
    summary = _summary(trend, rows)
    drawn: SafeString | str = "" if trend.is_empty else _draw(trend, rows, summary, language)
    return Chart(trend.name, trend.label, drawn, rows, summary)


def step_name(step: Period) -> str:
    """``2026-04``, or the first and last month of a longer step."""
    first, last = f"{step.first:%Y-%m}", f"{step.last:%Y-%m}"
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _summary(trend: Trend, rows: Sequence[tuple[str, str]]) -> str:
    counted = [(value, place) for place, (_step, value) in enumerate(trend.points) if value is not None]
    if trend.is_empty or not counted:
        return _("There is nothing to count in this period.")
    high = max(counted, key=lambda each: each[0])[1]
    low = min(counted, key=lambda each: each[0])[1]
    return _("%(steps)s bars; the highest is %(high)s (%(when)s), the lowest %(low)s (%(then)s).") % {
        "steps": len(rows),
        "high": rows[high][1],
        "when": rows[high][0],
        "low": rows[low][1],
        "then": rows[low][0],
    }


def top_of(values: Sequence[Decimal]) -> Decimal:
    """The end of the scale: 1, 2 or 5 times a power of ten, not below the highest value."""
    highest = max(values)
    power = Decimal(10) ** (highest.adjusted() if highest > 0 else 0)
    return next(step * power for step in (1, 2, 5, 10) if step * power >= highest)


def _draw(trend: Trend, rows: Sequence[tuple[str, str]], summary: str, language: str) -> SafeString:
    top = top_of([value for _step, value in trend.points if value is not None])
    room = HEIGHT - BELOW - ABOVE
    width = (WIDTH - LEFT) / len(trend.points)
    every = -(-len(rows) // NAMED)
    bars, names = [], []
    for place, ((_step, value), (name, said)) in enumerate(zip(trend.points, rows, strict=True)):
        left = LEFT + place * width
        if value:
            tall = float(value / top) * room
            bars.append(
                (
                    f"{left + width * 0.15:.1f}",
                    f"{ABOVE + room - tall:.1f}",
                    f"{width * 0.7:.1f}",
                    f"{tall:.1f}",
                    labelled(name, said, language),
                )
            )
        if place % every == 0:
            names.append((f"{left + width / 2:.1f}", HEIGHT - BELOW + 20, name[:7]))
    lines = [
        (
            LEFT,
            f"{ABOVE + room * (1 - part):.1f}",
            WIDTH,
            LEFT - 6,
            formatted(top * Decimal(str(part)), trend.unit, language),
        )
        for part in (0, 0.5, 1)
    ]
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="chart-{}-title chart-{}-desc"'
        ' width="100%" xmlns="http://www.w3.org/2000/svg" fill="currentColor" font-size="13">'
        '<title id="chart-{}-title">{}</title><desc id="chart-{}-desc">{}</desc>{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        *(trend.name,) * 3,
        trend.label,
        trend.name,
        summary,
        format_html_join(
            "",
            '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" stroke-opacity="0.35"/>'
            '<text x="{}" y="{}" dominant-baseline="middle" text-anchor="end">{}</text>',
            ((left, y, right, y, at, y, words) for left, y, right, at, words in lines),
        ),
        format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', bars),
        format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', names),
    )
