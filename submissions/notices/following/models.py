"""Who asked to be written to, and about what.

Owns: ``Subscriber``, one row for an address whatever it follows, and ``Following``, one opportunity that it follows.
Another kind of subscription is another model that refers to ``Subscriber``, as the mailing list does (``subscribing``).
Addresses are encrypted under the server's mail key and found by a keyed digest. Unlike records of the process these
rows may be deleted: stopping deletes them. Imports no view and no later stage.
"""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from submissions.notices import crypto


class Subscriber(models.Model):
    """A person's address, language of correspondence and own link."""

    contact = models.TextField(_("address and link, encrypted"))
    address_digest = models.CharField(_("digest of the address"), max_length=64, unique=True)
    link_digest = models.CharField(_("digest of the own link"), max_length=64, unique=True)
    #: Empty for both languages.
    language = models.CharField(
        _("language of correspondence"), max_length=2, choices=settings.LANGUAGES, blank=True
    )
    created_at = models.DateTimeField(_("created"), db_default=Now())
    #: When its owner, or staff for them, last said that mail to it arrives.
    reached_at = models.DateTimeField(_("known to work since"), null=True, blank=True)
    set_aside_at = models.DateTimeField(_("set aside"), null=True, blank=True)
    set_aside_status = models.CharField(_("what the mail server said"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        default_permissions = ()
        permissions = (("restore_subscriber", _("Can have an address written to again")),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(set_aside_at=None, set_aside_status="")
                | models.Q(set_aside_at__isnull=False) & ~models.Q(set_aside_status=""),
                name="subscriber_set_aside_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def address(self) -> str:
        """Where to write: for mailing only, never for display."""
        return self._contact()["address"]

    @property
    def token(self) -> str:
        """The secret of the person's own link: for mail to that person only."""
        return self._contact()["token"]

    def _contact(self) -> dict[str, str]:
        contact: dict[str, str] = json.loads(crypto.decrypt(self.contact.encode()))
        return contact


class FollowingQuerySet(models.QuerySet["Following"]):
    def confirmed(self) -> FollowingQuerySet:
        """Those whose owner of the address said yes."""
        return self.filter(confirmed_at__isnull=False)


class Following(models.Model):
    """One opportunity that a subscriber follows, from asking on; it counts once it is confirmed."""

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="followings", verbose_name=_("subscriber")
    )
    translation_key = models.UUIDField(_("opportunity"), db_index=True)
    number = models.CharField(_("file number"), max_length=12)
    language = models.CharField(_("language asked for"), max_length=2, choices=settings.LANGUAGES, blank=True)
    confirm_digest = models.CharField(_("digest of the link to confirm"), max_length=64, unique=True)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    objects = FollowingQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity followed")
        verbose_name_plural = _("opportunities followed")
        ordering = ("number",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["subscriber", "translation_key"], name="followed_once"),
        )

    def __str__(self) -> str:
        return f"{self.number} #{self.pk}"
