"""Beside judging: what tells who applied, questions to a supplier, working translations.

Whoever looks for names sees the originals, so the screens of names are for those who may know the suppliers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from microacq_pages.headings import HeadingMixin
from submissions.audit.services import record
from submissions.solicitations.models import PostedItem
from submissions.typed_text import PlainText

from . import asking, boards, identification, progress, reading, services, states
from .aids import WorkingTranslation
from .forms import QuestionForm, StaffForm
from .models import REASON_LENGTH, Candidate
from .views import LISTED, ActView, EvaluationMixin, candidates_by_label


class NamesView(EvaluationMixin, TemplateView):
    """Which applications may tell who sent them: hidden by themselves, pointed out, or named by an evaluator."""

    template_name = "submissions/evaluation/names.html"
    page_title = gettext_lazy("Names in the texts")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.require(states.REDACT, self.file, "evaluation.hidden", self.user)
        round = self.require_round()
        candidates = list(candidates_by_label(round).values())
        reading.remember_originals(round, f"1–{len(candidates)}", self.user)
        found = list(_findings(candidates, boards.criteria_of(round), reading.recognized(round)))
        return self.render_to_response(
            self.get_context_data(
                page=self.page_of([one for one in found if one.needs_looking], LISTED),
                count=len(candidates),
                quiet=len([one for one in found if not one.needs_looking]),
            )
        )


@dataclass(frozen=True)
class Finding:
    """What of one application may tell who sent it.

    Attributes:
        candidate: The application.
        written: Its answers, as they were sent.
        who: What it says of its supplier.
        possible: How many links and account names stand in it.
        by_person: How many passages a person hid; None where nobody has looked.
        recognized: How many evaluators recognized it since somebody last looked.
    """

    candidate: Candidate
    written: list[str]
    who: identification.Who
    possible: int
    by_person: int | None
    recognized: int

    @property
    def certain(self) -> int:
        """How many passages are hidden by themselves; only asked of what is listed."""
        return sum(len(identification.certain(each, self.who)) for each in self.written)

    @property
    def needs_looking(self) -> bool:
        return bool(self.possible or self.by_person or self.recognized)


def _findings(
    candidates: list[Candidate], items: list[PostedItem], recognized: dict[int, int]
) -> Iterator[Finding]:
    texts, hidden = reading.originals(candidates), reading.redactions(candidates)
    for candidate in sorted(candidates, key=lambda one: one.label):
        text = texts[candidate.proposal_id]
        written = [text["answers"].get(str(item.identity), "") for item in items]
        spans = [hidden[key] for item in items if (key := (candidate.proposal_id, item.pk)) in hidden]
        yield Finding(
            candidate=candidate,
            written=written,
            who=identification.Who.of_text(text),
            possible=sum(len(identification.possible(each)) for each in written),
            by_person=sum(map(len, spans)) if spans else None,
            recognized=recognized.get(candidate.pk, 0),
        )


class HideForm(StaffForm):
    """For each criterion, the passages that are hidden, one a line."""

    def __init__(self, *args: Any, items: list[PostedItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[f"hide-{item.pk}"] = PlainText(
                label=_("Passages to hide in the answer to criterion %(number)d") % {"number": item.position},
                help_text=_("One a line, letter for letter as they stand in the answer."),
                required=False,
                max_length=REASON_LENGTH,
                widget=forms.Textarea(attrs={"rows": 3}),
            )


class HideView(ActView):
    """Hide what tells who sent one application; the original stays."""

    page_title = gettext_lazy("Hide what tells who applied")
    button = gettext_lazy("Hide these passages")
    form_class = HideForm
    template_name = "submissions/evaluation/hide.html"

    def check(self) -> None:
        services.require(states.REDACT, self.file, "evaluation.hidden", self.user)
        found = progress.candidate_of(self.require_round(), self.kwargs["label"])
        if found is None:
            raise Http404
        self.candidate = found
        reading.remember_originals(self.require_round(), str(found.label), self.user)

    def get_page_subtitle(self) -> str:
        return _("%(file)s, application %(number)d") % {
            "file": self.file.number,
            "number": self.kwargs["label"],
        }

    @cached_property
    def items(self) -> list[PostedItem]:
        return boards.criteria_of(self.require_round())

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Each answer as it was written, and what of it is hidden."""
        text = reading.originals([self.candidate])[self.candidate.proposal_id]
        who, hidden = identification.Who.of_text(text), reading.redactions([self.candidate])
        rows = []
        for item in self.items:
            written = text["answers"].get(str(item.identity), "")
            spans = hidden.get((self.candidate.proposal_id, item.pk), [])
            rows.append(
                {
                    "item": item,
                    "written": written,
                    "passages": list(dict.fromkeys(written[start:end] for start, end in spans)),
                    "certain": list(
                        dict.fromkeys(written[a:b] for a, b in identification.certain(written, who))
                    ),
                    "possible": identification.possible(written),
                }
            )
        return rows

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "items": self.items}

    def get_initial(self) -> dict[str, Any]:
        return {f"hide-{row['item'].pk}": "\n".join(row["passages"]) for row in self.rows}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return {
            **context,
            "rows": [{**row, "field": form[f"hide-{row['item'].pk}"]} for row in self.rows],
            "candidate": self.candidate,
        }

    def act(self, form: Any) -> str:
        passages = {item.pk: form.cleaned_data[f"hide-{item.pk}"].splitlines() for item in self.items}
        made = asking.hide(self.require_round(), user=self.user, candidate=self.candidate, passages=passages)
        count = sum(len(row.spans) for row in made)
        if not count:
            return _("No passage is hidden by hand. That the texts were looked at is recorded.")
        return ngettext(
            "%(count)d passage is hidden from now on.", "%(count)d passages are hidden from now on.", count
        ) % {"count": count}

    def get_success_url(self) -> str:
        return reverse("evaluation:names", args=[self.file.pk])


