"""What staff type for each transition of a question: one form a row of the state table.

Each form's ``values()`` are the arguments of its function in ``effects``, which checks them again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from microacq_pages import pairs
from submissions.typed_text import PlainText

from . import faq, publication, states
from .effects import KEEPABLE
from .enums import Rejection
from .forms import QuestionField
from .models import ANSWER_LENGTH, Question

if TYPE_CHECKING:
    from django.contrib.auth.models import User

REQUIRED = {"required": _("Write this text.")}


class ActForm(forms.Form):
    """A transition that asks for nothing but confirmation."""

    def __init__(self, *args: Any, question: Question, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})
        self.question, self.user = question, user

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class AcceptForm(ActForm):
    text = QuestionField(
        label=_("Question, as the public will read it"),
        help_text=_("Without names, addresses, firms or anything else that tells who asked."),
        error_messages=REQUIRED,
    )
    written_in = forms.ChoiceField(
        label=_("Language in which question and answer are written"),
        choices=settings.LANGUAGES,
        help_text=_("The other language is translated from it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].initial = self.question.original_text()
        self.fields["written_in"].initial = self.question.language


class AnswerForm(ActForm):
    text = QuestionField(label=_("Question, as the public will read it"), error_messages=REQUIRED)
    answer = QuestionField(
        label=_("Answer"),
        limit=ANSWER_LENGTH,
        rows=10,
        help_text=_("Plain text, in 5,000 characters or fewer. An empty line begins a paragraph."),
        error_messages=REQUIRED,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = self.question.text
        self.fields["answer"].initial = written.answer if written else ""
        if self.user.has_perm(states.TRIAGE):
            self.fields["text"].initial = written.question if written else ""
        else:
            del self.fields["text"]


class CorrectForm(AnswerForm):
    reason = PlainText(
        label=_("Reason"),
        help_text=_("Kept in the record of the file."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: no decision without one.")},
    )


class PublishForm(ActForm):
    """Confirms exactly the texts that were shown."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readiness = publication.readiness(self.question)
        self.fields["digest"].initial = self.readiness.digest


class QuestionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Question) -> str:
        return f"{obj.number}. {obj.listed_text or obj.reference}"[:120]


class MergeForm(ActForm):
    kept = QuestionChoice(
        label=_("Question that is kept"),
        queryset=Question.objects.none(),
        error_messages={"required": _("Choose the question that is kept.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Question.objects.for_listing().filter(
            solicitation_id=self.question.solicitation_id, state__in=KEEPABLE
        )
        field: Any = self.fields["kept"]
        field.queryset = others.exclude(pk=self.question.pk).order_by("number")


class FaqForm(ActForm):
    page = forms.ChoiceField(label=_("Page"), error_messages={"required": _("Choose the page.")})
    text = QuestionField(
        label=_("Question"),
        limit=200,
        rows=3,
        help_text=_("In general words and in the language of the page, in 200 characters or fewer."),
        error_messages=REQUIRED,
    )
    answer = QuestionField(
        label=_("Answer"),
        limit=ANSWER_LENGTH,
        rows=10,
        help_text=_("In the language of the page."),
        error_messages=REQUIRED,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pages = {str(page.pk): page for page in faq.pages_for(self.user)}
        field: Any = self.fields["page"]
        field.choices = [(key, page.get_admin_display_title()) for key, page in self.pages.items()]
        suggested = faq.suggested(list(self.pages.values()))
        field.initial = str(suggested.pk) if suggested else None
        written = self.question.text
        self.fields["text"].initial = written.question if written else self.question.original_text()
        self.fields["answer"].initial = written.answer if written else ""

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "page": pairs.source_of(self.pages[self.cleaned_data["page"]])}


class RejectForm(ActForm):
    rejection = forms.ChoiceField(
        label=_("Reason"),
        choices=Rejection.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason: no decision without one.")},
    )


FORMS: dict[str, type[ActForm]] = {
    "accept": AcceptForm,
    "answer": AnswerForm,
    "translate": ActForm,
    "publish": PublishForm,
    "correct": CorrectForm,
    "merge": MergeForm,
    "faq": FaqForm,
    "reject": RejectForm,
}
