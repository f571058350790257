"""Every recorded act of the file, with its place in the chain of the audit.

Left out are the acts by which the records themselves are written and fetched, so that writing a file down does not
change what is to be written; and, before the file is opened, what applicants did.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.audit.models import AuditEntry
from submissions.audit.reading import ReadableEntry, make_readable
from submissions.audit.services import LANGUAGE, REASONS
from submissions.solicitations.enums import State

from ..documents import document
from ..words import Run, Words, Writer
from .saying import moment

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

#: Acts of this stage.
OWN = "records."
#: Acts of suppliers, who are nobody’s business before the file is opened.
OF_SUPPLIERS = ("proposal.", "draft.", "link.")
#: Who looked at something changes nothing in the file; the audit has it.
_LOOKS = Q(action__regex=r"[._](read|listed|shown|verified)$")


def _in_its_language(entry: ReadableEntry, language: str) -> Words:
    """The sentence of an act; why something was refused is in the language of whoever was."""
    data = json.loads(entry.payload).get("data") or {}
    data = json.loads(data) if isinstance(data, str) else data
    reasons, spoken = str(data.get(REASONS, "")), str(data.get(LANGUAGE, ""))
    before, found, after = entry.act.partition(reasons) if reasons else (entry.act, "", "")
    if not found or spoken in ("", language):
        return entry.act
    return Run(before), Run(found, language=spoken), Run(after)


@document("acts", order=900, title=gettext_lazy("Record of acts"))
def write_acts(file: Solicitation, writer: Writer) -> None:
    """Who did what and when, in the order of the chain."""
    entries = (
        AuditEntry.objects.filter(file_number=file.number).exclude(action__startswith=OWN).exclude(_LOOKS)
    )
    if file.state == State.POSTED:
        for prefix in OF_SUPPLIERS:
            entries = entries.exclude(action__startswith=prefix)
    writer.say(_("Each act is an entry in the chain of the audit; its hash covers the entry before it."))
    writer.table(
        _("Acts of the file"),
        (_("Entry"), _("When"), _("By whom"), _("Act"), _("Hash, SHA-256")),
        [
            (
                str(each.sequence),
                moment(each.happened_at, writer.language),
                each.actor,
                _in_its_language(each, writer.language),
                each.hash,
            )
            for each in make_readable(entries.order_by("sequence"))
        ],
    )
