"""Going live and coming down at a planned time, pair by pair.

Correctness never waits for this: whether an opportunity takes applications is computed from its
deadline. One failing pair does not stop the others.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision

from . import pairs, publishing

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

logger = logging.getLogger(__name__)

PUBLISH, TAKE_DOWN = "publish", "take down"
REFUSED = "publication.refused"


@dataclass(frozen=True)
class Outcome:
    """What became of one pair."""

    ok: bool
    sentence: str


def due() -> Iterator[tuple[str, Page]]:
    """The pairs whose time has come, each once, named by its source page."""
    seen: set[object] = set()
    expired = Page.objects.filter(live=True, expire_at__lt=Now()).order_by("expire_at")
    planned = Page.objects.filter(
        pk__in=Revision.page_revisions.filter(approved_go_live_at__lte=Now())
        .annotate(page_id=Cast("object_id", models.IntegerField()))
        .values("page_id")
    ).order_by("go_live_at", "pk")
    for verb, pages in ((TAKE_DOWN, expired), (PUBLISH, planned)):
        for page in pages.specific():
            if isinstance(page, publishing_pages()) and (verb, page.translation_key) not in seen:
                seen.add((verb, page.translation_key))
                yield verb, pairs.source_of(page)


def publishing_pages() -> type[Page]:
    from .models import BilingualPage

    return BilingualPage


def run_due() -> Iterator[Outcome]:
    """Do what is due, each pair in its own transaction."""
    for verb, page in list(due()):
        try:
            with transaction.atomic():
                if verb == PUBLISH:
                    publishing.publish_pair(
                        page, user=_approver(page), log_action="wagtail.publish.scheduled"
                    )
                else:
                    publishing.unpublish_pair(
                        page, user=None, set_expired=True, log_action="wagtail.unpublish.scheduled"
                    )
        except publishing.PublicationBlocked as refusal:
            sentences = refusal.sentences()
            _give_up(verb, page, refusal)
            logger.warning("Planned %s of %s refused: %s", verb, page.pk, "; ".join(sentences))
            yield Outcome(
                False, _("Not done: %(page)s. %(why)s") % {"page": page, "why": " ".join(sentences)}
            )
        except Exception:
            logger.exception("Planned %s of %s failed", verb, page.pk)
            yield Outcome(False, _("Failed: %(page)s. See the log.") % {"page": page})
        else:
            yield Outcome(True, _("Done: %(page)s.") % {"page": page})


@transaction.atomic
def _give_up(verb: str, page: Page, refusal: publishing.PublicationBlocked) -> None:
    """Record the refusal where the people of the page see it, and do not try again every minute."""
    log(
        instance=page,
        action=REFUSED,
        data={
            "reasons": ", ".join(blocker.code for blocker in refusal.blockers),
            "act": verb,
            "sentences": " ".join(refusal.sentences()),
        },
    )
    if verb == PUBLISH:
        publishing.cancel_plan(page)
    else:
        Page.objects.filter(translation_key=page.translation_key).update(expire_at=None)


def last_refusal(page: Page) -> PageLogEntry | None:
    """The refusal of a planned act that nobody has answered by a later plan or publication yet."""
    entry = (
        PageLogEntry.objects.filter(page_id=page.pk)
        .filter(
            Q(action=REFUSED, data__has_key="act")  # others are what a person was refused, and was told
            | Q(action__in=["wagtail.publish", "wagtail.publish.schedule"])
        )
        .order_by("-timestamp", "-pk")
        .first()
    )
    return entry if entry is not None and entry.action == REFUSED else None


def _approver(page: Page) -> AbstractBaseUser | None:
    from .models import PublicationApproval

    approval = PublicationApproval.objects.filter(translation_key=page.translation_key).first()
    return approval.approved_by if approval else None
