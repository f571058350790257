"""Amendments: what an amendment must have, and what its publication does to the file.

Owns the rules of ``docs/decisions/0015-amendments.md`` that concern the file. The text itself goes the way of a first
publication (``microacq_pages.publishing``), so nothing here publishes. Imports no later stage.

Seam for later stages (Wagtail hook): ``file_amended(solicitation, posting, user)``: it was, in this transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from microacq_pages import amending, business_days, formats, guardrails, pairs, publishing
from microacq_pages.blockers import Blocker, Level
from microacq_pages.models import Opportunity, PublicStatus
from submissions.audit.services import record

from . import announcements, postings
from .changes import Change, changes_between
from .changes import relied_on as relied_on_changes
from .enums import PostingKind, State
from .models import Posting, Solicitation
from .services import database_clock

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Business days that must be left to read an amendment. Source: docs/decisions/0015-amendments.md.
DAYS_TO_READ = 3


@dataclass(frozen=True)
class Draft:
    """What the pages of a posted opportunity would be posted as, beside what is posted now."""

    before: Posting
    after: postings.Composed

    def changes(self, language: str | None = None) -> list[Change]:
        """What differs, in a language, or in the one that is active."""
        return changes_between(
            self.before.text, self.after.text, formats.known_language(language or get_language())
        )

    @property
    def is_empty(self) -> bool:
        return not (self.changes("en") or self.changes("fr"))

    @property
    def relied_on(self) -> list[Change]:
        """What evaluation relies on, as far as it changes."""
        return relied_on_changes(self.before.text, self.after.text)


def file_of(page: Page) -> Solicitation | None:
    """The file of a page that is posted."""
    return Solicitation.objects.with_clock().filter(translation_key=page.translation_key).first()


def draft_of(page: Page, file: Solicitation | None = None, source: Opportunity | None = None) -> Draft | None:
    """What the last saved text of a posted opportunity would change; None when it is not posted.

    Strings that are not translated yet stand in the language of the source.

    Args:
        page: Either language.
        file: The file of the page, when it is at hand.
        source: The source as last saved, when it is at hand.
    """
    with pairs.reading():
        return pairs.made_once(("amendment", page.translation_key), lambda: _draft_of(page, file, source))


def _draft_of(page: Page, file: Solicitation | None, source: Opportunity | None) -> Draft | None:
    file = file or file_of(page)
    translation = pairs.translation_of(page)
    if file is None or translation is None:
        return None
    before = file.current_posting
    source = source or pairs.latest(pairs.source_of(page))
    target = translation.source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)
    return Draft(before, postings.compose(*english_first(source, target), before))


def english_first(source: Opportunity, target: Opportunity) -> tuple[Opportunity, Opportunity]:
    """The pair with the English page first."""
    return (source, target) if source.locale.language_code == "en" else (target, source)


def findings(page: Opportunity) -> list[Blocker]:
    """What stands against publishing the last saved text as the next amendment, and what to consider.

    Args:
        page: The source as last saved.
    """
    file = file_of(page)
    if file is None:
        return []
    if not file.is_taking_applications:
        return [Blocker("amendment-too-late", amending.ENDED)]
    found: list[Blocker] = []
    draft = draft_of(page, file, page)
    if draft is not None and draft.is_empty:
        found.append(Blocker("amendment-empty", _("Nothing is changed yet: change the text to amend it.")))
    if not page.amendment_summary.strip():
        found.append(
            Blocker(
                "missing-amendment-summary",
                _("Write the summary of the amendment: what changes, and why."),
                field="amendment_summary",
            )
        )
    if sentence := amending.deadline_refusal(page, page.deadline):
        found.append(Blocker("amendment-deadline", sentence, field="deadline"))
    elif page.deadline and page.deadline != file.deadline:
        found.extend(guardrails.deadline_findings(page, page.deadline))
    return [*found, *_time_to_read(page, file)]


def _time_to_read(page: Opportunity, file: Solicitation) -> list[Blocker]:
    deadline = max(page.deadline or file.deadline, file.deadline)
    left = business_days.business_days_between(timezone.localdate(file.clock), timezone.localdate(deadline))
    if left >= DAYS_TO_READ:
        return []
    asks = page.amendment_asks_confirmation
    sentence = ngettext(
        "%(left)d business day is left until the deadline, and people need three to read an amendment: move the "
        "deadline later.",
        "%(left)d business days are left until the deadline, and people need three to read an amendment: move the "
        "deadline later.",
        left,
    ) % {"left": left}
    return [
        Blocker(
            "amendment-time-to-read",
            sentence,
            field="deadline",
            level=Level.BLOCKER if asks else Level.WARNING,
        )
    ]


def changes_relied_on_without_asking(page: Opportunity) -> list[str]:
    """Names of what evaluation relies on and the draft changes without asking applicants to confirm or replace."""
    if page.amendment_asks_confirmation:
        return []
    draft = draft_of(page)
    return [change.label for change in draft.relied_on] if draft else []


def amend(source: Opportunity, target: Opportunity, user: User | None) -> Posting:
    """Record the amendment that a pair has just been published with, in the transaction of its publication.

    The file is locked, so that an application arrives either before it (and is counted by the rules, which are asked
    again) or after it (and must answer the new posting).

    Raises:
        publishing.PublicationBlocked: something stands against it now; the publication is undone.
    """
    Solicitation.objects.select_for_update().get(translation_key=source.translation_key)
    latest = pairs.latest(source)
    found = [each for answer in hooks.get_hooks("microacq_publication_blockers") for each in answer(latest)]
    if blockers := [each for each in found if each.level == Level.BLOCKER]:
        raise publishing.PublicationBlocked(blockers)
    file = Solicitation.objects.get(translation_key=source.translation_key)
    before = file.current_posting
    english, french = english_first(source, target)
    posting = postings.keep(
        file,
        postings.compose(english, french, before),
        amendment=before.amendment + 1,
        kind=PostingKind.AMENDMENT,
        summary_en=english.amendment_summary,
        summary_fr=french.amendment_summary,
        asks_confirmation=source.amendment_asks_confirmation,
        made_by=user,
    )
    carry_into_file(file, posting, postings.facts_of(english, french))
    record(
        file,
        "file.amended",
        user=user,
        data={"number": file.number, "amendment": posting.amendment, "posting": posting.digest},
    )
    _take_off_summary(source, target)
    announce(file, before, posting, user)
    return posting


def carry_into_file(file: Solicitation, posting: Posting, facts: dict[str, Any]) -> None:
    """Let the file and what the public lists read say what the last posting says; triggers compare them."""
    for name, value in facts.items():
        setattr(file, name, value)
    file.save(update_fields=list(facts))
    PublicStatus.objects.filter(translation_key=file.translation_key).update(
        deadline=file.deadline, amendments=posting.amendment, amended_at=database_clock()
    )


def announce(file: Solicitation, before: Posting, posting: Posting, user: User | None) -> None:
    """Tell everyone whom the amendment concerns, and later stages."""
    announcements.tell_of_amendment(file, before, posting)
    for answer in hooks.get_hooks("file_amended"):
        answer(file, posting, user)


def _take_off_summary(source: Opportunity, target: Opportunity) -> None:
    """The next amendment needs its own summary: the one that was published stands in the posting."""
    blank: dict[str, Any] = {"amendment_summary": "", "amendment_asks_confirmation": False}
    Opportunity.objects.filter(translation_key=source.translation_key).update(**blank)
    with publishing.acting(source):
        for page in (source, target):
            for name, value in blank.items():
                setattr(page, name, value)
            # Nobody’s text: who writes the next amendment is found by the revisions that have an author.
            page.save_revision(user=None, changed=False, clean=False)
    pairs.refresh_translation(source)


def amended(file: Solicitation) -> list[tuple[Posting, Posting]]:
    """Each amendment of a file after the posting that it amends, the newest first."""
    kept = list(file.postings.order_by("amendment"))
    return list(pairwise(kept))[::-1]


def is_amendable(file: Solicitation) -> bool:
    """Whether an amendment can still be made; ``file`` was read ``with_clock``."""
    return file.state == State.POSTED and file.is_taking_applications
