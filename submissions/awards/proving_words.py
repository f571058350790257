"""What was written around an award can prove: each encrypted text is, to the byte, the one whose record was made.

Called by ``proving``. Compares stored ciphertexts with the digests of the audit: decrypts nothing, so it needs no key
and shows nothing. Imports no later stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from submissions.proposals import custody
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Finding, Recorded, Tell, broken, erased_digests, recorded

from . import confirmations, debriefs, desk, translations
from .desk_models import OfferAnsweredForSupplier
from .enums import Topic
from .models import DebriefAnswer, DebriefRequest, EmployeeConfirmation
from .translation_models import TranslatedReasons


def words(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Texts that were changed, added or taken away since they were recorded."""
    yield from _confirmations(file)
    yield from _answered_for(file)
    yield from _requests(file)
    yield from _answers(file)
    yield from _reasons(file)


class _Acts:
    """Recorded acts of some kinds, each of which tells of one row."""

    def __init__(self, file: Solicitation, *actions: str) -> None:
        self.left = recorded(file, actions)
        self.erased = erased_digests(file)

    def take(self, actor: int | None, **values: Any) -> bool:
        """Whether an act says exactly this; it is then no longer looked for."""
        for act in self.left:
            if self._says(act, values) and (actor is None or act.actor == str(actor)):
                self.left.remove(act)
                return True
        return False

    def gone(self, sentence: str, name: Callable[[Recorded], Mapping[str, Any]]) -> Iterator[Finding]:
        """A finding for each act of which there is no row as it says."""
        for act in self.left:
            yield broken(sentence, **name(act))

    def _says(self, act: Recorded, values: Mapping[str, Any]) -> bool:
        return all(
            custody.is_as_recorded(act.data.get(name), value, self.erased) for name, value in values.items()
        )


def _receipt(act: Recorded) -> dict[str, Any]:
    return {"receipt": act.data.get("receipt"), "request": act.data.get("request")}


def _confirmations(file: Solicitation) -> Iterator[Finding]:
    acts = _Acts(file, "offer.confirmation_received")
    rows = EmployeeConfirmation.objects.filter(offer__solicitation=file).select_related("offer__proposal")
    for row in rows.defer("offer__proposal__sealed"):
        receipt = row.offer.proposal.receipt_number
        if not acts.take(None, receipt=receipt, **confirmations.on_record(row)):
            yield broken(
                _("The confirmation of a government employee for application %(receipt)s was changed."),
                receipt=receipt,
            )
    yield from acts.gone(
        _(
            "A confirmation of a government employee for application %(receipt)s was recorded, and is not there "
            "as it came."
        ),
        _receipt,
    )


def _answered_for(file: Solicitation) -> Iterator[Finding]:
    acts = _Acts(file, "offer.answered_for")
    rows = OfferAnsweredForSupplier.objects.filter(offer__solicitation=file).select_related("offer__proposal")
    for row in rows.defer("offer__proposal__sealed"):
        receipt = row.offer.proposal.receipt_number
        if not acts.take(row.entered_by_id, receipt=receipt, **desk.on_record(row)):
            yield broken(
                _("How the answer of application %(receipt)s to the offer came is not what was recorded."),
                receipt=receipt,
            )
    yield from acts.gone(
        _("An answer was recorded as entered for application %(receipt)s, and is not there as it was."),
        _receipt,
    )


def _requests(file: Solicitation) -> Iterator[Finding]:
    asked, complaints = _Acts(file, "debrief.asked"), _Acts(file, "debrief.complaint")
    rows = DebriefRequest.objects.filter(proposal__solicitation=file).select_related("proposal")
    for row in rows.defer("proposal__sealed"):
        acts = complaints if row.topic == Topic.COMPLAINT else asked
        receipt = row.proposal.receipt_number
        if not acts.take(None, receipt=receipt, **debriefs.request_on_record(row)):
            yield broken(
                _(
                    "What the supplier of application %(receipt)s wrote after the result (message %(request)s) is "
                    "not what was recorded."
                ),
                receipt=receipt,
                request=row.pk,
            )
    for acts in (asked, complaints):
        yield from acts.gone(
            _(
                "Message %(request)s of the supplier of application %(receipt)s was recorded, and is not there as "
                "it came."
            ),
            _receipt,
        )


def _answers(file: Solicitation) -> Iterator[Finding]:
    acts = _Acts(file, "debrief.answered")
    rows = DebriefAnswer.objects.filter(request__proposal__solicitation=file)
    for row in rows.select_related("request__proposal").defer("request__proposal__sealed"):
        receipt = row.request.proposal.receipt_number
        if not acts.take(row.answered_by_id, receipt=receipt, **debriefs.answer_on_record(row)):
            yield broken(
                _(
                    "The answer to message %(request)s of the supplier of application %(receipt)s is not what was "
                    "recorded."
                ),
                receipt=receipt,
                request=row.request_id,
            )
    yield from acts.gone(
        _(
            "An answer to message %(request)s of the supplier of application %(receipt)s was recorded, and is not "
            "there as it was."
        ),
        _receipt,
    )


def _reasons(file: Solicitation) -> Iterator[Finding]:
    acts = _Acts(file, translations.WRITTEN)
    rows = TranslatedReasons.objects.filter(candidate__proposal__solicitation=file)
    for row in rows.select_related("candidate__proposal").defer("candidate__proposal__sealed"):
        if row.translated_at is None and not row.locked_texts:
            continue
        receipt = row.candidate.proposal.receipt_number
        if not acts.take(row.translated_by_id, receipt=receipt, **translations.on_record(row)):
            yield broken(
                _(
                    "The translation of the reasons on application %(receipt)s is not the one that was recorded."
                ),
                receipt=receipt,
            )
    yield from acts.gone(
        _(
            "A translation of the reasons on application %(receipt)s was recorded, and is not there as it was."
        ),
        _receipt,
    )
