"""What was handed in: the verdicts, the reasons of one application, signing off, sending back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from submissions.solicitations import services as files
from submissions.solicitations import states as file_states

from . import boards, handing_in, progress, reading, rules, services, states
from .enums import RoundState
from .forms import ReasonForm, SignForm
from .models import Round
from .views import LISTED, ActView, EvaluationMixin

#: States in which the result stands, so that receipt numbers may be put to it.
SIGNED = (RoundState.SIGNED, RoundState.VOIDED)


class VerdictsMixin(EvaluationMixin):
    """A screen of verdicts that were handed in; ``?round=`` asks for one that is void."""

    def handed_in(self) -> Round:
        """The round that is asked for.

        Raises:
            Http404: there is none with this number.
            PermissionDenied: it is not this person's to see, or not yet. It is recorded.
        """
        number = self.request.GET.get("round", "")
        if number:
            rounds = Round.objects.select_related("solicitation", "signed_by").filter(solicitation=self.file)
            is_number = number.isascii() and number.isdigit() and len(number) < 4
            found = rounds.filter(number=number).first() if is_number else None
            if found is None:
                raise Http404
        else:
            found = self.require_round()
        try:
            reading.require(found, self.user)
        except services.Refused as refusal:
            raise PermissionDenied(" ".join(refusal.messages)) from refusal
        if found.state not in reading.HANDED_IN:
            # An evaluator at work sees their own verdicts, and those of others when all have handed in.
            services.note_refusal(self.file, self.user, _("The evaluation is under way."))
            raise PermissionDenied
        return found


class VerdictsView(VerdictsMixin, TemplateView):
    """Every application with its verdicts."""

    template_name = "submissions/evaluation/verdicts.html"
    page_title = gettext_lazy("Verdicts")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        board = boards.read(self.handed_in())
        page = self.page_of(board.candidates, LISTED)
        passing = {one.pk for one in board.passing()}
        rows = [
            {
                "candidate": one,
                "passed": one.pk in passing,
                "verdicts": [board.finals[one.pk, item.pk] for item in board.items],
            }
            for one in page
        ]
        return self.render_to_response(
            self.get_context_data(
                board=board,
                page=page,
                rows=rows,
                passing=len(passing),
                failing=len(board.candidates) - len(passing),
                is_signed=board.round.state in SIGNED,
                shown_round=board.round,
                void=progress.why_void(board.round),
                query=f"round={board.round.number}" if board.round.state == RoundState.VOIDED else "",
            )
        )


class ReasonsView(VerdictsMixin, TemplateView):
    """One application without names, with each verdict and its reason; showing it is recorded."""

    template_name = "submissions/evaluation/reasons.html"
    page_title = gettext_lazy("Verdicts on one application")

    def get_page_subtitle(self) -> str:
        return _("%(file)s, application %(number)d") % {
            "file": self.file.number,
            "number": self.kwargs["label"],
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        round = self.handed_in()
        candidate = progress.candidate_of(round, self.kwargs["label"])
        if candidate is None:
            raise Http404
        board = boards.read(round)
        text = reading.read(round, [candidate], board.items, user=self.user)[candidate.pk]
        names = {one.pk: one.evaluator for one in board.evaluators}
        rows = [
            {
                "item": item,
                "answer": text.answers[item.pk],
                "final": board.finals[candidate.pk, item.pk],
                "reasons": rules.reasons((candidate.pk, item.pk), board.alone, board.agreed),
                "is_agreed": (candidate.pk, item.pk) in board.agreed,
                "alone": [
                    (names[key], given[candidate.pk, item.pk])
                    for key, given in board.alone.items()
                    if (candidate.pk, item.pk) in given
                ],
            }
            for item in board.items
        ]
        labels = [one.label for one in board.candidates]
        at = labels.index(candidate.label)
        return self.render_to_response(
            self.get_context_data(
                rows=rows,
                candidate=candidate,
                written_in=text.language,
                is_signed=round.state in SIGNED,
                shown_round=round,
                before=labels[at - 1] if at else None,
                after_label=labels[at + 1] if at + 1 < len(labels) else None,
            )
        )


class SigningMixin(ActView):
    """Before the sign-off: another person than who evaluated or wrote decides."""

    def check(self) -> None:
        services.require(states.SIGN_OFF, self.file, "file.evaluated", self.user)
        self.require_round()


class SignOffView(SigningMixin):
    """Sign exactly the verdicts that were shown."""

    page_title = file_states.SIGN_OFF.label
    button = file_states.SIGN_OFF.label
    form_class = SignForm
    is_serious = True

    def get_initial(self) -> dict[str, Any]:
        round = self.require_round()
        if round.state != RoundState.SUBMITTED:
            return {}
        return {"digest": boards.read(round).digest()}

    def sentences(self) -> list[Any]:
        round = self.require_round()
        told: list[Any] = []
        if round.state == RoundState.SUBMITTED:
            board = boards.read(round)
            passing = len(board.passing())
            told = [
                _("Applications that pass every criterion: %(count)d.") % {"count": passing},
                _("Applications that do not: %(count)d.") % {"count": len(board.candidates) - passing},
            ]
        return [
            *told,
            _(
                "You sign that each verdict has a reason that its supplier can be told. Once signed, nothing can be "
                "changed; a mistake found later reopens the evaluation, with a reason that everybody reads."
            ),
        ]

    def act(self, form: Any) -> str:
        # Nobody sends it back, and nobody hands it in anew, between what is compared and what is signed.
        round = services.locked_round(self.require_round())
        if round.state == RoundState.SUBMITTED and form.cleaned_data["digest"] != boards.read(round).digest():
            raise services.Refused([_("The verdicts changed meanwhile: read them again before you sign.")])
        try:
            files.transition(self.file, file_states.SIGN_OFF.name, user=self.user)
        except files.TransitionRefused as refusal:
            raise services.Refused(refusal.messages) from refusal
        return _("The evaluation is signed off.")


class SendBackView(SigningMixin):
    """Send the evaluation back, with a reason that the evaluators read."""

    page_title = gettext_lazy("Send the evaluation back")
    button = gettext_lazy("Send back")
    form_class = ReasonForm

    def sentences(self) -> list[Any]:
        return [
            _(
                "One evaluator can then change their verdicts. Several agree anew: what each wrote alone stays. The "
                "evaluators read your reason."
            )
        ]

    def act(self, form: Any) -> str:
        handing_in.send_back(self.require_round(), user=self.user, reason=form.cleaned_data["reason"])
        return _("The evaluation is sent back.")
