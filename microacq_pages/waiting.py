"""What waits for a person: one list, from which queues, the dashboard and the digest are made.

Owns the form of an item and the asking; each kind of work is listed by whoever answers the hook
``microacq_waiting_work(user) -> Iterable[WaitingItem]`` with a number of queries that does not depend on how many
items there are. Imports no page type.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from .business_days import business_days_between

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


#: What the kinds are called where work is listed by kind; another kind is listed by its own name.
KINDS = {
    "review": _("Reviews"),
    "sent-back": _("Texts sent back to you"),
    "translation": _("Translations"),
    "question": _("Questions"),
    "amendment-call": _("Suppliers to call or to write to"),
    "evaluation": _("Evaluations"),
    "selection": _("Selections"),
    "overdue": _("Overdue acts on files"),
    "request": _("Requests"),
    "request-draft": _("Drafts to begin"),
    "justification": _("Justifications"),
    "justification-to-write": _("Justifications to write"),
    "offer": _("Offers to send"),
    "countersignature": _("Awards to sign"),
    "debrief": _("Suppliers to answer"),
    "contract": _("Work under contract"),
    "payment_approve": _("Invoices to approve"),
    "payment_pay": _("Invoices to pay"),
    "records": _("Documents that could not be written"),
}


def kind_label(kind: str) -> str:
    return str(KINDS.get(kind, kind))


@dataclass(frozen=True)
class WaitingItem:
    """One thing that a person, or a group that they belong to, is expected to do.

    Attributes:
        kind: Stable name of the kind of work, such as ``review`` or ``question``.
        label: What is to be done, in the reader's language.
        title: What it concerns.
        url: Where it is done.
        since: When it began to wait (UTC).
        target_days: Business days within which it should be done, if there is a target.
        due: When it is too late (UTC), such as the deadline of an opportunity.
        detail: What else helps to choose what to do first.
        who: Whose work it is, when it is that of a group or of a named person.
        language: Code of the language of the title, when it is somebody’s text.
        detail_language: The same of the detail.
    """

    kind: str
    label: Any
    title: str
    url: str
    since: datetime
    target_days: int | None = None
    due: datetime | None = None
    detail: Any = ""
    who: Any = ""
    language: str = ""
    detail_language: str = ""

    @property
    def age_days(self) -> int:
        """Business days after the day on which it began to wait."""
        return business_days_between(self.since, timezone.now())

    @property
    def is_late(self) -> bool:
        """Whether the target or the due time has passed."""
        if self.due is not None and self.due < timezone.now():
            return True
        return self.target_days is not None and self.age_days > self.target_days


def waiting_for(user: AbstractBaseUser) -> list[WaitingItem]:
    """Everything that waits for this person: what has a due time first, then the oldest."""
    items = [item for answer in hooks.get_hooks("microacq_waiting_work") for item in answer(user)]
    return sorted(items, key=lambda item: (item.due is None, item.due or item.since, item.since))
