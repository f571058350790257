"""One request to the form of one file, and the answers that every address of the form shares.

Owns: how the form, the page of a closed file and a private page are shown. Decides nothing: the flow is in
``applying``, ``own_link`` and ``draft_views``. Takes the form page as an argument and knows only its addresses.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control

from submissions.audit.services import record
from submissions.proposals import gate
from submissions.proposals.drafting import Standing
from submissions.proposals.forms import ELIGIBILITY, ProposalForm
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import InvalidLink, SupplierLink
from submissions.proposals.typed import Typed, as_initial, pairs, typed_in
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
TOO_LARGE = 413

#: From then on the form says that little time is left.
LAST_MINUTES = timedelta(minutes=15)

_WINDOW = re.compile(r"[A-Za-z0-9_-]{8,16}")


@dataclass
class Visit:
    """One request to the form of one file.

    Attributes:
        request: The request.
        page: The form page, of one language.
        file: With the database's clock, as ``file_of`` gives it.
        link: The supplier's own link.
        initial: What was sent and is being changed; None when nothing was.
        receipt: Of what is being changed.
        kept: What stands in the form when nothing was sent with this request: a draft.
        version: Of the draft that the form shows.
        saved_at: When that draft was saved.
        was_amended: Whether the file was amended since.
        window: Names the window that shows the form.
    """

    request: HttpRequest
    page: ProposalFormPage
    file: Solicitation
    link: SupplierLink
    initial: dict[str, Any] | None = None
    receipt: str = ""
    kept: Typed | None = None
    version: int = 0
    saved_at: datetime | None = None
    was_amended: bool = False
    window: str = field(default_factory=lambda: secrets.token_urlsafe(9))

    def __post_init__(self) -> None:
        if self.request.method == "POST":
            standing = standing_of(self.request)
            self.version = standing.version
            self.window = standing.window or self.window

    @property
    def language(self) -> str:
        """The language of the page."""
        code: str = self.page.locale.language_code
        return code

    @property
    def is_change(self) -> bool:
        """Whether the form replaces what was sent."""
        return self.initial is not None

    @property
    def moment(self) -> datetime:
        """The time by the database's clock."""
        now: datetime = self.file.moment  # type: ignore[attr-defined]  # annotated by file_of
        return now

    @property
    def standing(self) -> Standing:
        """Where this window stands when it saves."""
        posted = standing_of(self.request)
        return Standing(self.window, self.version, posted.receipt)

    @cached_property
    def typed(self) -> Typed:
        """What stands in the form."""
        if self.request.method == "POST":
            return typed_in(self.request.POST)
        return self.kept if self.kept is not None else typed_in({})

    @property
    def is_unsaved(self) -> bool:
        """Whether somebody wrote what stands in the form, and it was sent in vain."""
        given = {*ELIGIBILITY, "correspondence_language"}
        return self.request.method == "POST" and any(
            text.strip() for name, text in pairs(self.typed) if name not in given
        )

    def form(self, posting: Posting, typed: Typed | None = None) -> ProposalForm:
        """The form that ``posting`` asks: judged where something was sent, else as it was kept or sent before."""
        if self.request.method == "POST":
            return ProposalForm(
                typed if typed is not None else self.typed,
                items=posting.items.all(),
                language=self.language,
                initial=self.initial,
            )
        return self.form_as_typed(posting) if self.kept is not None else self._form(posting, self.initial)

    def form_as_typed(self, posting: Posting, typed: Typed | None = None) -> ProposalForm:
        """The form with what stands in it and no word of what is missing or wrong."""
        typed = typed if typed is not None else self.typed
        form = self._form(posting, None)
        form.initial = as_initial(form, typed)
        form.kept = typed
        return form

    def _form(self, posting: Posting, initial: dict[str, Any] | None) -> ProposalForm:
        return ProposalForm(None, items=posting.items.all(), language=self.language, initial=initial)

    def context(self, posting: Posting) -> dict[str, Any]:
        """What every page with the form's answers in it shows or carries."""
        return {
            "file": self.file,
            "opportunity": self.file.page(self.language),
            "moment": self.moment,
            "is_last_minute": self.file.deadline - self.moment <= LAST_MINUTES,
            "link": self.link,
            "posting": posting,
            "is_change": self.is_change,
            "visit": self,
            "clock_address": self.page.address_of("clock", self.file.number),
            "save_address": self.page.address_of("save", self.file.number),
            "link_address": self.page.address_of("link", self.link.token),
            **gate.fields(self),
        }

    def show(
        self,
        form: ProposalForm,
        posting: Posting,
        *,
        status: int = 200,
        notice: str = "",
        can_apply: bool = False,
    ) -> HttpResponse:
        """The form; ``can_apply`` where the self-check has just said so."""
        response = render(
            self.request,
            self.page,
            "form.html",
            {
                **self.context(posting),
                "form": form,
                "sections": form.sections(),
                "problems": form.problems(),
                "notice": notice,
                "can_apply": can_apply,
                "form_address": self.page.address_of("apply", self.file.number) if can_apply else "",
                "leftovers": form.leftovers(),
            },
            status=status,
        )
        # Kept by the browser alone, so that going back after a lost connection finds text and link again.
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def show_closed(self, form: ProposalForm) -> HttpResponse:
        """Too late, or cancelled: nothing is stored, and everything typed is shown to be kept."""
        received = None
        if form.is_bound:
            received = Proposal.objects.without_text().last_of(self.link)
            if gate.is_recorded_as_late(self):
                record(self.file, "proposal.refused", data={"number": self.file.number})
        response = render(
            self.request,
            self.page,
            "closed.html",
            {
                "file": self.file,
                "opportunity": self.file.page(self.language),
                "is_cancelled": self.file.state == State.CANCELLED,
                "typed": form.typed() if form.is_bound or form.kept else [],
                "received": received,
                "contact_email": settings.MICROACQ_CONTACT_EMAIL,
            },
            status=GONE,
        )
        # Without “no-store”: going back must find the text again.
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def to_link(self) -> HttpResponse:
        """Lead to the supplier's own page."""
        return see_other(self.page.address_of("link", self.link.token))


