"""The pages of the work below a supplier’s link: its story, and every act of the supplier. None is kept in any cache.

Owns: what each address answers. Only a POST changes anything, so that programs that fetch links of a message do not.
Rules are in ``talking``, ``delivering`` and ``ending``. Where the session of a form has ended it comes back with every
word (``keeps_typed``).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail import hooks

from microacq_pages import formats
from submissions.awards.forms import YES
from submissions.awards.views import keeps_typed, takes_file
from submissions.notices.answers import NOT_FOUND, SEE_OTHER, UNPROCESSABLE, language, private, see
from submissions.typed_text import typed_in

from . import access, delivering, ending, posted, results, standing, story, talking
from .delivery_form import DeliveryForm
from .enums import ContractState, EndKind, Side
from .forms import AnswerForm, DisputeForm, ExtensionForm, MessageForm, WithdrawForm
from .models import Contract, EndAnswer, ExtensionAnswer
from .services import Refused, clean

FORBIDDEN, CONFLICT = 403, 409
TEMPLATES = "submissions/contracts"

View = Callable[..., HttpResponse]


def of_link(view: View) -> Any:
    """A page below a link: of its contract, or the same answer to whatever link leads to none."""

    @wraps(view)
    def answer(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        contract = access.contract_of(token)
        if contract is None:
            context = {"contact_email": settings.MICROACQ_CONTACT_EMAIL}
            return render(request, "submissions/awards/no_such_link.html", context, status=NOT_FOUND)
        return view(request, token, contract, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(private(answer))


@of_link
def page(request: HttpRequest, token: str, contract: Contract) -> HttpResponse:
    """The whole story, what comes next, and a message to write."""
    return _show(request, token, contract, MessageForm(initial={"key": uuid.uuid4()}))


@keeps_typed
@of_link
def message(
    request: HttpRequest, token: str, contract: Contract, *, csrf_failed: bool = False
) -> HttpResponse:
    """Keep a message and mail it to the client."""
    if request.method != "POST":
        return see(reverse("work:page", args=[token]))
    form = MessageForm(request.POST)
    if csrf_failed:
        return _show(request, token, contract, form, status=FORBIDDEN, notice=_again())
    status = UNPROCESSABLE
    if form.is_valid():
        typed = form.cleaned_data
        try:
            talking.write(contract, typed["words"], key=typed["key"], language=language(), kind=typed["kind"])
        except Refused as refusal:
            form.add_error(None, refusal)
            status = CONFLICT
        else:
            return see(f"{reverse('work:page', args=[token])}#story")
    return _show(request, token, contract, form, status=status)


@dataclass(frozen=True)
class _Asked:
    """What a page of one form asks.

    Attributes:
        title: Of the page.
        sentences: What the supplier reads before.
        button: What the button says.
        obstacles: What stands against it now: then there is no form, and what was typed is shown to be copied.
        danger: Whether it ends something.
    """

    title: str
    sentences: list[str]
    button: str
    obstacles: list[str]
    danger: bool = False


def _ask(
    request: HttpRequest,
    token: str,
    contract: Contract,
    form: forms.Form,
    asked: _Asked,
    act: Callable[[dict[str, Any]], Any],
    *,
    csrf_failed: bool,
) -> HttpResponse:
    """A page with one form: shown, or carried out; what stands against it is said with everything typed."""
    notice, status = _carried_out(request, form, asked.obstacles, act, csrf_failed=csrf_failed)
    if status == SEE_OTHER:
        return see(f"{reverse('work:page', args=[token])}#story")
    context = {
        **_shared(token, contract),
        "form": form,
        "asked": asked,
        "notice": notice,
        "typed": typed_in(form) if asked.obstacles else [],
    }
    return render(request, f"{TEMPLATES}/ask.html", context, status=status)


def _carried_out(
    request: HttpRequest,
    form: forms.Form,
    obstacles: list[str],
    act: Callable[[dict[str, Any]], Any],
    *,
    csrf_failed: bool,
) -> tuple[str, int]:
    """Do what was sent: a sentence to be shown, if any, and the status; ``SEE_OTHER`` once it is done.

    A form that is sent a second time is asked of the service too, which gives what was kept the first time.
    """
    if request.method != "POST":
        return "", 200
    if csrf_failed:
        return ("" if obstacles else _again()), FORBIDDEN
    if not form.is_valid():
        return "", CONFLICT if obstacles else UNPROCESSABLE
    try:
        act(form.cleaned_data)
    except Refused as refusal:
        if not obstacles:
            form.add_error(None, refusal)
        return "", CONFLICT
    return "", SEE_OTHER


def _nothing_waits(
    request: HttpRequest, token: str, contract: Contract, title: str, given: QuerySet[Any]
) -> HttpResponse:
    """The page of the work; to who writes an answer when nothing waits for it any more, what was typed."""
    form = _bound(AnswerForm, request)
    words = clean(request.POST.get("reason", ""))
    last = given.order_by("-pk").first()
    is_kept = last is not None and last.answered_by_id is None and last.reason == words
    if request.method != "POST" or not words or is_kept:
        return see(f"{reverse('work:page', args=[token])}#story")
    asked = _Asked(title, [], "", [_("Nothing waits for this answer any more.")])
    context = {**_shared(token, contract), "form": form, "asked": asked, "typed": typed_in(form)}
    return render(request, f"{TEMPLATES}/ask.html", context, status=CONFLICT)


def _bound(form_class: type[forms.Form], request: HttpRequest) -> forms.Form:
    return form_class(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})


@keeps_typed
@of_link
def extension(
    request: HttpRequest, token: str, contract: Contract, *, csrf_failed: bool = False
) -> HttpResponse:
    """Ask for a later delivery date."""
    asked = _Asked(
        _("Ask for a later delivery date"),
        [
            _("The delivery date is %(date)s. It moves only if the department agrees.")
            % {"date": formats.date_long(contract.delivery_date, language())}
        ],
        _("Ask"),
        talking.reasons_against_asking(contract),
    )

    def act(typed: dict[str, Any]) -> None:
        talking.ask_for_extension(
            contract, typed["until"], typed["reason"], key=typed["key"], language=language()
        )

    form = _bound(ExtensionForm, request)
    return _ask(request, token, contract, form, asked, act, csrf_failed=csrf_failed)


@keeps_typed
@of_link
def answer_extension(
    request: HttpRequest, token: str, contract: Contract, *, csrf_failed: bool = False
) -> HttpResponse:
    """Agree to the later date that the department asks for, or say why not."""
    waiting = talking.open_extension(contract)
    title = _("Answer about the later delivery date")
    if waiting is None or waiting.side != Side.DEPARTMENT or contract.state != ContractState.UNDER_WAY:
        given = ExtensionAnswer.objects.filter(extension__contract=contract)
        return _nothing_waits(request, token, contract, title, given)
    asked = _Asked(
        title,
        [
            _("The department asks you to deliver by %(until)s instead of %(before)s.")
            % {
                "until": formats.date_long(waiting.until, language()),
                "before": formats.date_long(waiting.before, language()),
            },
            _("Reason: %(reason)s") % {"reason": waiting.reason},
        ],
        _("Send my answer"),
        [],
    )

    def act(typed: dict[str, Any]) -> None:
        talking.answer_extension(
            waiting, agreed=typed["agreed"] == YES, reason=typed["reason"], language=language()
        )

    return _ask(request, token, contract, _bound(AnswerForm, request), asked, act, csrf_failed=csrf_failed)


@keeps_typed
@of_link
def dispute(
    request: HttpRequest, token: str, contract: Contract, *, csrf_failed: bool = False
) -> HttpResponse:
    """Say that one does not agree."""
    asked = _Asked(
        _("Raise a dispute"),
        [
            _(
                "Somebody of the department who is no part of the dispute settles it, in writing. Until then nobody "
                "ends your contract for default."
            )
        ],
        _("Raise a dispute"),
        talking.reasons_against_disputing(contract),
    )

    def act(typed: dict[str, Any]) -> None:
        talking.dispute(contract, typed["words"], key=typed["key"], language=language())

    return _ask(request, token, contract, _bound(DisputeForm, request), asked, act, csrf_failed=csrf_failed)


@keeps_typed
@of_link
def answer_end(
    request: HttpRequest, token: str, contract: Contract, *, csrf_failed: bool = False
) -> HttpResponse:
    """Agree to an end for convenience with its share, or say why not."""
    waiting = ending.open_proposal(contract)
    title = _("The department proposes to end the contract")
    if waiting is None or waiting.kind != EndKind.CONVENIENCE:
        given = EndAnswer.objects.filter(proposal__contract=contract)
        return _nothing_waits(request, token, contract, title, given)
    amount = formats.money(contract.price * waiting.percentage / 100, language())
    asked = _Asked(
        title,
        [
            _("Reason: %(reason)s") % {"reason": waiting.reason},
            _(
                "It would pay %(percentage)s percent of the price for what is complete: %(amount)s, before tax. Of the "
                "work acceptance criteria, %(computed)s percent were found to be met."
            )
            % {"percentage": waiting.percentage, "amount": amount, "computed": waiting.computed},
            _("If you agree, the contract ends at once. If you do not, say which share you think is right."),
        ],
        _("Send my answer"),
        ending.reasons_against_answering(waiting, None),
    )

    def act(typed: dict[str, Any]) -> None:
        ending.answer(waiting, agreed=typed["agreed"] == YES, reason=typed["reason"], language=language())

    return _ask(request, token, contract, _bound(AnswerForm, request), asked, act, csrf_failed=csrf_failed)


@keeps_typed
@of_link
def withdraw(
    request: HttpRequest, token: str, contract: Contract, *, csrf_failed: bool = False
) -> HttpResponse:
    """End the contract as its supplier, with the reason."""
    if contract.state == ContractState.WITHDRAWN and contract.end.reason == clean(
        request.POST.get("reason", "")
    ):
        return see(f"{reverse('work:page', args=[token])}#story")
    asked = _Asked(
        _("Withdraw from the contract"),
        [
            _(
                "If you need more time, ask for a later delivery date instead. If you withdraw, nothing is paid, and "
                "the next supplier may be asked."
            )
        ],
        _("Withdraw from the contract"),
        [] if contract.state == ContractState.UNDER_WAY else [_("The work is not under way.")],
        danger=True,
    )

    def act(typed: dict[str, Any]) -> None:
        ending.withdraw(contract, typed["reason"], language=language())

    return _ask(request, token, contract, _bound(WithdrawForm, request), asked, act, csrf_failed=csrf_failed)


@takes_file
@keeps_typed
@of_link
def deliver(
    request: HttpRequest, token: str, contract: Contract, *, csrf_failed: bool = False
) -> HttpResponse:
    """The form of a delivery, and what it takes."""
    obstacles = delivering.reasons_against_delivering(contract)
    form = _delivery_form(request, contract)

    def act(typed: dict[str, Any]) -> None:
        delivering.deliver(contract, form.delivered())

    notice, status = _carried_out(request, form, obstacles, act, csrf_failed=csrf_failed)
    if status == SEE_OTHER:
        return see(f"{reverse('work:page', args=[token])}#story")
    context = {
        **_shared(token, contract),
        "form": form,
        "form_page": posted.form_page(language()),
        "obstacles": obstacles,
        "typed": typed_in(form) if obstacles else [],
        "notice": notice,
        "had_files": bool(form.is_bound and request.FILES),
        "last": results.last_judgement(contract),
        "round": standing.of(contract).round + 1,
    }
    return render(request, f"{TEMPLATES}/deliver.html", context, status=status)


def _delivery_form(request: HttpRequest, contract: Contract) -> DeliveryForm:
    file = contract.solicitation
    is_sent = request.method == "POST"
    return DeliveryForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial={"key": uuid.uuid4(), **delivering.initial_of(contract)},
        items=file.current_posting.items.all(),
        licence=file.licence,
        language=language(),
    )


# --- what the pages show -----------------------------------------------------------------------------


def _show(
    request: HttpRequest,
    token: str,
    contract: Contract,
    form: MessageForm,
    *,
    status: int = 200,
    notice: str = "",
) -> HttpResponse:
    where = standing.of(contract)
    proposal = ending.open_proposal(contract)
    waiting = talking.open_extension(contract)
    is_under_way = contract.state == ContractState.UNDER_WAY
    context = {
        **_shared(token, contract),
        "form": form,
        "notice": notice,
        "standing": where,
        "entries": story.of(contract, for_staff=False),
        "is_under_way": is_under_way,
        "may_deliver": not delivering.reasons_against_delivering(contract),
        "may_extend": not talking.reasons_against_asking(contract),
        "may_dispute": not talking.reasons_against_disputing(contract),
        "asks_extension": is_under_way and waiting is not None and waiting.side == Side.DEPARTMENT,
        "asks_end": is_under_way and proposal is not None and proposal.kind == EndKind.CONVENIENCE,
        "payable": results.owed(contract),
        "left": contract.rounds - where.round,
        "panels": [panel for answer in hooks.get_hooks("work_panels") for panel in answer(contract, token)],
    }
    return render(request, f"{TEMPLATES}/page.html", context, status=status)


def _shared(token: str, contract: Contract) -> dict[str, Any]:
    file = contract.solicitation
    found = file.page(language())
    return {
        "token": token,
        "contract": contract,
        "file": file,
        "proposal": contract.offer.proposal,
        "opportunity_url": found.url if found is not None and found.live else "",
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        "link": reverse("work:page", args=[token]),
    }


def _again() -> str:
    return _(
        "Nothing was sent, because this page had been open for too long. Nothing you typed is lost: check it and send "
        "it again."
    )
