"""The look at a form that comes back: a bait, a minimum time, text only.

Whoever meets an objection sees the form again with every word, and is taken the next time: the form that is shown
again carries a stamp that says so. So no honest person is asked twice, whatever their browser fills in, and nobody is
shut out in the last minute. Owns these rules and their sentences. Keeps nothing, and knows no stage.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner, b62_decode
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.http import HttpRequest

UNPROCESSABLE, UNSUPPORTED = 422, 415

#: The field that people do not see and machines fill in. No browser knows it as a part of an address.
BAIT = "comment_2"
#: The field that carries the stamp.
STAMP = "stamp"

_PASSES = "passes."


@dataclass(frozen=True)
class Look:
    """What is seen of a form that came back.

    Attributes:
        stamp: What the form carries when it is shown again.
        objection: The sentence for the person; empty when the form may pass.
        status: Of the answer that shows the form again.
    """

    stamp: str
    objection: str = ""
    status: int = UNPROCESSABLE


def new_stamp(subject: str) -> str:
    """The stamp of a form that is fetched now; it stays valid for as long as the subject takes anything.

    Args:
        subject: What the form is for, such as ``apply/MA-2026-0001``: a stamp counts for nothing else.
    """
    return _signer(subject).sign(secrets.token_urlsafe(9))


def look(request: HttpRequest, subject: str) -> Look:
    """Look at a form that came back for ``subject``."""
    stamp = request.POST.get(STAMP, "")
    try:
        mark = _signer(subject).unsign(stamp)
    except BadSignature:
        return Look(passing_stamp(subject), _not_whole())
    if getattr(request, "microacq_file_refused", False):
        return Look(stamp, _text_only(), UNSUPPORTED)
    if mark.startswith(_PASSES):
        return Look(stamp)
    if request.POST.get(BAIT):
        return Look(passing_stamp(subject), _bait_taken())
    if _age(stamp) < getattr(settings, "MICROACQ_SHORTEST_VISIT", 3):
        return Look(passing_stamp(subject), _too_quick())
    return Look(stamp)


def passing_stamp(subject: str) -> str:
    """The stamp of a form whose sender was looked at before, or came with a link of their own."""
    return _signer(subject).sign(f"{_PASSES}{secrets.token_urlsafe(9)}")


def _signer(subject: str) -> TimestampSigner:
    return TimestampSigner(salt=f"submissions.gate/{subject}")


def _age(stamp: str) -> float:
    """Seconds since a stamp whose signature was checked was made."""
    return time.time() - b62_decode(stamp.rsplit(":", 2)[1])


def _not_whole() -> str:
    return _("The page was not sent whole. Nothing you typed is lost: check it and send it again.")


def _text_only() -> str:
    return _(
        "A file came with it, and only text is taken here. Nothing you typed is lost: send it again without the file."
    )


def _bait_taken() -> str:
    return _(
        "A field that people do not see was filled in, so this was not sent. Your browser may have done that. Nothing "
        "you typed is lost: send it once more."
    )


def _too_quick() -> str:
    return _("That was quicker than a person writes. Nothing you typed is lost: send it again.")
