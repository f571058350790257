"""What the addresses around a draft answer: saving it with a button or by itself, its link by mail, deleting it.

Owns these pages and the two addresses that scripts ask. Takes the form page as an argument; rules are in ``drafting``.
The form filled with a draft is in ``own_link``, below the supplier's link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages.formats import EASTERN, clock, eastern
from submissions.gate import networks, waiting
from submissions.proposals import drafting, gate, reminders, services
from submissions.proposals.draft_models import Draft
from submissions.proposals.fields import Address
from submissions.proposals.sealing import InvalidLink, SupplierLink
from submissions.proposals.visits import (
    CONFLICT,
    FORBIDDEN,
    GONE,
    NOT_FOUND,
    TOO_LARGE,
    UNPROCESSABLE,
    Visit,
    file_of,
    link_address,
    posted_link,
    private,
    private_form,
    render,
    see_other,
    takes_applications,
)

if TYPE_CHECKING:
    from submissions.proposals.pages import ProposalFormPage
    from submissions.solicitations.models import Posting, Solicitation


class ContinueForm(forms.Form):
    """Where to mail the link of a draft."""

    address = Address(
        label=gettext_lazy("E-mail address"),
        error_messages={
            "required": gettext_lazy("Write your e-mail address."),
            "invalid": gettext_lazy("Write an e-mail address in the form name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})


# --- saving ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refusal:
    """Why nothing was saved, in words, with what a script has to know of it.

    Attributes:
        status: Of the answer.
        reason: For the script.
        sentence: For the person.
        version: Of the draft that another window saved; saving from there on replaces it.
    """

    status: int
    reason: str
    sentence: str
    version: int = 0


def save_and_show(visit: Visit, posting: Posting) -> HttpResponse:
    """Save with the button, then offer to continue later; the form again where it cannot be saved."""
    outcome = _save(visit)
    if isinstance(outcome, Draft):
        return see_other(visit.page.address_of("saved", visit.link.token))
    if outcome.reason == "closed":
        return visit.show_closed(visit.form(posting))
    if outcome.reason == "link":
        visit = Visit(visit.request, visit.page, visit.file, SupplierLink.generate())
    visit.version = outcome.version or visit.version
    return visit.show(visit.form_as_typed(posting), posting, status=outcome.status, notice=outcome.sentence)


def save_quietly(
    request: HttpRequest, page: ProposalFormPage, number: str, *, csrf_failed: bool = False
) -> HttpResponse:
    """Save without leaving the form, for a script; every refusal says in words what to do."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    file = file_of(number)
    if file is None:
        return _told(Refusal(NOT_FOUND, "missing", _("There is no opportunity with this number.")))
    if csrf_failed:
        return _told(Refusal(FORBIDDEN, "cookies", _not_saved_without_cookies()))
    link = posted_link(request)
    if link is None:
        return _told(Refusal(UNPROCESSABLE, "link", _damaged()))
    outcome = _save(Visit(request, page, file, link))
    if isinstance(outcome, Refusal):
        return _told(outcome)
    return private(
        JsonResponse(
            {
                "savedAt": outcome.saved_at.isoformat(),
                "version": outcome.version,
                **_clock_of(file, page.locale.language_code),
            }
        )
    )


def _save(visit: Visit) -> Draft | Refusal:
    if not takes_applications(visit.file):
        return Refusal(GONE, "closed", _closed())
    try:
        return drafting.save(
            solicitation=visit.file,
            link=visit.link,
            typed=visit.typed,
            posting=visit.request.POST.get("posting", "")[:64],
            language=visit.language,
            standing=visit.standing,
            network=gate.network_for_drafts(visit),
        )
    except services.Closed:
        return Refusal(GONE, "closed", _closed())
    except services.LinkOfAnotherFile:
        return Refusal(UNPROCESSABLE, "link", _damaged())
    except drafting.TooLarge:
        return Refusal(TOO_LARGE, "large", _too_large())
    except drafting.TooManyDrafts as many:
        return Refusal(waiting.STATUS, "many", waiting.sentence(many.reached))
    except drafting.SentElsewhere:
        return Refusal(CONFLICT, "sent", _sent_elsewhere())
    except drafting.SavedElsewhere as elsewhere:
        moment = clock(elsewhere.draft.saved_at.astimezone(EASTERN), visit.language)
        sentence = _saved_elsewhere() % {"time": moment}
        return Refusal(CONFLICT, "newer", sentence, elsewhere.draft.version)


def _told(refusal: Refusal) -> HttpResponse:
    return private(
        JsonResponse(
            {"reason": refusal.reason, "sentence": refusal.sentence, "version": refusal.version},
            status=refusal.status,
        )
    )


def _closed() -> str:
    return _("Not saved: this opportunity takes no applications any more. Copy what you wrote to keep it.")


