"""Drafts: saving, opening with the supplier's link, mailing that link, and forgetting.

Owns these rules. What was typed is sealed to the supplier's link alone, so neither the server nor a custodian can read
it; only the address that somebody asked to be written to is under the server's mail key. Knows no request and no page.
That nothing is kept of a file that takes no applications is the database's rule; this module says so in words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict

from microacq_pages.formats import eastern
from submissions.notices import crypto
from submissions.notices.services import send_notice
from submissions.proposals import sealing
from submissions.proposals.draft_models import SIZE_LIMIT, Draft
from submissions.proposals.models import Proposal
from submissions.proposals.services import Closed, LinkOfAnotherFile, NotAccepted, one_at_a_time

if TYPE_CHECKING:
    from submissions.proposals.sealing import SupplierLink
    from submissions.proposals.typed import Typed
    from submissions.solicitations.models import Solicitation

SCHEMA = "draft/1"

#: Messages with a link to one address in a day, however many drafts ask for them.
ADDRESS_LIMIT = 5
DAY = timedelta(days=1)


class TooLarge(NotAccepted):
    """More than a draft can hold."""


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

    Returns:
        The row, with the time of saving and the new version.

    Raises:
        Closed: the file takes no applications.
        LinkOfAnotherFile: the link belongs to another file.
        TooLarge: over ``SIZE_LIMIT``.
        SavedElsewhere: another window saved something else meanwhile.
        SentElsewhere: an application was sent with this link meanwhile.
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
    one_at_a_time(link)
    before = Draft.objects.select_for_update().of_link(link).first()
    sent = Proposal.objects.without_text().of_link(link).order_by("state", "-pk").first()
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
        return begin(solicitation, link, sealed, language, standing.window)
    changes = {"sealed": sealed, "language": language, "window": standing.window[:16]}
    _kept(lambda: Draft.objects.filter(pk=before.pk).update(**changes))
    return Draft.objects.without_text().get(pk=before.pk)


def begin(
    solicitation: Solicitation, link: SupplierLink, sealed: bytes, language: str, window: str = ""
) -> Draft:
    """The first saving with a link: the only place where a draft comes to be, so the place to limit how many do."""
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
    """Delete the draft of a link: it was sent, or its supplier wants it gone. Tells whether there was one."""
    return bool(Draft.objects.of_link(link).delete()[0])


def has_sent(link: SupplierLink) -> bool:
    """Whether anything was ever sent with this link, withdrawn or not."""
    return Proposal.objects.of_link(link).exists()


# --- the link by mail ------------------------------------------------------------------------------


@transaction.atomic
def mail_link(link: SupplierLink, *, address: str, language: str, link_address: str) -> bool:
    """Mail the link of a draft to its supplier, and remember the address for one reminder.

    Over the limit of an address nothing is sent; who asks cannot tell.

    Args:
        link: The supplier's link.
        address: A valid address.
        language: Of correspondence.
        link_address: The full address of the link.

    Returns:
        Whether there is a draft.
    """
    one_at_a_time(link)
    draft = Draft.objects.without_text().select_for_update(of=("self",)).of_link(link).first()
    if draft is None:
        return False
    digest = digest_of(address)
    _one_address_at_a_time(digest)
    contact = crypto.encrypt(json.dumps({"address": address, "language": language}).encode())
    may_mail = mailed_today(digest) < ADDRESS_LIMIT
    mailed = draft.links_mailed + (1 if may_mail else 0)
    changes: dict[str, Any] = {"contact": contact.decode("ascii"), "address_digest": digest}
    if may_mail:
        changes |= {"links_mailed": mailed, "link_mailed_at": TransactionNow()}
    _kept(lambda: Draft.objects.filter(pk=draft.pk).update(**changes))
    if may_mail:
        file = draft.solicitation
        send_notice(
            "draft_link",
            address,
            key=f"draft_link:{draft.pk}:{mailed}",
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
    return True


def digest_of(address: str) -> str:
    """Tells that two drafts have one address, without telling which."""
    return salted_hmac(
        "submissions.proposals.draft.address", address.casefold(), algorithm="sha256"
    ).hexdigest()


def mailed_today(digest: str) -> int:
    """How many messages with a link an address was sent in the last day, at most."""
    found = Draft.objects.filter(address_digest=digest, link_mailed_at__gt=Now() - DAY)
    return found.aggregate(total=models.Sum(F("links_mailed")))["total"] or 0


def _one_address_at_a_time(digest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draft/{digest}"])


def clock_of(solicitation: Solicitation) -> datetime:
    """The time by the database's clock that the file was fetched with."""
    moment: datetime = solicitation.moment  # type: ignore[attr-defined]  # annotated by visits.file_of
    return moment
