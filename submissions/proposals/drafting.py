"""Drafts: saving, opening with the supplier's link, mailing that link, and forgetting.

Owns these rules. What was typed is sealed to the supplier's link alone, so neither the server nor a custodian can read
it; only the address that somebody asked to be written to is under the server's mail key. Knows no request and no page.
That nothing is kept of a file that takes no applications is the database's rule; this module says so in words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import IntegrityError, transaction
from django.utils.datastructures import MultiValueDict

from microacq_pages.formats import eastern
from submissions.gate import counting, limits
from submissions.notices import crypto
from submissions.notices.services import send_notice
from submissions.proposals import sealing
from submissions.proposals.draft_models import SIZE_LIMIT, Draft
from submissions.proposals.models import Proposal
from submissions.proposals.services import Closed, LinkOfAnotherFile, NotAccepted, lock

if TYPE_CHECKING:
    from submissions.proposals.sealing import SupplierLink
    from submissions.proposals.typed import Typed
    from submissions.solicitations.models import Solicitation

SCHEMA = "draft/1"


class TooLarge(NotAccepted):
    """More than a draft can hold."""


class TooManyDrafts(NotAccepted):
    """More than is taken for the moment; nothing was stored or mailed."""

    def __init__(self, reached: counting.TooMany) -> None:
        super().__init__()
        self.reached = reached


class SavedElsewhere(NotAccepted):
    """Another window saved meanwhile, and this one did not show what it saved."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


class SentElsewhere(NotAccepted):
    """What the window changes is no longer what is in the competition: it was sent from another window."""


@dataclass(frozen=True)
class Standing:
    """Where a window stands when it saves, as its form says.

    Attributes:
        window: Names the window, so that it is never in conflict with itself.
        version: Of the draft that it shows; 0 when it shows none.
        receipt: Of the application that it changes; empty when nothing was sent with this link.
    """

    window: str = ""
    version: int = 0
    receipt: str = ""


@dataclass(frozen=True)
class Opened:
    """A draft in clear.

    Attributes:
        draft: The row.
        typed: What stood in the form.
        posting: Digest of what was asked.
    """

    draft: Draft
    typed: Typed
    posting: str


# --- saving ----------------------------------------------------------------------------------------


@transaction.atomic
def save(
    *,
    solicitation: Solicitation,
    link: SupplierLink,
    typed: Typed,
    posting: str,
    language: str,
    standing: Standing,
    network: str = "",
) -> Draft:
    """Keep what is typed under the supplier's link, in place of what was kept before.

    Saving the same again is no conflict, whoever saved it, so that an answer lost on the way does no harm.

    Args:
        solicitation: The file applied to.
        link: The supplier's link; only its digest and its public key are used and kept.
        typed: What stands in the form, valid or not.
        posting: Digest of what was asked.
        language: Of the page.
        standing: Where the window stands.
        network: Where the request came from, to limit how many drafts begin there; empty where that does not count.

    Returns:
        The row, with the time of saving and the new version.

    Raises:
        Closed: the file takes no applications.
        LinkOfAnotherFile: the link belongs to another file.
        TooLarge: over ``SIZE_LIMIT``.
        SavedElsewhere: another window saved something else meanwhile.
        SentElsewhere: an application was sent with this link meanwhile.
        TooManyDrafts: too many drafts were begun in this network.
    """
    text = json.dumps(
        {
            "schema": SCHEMA,
            "number": solicitation.number,
            "posting": posting,
            "locale": language,
            "typed": dict(typed.lists()),
        }
    ).encode()
    if len(text) > SIZE_LIMIT - 1024:
        raise TooLarge
    lock(link.digest)  # the lock of sending
    before = Draft.objects.select_for_update().of_link(link).first()
    sent = Proposal.objects.without_text().of_link(link).first()
    for row in (before, sent):
        if row is not None and row.solicitation_id != solicitation.pk:
            raise LinkOfAnotherFile
    if sent is not None and standing.receipt != sent.receipt_number:
        raise SentElsewhere
    if before is not None and standing.window != before.window and standing.version != before.version:
        if opened(before, link).typed == typed:
            return before
        raise SavedElsewhere(before)
    sealed = sealing.seal(text, [link.recipient])
    if before is None:
        return begin(solicitation, link, sealed, language, standing.window, network)
    changes = {"sealed": sealed, "language": language, "window": standing.window[:16]}
    _kept(lambda: Draft.objects.filter(pk=before.pk).update(**changes))
    return Draft.objects.without_text().get(pk=before.pk)


