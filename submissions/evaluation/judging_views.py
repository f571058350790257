"""Judging: one criterion across applications, one application with all criteria, and agreeing where evaluators differ.

Each screen works without script, by one button that keeps everything on it; the script keeps each verdict while it is
typed, at ``SaveView``. Every application that is shown is recorded as read.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from . import boards, cells, handing_in, judging, progress, reading, services
from .aids import Recognition, WorkingTranslation
from .enums import RoundState
from .forms import JudgementForm
from .models import Assignment, Candidate, Judgement
from .views import UNPROCESSABLE, ActView, EvaluationMixin, candidates_by_label, item_at

BAD_REQUEST, FORBIDDEN, CONFLICT = 400, 403, 409
#: How many answers a screen shows at once.
SHOWN = 20


class JudgingView(EvaluationMixin, TemplateView):
    """Several verdicts on one screen."""

    template_name = "submissions/evaluation/judge.html"
    save_route = "evaluation:save"
    shown: list[cells.Cell]

    def prepare(self, own: Assignment, data: Any) -> dict[str, Any]:
        """Read what the screen shows into ``shown``, and give what else it needs."""
        raise NotImplementedError

    def save(self, **given: Any) -> Judgement:
        """Keep one verdict."""
        return judging.judge(self.require_own(), user=self.user, **given)

    def is_open(self, own: Assignment) -> bool:
        """Whether verdicts can be given now."""
        return own.round.state == RoundState.WORKING and own.handed_in_at is None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = self.require_own()
        return self._show(own, None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = self.require_own()
        return self._show(own, request.POST)

    def _show(self, own: Assignment, data: Any) -> HttpResponse:
        try:
            found = self.prepare(own, data)
            if data is not None:
                self.require_open(own)
        except services.Refused as refusal:
            messages.error(self.request, " ".join(refusal.messages))
            return redirect(self.home)
        if data is not None and cells.keep(self.shown, self.save):
            left = [cell for cell in self.shown if not cell.is_done]
            messages.success(
                self.request,
                _("Kept. Verdicts that still need a choice or a reason on this page: %(count)d.")
                % {"count": len(left)}
                if left
                else _("Kept: every verdict on this page has its reason."),
            )
            return redirect(found.get("after") or self.request.get_full_path())
        context = self.get_context_data(
            **found,
            cells=self.shown,
            is_open=self.is_open(own),
            save_url=reverse(self.save_route, args=[self.file.pk]),
            has_problems=data is not None,
        )
        conflict = any(cell.stored for cell in self.shown)
        status = 200 if data is None else CONFLICT if conflict else UNPROCESSABLE
        return self.render_to_response(context, status=status)

    def require_open(self, own: Assignment) -> None:
        """Refuse what is sent after handing in; the attempt is recorded."""
        judging.require_judging(own, self.user)


class CriterionView(JudgingView):
    """One criterion across applications, in the evaluator's own order."""

    page_title = gettext_lazy("One criterion")

    def get_page_subtitle(self) -> str:
        return _("%(file)s, criterion %(number)d") % {
            "file": self.file.number,
            "number": self.kwargs["position"],
        }

    def prepare(self, own: Assignment, data: Any) -> dict[str, Any]:
        round = self.require_round()
        items, item = item_at(round, self.kwargs["position"])
        by_label = candidates_by_label(round)
        page = self.page_of([by_label[label] for label in own.order], SHOWN)
        listed = list(page)
        texts = reading.read(round, listed, [item], user=self.user)
        self.shown = cells.verdict_cells(own, [(one, item) for one in listed], texts, data)
        return {
            "item": item,
            "criteria": items,
            "page": page,
            "by_criterion": True,
            "next_item": next((one for one in items if one.position > item.position), None),
        }


class ApplicationView(JudgingView):
    """One application with all criteria."""

    page_title = gettext_lazy("One application")

    def get_page_subtitle(self) -> str:
        return _("%(file)s, application %(number)d") % {
            "file": self.file.number,
            "number": self.kwargs["label"],
        }

    def prepare(self, own: Assignment, data: Any) -> dict[str, Any]:
        round = self.require_round()
        label = self.kwargs["label"]
        candidate = progress.candidate_of(round, label)
        if candidate is None:
            raise Http404
        items = boards.criteria_of(round)
        texts = reading.read(round, [candidate], items, user=self.user)
        self.shown = cells.verdict_cells(own, [(candidate, item) for item in items], texts, data)
        at = own.order.index(label)
        text = texts[candidate.pk]
        return {
            "candidate": candidate,
            "position": at + 1,
            "total": len(own.order),
            "before": own.order[at - 1] if at else None,
            "after_label": own.order[at + 1] if at + 1 < len(own.order) else None,
            "written_in": text.language,
            "is_hidden": any(answer.hides for answer in text.answers.values()),
            "translation": WorkingTranslation.objects.filter(candidate=candidate).first(),
            "recognized": Recognition.objects.filter(candidate=candidate, said_by=own).exists(),
        }


