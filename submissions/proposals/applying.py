"""What the form of a file answers: from the first GET to the receipt.

Owns: the flow, so that nothing typed is ever lost and nothing is accepted late. One POST of the form is a complete
application; the review, going back to the form and saving a draft are other buttons of the same form (``Act``), so that
nothing on the way depends on what the server keeps. Rules are in ``services``, ``drafting`` and ``forms``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _

from submissions.proposals import draft_views, drafting, gate, sealing, services
from submissions.proposals.forms import ProposalForm
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import SupplierLink
from submissions.proposals.typed import Typed, pairs, without_what_changed
from submissions.proposals.visits import (
    CONFLICT,
    FORBIDDEN,
    NOT_FOUND,
    UNPROCESSABLE,
    Visit,
    file_for,
    file_of,
    link_address,
    posted_link,
    render,
    takes_applications,
)
from submissions.solicitations.models import Posting, Solicitation

if TYPE_CHECKING:
    from submissions.proposals.pages import ProposalFormPage


class Act(StrEnum):
    """What a button of the form asks for. A form without a button’s name is an application."""

    SEND = "send"
    REVIEW = "review"
    EDIT = "edit"
    SAVE = "save"

    @classmethod
    def of(cls, request: HttpRequest) -> Act:
        """What was asked for; the unknown is never taken for sending."""
        named = request.POST.get("act", cls.SEND)
        return cls(named) if named in list(cls) else cls.EDIT


# --- how to apply ------------------------------------------------------------------------------


def index(request: HttpRequest, page: ProposalFormPage, *, missing: str = "") -> HttpResponse:
    """How to apply, and the opportunities that take applications now."""
    files = Solicitation.objects.open().order_by("deadline")
    response = render(
        request,
        page,
        "index.html",
        {"files": [(file, page.address_of("check", file.number)) for file in files], "missing": missing},
        status=NOT_FOUND if missing else 200,
    )
    add_never_cache_headers(response)
    return response


def preview(request: HttpRequest, page: ProposalFormPage) -> HttpResponse:
    """The form as the page would have it asked, with a criterion to show where criteria stand."""
    from submissions.proposals.posted import preview_items

    form = ProposalForm(None, items=preview_items(page), language=page.locale.language_code)
    return render(
        request,
        page,
        "form.html",
        {"form": form, "sections": form.sections(), "problems": [], "preview": True},
    )


# --- the form ----------------------------------------------------------------------------------


def apply(
    request: HttpRequest, page: ProposalFormPage, number: str, *, csrf_failed: bool = False
) -> HttpResponse:
    """The form of file ``number``: show it, or take what was typed."""
    link = posted_link(request) if request.method == "POST" else None
    file = file_for(number, link) if link is not None else file_of(number)
    if file is None:
        return index(request, page, missing=number)
    if request.method in ("GET", "HEAD"):
        visit = Visit(request, page, file, SupplierLink.generate())
        return ask(visit)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if link is None:
        return damaged(Visit(request, page, file, SupplierLink.generate()))
    return answer(Visit(request, page, file, link), csrf_failed=csrf_failed)


def answer(visit: Visit, *, csrf_failed: bool = False) -> HttpResponse:
    """Do what the button asks by which the form was sent."""
    if csrf_failed:
        return ask_again(visit)
    act = Act.of(visit.request)
    if act == Act.SEND:
        return take(visit)
    posting = visit.file.current_posting
    if not takes_applications(visit.file):
        return visit.show_closed(visit.form(posting))
    if act == Act.SAVE:
        return draft_views.save_and_show(visit, posting)
    if act == Act.EDIT:
        return visit.show(visit.form_as_typed(posting), posting)
    return review(visit, posting)


def ask(visit: Visit) -> HttpResponse:
    posting = visit.file.current_posting
    form = visit.form(posting)
    return visit.show(form, posting) if takes_applications(visit.file) else visit.show_closed(form)


def damaged(visit: Visit) -> HttpResponse:
    """The link in the form is none, or that of another file: the form again with a new one."""
    posting = visit.file.current_posting
    form = visit.form_as_typed(posting)
    if not takes_applications(visit.file):
        return visit.show_closed(visit.form(posting))
    notice = _("The page was not sent whole. Nothing you typed is lost: check it and send it again.")
    return visit.show(form, posting, status=UNPROCESSABLE, notice=notice)


def ask_again(visit: Visit) -> HttpResponse:
    """The CSRF check failed: the form again."""
    posting = visit.file.current_posting
    if not takes_applications(visit.file):
        return visit.show_closed(visit.form(posting))
    notice = _(
        "Your application was not sent, because this page had been open for too long or your browser refused a cookie. "
        "Nothing you typed is lost: allow cookies for this site, then send it again."
    )
    return visit.show(visit.form_as_typed(posting), posting, status=FORBIDDEN, notice=notice)


# --- reviewing and sending ---------------------------------------------------------------------


def review(visit: Visit, posting: Posting) -> HttpResponse:
    """Everything as it would be sent, with one button to send it: the form again where something is missing."""
    if visit.request.POST.get("posting") != posting.digest:
        return amended(visit, posting)
    form = visit.form(posting)
    if not form.is_valid():
        return visit.show(form, posting, status=UNPROCESSABLE)
    response = render(
        visit.request,
        visit.page,
        "review.html",
        {
            **visit.context(posting),
            "sections": form.sections(),
            "leftovers": form.leftovers(),
            "carried": list(pairs(visit.typed)),
        },
    )
    # Kept by the browser alone, so that going back after a lost connection finds the text again.
    patch_cache_control(response, private=True, no_cache=True)
    return response


def take(visit: Visit) -> HttpResponse:
    """Take what was typed: a receipt, or the form again with every word of it."""
    if _already_received(visit):
        return visit.to_link()
    posting = visit.file.current_posting
    form = visit.form(posting)
    if not takes_applications(visit.file):
        return visit.show_closed(form)
    if visit.request.POST.get("posting") != posting.digest:
        return amended(visit, posting)
    if not form.is_valid():
        return visit.show(form, posting, status=UNPROCESSABLE)
    if stopped := gate.stop(visit, form, posting):
        return stopped
    try:
        received = services.receive(
            solicitation=visit.file,
            posting=posting,
            link=visit.link,
            text=form.proposal_text(number=visit.file.number, posting=posting.digest, link=visit.link),
            link_address=link_address(visit.page, visit.link, form.cleaned_data["correspondence_language"]),
        )
    except services.Closed:
        return visit.show_closed(form)
    except services.PostingChanged:
        return amended(visit, visit.file.current_posting)
    except services.LinkOfAnotherFile:
        return damaged(Visit(visit.request, visit.page, visit.file, SupplierLink.generate()))
    if received.may_have_draft:
        drafting.forget_sent(visit.link, visit.standing, visit.typed)
    return visit.to_link()


def _already_received(visit: Visit) -> bool:
    """Whether exactly this was received before, which holds after an amendment and after the deadline as well."""
    if not getattr(visit.file, "link_was_used", True):
        return False
    before = Proposal.objects.without_text().select_related("posting").last_of(visit.link)
    if before is None or before.solicitation_id != visit.file.pk:
        return False
    form = visit.form(before.posting)
    if not form.is_valid():
        return False
    text = form.proposal_text(number=visit.file.number, posting=before.posting.digest, link=visit.link)
    return sealing.digest(sealing.canonical(text)) == before.text_digest


def amended(visit: Visit, posting: Posting) -> HttpResponse:
    """What is asked changed meanwhile: the form of now, with every word typed."""
    notice = _(
        "The opportunity was amended while you were writing, so your application was not sent. Nothing you typed is "
        "lost: read what is asked now, then send it again."
    )
    typed = as_asked_now(visit.typed, visit.file, visit.request.POST.get("posting", ""), posting)
    return visit.show(visit.form(posting, typed), posting, status=CONFLICT, notice=notice)


def as_asked_now(typed: Typed, file: Solicitation, digest: str, posting: Posting) -> Typed:
    """``typed`` without what was confirmed in other words than those of ``posting``.

    Args:
        typed: What was typed for the posting that ``digest`` names.
        file: The file of both.
        digest: Of the posting that was asked then; an unknown one counts as the same.
        posting: What is asked now.
    """
    if digest == posting.digest:
        return typed
    before = file.postings.filter(digest=digest.replace("\x00", "")[:64]).first()
    return without_what_changed(typed, before.items.all(), posting.items.all()) if before else typed
