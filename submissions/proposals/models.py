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
from submissions.proposals.enums import ProposalState
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
                condition=models.Q(state=ProposalState.SENT),
                name="proposal_one_current_version_per_link",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ProposalState.values), name="proposal_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["solicitation", "state"], name="proposal_of_file_by_state")]

    def __str__(self) -> str:
        return self.receipt_number

    @property
    def answered_posting(self) -> Posting:
        """What this proposal answers: what was asked when it was sent, or what its supplier confirmed it for since."""
        last = self.confirmations.select_related("posting").order_by("-posting__amendment").first()
        posting: Posting = last.posting if last is not None else self.posting
        return posting

    @property
    def address(self) -> str:
        """Where to write to this supplier: for mailing only, never for display."""
        return str(self._contact()["address"])

    @property
    def correspondence_language(self) -> str:
        """In which language to write to this supplier."""
        return str(self._contact()["language"])

    def _contact(self) -> dict[str, str]:
        contact: dict[str, str] = json.loads(crypto.decrypt(self.contact.encode()))
        return contact


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

    def text(self) -> ProposalText:
        """What the supplier wrote. Whoever calls this records the read: see ``reading.read``."""
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
