"""What holds by whatever route Wagtail took: decisions of review, and coming down in both languages.

Loaded by ``apps.ready``. Each receiver only calls the module that owns the rule; raising undoes the act,
because Wagtail sends these signals inside its own transactions or ours.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.documents.models import Document
from wagtail.log_actions import get_active_log_context
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, Revision, TaskState
from wagtail.signals import page_unpublished

from . import publishing, review
from .finding import index
from .models import BilingualPage, Skill


@receiver(pre_save, sender=TaskState)
def hold_the_rules_of_review(instance: TaskState, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        review.decide(instance)


@receiver(page_unpublished)
def take_down_the_other_language(instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, BilingualPage) and not publishing.in_pair(instance):
        publishing.unpublish_pair(instance, user=get_active_log_context().user)


@receiver(post_save, sender=Revision)
def take_back_the_plan_in_both_languages(
    instance: Revision, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    if update_fields == frozenset({"approved_go_live_at"}) and instance.approved_go_live_at is None:
        page = instance.content_object
        if isinstance(page, BilingualPage):
            publishing.cancel_plan(page)


@receiver(pre_delete)
def refuse_to_delete_what_is_public(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Wagtail takes a page down before it is deleted, which would take its other language down too."""
    if issubclass(sender, Page) and instance.live:
        page = instance.specific
        if isinstance(page, BilingualPage):
            publishing.require_not_live(page)


@receiver(pre_save, sender=Document)
def keep_the_file_of_a_document(instance: Document, raw: bool = False, **kwargs: Any) -> None:
    """The file is part of what was approved and posted; only its title and its place may change."""
    stored = Document.objects.filter(pk=instance.pk).first() if instance.pk and not raw else None
    if stored is not None and (stored.file.name != instance.file.name or not instance.file._committed):
        publishing.refuse_other_file()


@receiver(pre_save, sender=PageViewRestriction)
@receiver(pre_save, sender=CollectionViewRestriction)
def hide_nothing(raw: bool = False, **kwargs: Any) -> None:
    """A posted opportunity whose attachments need a password would be taken down by another name."""
    if not raw:
        publishing.refuse_restriction()


@receiver(post_save, sender=Skill)
def find_it_under_its_new_name(instance: Skill, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if not created and not raw:
        index.follow_skill(instance)
