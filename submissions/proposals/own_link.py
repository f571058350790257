"""The supplier’s own link: its draft, then the receipt, what was sent, and changing or withdrawing it.

Owns: the pages below the link, which alone can open a draft, and a proposal before its file is opened. Later stages
hang theirs below the same address. Takes the form page as an argument and knows only its addresses; rules are in
``services`` and ``drafting``.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from submissions.proposals import confirming, drafting, mailed, services, supplier_panels
from submissions.proposals.applying import answer, as_asked_now, ask
from submissions.proposals.confirming import asked_of
from submissions.proposals.forms import ProposalForm, initial_from
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import InvalidLink, SupplierLink
from submissions.proposals.visits import (
    CONFLICT,
    Visit,
    file_of,
    link_address,
    no_such_link,
    private,
    render,
    see_other,
    takes_applications,
)

if TYPE_CHECKING:
    from submissions.proposals.pages import ProposalFormPage


def link(request: HttpRequest, page: ProposalFormPage, token: str) -> HttpResponse:
    """The receipt and what was sent, which this link alone can open before the deadline; before that, the draft."""
    found = _of_token(token)
    if found is None:
        if again := mailed.recovered(request, page, token):
            return again
        return see_other(page.address_of("draft", token)) if _draft(token) else no_such_link(request, page)
    supplier_link, versions = found
    current = versions[0]
    file = file_of(current.solicitation.number)
    text = services.what_was_sent(current, supplier_link)
    form = ProposalForm(
        None,
        items=current.posting.items.all(),
        language=page.locale.language_code,
        initial=initial_from(text),
    )
    context = {
        "file": file,
        "opportunity": file.page(page.locale.language_code) if file else None,
        "proposal": current,
        "earlier": versions[1:],
        "typed": form.typed(),
        "asked": asked_of(current, page.locale.language_code),
        "confirmed": current.confirmations.order_by("-pk").first(),
        "confirm_address": page.address_of("confirm", token),
        "can_change": file is not None and takes_applications(file),
        "link": supplier_link,
        "draft": drafting.row_of(supplier_link),
        "change_address": page.address_of("change", token),
        "discard_address": page.address_of("discard", token),
        "withdraw_address": page.address_of("withdraw", token),
        "panels": supplier_panels.panels_of(current, page.locale.language_code),
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
    }
    response = private(render(request, page, "link.html", context))
    # No form stands on this page, and nothing on it may tell another site the address.
    response["Referrer-Policy"] = "no-referrer"
    return response


def change(
    request: HttpRequest, page: ProposalFormPage, token: str, *, csrf_failed: bool = False
) -> HttpResponse:
    """The form again, filled with what was sent; sending it replaces that."""
    found = _of_token(token)
    if found is None:
        visit = mailed.visit_of(request, page, token)
        return _form(visit, csrf_failed=csrf_failed) if visit else no_such_link(request, page)
    supplier_link, versions = found
    file = file_of(versions[0].solicitation.number)
    if file is None:
        return no_such_link(request, page)
    sent = services.what_was_sent(versions[0], supplier_link)
    visit = Visit(
        request,
        page,
        file,
        supplier_link,
        initial=initial_from(sent, file.current_posting.items.all()),
        receipt=versions[0].receipt_number,
    )
    return _form(visit, csrf_failed=csrf_failed)


def draft(
    request: HttpRequest, page: ProposalFormPage, token: str, *, csrf_failed: bool = False
) -> HttpResponse:
    """The form as it was saved; with an application already sent, that is the form which changes it."""
    if _of_token(token) is not None:
        return change(request, page, token, csrf_failed=csrf_failed)
    opened = _draft(token)
    file = file_of(opened.draft.solicitation.number) if opened is not None else None
    if opened is None or file is None:
        return no_such_link(request, page)
    return _form(Visit(request, page, file, SupplierLink.from_token(token)), csrf_failed=csrf_failed)


def _form(visit: Visit, *, csrf_failed: bool) -> HttpResponse:
    """The form below the link: what was saved last stands in it, else what was sent."""
    if visit.request.method == "POST":
        return private(answer(visit, csrf_failed=csrf_failed))
    if visit.request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    opened = drafting.of_link(visit.link)
    if opened is not None:
        posting = visit.file.current_posting
        visit.kept = as_asked_now(opened.typed, visit.file, opened.posting, posting)
        visit.version, visit.saved_at = opened.draft.version, opened.draft.saved_at
        visit.was_amended = opened.posting != posting.digest
    return private(ask(visit))


def confirm(request: HttpRequest, page: ProposalFormPage, token: str) -> HttpResponse:
    """Show what an amendment changed, and take the supplier’s word that the application stands."""
    found = _of_token(token)
    if found is None:
        return no_such_link(request, page)
    supplier_link, versions = found
    language = page.locale.language_code
    notice, status = "", 200
    if request.method == "POST":
        try:
            confirming.confirm(supplier_link, request.POST.get("posting", ""), language)
        except services.PostingChanged:
            notice, status = (
                _("The opportunity was amended again: read what changed before you confirm."),
                CONFLICT,
            )
        except confirming.CannotConfirm:
            notice, status = (
                _("A criterion is new: replace your application, so that it answers it."),
                CONFLICT,
            )
        except services.Closed:
            return see_other(page.address_of("link", token))
        else:
            return see_other(page.address_of("link", token))
    file = file_of(versions[0].solicitation.number)
    asked = asked_of(versions[0], language)
    if asked is None or file is None or not takes_applications(file):
        return see_other(page.address_of("link", token))
    context = {
        "proposal": versions[0],
        "file": file,
        "asked": asked,
        "notice": notice,
        "change_address": page.address_of("change", token),
        "link_address": page.address_of("link", token),
    }
    return private(render(request, page, "confirm.html", context, status=status))


def withdraw(request: HttpRequest, page: ProposalFormPage, token: str) -> HttpResponse:
    """Ask whether to withdraw, then do it."""
    found = _of_token(token)
    if found is None:
        return mailed.withdraw(request, page, token) or no_such_link(request, page)
    supplier_link, versions = found
    proposal = versions[0]
    if request.method == "POST":
        language = proposal.correspondence_language
        # Too late: the page that follows says so.
        with suppress(services.Closed):
            services.withdraw(supplier_link, link_address=link_address(page, supplier_link, language))
        return see_other(page.address_of("link", token))
    context = {
        "proposal": proposal,
        "file": proposal.solicitation,
        "link_address": page.address_of("link", token),
    }
    return private(render(request, page, "withdraw.html", context))


def _of_token(token: str) -> tuple[SupplierLink, list[Proposal]] | None:
    """The link and every version sent with it: the one in the competition first, then the newest."""
    try:
        supplier_link = SupplierLink.from_token(token)
    except InvalidLink:
        return None
    versions = list(
        Proposal.objects.of_link(supplier_link).select_related("solicitation", "posting", "replaced_by")
    )
    # What was erased at the end of its retention period is not there for anybody.
    return (supplier_link, versions) if versions and not versions[0].is_erased else None


def _draft(token: str) -> drafting.Opened | None:
    try:
        return drafting.of_link(SupplierLink.from_token(token))
    except InvalidLink:
        return None
