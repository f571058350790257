"""What the clock does with drafts: one reminder a day before the deadline, and deleting them a week after it.

Owns these two steps of ``tick``. Neither reads what a draft says. The reminder carries no link: the server does not
keep it (DESIGN rule 3), so it names the message that does.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from microacq_pages.formats import eastern
from microacq_pages.furniture import absolute
from submissions.audit.services import record
from submissions.notices.services import send_notice
from submissions.proposals.draft_models import Draft, DraftQuerySet
from submissions.proposals.models import Proposal
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

#: How long before the deadline the reminder is written, and how long after it a draft is kept, in case it is extended.
BEFORE_DEADLINE = timedelta(days=1)
KEPT_AFTER_DEADLINE = timedelta(days=7)

#: Rows handled in one transaction.
BATCH = 200


def due() -> DraftQuerySet:
    """Drafts to remind of: with an address, begun earlier than the reminder, and nothing sent with their link."""
    sent = Proposal.objects.sent().filter(link_digest=OuterRef("link_digest"))
    return Draft.objects.filter(
        ~Exists(sent),
        reminded_at=None,
        solicitation__state=State.POSTED,
        solicitation__deadline__gt=Now(),
        solicitation__deadline__lte=Now() + BEFORE_DEADLINE,
        link_mailed_at__lt=F("solicitation__deadline") - BEFORE_DEADLINE,
    ).exclude(contact="")


def remind() -> int:
    """Queue the reminders that are due; returns how many. Running it twice sends none twice."""
    total = 0
    while count := _remind_some():
        total += count
    return total


@transaction.atomic
def _remind_some() -> int:
    drafts = list(
        due()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("solicitation")
        .defer("sealed")[:BATCH]
    )
    counts: Counter[Solicitation] = Counter()
    for draft in drafts:
        file, language = draft.solicitation, draft.correspondence_language
        page = file.page(language)
        send_notice(
            "draft_reminder",
            draft.address,
            key=f"draft_reminder:{draft.pk}",
            language=language,
            number=file.number,
            context={
                "number": file.number,
                "title": file.get_title(language),
                "deadline": eastern(file.deadline, language),
                "url": absolute(page.url) if page is not None else settings.MICROACQ_BASE_URL,
                "contact_email": settings.MICROACQ_CONTACT_EMAIL,
            },
        )
        counts[file] += 1
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(reminded_at=TransactionNow())
    for file, count in counts.items():
        record(file, "draft.reminded", data={"number": file.number, "count": count})
    return len(drafts)


@transaction.atomic
def delete_old() -> int:
    """Delete the drafts of files whose deadline is long past; returns how many."""
    old = Draft.objects.filter(solicitation__deadline__lt=Now() - KEPT_AFTER_DEADLINE)
    files = Solicitation.objects.filter(Exists(old.filter(solicitation=OuterRef("pk"))))
    total = 0
    for file in files:
        count, _by_model = Draft.objects.filter(solicitation=file).delete()
        record(file, "draft.deleted", data={"number": file.number, "count": count})
        total += count
    return total
