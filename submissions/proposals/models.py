"""What is kept of a proposal: sealed until its file is opened, and never deleted.

Owns: the rows. Their rules are also the database's (migration ``proposals_triggers``), so plain SQL cannot break them
either. Imports no view and no form; who seals and opens are ``services`` and ``opening``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.notices import crypto
from submissions.proposals import custody
from submissions.proposals.enums import EnteredHow, LinkKind, ProposalState
from submissions.proposals.querysets import KeptQuerySet, NeverDeleted, ProposalQuerySet
from submissions.proposals.texts import ProposalText

if TYPE_CHECKING:
    from submissions.solicitations.models import Posting


class KeptModel(models.Model):
    """A row that stays."""

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            NeverDeleted: always.
        """
        raise NeverDeleted(f"{self._meta.verbose_name_plural} are never deleted.")


class Proposal(KeptModel):
    """One version of what a supplier sent to one file, encrypted to its link and to the custodians.

    ``arrived_at``, ``size`` and ``sealed_digest`` are the database's: whatever is given for them is overwritten.
    """

    solicitation = models.ForeignKey(
        "submissions.Solicitation", on_delete=models.PROTECT, related_name="proposals", verbose_name=_("file")
    )
    posting = models.ForeignKey(
        "submissions.Posting",
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("posting"),
        help_text=_("What was asked when this was sent."),
    )
    receipt_number = models.CharField(_("receipt number"), max_length=16, unique=True)
    arrived_at = models.DateTimeField(_("received at"), db_default=TransactionNow(), editable=False)
    sealed = models.BinaryField(_("sealed text"))
    size = models.PositiveIntegerField(_("size of the sealed text"), db_default=0, editable=False)
    sealed_digest = models.CharField(
        _("digest of the sealed text"), max_length=64, db_default="", editable=False
    )
    text_digest = models.CharField(_("digest of the text"), max_length=64)
    link_digest = models.CharField(_("digest of the supplier’s link"), max_length=64, db_index=True)
    contact = models.TextField(_("address and language, encrypted"))
    address_digest = models.CharField(_("digest of the address"), max_length=64, db_index=True)
    language = models.CharField(_("language it was written in"), max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(
        _("state"), max_length=12, choices=ProposalState.choices, default=ProposalState.SENT
    )
    state_changed_at = models.DateTimeField(_("replaced or withdrawn at"), null=True, editable=False)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
        help_text=_("The member of staff who typed it in for a supplier who cannot use the form."),
    )
    entered_how = models.CharField(
        _("how it came"), max_length=12, choices=EnteredHow.choices, blank=True, editable=False
    )
    taken_at = models.DateTimeField(_("taken down at"), null=True, editable=False)
    entry_key = models.UUIDField(_("key of the entry"), null=True, unique=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["receipt_number"]
        # No permission at all is of this model: Wagtail shows the history of a model, receipt numbers and times
        # included, to whoever has one.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["link_digest"],
                condition=models.Q(state__in=[ProposalState.SENT, ProposalState.WAITING]),
                name="proposal_one_current_version_per_link",
            ),
            models.UniqueConstraint(
                fields=["solicitation", "address_digest"],
                condition=models.Q(state=ProposalState.SENT),
                name="proposal_one_sent_per_address",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    entered_by__isnull=True, entered_how="", taken_at__isnull=True, entry_key__isnull=True
                )
                | models.Q(
                    entered_by__isnull=False,
                    entered_how__in=EnteredHow.values,
                    taken_at__lte=models.F("arrived_at"),
                    entry_key__isnull=False,
                ),
                name="proposal_entered_whole_or_not",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ProposalState.values), name="proposal_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["solicitation", "state"], name="proposal_of_file_by_state")]

    #: What the contact says, and of which contact that was opened.
    _reach: tuple[str, dict[str, str]] | None = None

    def __str__(self) -> str:
        return self.receipt_number

    @property
    def is_erased(self) -> bool:
        """Whether what tells who sent it is gone, its retention period being over."""
        return self.contact == custody.ERASED

    @property
    def answered_posting(self) -> Posting:
        """What this proposal answers: what was asked when it was sent, or what its supplier confirmed it for since."""
        last = self.confirmations.select_related("posting").order_by("-posting__amendment").first()
        posting: Posting = last.posting if last is not None else self.posting
        return posting

    @property
    def address(self) -> str:
        """Where to write to this supplier: for mailing only, never for display. Empty where there is no e-mail."""
        return str(self.reach()["address"])

    @property
    def correspondence_language(self) -> str:
        """In which language to write to this supplier."""
        return str(self.reach()["language"])

    def reach(self) -> dict[str, str]:
        """Address and language; for a supplier without e-mail ``telephone`` and ``postal_address`` as well."""
        if self.is_erased:
            return {"address": "", "language": self.language}
        if self._reach is None or self._reach[0] != self.contact:
            self._reach = self.contact, json.loads(crypto.decrypt(self.contact.encode()))
        return self._reach[1]


