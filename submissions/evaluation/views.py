"""The screen of a file's evaluation, and what an evaluator does with the whole: attest, declare a conflict, hand in.

Whether something may be done is asked of ``services``, ``reading`` and ``people`` at every request.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from submissions.proposals.views import FileMixin
from submissions.solicitations.enums import State
from submissions.solicitations.models import PostedItem

from . import assigning, attesting, boards, handing_in, people, progress, reading, services, states
from .enums import RoundState
from .forms import ReasonForm, StaffForm
from .models import Assignment, Candidate, Round

UNPROCESSABLE = 422
#: How many applications a list shows at once.
LISTED = 100


class EvaluationMixin(FileMixin):
    """A screen of the evaluation of one file."""

    header_icon = "tasks"

    @cached_property
    def user(self) -> User:
        return cast(User, self.request.user)

    @cached_property
    def round(self) -> Round | None:
        return boards.current_round(self.file)

    @cached_property
    def own(self) -> Assignment | None:
        """The user's own part in it."""
        return reading.assignment_of(self.round, self.user)

    @property
    def home(self) -> str:
        """The address of the whole evaluation."""
        return reverse("evaluation:file", args=[self.file.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        if type(self) is not EvaluationView:
            items.insert(-1, {"url": self.home, "label": _("Evaluation")})
        return items

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "round": self.round, "own": self.own, "home": self.home}

    def require_own(self) -> Assignment:
        """The user's part, which their address needs; an attempt of another is recorded."""
        if self.own is None:
            services.note_refusal(self.file, self.user, _("You do not evaluate this file."))
            raise PermissionDenied
        return self.own

    def require_round(self) -> Round:
        if self.round is None:
            raise Http404
        return self.round

    def page_of(self, listed: list[Any], size: int) -> Page[Any]:
        """The part of a list that the request asks for; a wrong number gives the nearest."""
        return Paginator(listed, size).get_page(self.request.GET.get("p"))


class EvaluationView(EvaluationMixin, TemplateView):
    """Where the evaluation stands, and what this person does next."""

    template_name = "submissions/evaluation/file.html"
    page_title = gettext_lazy("Evaluation")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        staff = (states.ASSIGN, states.SIGN_OFF, states.VIEW, states.REDACT)
        if self.own is None and not any(self.user.has_perm(permission) for permission in staff):
            services.note_refusal(self.file, self.user, _("You do not evaluate this file."))
            raise PermissionDenied
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        round, own = self.round, self.own
        context.update(
            is_opened=self.file.state == State.OPENED,
            everyone=progress.everyone(round) if round else [],
            may_assign=self.user.has_perm(states.ASSIGN)
            and self.file.state == State.OPENED
            and (round is None or round.state == RoundState.WORKING),
            may_release=self.user.has_perm(states.ASSIGN)
            and round is not None
            and round.state in (RoundState.WORKING, RoundState.AGREEING),
            may_redact=self.user.has_perm(states.REDACT) and round is not None,
            earlier=progress.voided(self.file),
        )
        if round is None:
            return context
        context.update(
            may_see=own is None and not reading.reason_against(round, self.user),
            may_sign=round.state == RoundState.SUBMITTED
            and self.user.has_perm(states.SIGN_OFF)
            and not people.reasons_against_signing(self.file, round, self.user),
            against_signing=people.reasons_against_signing(self.file, round, self.user)
            if round.state == RoundState.SUBMITTED and self.user.has_perm(states.SIGN_OFF)
            else [],
        )
        if own is not None and own.attested_at is not None:
            context.update(self._own_progress(own, round))
        return context

    def _own_progress(self, own: Assignment, round: Round) -> dict[str, Any]:
        mine = progress.of(own)
        return {
            "mine": mine,
            "applications": self.page_of(mine.applications, LISTED),
            "may_judge": round.state == RoundState.WORKING and own.handed_in_at is None,
            "differences": progress.differences(round) if round.state == RoundState.AGREEING else None,
        }


class ActView(EvaluationMixin, FormView):
    """Asks before it does something; only a POST does anything, and nothing typed is lost."""

    template_name = "submissions/evaluation/act.html"
    form_class: type[StaffForm] = StaffForm
    button: Any = ""
    is_serious = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.check()
        return super().dispatch(request, *args, **kwargs)

    def check(self) -> None:
        """Refuse who may not see this screen."""

    def act(self, form: Any) -> str:
        """Do it, and say what was done."""
        raise NotImplementedError

    def sentences(self) -> list[Any]:
        """What is read before deciding."""
        return []

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            said = self.act(form)
        except services.Refused as refusal:
            form.add_error(None, refusal.messages)
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return self.home

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "sentences": self.sentences(),
            "button": self.button,
            "is_serious": self.is_serious,
        }


class AttestView(ActView):
    """No conflict of interest: before that nothing can be read."""

    page_title = gettext_lazy("No conflict of interest")
    button = gettext_lazy("I attest this")
    template_name = "submissions/evaluation/attest.html"

    def check(self) -> None:
        self.require_own()

    def sentences(self) -> list[Any]:
        return list(attesting.SENTENCES)

    def act(self, form: Any) -> str:
        assigning.attest(self.require_own(), user=self.user)
        return _("Your attestation is kept. You can evaluate now.")


class ConflictView(ActView):
    """One has a conflict of interest, and evaluates no more."""

    page_title = gettext_lazy("I have a conflict of interest")
    button = gettext_lazy("Declare it, and evaluate no more")
    form_class = ReasonForm
    is_serious = True

    def check(self) -> None:
        self.require_own()

    def sentences(self) -> list[Any]:
        return [
            _(
                "You evaluate this file no more, and what you wrote no longer counts. It stays on record. IT Strategy "
                "names another person."
            ),
            _("Say why in general words, without naming a supplier."),
        ]

    def act(self, form: Any) -> str:
        assigning.declare_conflict(self.require_own(), user=self.user, reason=form.cleaned_data["reason"])
        return _("You evaluate this file no more.")

    def get_success_url(self) -> str:
        return reverse("solicitations:inspect", args=[self.file.pk])


class HandInView(ActView):
    """All verdicts at once; they stay."""

    page_title = gettext_lazy("Hand in the verdicts")
    button = gettext_lazy("Hand in")
    is_serious = True

    def check(self) -> None:
        self.require_own()

    def sentences(self) -> list[Any]:
        own = self.require_own()
        mine = progress.of(own)
        told: list[Any] = [
            _("Verdicts with a reason: %(done)d of %(total)d.") % {"done": mine.done, "total": mine.total}
        ]
        if mine.done < mine.total:
            told.append(
                _("Every application needs a verdict with a reason for every criterion before you hand in.")
            )
        else:
            told.append(
                _(
                    "Once handed in, your verdicts stay. They can be changed only if they are sent back to you."
                )
            )
        return told

    def act(self, form: Any) -> str:
        handing_in.hand_in(self.require_own(), user=self.user)
        return _("Your verdicts are handed in.")


def candidates_by_label(round: Round) -> dict[int, Candidate]:
    """The applications of a round by their number among evaluators."""
    rows = Candidate.objects.filter(round=round).select_related("proposal")
    return {one.label: one for one in rows.defer("proposal__sealed", "proposal__contact")}


def item_at(round: Round, position: int) -> tuple[list[PostedItem], PostedItem]:
    """The criteria, and the one at a position.

    Raises:
        Http404: there is none.
    """
    items = boards.criteria_of(round)
    for item in items:
        if item.position == position:
            return items, item
    raise Http404
