"""The answer to what came too often: a sentence with the time to wait, and the same for programs.

https://www.rfc-editor.org/rfc/rfc6585#section-4 (429) and https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
(Retry-After, in seconds).
"""

from __future__ import annotations

import math

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .counting import TooMany

STATUS = 429


def sentence(reached: TooMany) -> str:
    """What a person is told: why, that nothing is lost, and when to send it again."""
    minutes = math.ceil(reached.seconds / 60)
    when = (
        ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}
        if minutes < 60
        else ngettext("in %(count)d hour", "in %(count)d hours", math.ceil(minutes / 60))
        % {"count": math.ceil(minutes / 60)}
    )
    why = (
        _("Much was sent from your network in a short time, perhaps by others who share it.")
        if reached.limit.name.endswith("/network")
        else _("This was sent many times in a short time.")
    )
    rest = _("Nothing you typed is lost: keep this page open and send it again %(when)s.") % {"when": when}
    return f"{why} {rest}"


def mark(response: HttpResponse, reached: TooMany) -> HttpResponse:
    """Let the answer say after how many seconds to come again."""
    response["Retry-After"] = str(reached.seconds)
    return response
