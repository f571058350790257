"""Work that somebody does in place of another person: who, for whom, what, until when, and who decided it.

Owns rows alone; what they allow is asked of ``reviewing.standins``. Imports no page type.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class WorkKind(models.TextChoices):
    """What is done in place of another person."""

    ABSENCE = "absence", _("Everything that an absent person would do")
    REVIEW = "review", _("The review of one text")


class Reassignment(models.Model):
    """A recorded act by which one person may do what another, or a group, would have done.

    An absence names the absent person and the days, and covers the groups of that person. Anything else names one
    object, and the group whose work it is. A row is never changed, except that it is ended.
    """

    kind = models.CharField(_("kind"), max_length=40, choices=WorkKind.choices)
    group = models.ForeignKey(
        Group, verbose_name=_("group"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    object_id = models.CharField(max_length=64, blank=True)
    object = GenericForeignKey()
    from_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("in place of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    to_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who does it"), on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason"))
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reassignment")
        verbose_name_plural = _("reassignments")
        ordering = ("-made_at", "-pk")
        default_permissions = ()
        permissions = (("reassign_work", _("Can reassign the work of others")),)
        indexes = (
            models.Index(fields=("to_person", "starts_on"), name="reassigned_to"),
            models.Index(fields=("content_type", "object_id"), name="reassigned_object"),
        )
        constraints = (
            models.CheckConstraint(name="reassigned_with_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="reassigned_to_another",
                condition=~Q(to_person=F("from_person")),
                violation_error_message=_("Name another person than the one who is absent."),
            ),
            models.CheckConstraint(
                name="reassigned_not_to_oneself",
                condition=~Q(to_person=F("made_by")),
                violation_error_message=_("You cannot give work of others to yourself: name somebody else."),
            ),
            models.CheckConstraint(
                name="reassigned_days_in_order",
                condition=Q(until=None) | Q(until__gte=F("starts_on")),
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                name="absence_names_person_and_days",
                condition=~Q(kind=WorkKind.ABSENCE)
                | Q(from_person__isnull=False, until__isnull=False, object_id="", group=None),
            ),
            models.CheckConstraint(
                name="other_work_names_object_and_group",
                condition=Q(kind=WorkKind.ABSENCE)
                | (Q(content_type__isnull=False, group__isnull=False) & ~Q(object_id="")),
            ),
            models.CheckConstraint(
                name="reassignment_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"
