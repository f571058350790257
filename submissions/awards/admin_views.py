"""The staff’s screens below a file: ask, refuse, sign, end, read a confirmation, answer a supplier.

Thin: ``offers``, ``confirmations`` and ``debriefs`` decide at every request.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from submissions.audit.services import record
from submissions.proposals import custody
from submissions.solicitations import states as file_states
from submissions.solicitations.act_views import FileActView
from submissions.solicitations.models import Solicitation
from submissions.solicitations.panels import money, when
from submissions.solicitations.permissions import SolicitationPermissionPolicy
from submissions.solicitations.services import (
    TransitionRefused,
    database_clock,
    obstacles,
    transition,
)
from submissions.solicitations.views import visible_file

from . import confirmations, debriefs, desk, offers, outcome, panels, results, states, timing
from .forms import AnswerForm, NothingForm, ReasonForm, SignForm
from .models import DebriefRequest, EmployeeConfirmation, Offer


class AwardActView(FileActView):
    """An act about the award of a file, for those who have its permission."""

    template_name = "submissions/awards/admin/act.html"
    form_class: type[forms.Form] = NothingForm
    header_icon = "check"
    permission: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.file = visible_file(SolicitationPermissionPolicy(Solicitation), request.user, kwargs["file_pk"])
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class OfferView(AwardActView):
    """Ask the selected supplier, or the next in the order."""

    page_title = gettext_lazy("Offer the work")
    permission = states.OFFER
    button = gettext_lazy("Send the offer")
    done = gettext_lazy("the offer was sent.")

    def obstacles(self) -> list[str]:
        return offers.reasons_against_offering(self.file)

    def act(self, form: Any) -> None:
        offers.make(self.file, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        following = outcome.next_in_order(self.file)
        limit = timing.limit_of_offer(database_clock())
        sentences = []
        if following is not None:
            sentences = [
                _(
                    "The work is offered to the supplier of application %(receipt)s, number %(rank)s in the order."
                )
                % {"receipt": following.receipt, "rank": following.rank},
                _("The supplier can accept or decline until %(limit)s.") % {"limit": when(limit)},
                _("Price: %(price)s before tax. Delivery of the work: %(date)s.")
                % {"price": money(self.file.price), "date": when(offers.delivery_date_of(self.file))},
            ]
        return super().get_context_data(**kwargs) | {"sentences": sentences}


class CurrentOfferView(AwardActView):
    """An act about the offer that stands, and that was shown: another may stand since the page was loaded."""

    offer: Offer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        file = visible_file(SolicitationPermissionPolicy(Solicitation), request.user, kwargs["file_pk"])
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        found = results.current_offer(file)
        if found is None:
            messages.error(request, _("No offer stands: somebody has decided meanwhile."))
            return redirect(reverse("solicitations:inspect", args=[file.pk]))
        self.offer = found
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"offer": self.offer.reference}

    def form_valid(self, form: Any) -> HttpResponse:
        if form.cleaned_data["offer"] == self.offer.reference:
            return super().form_valid(form)
        form.add_error(None, desk.not_the_one_shown())
        # What is shown now goes with the form, and what was ticked of another offer is ticked anew.
        kept = form.data.copy()
        kept["offer"] = self.offer.reference
        for name in ("checked", "confirmation"):
            kept.pop(name, None)
        form.data = kept
        return self.form_invalid(form)


class NotEligibleView(CurrentOfferView):
    """Record that the supplier may not do the work, with the reason."""

    page_title = gettext_lazy("Supplier not eligible")
    permission = states.OFFER
    form_class = ReasonForm
    button = gettext_lazy("Record, and tell the supplier")
    done = gettext_lazy("recorded; the next in the order can be asked.")

    def obstacles(self) -> list[str]:
        if self.offer.state in states.FIND_NOT_ELIGIBLE.sources:
            return []
        return [_("The work is awarded: it ends by the rules of the contract.")]

    def act(self, form: Any) -> None:
        offers.find_not_eligible(self.offer, self.user, form.cleaned_data["reason"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        languages = {"en": _("English"), "fr": _("French")}
        language = languages[letters_language(self.offer)]
        sentences = [
            _("Letters to this supplier are written in this language: %(language)s.")
            % {"language": language},
            _("The offer ends. What the supplier accepted stays in the file."),
        ]
        return super().get_context_data(**kwargs) | {"sentences": sentences}


class CountersignView(CurrentOfferView):
    """Show what the supplier accepted, and take the signature of the department."""

    template_name = "submissions/awards/admin/countersign.html"
    page_title = gettext_lazy("Sign for the department")
    permission = states.COUNTERSIGN
    form_class = SignForm
    button = gettext_lazy("Sign and award")
    done = gettext_lazy(
        "awarded. The award is public in both languages, and everybody who applied is written to."
    )

    def obstacles(self) -> list[str]:
        return offers.reasons_against_signing(self.offer, self.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        accepted = getattr(self.offer, "acceptance", None)
        return {
            **super().get_form_kwargs(),
            "is_government_employee": bool(accepted and accepted.is_government_employee),
        }

    def act(self, form: Any) -> None:
        try:
            offers.countersign(self.offer, self.user)
        except TransitionRefused as refusal:
            raise forms.ValidationError(refusal.messages) from refusal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        accepted = getattr(self.offer, "acceptance", None)
        if accepted is None:
            return context
        record(
            self.file,
            "offer.acceptance_read",
            user=self.user,
            data={"number": self.file.number, "receipt": self.offer.proposal.receipt_number},
        )
        kept = self.offer.confirmations.defer("locked_content")
        entered = desk.answered_for(self.offer)
        return context | {
            "offer": self.offer,
            "acceptance": accepted,
            "accepted_at": when(accepted.accepted_at),
            "words": accepted.words(),
            "price": money(accepted.price),
            "delivery_date": when(accepted.delivery_date),
            "answered_for": [
                {
                    "how": each.get_entered_how_display(),
                    "by": panels.name_of(each.entered_by),
                    "taken_at": when(each.taken_at),
                    "statement": each.statement,
                }
                for each in entered
            ],
            "confirmations": kept if self.user.has_perm(states.READ_CONFIRMATION) else [],
        }


class EndView(AwardActView):
    """End a file when nobody in the order accepted the work."""

    page_title = gettext_lazy("End without an award")
    permission = states.OFFER
    button = gettext_lazy("End without an award")
    done = gettext_lazy("ended without an award.")

    def obstacles(self) -> list[str]:
        return obstacles(file_states.END_UNACCEPTED, self.file, self.user)

    def act(self, form: Any) -> None:
        try:
            transition(self.file, file_states.END_UNACCEPTED.name, user=self.user)
        except TransitionRefused as refusal:
            raise forms.ValidationError(refusal.messages) from refusal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sentences = [
            _("Everybody in the order was asked, and nobody does the work."),
            _(
                "The opportunity stays public and says so. Everybody who applied is written to. It can be posted again."
            ),
        ]
        return super().get_context_data(**kwargs) | {"sentences": sentences}


class ConfirmationView(View):
    """The PDF of a government employee, as a download and nothing else."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file; reading it is recorded."""
        found = get_object_or_404(
            EmployeeConfirmation.objects.exclude(name=custody.ERASED).select_related(
                "offer__solicitation", "offer__proposal"
            ),
            pk=pk,
        )
        visible_file(SolicitationPermissionPolicy(Solicitation), request.user, found.offer.solicitation_id)
        response = HttpResponse(
            confirmations.read(found, cast(User, request.user)), content_type="application/pdf"
        )
        response["Content-Disposition"] = f'attachment; filename="{found.offer.reference}-{found.pk}.pdf"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        add_never_cache_headers(response)
        return response


