"""Post again: a new opportunity from one that has ended, as a draft in both languages.

Owns what is copied and what must be decided anew. The new opportunity goes the way of any other; once it is posted, its
file names the one that it follows. Imports no later stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
)

from microacq_pages import guardrails, pairs
from microacq_pages.models import Opportunity
from submissions.audit.services import record

from .enums import WITHOUT_AWARD, State
from .models import Solicitation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: What belongs to one posting alone, and what a new one starts with.
DECIDED_ANEW: dict[str, Any] = {
    "deadline": None,
    "selection_date": None,
    "delivery_date": None,
    "go_live_at": None,
    "expire_at": None,
    "section_32_reference": "",
    **{name: False for name, _statement in guardrails.CONFIRMATIONS},
}


#: The work is there: it is not bought twice.
DONE = frozenset({State.ACCEPTED, State.COMPLETED})


class NotPostedAgain(ValidationError):
    """It cannot be posted again now; the message says why."""


def may_post_again(file: Solicitation, user: Any) -> bool:
    """Whether this person may begin a new opportunity from the file: its client, and who may write any."""
    page = _source(file)
    if page is None:
        return False
    is_theirs = page.owner_id == user.pk or page.permissions_for_user(user).can_edit()
    return bool(is_theirs and page.get_parent().permissions_for_user(user).can_add_subpage())


def obstacle(file: Solicitation) -> str:
    """Why it cannot be posted again now; empty when it can. ``file`` was read ``with_clock``.

    What ended without the work is posted again, and what has closed and is not opened; never the same work twice.
    """
    if file.is_taking_applications:
        return _("The opportunity still takes applications: amend it, or cancel it first.")
    return _work_of(file)


def _work_of(file: Solicitation) -> str:
    """Why the work of a file is not asked for a second time; empty once it ended without, and before it is opened."""
    if file.state in DONE:
        return _("The work was accepted. For other work, write a new opportunity.")
    if file.state != State.POSTED and file.state not in WITHOUT_AWARD:
        return _(
            "The file is under way. It is posted again once it has ended without the work; cancel it first."
        )
    return ""


def obstacle_to_publishing(page: Opportunity) -> str:
    """Why a draft that was begun from another file cannot be posted now: that file went on meanwhile."""
    file = Solicitation.objects.filter(translation_key=page.follows).first() if page.follows else None
    return _work_of(file) if file is not None else ""


def unfinished(file: Solicitation) -> Opportunity | None:
    """A new opportunity that was begun from this file and is not posted yet."""
    begun = Opportunity.objects.filter(follows=file.translation_key, first_published_at=None).order_by("pk")
    return next((page for page in begun if not pairs.is_target(page)), None)


@transaction.atomic
def post_again(found: Solicitation, user: User) -> Opportunity:
    """Begin a new opportunity with the text of an ended one, both languages kept.

    Asking again while that draft is not posted gives the same draft.

    Raises:
        PermissionDenied: the user may not.
        NotPostedAgain: the old one has not ended, or its work was done.
    """
    Solicitation.objects.select_for_update().get(pk=found.pk)
    file = Solicitation.objects.with_clock().get(pk=found.pk)
    if not may_post_again(file, user):
        raise PermissionDenied
    if sentence := obstacle(file):
        raise NotPostedAgain(sentence)
    if begun := unfinished(file):
        return begun
    old = _source(file)
    if old is None:
        raise NotPostedAgain(_("The file has no page any more."))
    new = _copy(old, file, user)
    pairs.start_translation(new, user)
    keep_translations(old, new, user)
    record(file, "file.posted_again", user=user, data={"number": file.number, "page": new.pk})
    return new


def _source(file: Solicitation) -> Opportunity | None:
    page = Opportunity.objects.filter(translation_key=file.translation_key).first()
    return pairs.source_of(page) if page is not None else None


def _copy(old: Opportunity, file: Solicitation, user: User) -> Opportunity:
    """The public text of the old page, as a draft of its own: drafts that never were public are left."""
    suffix = 2 + Opportunity.objects.filter(follows=file.translation_key, locale_id=old.locale_id).count()
    copied: Opportunity = old.copy(
        update_attrs={
            **DECIDED_ANEW,
            "slug": _free_slug(old, suffix),
            # Whoever presses the button, the need stays its client’s, who goes on with the file.
            "owner": old.owner if old.owner is not None and old.owner.is_active else user,
        },
        copy_revisions=False,
        keep_live=False,
        user=user,
    )
    new = Opportunity.objects.get(pk=copied.pk)
    # A copy follows nothing, so this is written afterwards.
    new.follows = file.translation_key
    new.save()
    new.save_revision(user=user)
    return Opportunity.objects.get(pk=new.pk)


def _free_slug(old: Page, number: int) -> str:
    siblings = set(old.get_parent().get_children().values_list("slug", flat=True))
    while f"{old.slug}-{number}" in siblings:
        number += 1
    return f"{old.slug}-{number}"


def keep_translations(old: Opportunity, new: Opportunity, user: User) -> None:
    """Give the new page every translation that the old one has for the same text in the same place."""
    ours, theirs = pairs.translation_of(new), pairs.translation_of(old)
    if ours is None or theirs is None:
        return
    remembered = _remembered(theirs, old)
    for segment in StringSegment.objects.filter(source=ours.source).select_related("string", "context"):
        place = _place(segment.context.path)
        known = remembered.get((place, segment.string_id))
        if place == "slug":
            known = f"{_target_slug(old)}{new.slug.removeprefix(old.slug)}"
        if known:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=ours.target_locale,
                context=segment.context,
                defaults={
                    "data": known,
                    "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                    "tool_name": "post again",
                    "last_translated_by": None,
                },
            )
    _keep_links(old, theirs, ours)
    pairs.refresh_translation(new)


def _place(path: str) -> str:
    """Where a text stands, without the identity of the row: ``criteria.*.statement``."""
    parts = path.split(".")
    return ".".join([parts[0], "*", *parts[2:]]) if len(parts) > 2 else path


def _remembered(translation: Translation, page: Opportunity) -> dict[tuple[str, int], str]:
    kept = StringTranslation.objects.filter(
        context__object_id=page.translation_key, locale_id=translation.target_locale_id, has_error=False
    ).select_related("context")
    return {
        (_place(row.context.path), row.translation_of_id): row.data for row in kept.order_by("updated_at")
    }


def _target_slug(old: Opportunity) -> str:
    target = pairs.counterpart(old)
    return str(target.slug) if target is not None else str(old.slug)


def _keep_links(old: Opportunity, theirs: Translation, ours: Translation) -> None:
    """Links that lead elsewhere in the other language."""
    overrides = {
        _place(row.context.path): row.data_json
        for row in SegmentOverride.objects.filter(
            context__object_id=old.translation_key, locale_id=theirs.target_locale_id
        ).select_related("context")
    }
    for segment in OverridableSegment.objects.filter(source=ours.source).select_related("context"):
        if (data := overrides.get(_place(segment.context.path))) is not None:
            SegmentOverride.objects.update_or_create(
                locale=ours.target_locale, context=segment.context, defaults={"data_json": data}
            )