class OneApplicationMixin(EvaluationMixin):
    """Something that an evaluator asks about one application."""

    def candidate(self) -> Candidate:
        self.require_own()
        found = progress.candidate_of(self.require_round(), self.kwargs["label"])
        if found is None:
            raise Http404
        return found

    @property
    def application_url(self) -> str:
        return reverse("evaluation:application", args=[self.file.pk, self.kwargs["label"]])


class RecognizeView(OneApplicationMixin, View):
    """An evaluator says that a text tells who sent it."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            asking.recognize(self.require_own(), user=self.user, candidate=self.candidate())
        except services.Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(
                request,
                _(
                    "IT Strategy looks at it and hides what tells who applied. Go on with another application."
                ),
            )
        return redirect(self.application_url)


class TranslationRequestView(OneApplicationMixin, View):
    """An evaluator asks for a working translation."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            asking.ask_translation(self.require_own(), user=self.user, candidate=self.candidate())
        except services.Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(
                request, _("A working translation is asked for. It will stand beside the original.")
            )
        return redirect(self.application_url)


class AskSupplierView(OneApplicationMixin, ActView):
    """An evaluator asks the supplier what a passage means."""

    page_title = gettext_lazy("Ask the supplier")
    button = gettext_lazy("Send the question")
    form_class = QuestionForm

    def check(self) -> None:
        self.asked = self.candidate()
        items = {item.position: item for item in boards.criteria_of(self.require_round())}
        if self.kwargs["position"] not in items:
            raise Http404
        self.item = items[self.kwargs["position"]]

    def get_page_subtitle(self) -> str:
        return _("application %(number)d, criterion %(criterion)d") % {
            "number": self.kwargs["label"],
            "criterion": self.kwargs["position"],
        }

    def sentences(self) -> list[Any]:
        return [
            _(
                "The site writes to the supplier, in their language of correspondence, with a link to answer. Question "
                "and answer are kept in the file. They have %(days)d business days; without an answer you judge what "
                "was sent."
            )
            % {"days": asking.DAYS_TO_ANSWER}
        ]

    def act(self, form: Any) -> str:
        asking.ask_supplier(
            self.require_own(),
            user=self.user,
            candidate=self.asked,
            item=self.item,
            question=form.cleaned_data["question"],
        )
        return _("The question is sent.")

    def get_success_url(self) -> str:
        return self.application_url


# --- translators -------------------------------------------------------------------------------


class TranslateForm(StaffForm):
    """A translation of each answer."""

    def __init__(self, *args: Any, items: list[PostedItem], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[f"text-{item.pk}"] = PlainText(
                label=_("Translation of the answer to criterion %(number)d") % {"number": item.position},
                max_length=10000,
                widget=forms.Textarea(attrs={"rows": 8, "lang": language}),
                error_messages={"required": _("Write the translation of this answer.")},
            )


class TranslateView(HeadingMixin, WagtailAdminTemplateMixin, TemplateView):
    """A translator writes the working translation that an evaluator asked for."""

    template_name = "submissions/evaluation/translate.html"
    page_title = gettext_lazy("Working translation")
    header_icon = "wagtail-localize-language"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        wanted: Any = WorkingTranslation.objects.select_related(
            "candidate__round__solicitation", "candidate__proposal"
        )
        self.wanted = get_object_or_404(wanted.defer("candidate__proposal__sealed"), pk=kwargs["pk"])
        self.round = self.wanted.candidate.round
        self.user = cast(User, request.user)

    def get_page_subtitle(self) -> str:
        return _("%(file)s, application %(number)d") % {
            "file": self.round.solicitation.number,
            "number": self.wanted.candidate.label,
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def _show(self, form: TranslateForm | None, items: list[PostedItem], status: int = 200) -> HttpResponse:
        file, candidate = self.round.solicitation, self.wanted.candidate
        record(
            self.round,
            "working_translation.read",
            user=self.user,
            data={"number": file.number, "label": candidate.label},
        )
        text = reading.texts_of([candidate], items)[candidate.pk]
        rows = [
            {
                "item": item,
                "answer": text.answers[item.pk],
                "field": form[f"text-{item.pk}"] if form else None,
            }
            for item in items
        ]
        context = self.get_context_data(
            wanted=self.wanted, rows=rows, form=form, written_in=text.language, file=file
        )
        return self.render_to_response(context, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require()
        items = boards.criteria_of(self.round)
        return self._show(self._form(items, None), items)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require()
        items = boards.criteria_of(self.round)
        form = self._form(items, request.POST)
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            texts = {str(item.identity): form.cleaned_data[f"text-{item.pk}"] for item in items}
            try:
                asking.translate(self.wanted, user=self.user, texts=texts)
            except services.Refused as refusal:
                form.add_error(None, refusal.messages)
            else:
                messages.success(request, _("The working translation stands beside the original now."))
                return redirect("wagtailadmin_home")
        return self._show(form, items, status=422)

    def _require(self) -> None:
        services.require(states.TRANSLATE, self.round.solicitation, "working_translation.written", self.user)

    def _form(self, items: list[PostedItem], data: Any) -> TranslateForm | None:
        if self.wanted.translated_at is not None:
            return None
        return TranslateForm(data, items=items, language=self.wanted.language)