class AgreeView(JudgingView):
    """Where evaluators differ: what each gave alone, and the verdict that they agree."""

    page_title = gettext_lazy("Agree where evaluators differ")
    save_route = "evaluation:save-agreed"
    template_name = "submissions/evaluation/agree.html"

    def save(self, **given: Any) -> Judgement:
        return judging.agree_on(self.require_own(), user=self.user, **given)

    def is_open(self, own: Assignment) -> bool:
        return own.round.state == RoundState.AGREEING

    def require_open(self, own: Assignment) -> None:
        judging.require_agreeing(own, self.user)

    def prepare(self, own: Assignment, data: Any) -> dict[str, Any]:
        judging.require_agreeing(own, self.user)
        round = self.require_round()
        board = boards.read(round)
        every = "all" in self.request.GET
        listed = board.cells if every else sorted({*board.differences, *board.agreed}, key=board.cells.index)
        page = self.page_of(listed, SHOWN)
        candidates = {one.pk: one for one in board.candidates}
        items = {item.pk: item for item in board.items}
        asked = [(candidates[candidate], items[item]) for candidate, item in page]
        applications = list({one.pk: one for one, _item in asked}.values())
        texts = reading.read(round, applications, board.items, user=self.user)
        self.shown = cells.agreed_cells(board.evaluators, asked, texts, data)
        return {
            "page": page,
            "every": every,
            "unsettled": len(board.unsettled),
            "evaluators": board.evaluators,
        }


class AgreedView(ActView):
    """One agrees to everything as it is written; the last to agree submits the evaluation."""

    page_title = gettext_lazy("Agree to all verdicts")
    button = gettext_lazy("I agree to all of it")
    is_serious = True

    def check(self) -> None:
        self.require_own()

    def sentences(self) -> list[Any]:
        round = self.require_round()
        if round.state != RoundState.AGREEING:
            # While each works alone, nobody learns in how many places the others judge differently.
            return [
                _("The evaluation is “%(state)s”: this can no longer be done.")
                % {"state": round.get_state_display()}
            ]
        left = len(progress.differences(round).unsettled)
        told: list[Any] = [
            _("Once every evaluator has agreed, the evaluation goes to CFOB or IT Strategy for sign-off.")
        ]
        if left:
            told.insert(
                0, _("Differences without an agreed verdict and its reason: %(count)d.") % {"count": left}
            )
        return told

    def act(self, form: Any) -> str:
        handing_in.agree(self.require_own(), user=self.user)
        return _("Your agreement is kept.")


class SaveView(EvaluationMixin, View):
    """Keep one verdict while it is typed; answers with what stands there now, as JSON."""

    http_method_names = ("post",)

    def keep(self, own: Assignment, **given: Any) -> Judgement:
        return judging.judge(own, user=self.user, **given)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        if self.own is None:
            services.note_refusal(self.file, self.user, _("You do not evaluate this file."))
            return JsonResponse({"sentence": _("You do not evaluate this file.")}, status=FORBIDDEN)
        asked = self._asked(request)
        if asked is None:
            return JsonResponse({"sentence": _("This is no verdict of this evaluation.")}, status=BAD_REQUEST)
        candidate, item = asked
        form = JudgementForm(request.POST, prefix=cells.key_of(candidate, item))
        if not form.is_valid():
            sentences = [str(error) for errors in form.errors.values() for error in errors]
            return JsonResponse({"sentence": " ".join(sentences)}, status=UNPROCESSABLE)
        try:
            row = self.keep(self.own, candidate=candidate, item=item, **form.given())
        except judging.ChangedMeanwhile as conflict:
            stored = conflict.stored
            return JsonResponse(
                {
                    "sentence": _("Another window saved something else. What is typed here is not kept yet."),
                    "stored": stored.reason,
                    "version": stored.version,
                },
                status=CONFLICT,
            )
        except services.Refused as refusal:
            return JsonResponse({"sentence": " ".join(refusal.messages)}, status=UNPROCESSABLE)
        return JsonResponse(
            {"sentence": cells.status_of(row), "version": row.version, "done": row.passed is not None}
        )

    def _asked(self, request: HttpRequest) -> tuple[Candidate, Any] | None:
        round = self.require_round()
        keys = [request.POST.get(name, "") for name in ("candidate", "item")]
        if not all(key.isascii() and key.isdigit() and len(key) < 19 for key in keys):
            return None
        candidate = Candidate.objects.filter(round=round, pk=keys[0]).first()
        item = next((one for one in boards.criteria_of(round) if str(one.pk) == keys[1]), None)
        return (candidate, item) if candidate is not None and item is not None else None


class SaveAgreedView(SaveView):
    """The same for what evaluators agree."""

    def keep(self, own: Assignment, **given: Any) -> Judgement:
        return judging.agree_on(own, user=self.user, **given)
