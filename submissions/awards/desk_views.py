"""The staff’s screen of an offer to a supplier who cannot use the link: how to reach them, terms to print, the answer.

Thin: ``desk`` decides at every request. Only a POST changes anything, and nothing typed is lost.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from microacq_pages import formats
from microacq_pages.headings import HeadingMixin
from submissions.proposals.came import ReceivedForm
from submissions.proposals.entering import ENTER_PERMISSION
from submissions.questions.forms import QuestionField
from submissions.solicitations.models import Solicitation
from submissions.solicitations.panels import when
from submissions.solicitations.permissions import SolicitationPermissionPolicy
from submissions.solicitations.services import database_clock
from submissions.solicitations.views import visible_file

from . import confirmations, desk, offers, papers, results, terms
from .enums import ON_PAPER, AnsweredHow, OfferState
from .forms import YES, AcceptForm, ConfirmationForm, DeclineForm
from .models import Offer

UNPROCESSABLE, CONFLICT = 422, 409


class CameMixin(ReceivedForm):
    """How an answer came, when, and how it was received."""

    too_early = gettext_lazy("This is before the work was offered.")

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, since=offer.made_at, ways=AnsweredHow.choices, **kwargs)
        self.offer = offer


class AcceptForForm(CameMixin, AcceptForm):
    """An acceptance on paper: what the supplier confirmed there, and the name below it."""

    field_order = (
        "entered_how",
        "taken_at",
        "statement",
        "payment",
        "employee",
        "licence_holder",
        "accepted",
        "signature",
    )

    def __init__(self, *args: Any, offer: Offer, language: str, **kwargs: Any) -> None:
        super().__init__(
            *args,
            offer=offer,
            price=formats.money(offer.price, language),
            delivery_date=formats.date_long(offer.delivery_date, language),
            **kwargs,
        )
        for name in ("price", "delivery_date"):
            del self.fields[name]  # they stand in the terms that were signed
        how: Any = self.fields["entered_how"]
        how.choices = [(each.value, each.label) for each in ON_PAPER]
        self.fields["payment"].label = _("How the supplier is paid")
        self.fields["employee"].label = _("Does the supplier work for the Government of Canada?")
        self.fields["employee"].help_text = ""
        self.fields["signature"].label = _("Name below the terms, as it was signed")
        self.fields["signature"].help_text = ""
        self.fields["accepted"].label = _(
            "The paper has the terms word for word, with the reference %(reference)s, and a signature by hand."
        ) % {"reference": offer.reference}
        self.fields["accepted"].error_messages["required"] = _(
            "Compare the paper with the terms, then tick this."
        )


class DeclineForForm(CameMixin, DeclineForm):
    """That a supplier does not do the work."""

    words = QuestionField(
        label=gettext_lazy("In the supplier’s words (optional)"), required=False, limit=1000, rows=4
    )
    field_order = ("entered_how", "taken_at", "statement", "reason", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why the supplier does not take the work")
        self.fields["reason"].help_text = ""


class DeskView(HeadingMixin, WagtailAdminTemplateMixin, TemplateView):
    """The offer that stands, and what can be entered for its supplier."""

    template_name = "submissions/awards/admin/desk.html"
    page_title = gettext_lazy("Answer an offer for a supplier")
    header_icon = "form"
    http_method_names = ("get", "head", "post")
    file: Solicitation
    offer: Offer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policy = SolicitationPermissionPolicy(Solicitation)
        self.file = visible_file(policy, request.user, kwargs["file_pk"])
        if not request.user.has_perm(ENTER_PERMISSION):
            raise PermissionDenied
        found = results.current_offer(self.file)
        if found is None or not desk.is_for_staff(found):
            messages.error(request, _("No offer waits for an answer that staff could enter."))
            return redirect(self.file_url)
        self.offer = found
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    @property
    def file_url(self) -> str:
        return reverse("solicitations:inspect", args=[self.file.pk])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show how to reach the supplier or the terms, or keep what came."""
        acts = {
            "reach": self.reach,
            "terms": self.terms,
            "accept": self.accept,
            "decline": self.decline,
            "attach": self.attach,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return self.show(status=UNPROCESSABLE)
        if request.POST.get("offer", self.offer.reference) != self.offer.reference:
            messages.error(request, desk.not_the_one_shown())
            return self.show(posted=True, status=CONFLICT)
        try:
            return act()
        except offers.TooLate:
            sentence = _("Nothing was saved: the time limit has passed, or the offer was answered or ended.")
        except offers.TermsChanged:
            sentence = _("Nothing was saved: the terms changed meanwhile. The paper does not have this text.")
        messages.error(request, sentence)
        return self.show(posted=True, status=CONFLICT)

    def reach(self) -> HttpResponse:
        return self.show(reached=desk.reach(self.offer, self.user))

    def terms(self) -> HttpResponse:
        """The text to print, with the digest of exactly these bytes in its name."""
        text = desk.terms_to_sign(self.offer, self.user)
        response = HttpResponse(text.encode(), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.offer.reference}.txt"'
        return response

    def accept(self) -> HttpResponse:
        form = self.accept_form(self.request.POST)
        if not form.is_valid():
            return self.show(posted=True, status=UNPROCESSABLE)
        typed = form.cleaned_data
        answer = offers.Answer(
            payment=typed["payment"],
            is_government_employee=typed["employee"] == YES,
            licence_holder=typed["licence_holder"],
            signature=typed["signature"],
            language=desk.language_of(self.offer),
            terms_digest=typed["terms"],
        )
        desk.accept_for(self.offer, self.user, answer, form.came())
        return self.done(_("The acceptance is kept. Another person signs for the department."))

    def decline(self) -> HttpResponse:
        form = self.decline_form(self.request.POST)
        if not form.is_valid():
            return self.show(posted=True, status=UNPROCESSABLE)
        typed = form.cleaned_data
        desk.decline_for(self.offer, self.user, typed["reason"], typed["words"], form.came())
        return self.done(_("Kept: the supplier does not do the work. The next in the order can be asked."))

    def attach(self) -> HttpResponse:
        form = ConfirmationForm(self.request.POST, self.request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                desk.attach_for(
                    self.offer,
                    self.user,
                    name=upload.name,
                    content_type=upload.content_type or "",
                    content=upload.read(papers.LARGEST + 1),
                )
            except confirmations.NotTaken as refusal:
                form.add_error("file", refusal)
            else:
                return self.done(_("The confirmation is kept."))
        return self.show(attach=form, status=UNPROCESSABLE)

    def done(self, sentence: str) -> HttpResponse:
        said = _("%(label)s: %(words)s") % {"label": self.file.number, "words": sentence}
        messages.success(self.request, said)
        return redirect(self.file_url)

    def accept_form(self, typed: Any = None) -> AcceptForForm:
        language = desk.language_of(self.offer)
        digest = terms.digest_of(terms.text_of(self.offer, language))
        return AcceptForForm(
            typed,
            offer=self.offer,
            language=language,
            auto_id="accept-%s",
            initial={"terms": digest},
        )

    def decline_form(self, typed: Any = None) -> DeclineForForm:
        return DeclineForForm(typed, offer=self.offer, auto_id="decline-%s")

    def show(
        self,
        *,
        reached: dict[str, str] | None = None,
        posted: bool = False,
        attach: ConfirmationForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        typed = self.request.POST if posted else None
        act = self.request.POST.get("act")
        context = self.get_context_data(
            reached=reached,
            accept=self.accept_form(typed if act == "accept" else None),
            decline=self.decline_form(typed if act == "decline" else None),
            attach=attach or ConfirmationForm(auto_id="attach-%s"),
        )
        return self.render_to_response(context, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def get_page_subtitle(self) -> str:
        return f"{self.file.number} – {self.offer.proposal.receipt_number}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("solicitations:index"), "label": _("Procurement files")},
            {"url": self.file_url, "label": self.file.number},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offer, language = self.offer, desk.language_of(self.offer)
        return {
            **super().get_context_data(**kwargs),
            "file_url": self.file_url,
            "offer": offer,
            "expires_at": when(offer.expires_at),
            "digest": terms.digest_of(terms.text_of(offer, language)),
            "waits": offer.state == OfferState.OFFERED and database_clock() < offer.expires_at,
            "takes_confirmation": confirmations.is_expected(offer),
        }
