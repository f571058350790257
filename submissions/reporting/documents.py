"""The documents that are written from the tables of reporting: columns of the tracker, and indicators. Reads no
database."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from .columns import COLUMNS, GROUPS
from .indicators import measures, metrics, stages

#: Documents by the beginning of their file’s name.
NAMES = ("tracker", "indicators")


def document(name: str, language: str) -> str:
    """One of the documents in a language.

    Args:
        name: One of ``NAMES``.
        language: ``en`` or ``fr``.
    """
    with override(language):
        return _tracker() if name == "tracker" else _indicators(language)


def _tracker() -> str:
    parts = [
        "# " + _("The columns of the tracker"),
        _(
            "Nobody fills the tracker in: each column is read from what happened. This page is written from the code."
        ),
    ]
    number = 0
    for group, label in GROUPS.items():
        rows = []
        for column in COLUMNS:
            if column.group == group:
                number += 1
                rows.append((str(number), str(column.label), str(column.source)))
        parts += [f"## {label}", _table((_("No."), _("Column"), _("Where it comes from")), rows)]
    return "\n\n".join(parts) + "\n"


def _indicators(language: str) -> str:
    parts = [
        "# " + _("The indicators"),
        _(
            "Each is computed over any period from what happened, against the target of the pilot’s performance plan. "
            "This page is written from the code."
        ),
    ]
    header = (_("Indicator"), pgettext("of an indicator", "Target"), _("Where it comes from"))
    for name, label in metrics.GROUPS.items():
        rows = [
            (
                str(each.label),
                each.target.words(each.unit, language) if each.target else _("No target"),
                str(each.source),
            )
            for each in metrics.INDICATORS
            if each.group == name
        ]
        parts += [f"## {label}", _table(header, rows)]
    parts += [
        "## " + _("What is not known unless somebody enters it"),
        _table(
            (_("Number"), _("Why")),
            [(str(kind.label), str(why)) for kind, why in measures.NOT_ENTERED.items()],
        ),
        "## " + _("Days for each stage, against the plan"),
        _table(
            (_("Stage"), _("Planned")),
            [
                (str(stage.label), "–" if stage.planned is None else str(stage.planned))
                for stage in stages.STAGES
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [tuple(header), *(tuple(row) for row in rows)]
    written = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([written[0], "|" + "---|" * len(lines[0]), *written[1:]])
