"""What a file must be to be taken as the confirmation of a government employee. Knows no database and no request."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from microacq_pages import formats

#: In bytes. A page that was scanned at an office has less than one megabyte.
LARGEST = 5 * 1024 * 1024
CONTENT_TYPE = "application/pdf"
LONGEST_NAME = 100

#: ISO 32000-1, 7.5.2 and 7.5.5: the header, which readers accept within the first 1,024 bytes, and the end marker.
_HEADER, _END = b"%PDF-", b"%%EOF"
_NOT_IN_A_NAME = re.compile(r"[^\w .,()\-]+")


def fault(content_type: str, content: bytes, language: str) -> str:
    """Why a file is not taken; empty when it is.

    Args:
        content_type: As announced by whoever sent it.
        content: All of it.
        language: In which sizes are written.
    """
    if not content:
        return _("This file is empty. Choose the PDF.")
    if len(content) > LARGEST:
        return _("This file has %(size)s: the limit is %(limit)s. Save it smaller.") % {
            "size": formats.file_size(len(content), language),
            "limit": formats.file_size(LARGEST, language),
        }
    announced = content_type.partition(";")[0].strip().lower()
    if announced != CONTENT_TYPE or not content.startswith(_HEADER) or _END not in content[-1024:]:
        return _("This file is no PDF. Save it as PDF or print it to a PDF, and choose that file.")
    return ""


def clean_name(name: str) -> str:
    """The name of a file without folders and without characters that mean something to a program; it ends in .pdf."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem = last[:-4] if last.lower().endswith(".pdf") else last
    stem = _NOT_IN_A_NAME.sub("_", stem).strip(" ._")[: LONGEST_NAME - 4].strip(" ._")
    return f"{stem or 'confirmation'}.pdf"