def _damaged() -> str:
    return _("Not saved: the page was not sent whole. Nothing you typed is lost: save it again.")


def _not_saved_without_cookies() -> str:
    return _(
        "Not saved: your browser refused a cookie, or this page was open for too long. What you wrote is on this page: "
        "select “Save and continue later”."
    )


def _too_large() -> str:
    return _(
        "Not saved: this is more text than can be kept. What you wrote is on this page: shorten it, then save it again."
    )


def _sent_elsewhere() -> str:
    return _(
        "Not saved: an application was sent with this link from another window. What you wrote is on this page. "
        "Sending it replaces the other until the deadline."
    )


def _saved_elsewhere() -> str:
    return _(
        "Not saved: another window saved this draft at %(time)s, Eastern time. What you wrote is on this page. Save "
        "again to keep this in place of the other, or close this window to keep the other."
    )


# --- saved, and the link by mail -------------------------------------------------------------------


def saved(
    request: HttpRequest, page: ProposalFormPage, token: str, *, csrf_failed: bool = False
) -> HttpResponse:
    """That the answers are saved and not sent; asks for the address to which to mail the link."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    found = _draft_of(page, token)
    if found is None:
        return see_other(page.address_of("link", token))
    link, opened, file = found
    form = ContinueForm(request.POST if request.method == "POST" else None, initial=opened.typed.dict())
    form.fields["address"].initial = opened.typed.get("email", "")
    notice, status, mailed_to = "", 200, ""
    if csrf_failed:
        notice, status = _("Allow cookies for this site, then select the button again."), FORBIDDEN
    elif request.method == "POST" and takes_applications(file):
        if form.is_valid():
            mailed_to = form.cleaned_data["address"]
            notice = _mail_link(request, page, link, mailed_to)
            status, mailed_to = (waiting.STATUS, "") if notice else (200, mailed_to)
        else:
            status = UNPROCESSABLE
    context = {
        "file": file,
        "moment": drafting.clock_of(file),
        "clock_address": page.address_of("clock", file.number),
        "draft": opened.draft,
        "form": form,
        "is_open": takes_applications(file),
        "will_remind": file.deadline - drafting.clock_of(file) > reminders.BEFORE_DEADLINE,
        "notice": notice,
        "mailed_to": mailed_to,
        "draft_address": page.address_of("draft", token),
        "discard_address": page.address_of("discard", token),
        "own_address": link_address(page, link, page.locale.language_code),
    }
    return private_form(render(request, page, "saved.html", context, status=status))


def _mail_link(request: HttpRequest, page: ProposalFormPage, link: SupplierLink, address: str) -> str:
    """Mail the link; the sentence to say where that is too much for the moment."""
    language = page.locale.language_code
    try:
        drafting.mail_link(
            link,
            address=address,
            language=language,
            link_address=link_address(page, link, language),
            network=networks.network_of_visitor(request),
        )
    except drafting.TooManyDrafts as many:
        return waiting.sentence(many.reached)
    return ""


def discard(request: HttpRequest, page: ProposalFormPage, token: str) -> HttpResponse:
    """Ask whether to delete a draft, then do it. What was sent stays."""
    found = _draft_of(page, token)
    if found is None:
        return see_other(page.address_of("link", token))
    link, opened, file = found
    if request.method == "POST":
        drafting.forget(link)
        if drafting.has_sent(link):
            return see_other(page.address_of("link", token))
        return private(render(request, page, "discarded.html", {"file": file}))
    context = {"file": file, "draft": opened.draft, "draft_address": page.address_of("draft", token)}
    return private_form(render(request, page, "discard.html", context))


def _draft_of(
    page: ProposalFormPage, token: str
) -> tuple[SupplierLink, drafting.Opened, Solicitation] | None:
    try:
        link = SupplierLink.from_token(token)
    except InvalidLink:
        return None
    opened = drafting.of_link(link)
    file = file_of(opened.draft.solicitation.number) if opened is not None else None
    return (link, opened, file) if opened is not None and file is not None else None


# --- the clock -------------------------------------------------------------------------------------


def tell_time(request: HttpRequest, page: ProposalFormPage, number: str) -> HttpResponse:
    """The database's clock and the deadline as it stands now, for pages that are open for long."""
    file = file_of(number)
    if file is None:
        return private(JsonResponse({}, status=NOT_FOUND))
    return private(JsonResponse(_clock_of(file, page.locale.language_code)))


def _clock_of(file: Solicitation, language: str) -> dict[str, Any]:
    return {
        "now": drafting.clock_of(file).isoformat(),
        "deadline": file.deadline.isoformat(),
        "deadlineInWords": eastern(file.deadline, language),
        "isOpen": takes_applications(file),
    }
