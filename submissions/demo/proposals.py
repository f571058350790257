"""Applications of invented suppliers, and the opportunities whose deadline passes while one watches.

The database refuses a deadline that has passed, so nothing is dated back: these opportunities close seconds after they
are posted, and the worker opens their applications as soon as the rules allow it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from microacq_pages.models import Opportunity
from microacq_pages.publishing import PublicationBlocked
from submissions.proposals import opening, services
from submissions.proposals.enums import Status
from submissions.proposals.forms import ProposalForm
from submissions.proposals.models import Proposal
from submissions.proposals.pages import ProposalFormPage
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.models import Solicitation

from . import files, opportunities
from .tasks import (
    complete_when_opened,
    evaluate_when_opened,
    open_when_due,
    select_when_opened,
    speak_when_opened,
)

if TYPE_CHECKING:
    from .files import Planned

#: How long an opportunity is open that is to be closed soon: enough to post it and to apply to it.
SHORTEST_OPENING = timedelta(seconds=20)
#: The same, as a multiple of what was done just before took, for slow machines: applying, then posting the one before.
TIMES_AS_LONG = 6
ATTEMPTS = 3
#: After the first moment at which opening is allowed.
MARGIN = timedelta(seconds=2)

#: What the worker does with an opened file, by the planned state.
THEN = {"selected": select_when_opened, "desk": speak_when_opened, "completed": complete_when_opened}

STATUS = {"resident": Status.CANADIAN, "permit": Status.WORK_PERMIT}


class NotValidError(Exception):
    """The form refuses an application of the demonstration; the message says why."""


def ensure_trial() -> Iterator[str]:
    """Prove that what is sealed can be opened: without that proof nothing may be posted."""
    if opening.reason_against_posting():
        trial = opening.make_trial()
        yield f"trial seal {'opened' if trial.passed else 'NOT opened: ' + trial.detail}"


def load() -> Iterator[str]:
    """Apply to the open opportunities; post, apply to and let close those that are to be closed."""
    started = time.monotonic()
    for planned in files.planned_opportunities():
        if planned.state == "open":
            yield from _apply_to(planned)
    took = timedelta(seconds=time.monotonic() - started)
    for planned in files.planned_opportunities():
        if planned.state in opportunities.PAST_DEADLINE and not opportunities.exists(planned):
            started = time.monotonic()
            yield from _post_and_close(planned, max(SHORTEST_OPENING, TIMES_AS_LONG * took))
            took = timedelta(seconds=time.monotonic() - started)


def _post_and_close(planned: Planned, opening_time: timedelta) -> Iterator[str]:
    deadline = _post(planned, opening_time)
    yield f"opportunity {planned.file} ({planned.state}, closes at {timezone.localtime(deadline):%H:%M:%S})"
    yield from _apply_to(planned)
    if planned.state in opportunities.OPENED:
        solicitation = solicitation_of(planned)
        moment = opening.opens_from(solicitation) + MARGIN
        open_when_due.using(run_after=moment).enqueue(solicitation.pk)
        yield f"  the worker opens it at {timezone.localtime(moment):%H:%M:%S}"
        then = THEN.get(planned.state, evaluate_when_opened)
        then.using(run_after=moment + MARGIN).enqueue(solicitation.pk)
        if planned.state == "selected":
            yield "  and then evaluates it, draws, offers the work and lets it begin"
        elif planned.state == "completed":
            yield "  and then goes through everything to the payment"


def _post(planned: Planned, opening_time: timedelta) -> datetime:
    """Post with a deadline that is near, and later at each attempt if the machine is slow."""
    for attempt in range(1, ATTEMPTS + 1):
        deadline = _next_minute(timezone.now() + opening_time * attempt)
        try:
            opportunities.bring_about(planned, deadline)
        except PublicationBlocked as refusal:
            if attempt == ATTEMPTS or not any(b.code == "deadline-passed" for b in refusal.blockers):
                raise
        else:
            break
    return deadline


def _next_minute(moment: datetime) -> datetime:
    """Deadlines are whole minutes."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def solicitation_of(planned: Planned) -> Solicitation:
    """The file of an opportunity that was posted."""
    key = Opportunity.objects.get(
        import_ref=planned.ref, locale__language_code=planned.source
    ).translation_key
    return Solicitation.objects.get(translation_key=key)


def _apply_to(planned: Planned) -> Iterator[str]:
    for proposal in files.load("proposals.yaml"):
        if proposal["opportunity"] != planned.ref:
            continue
        file = solicitation_of(planned)
        outcome = _enter(proposal, file) if "telephone" in proposal else send(proposal, file)
        if outcome:
            yield f"  application {outcome}"


def _enter(proposal: dict[str, Any], file: Solicitation) -> str:
    """What staff take down of somebody without e-mail, once."""
    from . import by_telephone

    is_there = file.proposals.filter(entered_by__isnull=False).exists()
    return "" if is_there else f"{by_telephone.enter(proposal, file)}, entered by staff"


def send(proposal: dict[str, Any], solicitation: Solicitation, *, again: bool = False) -> str:
    """Fill in the form as a supplier does and send it.

    Args:
        proposal: What is typed.
        solicitation: The file applied to.
        again: Whether to send it with another link where the address has applied before.

    Returns:
        The receipt number; nothing when this supplier has applied already.

    Raises:
        NotValidError: the form finds something wrong.
    """
    digest = services.address_digest(solicitation, proposal["email"])
    if not again and Proposal.objects.filter(solicitation=solicitation, address_digest=digest).exists():
        return ""
    language = proposal["language"]
    page = ProposalFormPage.objects.get(locale__language_code=language)
    posting, link = solicitation.current_posting, SupplierLink.generate()
    with override(language), transaction.atomic():
        form = ProposalForm(None, items=posting.items.all(), language=language)
        form = ProposalForm(typed(form, proposal), items=posting.items.all(), language=language)
        if not form.is_valid():
            raise NotValidError(f"{proposal['key']}: {form.errors.as_text()}")
        received = services.receive(
            solicitation=solicitation,
            posting=posting,
            link=link,
            text=form.proposal_text(number=solicitation.number, posting=posting.digest, link=link),
            link_address=page.full_address_of("link", link.token),
        )
    return str(received.proposal.receipt_number)


def typed(form: ProposalForm, proposal: dict[str, Any]) -> dict[str, Any]:
    """What the supplier types and ticks, by the names of the form's fields."""
    fields = {
        "name": proposal["name"],
        "business_name": proposal["business_name"],
        "email": proposal["email"],
        "correspondence_language": proposal["correspondence_language"],
        "age_and_capacity": "on",
        "status": STATUS[proposal["status"]].value,
    }
    fields.update(zip(form.named.answers, proposal["answers"], strict=True))
    for name in (*form.named.checklist, *form.named.confirmations, *form.named.terms):
        fields[name] = "on"
    if "heard" in proposal:
        name = next(iter(form.named.questions))
        item = form.named.questions[name]
        fields[name] = getattr(item, f"choices_{proposal['language']}")[proposal["heard"]]
    return fields
