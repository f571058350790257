"""Who wants to hear of new opportunities, and how far the list has been told of each.

Owns: ``Subscription`` with its ``ChosenSkill`` rows, and ``Announcement``, one row for each opportunity from its
posting on. Keys of announcements grow in the order in which postings are committed (``announcing.announce`` sees to
it), so that one number says which of them a person was told of. Imports no view and no later stage.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from microacq_pages.models import Skill

from ..following.models import Subscriber


class Rhythm(models.TextChoices):
    """When letters of the list are sent."""

    AT_ONCE = "at_once", _("At once: one message for each new opportunity")
    DAILY = "daily", _("Once a day: one message for all of the day")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions, by whom letters reach and what they want."""

    def confirmed(self) -> SubscriptionQuerySet:
        """Those whose owner of the address said yes."""
        return self.filter(confirmed_at__isnull=False)

    def reachable(self) -> SubscriptionQuerySet:
        """Confirmed, and not set aside because mail came back."""
        return self.confirmed().filter(subscriber__set_aside_at=None)

    def wanting(self, skills: set[str]) -> SubscriptionQuerySet:
        """Those who chose one of these skills, and those who chose none, which stands for all.

        A skill that was deleted since counts as not chosen: better one letter too many than silence.

        Args:
            skills: Translation keys.
        """
        chosen = ChosenSkill.objects.filter(subscription=OuterRef("pk"))
        alive = chosen.filter(translation_key__in=Skill.objects.values("translation_key"))
        return self.filter(~Exists(alive) | Exists(chosen.filter(translation_key__in=skills)))


class Subscription(models.Model):
    """One address on the mailing list, from asking on; it counts once it is confirmed."""

    subscriber = models.OneToOneField(
        Subscriber, on_delete=models.CASCADE, related_name="subscription", verbose_name=_("subscriber")
    )
    rhythm = models.CharField(_("rhythm"), max_length=8, choices=Rhythm.choices)
    language = models.CharField(_("language asked for"), max_length=2, choices=settings.LANGUAGES, blank=True)
    confirm_digest = models.CharField(_("digest of the link to confirm"), max_length=64, unique=True)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    #: Key of the last announcement that needs no letter to this person any more, except those still being sent.
    told = models.BigIntegerField(default=0)
    #: The last day for which a digest was made, or found to hold nothing new.
    last_day = models.DateField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription to the mailing list")
        verbose_name_plural = _("subscriptions to the mailing list")
        default_permissions = ()
        permissions = (("view_mailinglist", _("Can see how many are on the mailing list")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(rhythm__in=["at_once", "daily"]), name="subscription_rhythm_known"
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"


class ChosenSkill(models.Model):
    """A skill of which a subscriber wants to hear, in whatever language it is written."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="skills")
    translation_key = models.UUIDField(db_index=True)

    class Meta:
        verbose_name = _("chosen skill")
        verbose_name_plural = _("chosen skills")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["subscription", "translation_key"], name="skill_chosen_once"),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"


class Announcement(models.Model):
    """An opportunity of which the list is told, and how far that has come."""

    translation_key = models.UUIDField(_("opportunity"), unique=True)
    number = models.CharField(_("file number"), max_length=12)
    made_at = models.DateTimeField(_("posted"), db_default=Now())
    #: Every subscription up to this key has its letter, or needs none.
    reached = models.BigIntegerField(default=0)
    letters = models.PositiveIntegerField(_("letters"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("announcement to the mailing list")
        verbose_name_plural = _("announcements to the mailing list")
        ordering = ("-pk",)
        default_permissions = ()
        indexes = (
            models.Index(fields=["id"], name="announcement_unfinished", condition=Q(finished_at=None)),
        )

    def __str__(self) -> str:
        return self.number