class ProposalConfirmation(KeptModel):
    """A supplier’s word, with its own link, that a proposal stands after an amendment. The database sets the time."""

    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="confirmations", verbose_name=_("application")
    )
    posting = models.ForeignKey(
        "submissions.Posting", on_delete=models.PROTECT, related_name="+", verbose_name=_("posting")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation of an application")
        verbose_name_plural = _("confirmations of applications")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["proposal", "posting"], name="proposal_confirmed_once_a_posting"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} / {self.posting}"


class MailedLink(KeptModel):
    """A link given out besides the supplier’s own: only its digest is kept. The database sets the time.

    One of kind ``count`` is mailed with a second proposal, ``proposal``, and says that it counts. One of kind
    ``recover`` stands for a lost one: it replaces or withdraws what its address has in the competition. One of kind
    ``result`` is mailed with what becomes of the application; ``awards`` has its pages.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=LinkKind.choices)
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="mailed_links", verbose_name=_("application")
    )
    digest = models.CharField(_("digest of the link"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailed link")
        verbose_name_plural = _("mailed links")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=LinkKind.values), name="mailed_link_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} / {self.kind}"


class AddressConfirmation(KeptModel):
    """The word of the owner of an address, by a mailed link, which of its proposals counts."""

    proposal = models.OneToOneField(
        Proposal,
        on_delete=models.PROTECT,
        related_name="address_confirmation",
        verbose_name=_("application that counts"),
    )
    replaced = models.OneToOneField(
        Proposal,
        on_delete=models.PROTECT,
        null=True,
        related_name="gave_way",
        verbose_name=_("application that counted until then"),
    )
    link = models.ForeignKey(
        MailedLink, on_delete=models.PROTECT, related_name="+", verbose_name=_("mailed link")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation by the owner of an address")
        verbose_name_plural = _("confirmations by the owners of addresses")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.proposal)


class LinkRequest(models.Model):
    """One time that somebody asked for a lost link: what the worker answers. Kept for a day."""

    solicitation = models.ForeignKey(
        "submissions.Solicitation", on_delete=models.CASCADE, related_name="+", verbose_name=_("file")
    )
    address_digest = models.CharField(_("digest of the address"), max_length=64)
    asked_at = models.DateTimeField(_("asked at"), db_default=TransactionNow(), editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    class Meta:
        verbose_name = _("request for a lost link")
        verbose_name_plural = _("requests for lost links")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


class OpenedProposal(KeptModel):
    """The text of a proposal after its file was opened, under the reading key. Every read of it is recorded."""

    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, related_name="opened", verbose_name=_("application")
    )
    locked_text = models.TextField(_("text, encrypted"))
    opened_at = models.DateTimeField(_("opened at"), db_default=TransactionNow(), editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("opened application")
        verbose_name_plural = _("opened applications")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.proposal)

    @property
    def is_erased(self) -> bool:
        """Whether the text is gone, its retention period being over."""
        return self.locked_text == custody.ERASED

    def text(self) -> ProposalText:
        """What the supplier wrote. Whoever calls this records the read: see ``reading.read``.

        Raises:
            custody.Erased: nothing is left of it.
        """
        text: ProposalText = json.loads(custody.unlock(self.locked_text))
        return text


class TrialSeal(models.Model):
    """One proof that what is sealed today can be opened, or that it cannot."""

    recipients_digest = models.CharField(_("digest of the custodians’ public keys"), max_length=64)
    passed = models.BooleanField(_("opened"))
    detail = models.TextField(_("what happened"))
    made_at = models.DateTimeField(_("made at"), db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name = _("trial seal")
        verbose_name_plural = _("trial seals")
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.passed}"
