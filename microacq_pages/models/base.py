"""What every page of the site shares: it exists in English and French, and lives in both or in neither.

Owns the guards on the page object itself. The rules they ask are in ``publishing.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from microacq_pages import publishing, review
from microacq_pages.admin import PublicationPanel
from microacq_pages.permission_testers import BilingualPagePermissionTester

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from wagtail.models import Revision


def synchronised(*names: str) -> list[SynchronizedField]:
    """Fields that are the same in both languages and that a translator cannot override."""
    return [SynchronizedField(name, overridable=False) for name in names]


class BilingualPage(Page):
    """A page that is live in English and French at the same revision, or in neither.

    Every state change (live, changed while live, down, moved, deleted) is refused unless
    ``publishing`` is acting on both languages at once. Source: Official Languages Act, Part IV.
    """

    #: Structural pages (home, indexes) stay where the site was set up.
    is_structural: ClassVar[bool] = False

    content_panels: ClassVar[list[Any]] = [PublicationPanel(), *Page.content_panels]
    override_translatable_fields: ClassVar[list[SynchronizedField]] = synchronised("show_in_menus")

    class Meta:
        abstract = True

    def content_blockers(self) -> list[publishing.Blocker]:
        """What this page itself lacks before it may be public; asked of the source language."""
        return []

    @property
    def is_posted(self) -> bool:
        """Whether suppliers may be relying on this page, so that it can no longer be withdrawn."""
        return False

    def permissions_for_user(self, user: AbstractBaseUser) -> BilingualPagePermissionTester:
        return BilingualPagePermissionTester(user, self)

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save the row; what is public does not change this way."""
        publishing.refuse_change_of_live_page(self, update_fields)
        super().save(*args, update_fields=update_fields, **kwargs)

    def save_revision(
        self,
        user: AbstractBaseUser | None = None,
        *args: Any,
        overwrite_revision: Revision | None = None,
        **kwargs: Any,
    ) -> Revision:
        """Save what was typed; a text that somebody approved is kept, and the review follows the change."""
        if overwrite_revision is not None and review.is_approved_text(self, overwrite_revision.pk):
            overwrite_revision = None
        revision = super().save_revision(user, *args, overwrite_revision=overwrite_revision, **kwargs)
        review.follow_change(self, user)
        return revision

    def publish(self, revision: Revision, user: AbstractBaseUser | None = None, **kwargs: Any) -> None:
        """Publish one language, only while ``publishing`` is publishing both.

        Raises:
            publishing.PublicationBlocked: at every other time.
        """
        publishing.require_pair(self)
        super().publish(revision, user=user, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> None:
        """Take down this language, only together with the other."""
        publishing.require_withdrawable(self)
        if publishing.in_pair(self):
            super().unpublish(*args, **kwargs)
        else:
            publishing.unpublish_pair(
                self, user=kwargs.get("user"), set_expired=kwargs.get("set_expired", False)
            )

    def move(self, target: Page, pos: str | None = None, user: AbstractBaseUser | None = None) -> None:
        publishing.require_movable(self)
        super().move(target, pos=pos, user=user)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        publishing.require_deletable(self)
        return super().delete(*args, **kwargs)


__all__ = ["BilingualPage", "synchronised"]
