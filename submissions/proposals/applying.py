"""What the public addresses answer: the form of a file, and the supplier’s own link.

Owns: the flow from the first GET to the receipt, so that nothing typed is ever lost and nothing is accepted late. Each
function takes the form page as an argument and knows only its addresses. Rules are in ``services`` and ``forms``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _

from submissions.audit.services import record
from submissions.proposals import sealing, services
from submissions.proposals.forms import ProposalForm
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import InvalidLink, SupplierLink
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

if TYPE_CHECKING:
    from submissions.proposals.pages import ProposalFormPage
    from submissions.solicitations.models import Posting

UNPROCESSABLE = 422
FORBIDDEN = 403
NOT_FOUND = 404
CONFLICT = 409
GONE = 410


@dataclass
class Visit:
    """One request to the form of one file."""

    request: HttpRequest
    page: ProposalFormPage
    file: Solicitation
    link: SupplierLink
    initial: dict[str, Any] | None = None

    @property
    def language(self) -> str:
        """The language of the page."""
        code: str = self.page.locale.language_code
        return code

    @property
    def is_change(self) -> bool:
        """Whether the form replaces what was sent."""
        return self.initial is not None

    def form(self, posting: Posting) -> ProposalForm:
        """The form that ``posting`` asks, with what was typed."""
        return ProposalForm(
            self.request.POST if self.request.method == "POST" else None,
            items=posting.items.all(),
            language=self.language,
            initial=self.initial,
        )

    def show(
        self, form: ProposalForm, posting: Posting, *, status: int = 200, notice: str = ""
    ) -> HttpResponse:
        """The form."""
        response = render(
            self.request,
            self.page,
            "form.html",
            {
                "file": self.file,
                "opportunity": self.file.page(self.language),
                "form": form,
                "sections": form.sections(),
                "problems": form.problems(),
                "link": self.link,
                "posting": posting,
                "notice": notice,
                "is_change": self.is_change,
                "leftovers": form.leftovers() if form.is_bound else [],
            },
            status=status,
        )
        # Kept by the browser alone, so that going back after a lost connection finds text and link again.
        patch_cache_control(response, private=True, no_cache=True)
        return response


# --- how to apply ------------------------------------------------------------------------------


def index(request: HttpRequest, page: ProposalFormPage, *, missing: str = "") -> HttpResponse:
    """How to apply, and the opportunities that take applications now."""
    files = Solicitation.objects.open().order_by("deadline")
    response = render(
        request,
        page,
        "index.html",
        {"files": [(file, page.address_of("apply", file.number)) for file in files], "missing": missing},
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
    file = file_of(number)
    if file is None:
        return index(request, page, missing=number)
    if request.method in ("GET", "HEAD"):
        visit = Visit(request, page, file, SupplierLink.generate())
        return ask(visit)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    link = _posted_link(request)
    if link is None:
        return _damaged(Visit(request, page, file, SupplierLink.generate()))
    visit = Visit(request, page, file, link)
    return ask_again(visit) if csrf_failed else take(visit)


def file_of(number: str) -> Solicitation | None:
    """The file, with the answer of the database’s clock as the trigger will give it to this transaction."""
    return (
        Solicitation.objects.filter(number=number[:20].upper().replace("\x00", ""))
        .annotate(moment=TransactionNow())
        .first()
    )


def takes_applications(file: Solicitation) -> bool:
    now: datetime = file.moment  # type: ignore[attr-defined]  # annotated by file_of
    return file.state == State.POSTED and now < file.deadline


def _posted_link(request: HttpRequest) -> SupplierLink | None:
    try:
        return SupplierLink.from_token(request.POST.get("link", ""))
    except InvalidLink:
        return None


def ask(visit: Visit) -> HttpResponse:
    posting = visit.file.current_posting
    form = visit.form(posting)
    return visit.show(form, posting) if takes_applications(visit.file) else _closed(visit, form)


def _damaged(visit: Visit) -> HttpResponse:
    posting = visit.file.current_posting
    form = visit.form(posting)
    if not takes_applications(visit.file):
        return _closed(visit, form)
    notice = _("The page was not sent whole. Nothing you typed is lost: check it and send it again.")
    return visit.show(form, posting, status=UNPROCESSABLE, notice=notice)


def ask_again(visit: Visit) -> HttpResponse:
    posting = visit.file.current_posting
    form = visit.form(posting)
    if not takes_applications(visit.file):
        return _closed(visit, form)
    notice = _(
        "Your application was not sent, because this page had been open for too long or your browser refused a cookie. "
        "Nothing you typed is lost: allow cookies for this site, then send it again."
    )
    return visit.show(form, posting, status=FORBIDDEN, notice=notice)


def take(visit: Visit) -> HttpResponse:
    """Take what was typed: a receipt, or the form again with every word of it."""
    repeated = _already_received(visit)
    if repeated:
        return _to_link(visit)
    posting = visit.file.current_posting
    form = visit.form(posting)
    if not takes_applications(visit.file):
        return _closed(visit, form)
    if visit.request.POST.get("posting") != posting.digest:
        return _amended(visit, form, posting)
    if not form.is_valid():
        return visit.show(form, posting, status=UNPROCESSABLE)
    try:
        services.receive(
            solicitation=visit.file,
            posting=posting,
            link=visit.link,
            text=form.proposal_text(number=visit.file.number, posting=posting.digest, link=visit.link),
            link_address=link_address(visit.page, visit.link, form.cleaned_data["correspondence_language"]),
        )
    except services.Closed:
        return _closed(visit, form)
    except services.PostingChanged:
        posting = visit.file.current_posting
        return _amended(visit, visit.form(posting), posting)
    except services.LinkOfAnotherFile:
        return _damaged(Visit(visit.request, visit.page, visit.file, SupplierLink.generate()))
    return _to_link(visit)


def _already_received(visit: Visit) -> bool:
    """Whether exactly this was received before, which holds after an amendment and after the deadline as well."""
    before = Proposal.objects.without_text().select_related("posting").last_of(visit.link)
    if before is None or before.solicitation_id != visit.file.pk:
        return False
    form = visit.form(before.posting)
    if not form.is_valid():
        return False
    text = form.proposal_text(number=visit.file.number, posting=before.posting.digest, link=visit.link)
    return sealing.digest(sealing.canonical(text)) == before.text_digest


def _amended(visit: Visit, form: ProposalForm, posting: Posting) -> HttpResponse:
    notice = _(
        "The opportunity was amended while you were writing, so your application was not sent. Nothing you typed is "
        "lost: read what is asked now, then send it again."
    )
    return visit.show(form, posting, status=CONFLICT, notice=notice)


def _closed(visit: Visit, form: ProposalForm) -> HttpResponse:
    """Too late, or cancelled: nothing is stored, and everything typed is shown to be kept."""
    received = None
    if form.is_bound:
        received = Proposal.objects.without_text().last_of(visit.link)
        record(visit.file, "proposal.refused", data={"number": visit.file.number})
    response = render(
        visit.request,
        visit.page,
        "closed.html",
        {
            "file": visit.file,
            "opportunity": visit.file.page(visit.language),
            "is_cancelled": visit.file.state == State.CANCELLED,
            "typed": form.typed() if form.is_bound else [],
            "received": received,
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        },
        status=GONE,
    )
    # Without “no-store”: going back must find the text again.
    patch_cache_control(response, private=True, no_cache=True)
    return response


# --- shared ------------------------------------------------------------------------------------


def link_address(page: ProposalFormPage, supplier_link: SupplierLink, language: str) -> str:
    """The full address of the link on the page of ``language``."""
    if page.locale.language_code != language:
        page = (
            type(page)
            .objects.filter(translation_key=page.translation_key, locale__language_code=language, live=True)
            .first()
            or page
        )
    return page.full_address_of("link", supplier_link.token)


def _to_link(visit: Visit) -> HttpResponse:
    return see_other(visit.page.address_of("link", visit.link.token))


def see_other(address: str) -> HttpResponse:
    """Redirect with 303: what follows is a GET, so that loading it again sends nothing again."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """Nothing on the way keeps this page or finds it."""
    response.headers.pop("Cache-Control", None)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def render(
    request: HttpRequest, page: ProposalFormPage, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return TemplateResponse(
        request,
        f"submissions/proposals/{template}",
        {**page.get_context(request), **context},
        status=status,
    )
