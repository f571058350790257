"""Who may do what to a page, beyond Wagtail's own permissions. Superusers are bound by it too.

``publishing`` says what a page allows at all; this class turns it into the answers Wagtail asks for.
"""

from __future__ import annotations

from functools import cached_property

from django.db.models import Exists, F, OuterRef, QuerySet
from wagtail.models import Page, PagePermissionTester
from wagtail_localize.models import Translation

from . import pairs

EDIT_SOURCE = "microacq_pages.edit_source"
EDIT_TRANSLATION = "microacq_pages.edit_translation"


def for_listing(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Pages with what the tester asks about each, so that a list of them costs the same whatever its length."""
    from .models.status import PublicStatus

    translations = Translation.objects.filter(
        source__object_id=OuterRef("translation_key"), target_locale_id=OuterRef("locale_id")
    )
    below = Page.objects.filter(live=True).alias(above=OuterRef("path")).filter(path__startswith=F("above"))
    statuses = PublicStatus.objects.filter(translation_key=OuterRef("translation_key"))
    return pages.annotate(
        listed_is_target=Exists(translations),
        listed_holds_live=Exists(below),
        listed_is_posted=Exists(statuses),
    )


class BilingualPagePermissionTester(PagePermissionTester):
    """Pages change state in both languages at once, so nobody may publish one of them."""

    @cached_property
    def specific(self) -> Page:
        return self.page.specific

    @cached_property
    def is_target(self) -> bool:
        listed: bool | None = getattr(self.page, "listed_is_target", None)
        return pairs.is_target(self.page) if listed is None else listed

    def can_edit(self) -> bool:
        """Authors write the source, translators its translation, reviewers the source while it is before them."""
        if not super().can_edit():
            return False
        if self.user.has_perm(EDIT_TRANSLATION if self.is_target else EDIT_SOURCE):
            return True
        task = None if self.is_target else self.page.current_workflow_task
        return task is not None and bool(task.user_can_access_editor(self.page, self.user))

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_submit_for_moderation(self) -> bool:
        """The source, as long as it may change at all: what has ended is locked (see ``amending``)."""
        return bool(super().can_submit_for_moderation()) and not self.is_target

    def can_unpublish(self) -> bool:
        listed: bool | None = getattr(self.page, "listed_is_posted", None)
        if self.specific.is_structural or (self.specific.is_posted if listed is None else listed):
            return False
        return bool(super().can_unpublish())

    def can_unschedule(self) -> bool:
        """Taking back a planned publication; it was not public yet."""
        return bool(super().can_publish())

    def can_set_view_restrictions(self) -> bool:
        """Everything public is public to everyone."""
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Those who write texts may throw them away, not those who review or translate them."""
        if not self.user.has_perm(EDIT_SOURCE):
            return False
        if self.specific.is_structural or self._is_or_holds_live():
            return False
        if self.page.is_leaf() and not self.user.is_superuser:
            # As Wagtail decides it for a page with nothing below, without asking the database what is there.
            own = "add" in self.permissions and self.page.owner_id == self.user.pk
            return bool(self.user.is_active and ("change" in self.permissions or own))
        return bool(super().can_delete(ignore_bulk))

    def can_move(self) -> bool:
        return self.can_delete(ignore_bulk=True)

    def can_move_to(self, destination: Page) -> bool:
        return self.can_move() and bool(super().can_move_to(destination))

    def can_copy(self) -> bool:
        return not self.specific.is_structural and bool(super().can_copy())

    def _is_or_holds_live(self) -> bool:
        listed: bool | None = getattr(self.page, "listed_holds_live", None)
        if listed is not None:
            return listed
        return bool(self.page.get_descendants(inclusive=True).live().exists())
