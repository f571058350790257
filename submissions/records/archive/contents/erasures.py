"""The certificates of erasure: what of a file was erased, how much, when and under which authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..documents import document
from ..models import ErasureCertificate
from ..words import Writer
from .saying import FACTS, moment, person

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


@document("erasures", order=910, title=gettext_lazy("Certificates of erasure"))
def write_erasures(file: Solicitation, writer: Writer) -> None:
    """Each certificate with its digest and what it counts; the digests of single values stay in the database."""
    language = writer.language
    for row in ErasureCertificate.objects.filter(solicitation=file).select_related("made_by").order_by("pk"):
        writer.heading(_("Certificate of %(date)s") % {"date": moment(row.made_at, language)})
        writer.facts(
            _("The certificate"),
            FACTS,
            [
                (_("Whose personal data"), row.get_category_display()),
                (_("File ended"), moment(row.ended_at, language)),
                (_("Kept until"), moment(row.retained_until, language)),
                (_("Erased"), moment(row.made_at, language)),
                (_("Erased by"), person(row.made_by)),
                (_("Authority"), row.authority),
                (_("Digest of the certificate, SHA-256"), row.digest),
            ],
        )
        writer.table(
            _("What was erased"),
            (_("Column"), _("Values")),
            [(name, str(count)) for name, count in sorted(row.counts.items())],
        )