class DebriefView(AwardActView):
    """What a supplier wrote after the result, and the answer."""

    template_name = "submissions/awards/admin/debrief.html"
    page_title = gettext_lazy("Answer a supplier")
    permission = states.ANSWER
    form_class = AnswerForm
    button = gettext_lazy("Send the answer")
    done = gettext_lazy("the answer was sent.")
    header_icon = "comment"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = DebriefRequest.objects.select_related("proposal__solicitation", "answer__answered_by").defer(
            "proposal__sealed"
        )
        self.asked: DebriefRequest = get_object_or_404(found, pk=kwargs["pk"])
        kwargs["file_pk"] = self.asked.proposal.solicitation_id
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: Any) -> None:
        debriefs.answer(self.asked, self.user, form.cleaned_data["words"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked
        return super().get_context_data(**kwargs) | {
            "asked": asked,
            "words": debriefs.read(asked, self.user),
            "at": when(asked.received_at),
            "due": when(timing.answer_due(asked.topic, asked.received_at)),
            "answer": getattr(asked, "answer", None),
            "answered_by": panels.name_of(asked.answer.answered_by) if hasattr(asked, "answer") else "",
            "answered_at": when(asked.answer.answered_at) if hasattr(asked, "answer") else "",
        }


def letters_language(offer: Offer) -> str:
    """In which language this supplier is written to."""
    return "fr" if offer.proposal.correspondence_language == "fr" else "en"
