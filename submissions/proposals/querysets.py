"""The vocabulary of queries on proposals. Deleting is not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models

from submissions.proposals.enums import ProposalState

if TYPE_CHECKING:
    from submissions.proposals.models import Proposal
    from submissions.proposals.sealing import SupplierLink


class NeverDeleted(Exception):
    """Nothing that a supplier sent is deleted through the software."""


class KeptQuerySet(models.QuerySet[Any]):
    """Rows that stay."""

    def delete(self) -> NoReturn:
        """Refuse.

        Raises:
            NeverDeleted: always.
        """
        raise NeverDeleted(f"{self.model._meta.verbose_name_plural} are never deleted.")

    def _raw_delete(self, using: str | None) -> NoReturn:
        self.delete()


class ProposalQuerySet(KeptQuerySet):
    """Questions that the stages ask of proposals."""

    def sent(self) -> ProposalQuerySet:
        """Those in the competition: neither replaced nor withdrawn."""
        return self.filter(state=ProposalState.SENT)

    def standing(self) -> ProposalQuerySet:
        """Those that are opened: sent, and answering every amendment that asked to confirm or replace."""
        return self.sent().filter(~self._unanswered())

    def set_aside(self) -> ProposalQuerySet:
        """Sent, but neither confirmed nor replaced after an amendment that asked for it."""
        return self.sent().filter(self._unanswered())

    @staticmethod
    def _unanswered() -> models.Exists:
        """An amendment that asked, later than what the proposal answers or confirmed. The database says it too."""
        from submissions.proposals.models import ProposalConfirmation
        from submissions.solicitations.models import Posting

        confirmed = ProposalConfirmation.objects.filter(
            proposal=models.OuterRef(models.OuterRef("pk")),
            posting__amendment__gte=models.OuterRef("amendment"),
        )
        return models.Exists(
            Posting.objects.filter(
                ~models.Exists(confirmed),
                solicitation=models.OuterRef("solicitation"),
                asks_confirmation=True,
                amendment__gt=models.OuterRef("posting__amendment"),
            )
        )

    def of_link(self, link: SupplierLink) -> ProposalQuerySet:
        """Every version sent with one supplier's link, the newest first."""
        return self.filter(link_digest=link.digest).order_by("-pk")

    def without_text(self) -> ProposalQuerySet:
        """Leave the sealed text in the database, where only its digest is needed."""
        return self.defer("sealed", "contact")

    def opened(self) -> ProposalQuerySet:
        """Those whose text can be read by staff."""
        return self.filter(opened__isnull=False)

    def current_of(self, link: SupplierLink) -> Proposal | None:
        """The version of this link that is in the competition."""
        return self.sent().of_link(link).first()
