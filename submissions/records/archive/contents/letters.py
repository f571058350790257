"""The letters to suppliers as they were sent, without the personal links that they carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from submissions.notices import letters
from submissions.notices.kinds import kind_label
from submissions.notices.models import OutgoingMessage

from ..documents import document
from ..words import About, Run, Writer
from .saying import FACTS, moment, names_are_known, written

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


@document("letters", order=510, title=gettext_lazy("Letters"))
def write_letters(file: Solicitation, writer: Writer) -> None:
    """Each letter: to whom, masked, when, in which language, what it said."""
    if not names_are_known(file):
        return
    rows = OutgoingMessage.objects.filter(file_number=file.number, kind__in=letters.OF_RECORD)
    for row in rows.defer("payload").order_by("created_at", "pk").iterator(chunk_size=100):
        _write_letter(row, writer)


def _write_letter(row: OutgoingMessage, writer: Writer) -> None:
    language = writer.language
    letter = letters.read(row)
    writer.heading(_("Letter %(number)s: %(kind)s") % {"number": row.pk, "kind": kind_label(row.kind)})
    writer.facts(
        _("The letter"),
        FACTS,
        [
            (_("To"), Run(row.to_masked, about=About.CONTACT)),
            (_("Written"), moment(row.created_at, language)),
            (pgettext("letter", "Sent"), moment(row.sent_at, language)),
            (_("Language"), {"en": _("English"), "fr": _("French")}.get(row.language, "")),
            (_("Subject"), written(letter.subject, by=row.language, document=language) if letter else ""),
        ],
    )
    if letter is None:
        writer.say(_("The text of this letter was not kept."))
        return
    passage = written(letter.text, by=row.language, document=language)
    writer.say(letter.text, language=passage.language)
