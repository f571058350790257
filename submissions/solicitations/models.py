"""The language-neutral record of an opportunity, and the exact text that was posted.

Rows are written by ``services.py`` alone. Triggers refuse to change what was posted and to delete.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from microacq_pages import guardrails

from . import states
from .enums import ItemKind, PostingKind, State
from .querysets import SolicitationQuerySet

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


class NumberSeries(models.Model):
    """The last number given in a year; its row is locked while a file is numbered, so none is skipped."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Solicitation(models.Model):
    """The procurement file of one opportunity, from posting to the end."""

    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    sequence = models.PositiveIntegerField(_("sequence"), editable=False)
    translation_key = models.UUIDField(unique=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.POSTED)
    state_reason = models.TextField(_("reason"), blank=True)
    state_reason_fr = models.TextField(_("reason in French"), blank=True)
    title_en = models.CharField(_("English title"), max_length=255)
    title_fr = models.CharField(_("French title"), max_length=255)
    price = models.DecimalField(_("fixed price"), max_digits=8, decimal_places=2)
    licence = models.CharField(_("licence"), max_length=100)
    repository = models.URLField(_("repository"))
    deadline = models.DateTimeField(_("deadline to apply"))
    selection_date = models.DateField(_("selection date"))
    delivery_date = models.DateField(_("delivery date"))
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("client"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("posted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    posted_at = models.DateTimeField(_("posted"))
    follows = models.ForeignKey(
        "self",
        verbose_name=_("posts again"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="followed_by",
    )

    if TYPE_CHECKING:
        # Only on what was read ``with_clock``.
        clock: datetime
        is_taking_applications: bool

    #: Key and digest of the posting, where they were read together with the file: counts for one look.
    newest_posting: tuple[int, str] | None = None

    objects = SolicitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("procurement file")
        verbose_name_plural = _("procurement files")
        ordering = ("-year", "-sequence")
        constraints = (
            models.UniqueConstraint(fields=["year", "sequence"], name="file_numbered_once_a_year"),
            models.CheckConstraint(
                name="file_deadline_after_posting", condition=models.Q(deadline__gt=models.F("posted_at"))
            ),
            models.CheckConstraint(
                name="file_cancelled_with_a_reason_in_both_languages",
                condition=~models.Q(state=State.CANCELLED)
                | models.Q(state_reason__regex=r"\S") & models.Q(state_reason_fr__regex=r"\S"),
            ),
        )
        default_permissions = ("view",)
        permissions = (
            ("view_own_solicitation", _("Can view the files of one’s own opportunities")),
            ("open_solicitation", _("Can open the proposals of a file after its deadline")),
            ("cancel_solicitation", _("Can cancel a file, with a reason")),
            ("extend_solicitation", _("Can extend the files that were open during an outage")),
            ("read_proposal", _("Can read opened applications")),
            ("identify_supplier", _("Can see who sent an opened application")),
            ("enter_proposal", _("Can enter an application for a supplier who cannot use the form")),
        )

    def __str__(self) -> str:
        return self.number

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("A procurement file is never deleted.")

    def get_title(self, language: str | None = None) -> str:
        """Title in a language, or in the one that is active."""
        return self.title_fr if (language or get_language() or "en").startswith("fr") else self.title_en

    def get_state_reason(self, language: str | None = None) -> str:
        """Why it is in this state, in a language, or in the one that is active."""
        french = (language or get_language() or "en").startswith("fr")
        return self.state_reason_fr if french else self.state_reason

    @property
    def public_label(self) -> str:
        """State as the public reads it, by the database's clock; ``with_clock`` spares the question."""
        taking = self.is_taking_applications if hasattr(self, "is_taking_applications") else self.is_open()
        return states.public_label(self.state, taking_applications=taking)

    @property
    def price_with_highest_tax(self) -> Decimal:
        """Fixed price with the highest combined sales tax in Canada, in CAD."""
        return guardrails.with_highest_tax(self.price)

    @property
    def current_posting(self) -> Posting:
        """The text that counts now: as posted, or as last amended."""
        newest, self.newest_posting = self.newest_posting, None
        if newest is None:
            newest = self.postings.order_by("-amendment").values_list("pk", "digest")[0]
        # A copy, so that nothing that one request looks up from it is found by the next.
        return copy.copy(_as_posted(str(connection.settings_dict["NAME"]), *newest))

    def page(self, language: str) -> Page | None:
        """The public page in a language."""
        return (
            Page.objects.filter(translation_key=self.translation_key, locale__language_code=language)
            .specific()
            .first()
        )

    def is_open(self) -> bool:
        """Whether it takes applications now, by the database's clock."""
        return type(self).objects.open().filter(pk=self.pk).exists()


class Posting(models.Model):
    """What was posted in both languages, as one whole: ``amendment`` 0 is the first."""

    solicitation = models.ForeignKey(Solicitation, on_delete=models.PROTECT, related_name="postings")
    amendment = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=PostingKind.choices, default=PostingKind.FIRST)
    summary_en = models.TextField(_("English summary"), blank=True)
    summary_fr = models.TextField(_("French summary"), blank=True)
    asks_confirmation = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("posted text")
        verbose_name_plural = _("posted texts")
        ordering = ("amendment",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["solicitation", "amendment"], name="posting_numbered_once_a_file"
            ),
            models.CheckConstraint(
                name="amendment_has_a_summary_in_both_languages",
                condition=models.Q(
                    amendment=0, kind=PostingKind.FIRST, summary_en="", summary_fr="", asks_confirmation=False
                )
                | models.Q(amendment__gt=0, kind__in=[PostingKind.AMENDMENT, PostingKind.OUTAGE])
                & ~models.Q(summary_en__regex=r"^\s*$")
                & ~models.Q(summary_fr__regex=r"^\s*$"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.solicitation} / {self.amendment}"

    def get_summary(self, language: str | None = None) -> str:
        """What was changed and why, in a language, or in the one that is active."""
        return self.summary_fr if (language or get_language() or "en").startswith("fr") else self.summary_en


class PostedItem(models.Model):
    """A criterion, statement, question or text that proposals and verdicts refer to."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20, choices=ItemKind.choices)
    identity = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    text_en = models.TextField()
    text_fr = models.TextField()
    help_en = models.TextField(blank=True)
    help_fr = models.TextField(blank=True)
    word_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    required = models.BooleanField(default=True)
    field_type = models.CharField(max_length=20, blank=True)
    choices_en = models.JSONField(default=list, blank=True)
    choices_fr = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("posted item")
        verbose_name_plural = _("posted items")
        ordering = ("kind", "position")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["posting", "kind", "identity"], name="item_posted_once"),
            models.CheckConstraint(
                name="item_posted_in_both_languages",
                condition=models.Q(text_en__regex=r"\S") & models.Q(text_fr__regex=r"\S"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"

    def _in_language(self, name: str) -> Any:
        language = "fr" if (get_language() or "en").startswith("fr") else "en"
        return getattr(self, f"{name}_{language}")

    @property
    def text(self) -> str:
        """The text in the active language."""
        return str(self._in_language("text"))

    @property
    def help(self) -> str:
        return str(self._in_language("help"))

    @property
    def choices(self) -> list[str]:
        return list(self._in_language("choices"))


@lru_cache(maxsize=64)
def _as_posted(database: str, pk: int, digest: str) -> Posting:
    """A posting with its items, remembered by each process: the database lets nobody change either.

    In the last minute before a deadline everybody sends the same form.
    """
    return Posting.objects.prefetch_related("items").get(pk=pk, digest=digest)