# --- what a request brings -------------------------------------------------------------------------


#: With the posting of now, and whether anything was ever sent with a link: one statement for all that a form that comes
#: back asks of the database before it is judged.
_AT_THE_DOOR = """
SELECT f.*, now() AS moment, newest.id AS newest_id, newest.digest AS newest_digest,
       EXISTS (SELECT FROM submissions_proposal WHERE link_digest = %s) AS link_was_used
FROM submissions_solicitation f
CROSS JOIN LATERAL (
    SELECT id, digest FROM submissions_posting WHERE solicitation_id = f.id ORDER BY amendment DESC LIMIT 1
) newest
WHERE f.number = %s
"""


def file_of(number: str) -> Solicitation | None:
    """The file, with the answer of the database’s clock as the trigger will give it to this transaction."""
    return Solicitation.objects.filter(number=_number(number)).annotate(moment=TransactionNow()).first()


def file_for(number: str, link: SupplierLink) -> Solicitation | None:
    """The same for a form that comes back: it knows its posting too, and whether ``link`` was used before."""
    found: Any = Solicitation.objects.raw(_AT_THE_DOOR, [link.digest, _number(number)])
    for file in found:
        file.newest_posting = (file.newest_id, file.newest_digest)
        return cast(Solicitation, file)
    return None


def _number(typed: str) -> str:
    return typed[:20].upper().replace("\x00", "")


def takes_applications(file: Solicitation) -> bool:
    """Whether it takes applications, by the clock that it was fetched with."""
    now: datetime = file.moment  # type: ignore[attr-defined]  # annotated by file_of
    return file.state == State.POSTED and now < file.deadline


def posted_link(request: HttpRequest) -> SupplierLink | None:
    """The supplier's link that a form carries; None when it is damaged."""
    try:
        return SupplierLink.from_token(request.POST.get("link", ""))
    except InvalidLink:
        return None


def standing_of(request: HttpRequest) -> Standing:
    """Where the window stands that sent a form."""
    window, version = request.POST.get("window", ""), request.POST.get("version", "")
    return Standing(
        window=window if _WINDOW.fullmatch(window) else "",
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
        receipt=request.POST.get("receipt", "")[:16],
    )


# --- answers ---------------------------------------------------------------------------------------


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


def private_form(response: HttpResponse) -> HttpResponse:
    """The same for a page below a link with a form: other sites do not learn its address, the check of forms does."""
    response = private(response)
    response["Referrer-Policy"] = "same-origin"
    return response


def no_such_link(request: HttpRequest, page: ProposalFormPage) -> HttpResponse:
    """The page for a link that is none, or none any more."""
    context = {"contact_email": settings.MICROACQ_CONTACT_EMAIL}
    return private(render(request, page, "no_such_link.html", context, status=NOT_FOUND))


def render(
    request: HttpRequest, page: ProposalFormPage, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this stage."""
    return TemplateResponse(
        request,
        f"submissions/proposals/{template}",
        {**page.get_context(request), **context},
        status=status,
    )
