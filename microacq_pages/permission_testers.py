"""Who may do what to a page, beyond Wagtail's own permissions. Superusers are bound by it too.

``publishing`` says what a page allows at all; this class turns it into the answers Wagtail asks for.
"""

from __future__ import annotations

from functools import cached_property

from wagtail.models import Page, PagePermissionTester

from . import pairs

EDIT_SOURCE = "microacq_pages.edit_source"
EDIT_TRANSLATION = "microacq_pages.edit_translation"


class BilingualPagePermissionTester(PagePermissionTester):
    """Pages change state in both languages at once, so nobody may publish one of them."""

    @cached_property
    def specific(self) -> Page:
        return self.page.specific

    @cached_property
    def is_target(self) -> bool:
        return pairs.is_target(self.page)

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
        if self.specific.is_posted or self.specific.is_structural:
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
        return bool(super().can_delete(ignore_bulk))

    def can_move(self) -> bool:
        return self.can_delete(ignore_bulk=True)

    def can_move_to(self, destination: Page) -> bool:
        return self.can_move() and bool(super().can_move_to(destination))

    def can_copy(self) -> bool:
        return not self.specific.is_structural and bool(super().can_copy())

    def _is_or_holds_live(self) -> bool:
        return bool(self.page.get_descendants(inclusive=True).live().exists())
