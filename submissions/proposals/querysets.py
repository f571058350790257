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
        """Those in the competition: neither waiting, nor replaced, nor withdrawn."""
        return self.filter(state=ProposalState.SENT)

    def waiting(self) -> ProposalQuerySet:
        """Those whose address has another in the competition, and whose owner has not said that they count."""
        return self.filter(state=ProposalState.WAITING)

    def live(self) -> ProposalQuerySet:
        """Those that their supplier can still change: sent or waiting."""
        return self.filter(state__in=[ProposalState.SENT, ProposalState.WAITING])

    def standing(self) -> ProposalQuerySet:
        """Those that are opened: sent, and answering every amendment that asked to confirm or replace."""
        return self.sent().filter(~self.unanswered())

    def set_aside(self) -> ProposalQuerySet:
        """Sent, but neither confirmed nor replaced after an amendment that asked for it."""
        return self.sent().filter(self.unanswered())

    def untold(self) -> ProposalQuerySet:
        """Sent, entered by staff, and nobody told its supplier of the last amendment; ``amended_at`` says since when.

        Whether there is e-mail is encrypted: who asks leaves out those that have an address.
        """
        from submissions.proposals.desk_models import ToldOfAmendment
        from submissions.solicitations.models import Posting

        later = Posting.objects.filter(
            solicitation=models.OuterRef("solicitation"), amendment__gt=models.OuterRef("posting__amendment")
        )
        told = ToldOfAmendment.objects.filter(
            proposal=models.OuterRef(models.OuterRef("pk")),
            posting__amendment__gte=models.OuterRef("amendment"),
        )
        waiting = later.filter(~models.Exists(told)).order_by("amendment")
        return (
            self.sent()
            .filter(entered_by__isnull=False)
            .annotate(amended_at=models.Subquery(waiting.values("created_at")[:1]))
            .filter(amended_at__isnull=False)
            .defer("sealed")
        )

    def of_address(self, solicitation_id: int, digest: str) -> ProposalQuerySet:
        """What came to one file from one address, whatever became of it."""
        return self.filter(solicitation_id=solicitation_id, address_digest=digest)

    def entered_by(self, user: Any) -> ProposalQuerySet:
        """What a member of staff typed in for suppliers."""
        return self.filter(entered_by=user)

    @staticmethod
    def unanswered() -> models.Exists:
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
        """The version of this link that counts, or waits to be said to count. There is one at most."""
        return self.live().of_link(link).first()

    def last_of(self, link: SupplierLink) -> Proposal | None:
        """What the page of a link shows as received: its last version, unless that was withdrawn.

        It may have given way to another of its address since; the page does not tell.
        """
        last = self.of_link(link).first()
        return None if last is None or last.state == ProposalState.WITHDRAWN else last
