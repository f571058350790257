"""What waits for a person because of the archive. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microacq_pages.waiting import WaitingItem
from submissions.solicitations.models import Solicitation

from . import permissions
from .models import ArchivedDocument, WriteState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Business days within which somebody looks why.
LOOK_WITHIN = 2


def work_of(user: User) -> Iterator[WaitingItem]:
    """Files of which a document was given up after every attempt."""
    if not user.has_perm(permissions.DOWNLOAD):
        return
    given_up = ArchivedDocument.objects.filter(state=WriteState.GIVEN_UP).order_by()
    rows = given_up.values("solicitation").annotate(count=Count("pk"), since=Min("next_attempt_at"))
    found = list(rows)
    files = Solicitation.objects.in_bulk([row["solicitation"] for row in found]) if found else {}
    for row in found:
        file = files[row["solicitation"]]
        yield WaitingItem(
            kind="records",
            label=_("Find out why documents cannot be written"),
            title=file.number,
            url=reverse("records:documents", args=[file.pk]),
            since=row["since"],
            target_days=LOOK_WITHIN,
            detail=ngettext("%(count)s document", "%(count)s documents", row["count"])
            % {"count": row["count"]},
        )
