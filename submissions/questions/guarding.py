"""What keeps the open form from being a door for machines: a bait, a minimum time, a limit per network and file.

Owns these rules, and the sentences by which a person who met one of them learns what to do. Keeps no address: of a
network only a digest that changes every day.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from axes.helpers import get_client_ip_address
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.crypto import salted_hmac

from submissions.notices.networks import network_of

from .models import Question

if TYPE_CHECKING:
    from django.http import HttpRequest

    from submissions.solicitations.models import Solicitation

#: The field that people do not see and machines fill in.
BAIT = "website"
#: Nobody reads the page, writes a question and sends it in less, in seconds.
SHORTEST = 3
#: How long a form may stay open, in seconds.
LONGEST = 24 * 60 * 60
#: How many questions are taken within ``WINDOW`` from one network, which a university may share, and about one file.
PER_NETWORK = 20
PER_FILE = 60
WINDOW = timedelta(hours=1)

_SALT = "submissions.questions.stamp"


@dataclass(frozen=True)
class Stamp:
    """What a form carries that says when it was fetched, and for which file.

    Attributes:
        token: As it stands in the form.
        is_whole: Whether this server made it, for this file, not too long ago.
        is_quick: Whether it was fetched a moment ago only.
    """

    token: str
    is_whole: bool = True
    is_quick: bool = False


def new_stamp(file: Solicitation) -> Stamp:
    """The stamp of a form that is fetched now."""
    return Stamp(_signer(file).sign(secrets.token_urlsafe(9)))


def read_stamp(file: Solicitation, token: str) -> Stamp:
    """The stamp that came back with a form."""
    signer = _signer(file)
    try:
        signer.unsign(token, max_age=LONGEST)
    except (SignatureExpired, BadSignature):
        return Stamp(token, is_whole=False)
    try:
        signer.unsign(token, max_age=SHORTEST)
    except SignatureExpired:
        return Stamp(token)
    return Stamp(token, is_quick=True)


def _signer(file: Solicitation) -> TimestampSigner:
    return TimestampSigner(salt=f"{_SALT}/{file.number}")


def form_digest(stamp: Stamp, text: str) -> str:
    """The same for a form that is sent twice, so that a second click asks nothing twice."""
    return hashlib.sha256(f"{stamp.token}\n{text}".encode()).hexdigest()


def network_digest(request: HttpRequest, now: datetime) -> str:
    """What names the network of a visitor for the length of a day; empty when it is not known."""
    network = network_of(get_client_ip_address(request))
    if not network:
        return ""
    return salted_hmac(
        "submissions.questions.network", f"{now:%Y-%m-%d}/{network}", algorithm="sha256"
    ).hexdigest()


def is_too_many(file: Solicitation, network: str, now: datetime) -> bool:
    """Whether this network, or everyone together about this file, has asked enough for the moment."""
    recent = Question.objects.filter(asked_at__gt=now - WINDOW)
    if network and recent.filter(network_digest=network).count() >= PER_NETWORK:
        return True
    return recent.filter(solicitation=file).count() >= PER_FILE
