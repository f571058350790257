"""What the links answer that are mailed besides the supplier’s own, and how a lost one is asked for again.

Owns: the public pages of ``second`` and ``recovery``. Only a POST changes anything, so that programs that fetch the
links of a message do not. Takes the form page as an argument and knows only its addresses.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext_lazy as _

from submissions.gate import looking, waiting
from submissions.gate.networks import network_of_visitor
from submissions.proposals import links, recovery, second, services, supplier_panels
from submissions.proposals.applying import index
from submissions.proposals.fields import Address
from submissions.proposals.sealing import InvalidLink, SupplierLink
from submissions.proposals.visits import (
    UNPROCESSABLE,
    Visit,
    file_of,
    link_address,
    no_such_link,
    private,
    private_form,
    render,
    see_other,
    takes_applications,
)

if TYPE_CHECKING:
    from submissions.proposals.models import MailedLink
    from submissions.proposals.pages import ProposalFormPage


class LostLinkForm(forms.Form):
    """Where the lost link was mailed to."""

    email = Address(
        label=_("E-mail address in your application"),
        error_messages={
            "required": _("Write the e-mail address that is in your application."),
            "invalid": _("Write an e-mail address in the form name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


# --- which of two counts -----------------------------------------------------------------------


def count(request: HttpRequest, page: ProposalFormPage, token: str) -> HttpResponse:
    """Show which applications came from one address, and take the word of its owner that this one counts."""
    link = _link(token)
    choice = second.choice_of(link) if link else None
    if link is None or choice is None:
        return no_such_link(request, page)
    if request.method == "POST":
        # Too late: the page that follows says so.
        with suppress(services.Closed):
            second.confirm(link)
        return see_other(page.address_of("count", token))
    file = file_of(choice.proposal.solicitation.number)
    context = {
        "file": file,
        "choice": choice,
        "can_choose": file is not None and takes_applications(file) and choice.waits,
        "takes_applications": file is not None and takes_applications(file),
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
    }
    return private_form(render(request, page, "count.html", context))


# --- a lost link -------------------------------------------------------------------------------


def lost(request: HttpRequest, page: ProposalFormPage, number: str) -> HttpResponse:
    """The form, and the same answer to every address."""
    file = file_of(number)
    if file is None:
        return index(request, page, missing=number)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    form = LostLinkForm(request.POST if request.method == "POST" else None, label_suffix="")
    form.use_required_attribute = False
    subject = f"lost-link/{file.number}"
    context = {**_about(file, page), "form": form, "bait": looking.BAIT}
    if not form.is_bound:
        context["stamp"] = looking.new_stamp(subject)
        return private(render(request, page, "lost_link.html", context))
    seen = looking.look(request, subject)
    context["stamp"] = seen.stamp
    if not form.is_valid():
        return private(render(request, page, "lost_link.html", context, status=UNPROCESSABLE))
    if seen.objection:
        context["notice"] = seen.objection
        return private(render(request, page, "lost_link.html", context, status=seen.status))
    try:
        recovery.ask(file, address=form.cleaned_data["email"], network=network_of_visitor(request))
    except recovery.TooMany as refusal:
        context["notice"] = waiting.sentence(refusal.reached)
        refused = render(request, page, "lost_link.html", context, status=waiting.STATUS)
        return waiting.mark(private(refused), refusal.reached)
    return see_other(page.address_of("lost_asked", file.number))


def lost_asked(request: HttpRequest, page: ProposalFormPage, number: str) -> HttpResponse:
    """What happens next; says nothing about any address."""
    file = file_of(number)
    if file is None:
        return index(request, page, missing=number)
    return private(render(request, page, "lost_link_asked.html", _about(file, page)))


def _about(file: Any, page: ProposalFormPage) -> dict[str, Any]:
    return {
        "file": file,
        "opportunity": file.page(page.locale.language_code),
        "lost_address": page.address_of("lost", file.number),
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
    }


# --- the link that stands for a lost one -------------------------------------------------------


def recovered(request: HttpRequest, page: ProposalFormPage, token: str) -> HttpResponse | None:
    """What may be done with such a link; None when the token names none. What was sent is not shown."""
    found = _recovery(token)
    if found is None:
        return None
    _supplier_link, mailed = found
    current = links.current_of_recovery(mailed)
    shown = current or mailed.proposal
    file = file_of(shown.solicitation.number)
    language = page.locale.language_code
    context = {
        "file": file,
        "opportunity": file.page(language) if file else None,
        "proposal": shown,
        "counts": current is not None,
        "can_change": file is not None and takes_applications(file),
        "panels": supplier_panels.panels_of(shown, language) if current else [],
        "change_address": page.address_of("change", token),
        "withdraw_address": page.address_of("withdraw", token),
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
    }
    response = private_form(render(request, page, "recovered.html", context))
    response["Referrer-Policy"] = "no-referrer"  # no form stands on this page
    return response


def visit_of(request: HttpRequest, page: ProposalFormPage, token: str) -> Visit | None:
    """The form for such a link, blank because it cannot read; sending it replaces what its address has.

    Returns:
        None when the token names no such link.
    """
    found = _recovery(token)
    file = file_of(found[1].proposal.solicitation.number) if found else None
    return Visit(request, page, file, found[0]) if found and file else None


def withdraw(request: HttpRequest, page: ProposalFormPage, token: str) -> HttpResponse | None:
    """Ask whether to withdraw what the address has in the competition, then do it."""
    found = _recovery(token)
    if found is None:
        return None
    supplier_link, mailed = found
    back = page.address_of("link", token)
    current = links.current_of_recovery(mailed)
    if current is None:
        return see_other(back)
    if request.method == "POST":
        language = current.correspondence_language
        # Too late: the page that follows says so.
        with suppress(services.Closed):
            services.withdraw(supplier_link, link_address=link_address(page, supplier_link, language))
        return see_other(back)
    context = {"proposal": current, "file": current.solicitation, "link_address": back}
    return private_form(render(request, page, "withdraw.html", context))


def _link(token: str) -> SupplierLink | None:
    try:
        return SupplierLink.from_token(token)
    except InvalidLink:
        return None


def _recovery(token: str) -> tuple[SupplierLink, MailedLink] | None:
    link = _link(token)
    mailed = links.unused_recovery(link) if link else None
    return (link, mailed) if link and mailed else None
