"""What is kept about reviewers: which text each has seen, and for which group each approval was given.

Owns rows alone; the rules about them are in ``reviewing``. Imports no page type.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewLook(models.Model):
    """The text that one person saw on the review screen, exactly.

    ``source_digest`` covers the text in the language in which it is written, ``digest`` both languages.
    ``texts`` holds the translated strings as [path, translation], so that later changes can be shown.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    translation_key = models.UUIDField(db_index=True)
    revision = models.ForeignKey(
        "wagtailcore.Revision", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    source_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    texts = models.JSONField(default=list)
    looked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("look of a reviewer")
        verbose_name_plural = _("looks of reviewers")
        ordering = ("-looked_at", "-pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("user", "translation_key", "digest"), name="one_look_at_a_text"),
        )

    def __str__(self) -> str:
        return f"{self.translation_key} @ {self.digest[:12]}"


class StepApproval(models.Model):
    """For which group a step of a review was approved: what publication asks of ``roles.NEEDED_APPROVALS``."""

    task_state = models.ForeignKey("wagtailcore.TaskState", on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(auto_now_add=True)
    #: By which the person acted for the group, when they do not belong to it.
    reassignment = models.ForeignKey(
        "microacq_pages.Reassignment", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("approval of a step")
        verbose_name_plural = _("approvals of steps")
        ordering = ("-approved_at", "-pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("task_state", "group"), name="one_approval_of_a_step_by_group"),
        )

    def __str__(self) -> str:
        return f"{self.group}: {self.task_state_id}"
