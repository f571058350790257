"""Who is told what happens to a file: those who applied, asked or follow it.

Owns the asking. Stages that hold addresses answer the hook
``file_recipients(solicitation) -> Iterable[Recipient]``. Addresses are for mailing only: whoever calls this neither
shows, logs nor records them. Imports no later stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wagtail import hooks

if TYPE_CHECKING:
    from .models import Solicitation


@dataclass(frozen=True)
class Recipient:
    """Someone to write to.

    Attributes:
        address: E-mail address.
        language: Language of correspondence; empty when it is not known, so that both are sent.
        key: What names this recipient in idempotency keys without naming the person.
        link: The person's own page about this file, or the page by which they stop following; empty if none.
        role: ``applicant``, ``follower`` or ``asker``; an address that has several is told once, as the first.
    """

    address: str
    language: str
    key: str
    link: str = ""
    role: str = "follower"

    @property
    def unsubscribe(self) -> str:
        """Where one POST stops the messages (RFC 8058): only who follows has subscribed to anything."""
        return self.link if self.role == "follower" else ""


ROLES = ("applicant", "asker", "follower")


def recipients_of(solicitation: Solicitation) -> list[Recipient]:
    """Everyone who is told about this file, each address once, applicants before askers before followers."""
    found = [recipient for answer in hooks.get_hooks("file_recipients") for recipient in answer(solicitation)]
    first: dict[str, Recipient] = {}
    for recipient in sorted(found, key=lambda one: ROLES.index(one.role)):
        first.setdefault(recipient.address.casefold(), recipient)
    return list(first.values())