def begin(
    solicitation: Solicitation,
    link: SupplierLink,
    sealed: bytes,
    language: str,
    window: str = "",
    network: str = "",
) -> Draft:
    """The first saving with a link: the only place where a draft comes to be, and so where they are limited."""
    _count((limits.DRAFTS_OF_NETWORK, network))
    draft = Draft(
        solicitation=solicitation,
        link_digest=link.digest,
        sealed=sealed,
        language=language,
        window=window[:16],
    )
    _kept(lambda: draft.save(force_insert=True))
    draft.refresh_from_db(fields=["version", "saved_at", "created_at"])
    return draft


def _count(*passages: tuple[limits.Limit, str]) -> None:
    reached = counting.take(*passages)
    if reached is not None:
        raise TooManyDrafts(reached)


def _kept(write: Any) -> None:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        refusals: dict[str | None, type[NotAccepted]] = {
            "draft_before_deadline": Closed,
            "draft_size_limit": TooLarge,
        }
        if name in refusals:
            raise refusals[name] from error
        raise


# --- opening and forgetting ------------------------------------------------------------------------


def of_link(link: SupplierLink) -> Opened | None:
    """The draft that this link opens; None when there is none."""
    draft = Draft.objects.of_link(link).select_related("solicitation").first()
    return opened(draft, link) if draft is not None else None


def row_of(link: SupplierLink) -> Draft | None:
    """The draft of this link without its text: that there is one, and since when."""
    return Draft.objects.without_text().of_link(link).first()


def opened(draft: Draft, link: SupplierLink) -> Opened:
    """A draft in clear.

    Raises:
        CannotOpen: it was sealed to another link.
    """
    text = json.loads(sealing.unseal(bytes(draft.sealed), [link.identity]))
    return Opened(draft, MultiValueDict(text["typed"]), text["posting"])


def forget(link: SupplierLink) -> bool:
    """Delete the draft of a link, because its supplier wants it gone. Tells whether there was one."""
    return bool(Draft.objects.of_link(link).delete()[0])


def forget_sent(link: SupplierLink, standing: Standing, typed: Typed) -> None:
    """Delete the draft of what was just sent; what another window saved meanwhile and nobody sent stays."""
    draft = Draft.objects.of_link(link).first()
    if draft is None:
        return
    own = draft.version == standing.version or draft.window == standing.window
    if own or opened(draft, link).typed == typed:
        draft.delete()


def has_sent(link: SupplierLink) -> bool:
    """Whether anything was ever sent with this link, withdrawn or not."""
    return Proposal.objects.of_link(link).exists()


# --- the link by mail ------------------------------------------------------------------------------


@transaction.atomic
def mail_link(
    link: SupplierLink, *, address: str, language: str, link_address: str, network: str = ""
) -> bool:
    """Mail the link of a draft to its supplier, and remember the address for one reminder.

    Over the limit of an address nothing is sent; who asks cannot tell.

    Args:
        link: The supplier's link.
        address: A valid address.
        language: Of correspondence.
        link_address: The full address of the link.
        network: Where the request came from.

    Returns:
        Whether there is a draft.

    Raises:
        Closed: the file takes no applications.
        TooManyDrafts: too many links were mailed from this network.
    """
    lock(link.digest)  # the lock of sending
    draft = Draft.objects.without_text().select_for_update(of=("self",)).of_link(link).first()
    if draft is None:
        return False
    _count((limits.DRAFT_LINKS_OF_NETWORK, network))
    contact = crypto.encrypt(json.dumps({"address": address, "language": language}).encode())
    changes: dict[str, Any] = {"contact": contact.decode("ascii")}
    may_mail = counting.take((limits.DRAFTS_TO_ADDRESS, address.casefold())) is None
    if may_mail:
        changes |= {"links_mailed": draft.links_mailed + 1, "link_mailed_at": TransactionNow()}
    _kept(lambda: Draft.objects.filter(pk=draft.pk).update(**changes))
    if may_mail:
        _send_link(draft, address, language, link_address)
    return True


def _send_link(draft: Draft, address: str, language: str, link_address: str) -> None:
    file = draft.solicitation
    send_notice(
        "draft_link",
        address,
        key=f"draft_link:{draft.pk}:{draft.links_mailed + 1}",
        language=language,
        number=file.number,
        context={
            "number": file.number,
            "title": file.get_title(language),
            "deadline": eastern(file.deadline, language),
            "link": link_address,
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        },
    )


def clock_of(solicitation: Solicitation) -> datetime:
    """The time by the database's clock that the file was fetched with."""
    moment: datetime = solicitation.moment  # type: ignore[attr-defined]  # annotated by visits.file_of
    return moment
