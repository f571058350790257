"""What every page of the site shares: it exists in English and French, and lives in both or in neither.

Owns the guards on the page object itself. The rules they ask are in ``publishing.py``.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from modelcluster.models import model_from_serializable_data
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from microacq_pages import pairs, publishing, references, review
from microacq_pages.admin import PublicationPanel, ReviewPanel
from microacq_pages.permission_testers import BilingualPagePermissionTester

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from wagtail.models import Revision


def synchronised(*names: str) -> list[SynchronizedField]:
    """Fields that are the same in both languages and that a translator cannot override."""
    return [SynchronizedField(name, overridable=False) for name in names]


class PartOfPage:
    """What stands in a list on a page, and is read with its draft.

    A draft is read from JSON, and each reference in it is looked up, for it may be gone. The page that a part stands on
    and its language cannot be: the draft is theirs. Without these look-ups a draft costs as much with many parts as
    with few.
    """

    KNOWN = ("page", "locale")

    @classmethod
    def from_serializable_data(
        cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False
    ) -> Any:
        """As modelcluster reads a part, without looking up what is known to be there."""
        rest = {name: value for name, value in data.items() if name not in cls.KNOWN}
        part = model_from_serializable_data(cls, rest, check_fks=check_fks, strict_fks=strict_fks)
        if part is not None:
            for name in cls.KNOWN:
                if name in data:
                    setattr(part, f"{name}_id", data[name])
        return part


class BilingualPage(Page):
    """A page that is live in English and French at the same revision, or in neither.

    Every state change (live, changed while live, down, moved, deleted) is refused unless
    ``publishing`` is acting on both languages at once. Source: Official Languages Act, Part IV.
    """

    #: References that a draft has from its page, whatever was saved with it.
    OF_EVERY_DRAFT: ClassVar[frozenset[str]] = frozenset(
        {"alias_of", "content_type", "latest_revision", "locale", "locked_by", "owner"}
    )
    #: Structural pages (home, indexes) stay where the site was set up.
    is_structural: ClassVar[bool] = False

    content_panels: ClassVar[list[Any]] = [ReviewPanel(), PublicationPanel(), *Page.content_panels]
    override_translatable_fields: ClassVar[list[SynchronizedField]] = synchronised("show_in_menus")

    class Meta:
        abstract = True

    def content_blockers(self) -> list[publishing.Blocker]:
        """What is found about this page’s own content, warnings included; asked of the source language."""
        return []

    def submission_blockers(self) -> list[publishing.Blocker]:
        """What its author has to mend before others begin to read it."""
        return []

    @property
    def is_posted(self) -> bool:
        """Whether suppliers may be relying on this page, so that it can no longer be withdrawn."""
        return False

    def permissions_for_user(self, user: AbstractBaseUser) -> BilingualPagePermissionTester:
        return BilingualPagePermissionTester(user, self)

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save the row; what is public does not change this way."""
        if update_fields is None:
            self.settle()
        publishing.refuse_change_of_live_page(self, update_fields)
        with references.read_once(self):
            super().save(*args, update_fields=update_fields, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """A draft, without looking up in it what Wagtail then takes from the page itself."""
        return super().with_content_json(
            {name: value for name, value in content.items() if name not in self.OF_EVERY_DRAFT}
        )

    def save_revision(
        self,
        user: AbstractBaseUser | None = None,
        *args: Any,
        overwrite_revision: Revision | None = None,
        **kwargs: Any,
    ) -> Revision:
        """Save what was typed; a text that somebody approved is kept, and the review follows the change.

        Saving a text that did not change makes no revision, so that opening and approving it is not writing it.
        """
        self.settle()
        if self._is_saved(user, kwargs) and (latest := self.get_latest_revision()) is not None:
            return latest
        if overwrite_revision is not None and (
            overwrite_revision.user_id != getattr(user, "pk", None)
            or review.is_approved_text(overwrite_revision.pk)
        ):
            overwrite_revision = None
        revision = super().save_revision(user, *args, overwrite_revision=overwrite_revision, **kwargs)
        review.follow_change(self, user)
        return revision

    def settle(self) -> None:
        """Give numbers and times the form in which they are stored, so that saving them again changes nothing.

        Money gets its cents; times are whole minutes, as forms show them and as the public reads them.
        """
        for field in self._meta.local_concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(field, models.DecimalField) and value is not None:
                setattr(self, field.attname, round(Decimal(value), field.decimal_places))
            elif isinstance(field, models.DateTimeField) and isinstance(value, datetime):
                setattr(self, field.attname, value.replace(second=0, microsecond=0))

    def _is_saved(self, user: AbstractBaseUser | None, options: dict[str, Any]) -> bool:
        """Whether there is nothing to save, for a person in the editor."""
        return (
            user is not None
            and self.pk is not None
            and not options.get("approved_go_live_at")
            and not publishing.in_pair(self)
            and pairs.is_saved_text(self)
        )

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
