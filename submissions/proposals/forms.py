"""The form by which a supplier applies to one file.

Owns: what is asked, in which order, and what a complete set of answers becomes. It is built from the rows of a posting,
never from the form page (DESIGN rule 4). Imports no view; knows neither the request nor the clock.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.rich_text import expand_db_html

from submissions.proposals import sealing
from submissions.proposals.enums import Status
from submissions.proposals.fields import Address, Answer, LineOfText, QuestionBuilder
from submissions.proposals.rows import Leftover, Problem, Row, Section, shown
from submissions.proposals.texts import SCHEMA, AcceptedTerms, ProposalText
from submissions.solicitations.enums import ItemKind

if TYPE_CHECKING:
    from submissions.proposals.sealing import SupplierLink
    from submissions.solicitations.models import PostedItem

DEFAULT_WORD_LIMIT = 250

WHO = ("name", "business_name", "email", "correspondence_language")
ELIGIBILITY = ("age_and_capacity", "status")


@dataclass
class _Named:
    """Names of the fields made from posted items, by kind."""

    answers: dict[str, PostedItem] = field(default_factory=dict)
    questions: dict[str, PostedItem] = field(default_factory=dict)
    checklist: dict[str, PostedItem] = field(default_factory=dict)
    confirmations: dict[str, PostedItem] = field(default_factory=dict)
    terms: dict[str, PostedItem] = field(default_factory=dict)


class ProposalForm(forms.Form):
    """Everything asked of a supplier.

    The first fields are those that law fixes; the others come from ``items``, the rows of the posting.

    Args:
        items: What was posted, in order.
        language: The language of the page.
    """

    error_css_class = "has-error"
    required_css_class = "required"

    name = LineOfText(
        label=_("Your full name"),
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    business_name = LineOfText(
        label=_("Name of your business (optional)"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = Address(
        label=_("E-mail address"),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write an e-mail address in the form name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    correspondence_language = forms.ChoiceField(
        label=_("In which language should we write to you?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the language in which we should write to you.")},
    )
    age_and_capacity = forms.BooleanField(
        label=_("I have reached the age of majority where I live and can legally enter into a contract"),
        error_messages={"required": _("Confirm that you are of age and can enter into a contract.")},
    )
    status = forms.ChoiceField(
        label=_("Which one of these is true of you?"),
        choices=Status.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is true of you: Canadian, permanent resident or with a permit.")
        },
    )

    def __init__(self, *args: Any, items: Iterable[PostedItem], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})
        self.language = language
        self.named = _Named()
        #: Everything that stood in the form when nothing was sent with this request.
        self.kept: Mapping[str, Any] = {}
        self.fields["correspondence_language"].initial = language
        for item in items:
            self._add(item)

    # --- what is asked -----------------------------------------------------------------------

    def _add(self, item: PostedItem) -> None:
        kind, key = ItemKind(item.kind), item.identity.hex
        if kind == ItemKind.EVALUATION:
            self._add_answer(f"answer_{key}", item)
        elif kind == ItemKind.QUESTION:
            self._add_question(f"question_{key}", item)
        elif kind == ItemKind.CHECKLIST:
            self._add_statement(f"check_{key}", item, self.named.checklist)
        elif kind == ItemKind.CONFIRMATION:
            self._add_statement(f"confirm_{key}", item, self.named.confirmations)
        elif kind == ItemKind.TERMS:
            self.named.terms[f"terms_{key}"] = item
            self.fields[f"terms_{key}"] = forms.BooleanField(
                label=_("I have read these terms and accept them"),
                error_messages={"required": _("Accept the terms.")},
            )

    def _add_answer(self, name: str, item: PostedItem) -> None:
        self.named.answers[name] = item
        number = len(self.named.answers)
        self.fields[name] = Answer(
            word_limit=item.word_limit or DEFAULT_WORD_LIMIT,
            label=gettext("Your answer to criterion %(number)d") % {"number": number},
            error_messages={
                "required": gettext("Write your answer to criterion %(number)d.") % {"number": number}
            },
            widget=forms.Textarea(
                attrs={"rows": 12, "data-word-limit": item.word_limit or DEFAULT_WORD_LIMIT}
            ),
        )

    def _add_question(self, name: str, item: PostedItem) -> None:
        self.named.questions[name] = item
        label = plain(self._in_language(item, "text"))
        if not item.required:
            label = gettext("%(question)s (optional)") % {"question": label}
        self.fields[name] = QuestionBuilder([]).build(
            item.field_type,
            list(self._in_language(item, "choices")),
            label=label,
            required=item.required,
            message=gettext("Answer this question: %(question)s") % {"question": Truncator(label).chars(80)},
        )

    def _add_statement(self, name: str, item: PostedItem, into: dict[str, PostedItem]) -> None:
        into[name] = item
        statement = plain(self._in_language(item, "text"))
        self.fields[name] = forms.BooleanField(
            label=statement,
            error_messages={"required": gettext("Confirm this statement.")},
        )

    def text_of(self, item: PostedItem) -> SafeString:
        """What was posted, in the language of the page."""
        return mark_safe(expand_db_html(self._in_language(item, "text")))  # noqa: S308 - as posted

    def help_of(self, item: PostedItem) -> SafeString:
        """The help that was posted with a question."""
        return mark_safe(self._in_language(item, "help"))  # noqa: S308 - escaped when it was posted

    def _in_language(self, item: PostedItem, name: str) -> Any:
        return getattr(item, f"{name}_{self.language}")

    # --- what the template shows -------------------------------------------------------------

    def sections(self) -> list[Section]:
        """The form in the order in which it is read."""
        named = self.named
        sections = [
            Section("you", _("About you"), self._rows(WHO)),
            Section("eligibility", _("Eligibility"), self._rows(ELIGIBILITY)),
            Section(
                "answers",
                _("Evaluation criteria"),
                [self._answer_row(name) for name in named.answers],
                _("Your application must pass every criterion."),
            ),
            Section(
                "questions", _("Other questions"), [self._question_row(name) for name in named.questions]
            ),
            Section(
                "checklist",
                _("Checklist"),
                self._rows(named.checklist),
            ),
            Section(
                "confirmations",
                _("Conditions of this opportunity"),
                self._rows(named.confirmations),
            ),
            *(
                Section(name, _("Terms"), self._rows([name]), text=self.text_of(item))
                for name, item in named.terms.items()
            ),
        ]
        return [section for section in sections if section.rows]

    def _rows(self, names: Iterable[str]) -> list[Row]:
        return [Row(self[name]) for name in names]

    def _answer_row(self, name: str) -> Row:
        answer = cast(Answer, self.fields[name])
        return Row(self[name], self.text_of(self.named.answers[name]), answer.word_limit)

    def _question_row(self, name: str) -> Row:
        return Row(self[name], self.help_of(self.named.questions[name]))

    def problems(self) -> list[Problem]:
        """Every error, in the order of the page, each with the place where it is mended."""
        if not self.is_bound:
            return []
        return [
            Problem(row.target, self._away_from_its_field(row, str(message)))
            for section in self.sections()
            for row in section.rows
            for message in row.bound.errors
        ]

    def _away_from_its_field(self, row: Row, message: str) -> str:
        """What an error says in a list, where the statement that it is about does not stand beside it."""
        if not row.bound.name.startswith(("check_", "confirm_")):
            return message
        statement = Truncator(str(row.bound.label)).chars(80)
        return gettext("Confirm this statement: %(statement)s") % {"statement": statement}

    def typed(self) -> list[tuple[str, str]]:
        """Everything written so far with its label, so that a person can keep what cannot be sent."""
        return [
            (str(row.bound.label), shown(row))
            for section in self.sections()
            for row in section.rows
            if not row.is_statement and shown(row)
        ] + [(leftover.label, leftover.text) for leftover in self.leftovers()]

    def leftovers(self) -> list[Leftover]:
        """Texts written for what is no longer asked, because the file was amended meanwhile."""
        typed = self.data if self.is_bound else self.kept
        label = gettext("Your answer to something that is no longer asked")
        return [
            Leftover(name, label, text)
            for name in typed
            if name.startswith(("answer_", "question_")) and name not in self.fields
            for text in [str(typed[name]).strip()]
            if text
        ]

    # --- what it becomes ---------------------------------------------------------------------

    def proposal_text(self, *, number: str, posting: str, link: SupplierLink) -> ProposalText:
        """The complete text to be sealed, from valid answers."""
        cleaned, named = self.cleaned_data, self.named
        return {
            "schema": SCHEMA,
            "number": number,
            "posting": posting,
            "locale": self.language,
            "name": cleaned["name"],
            "business_name": cleaned["business_name"],
            "email": cleaned["email"],
            "correspondence_language": cleaned["correspondence_language"],
            "eligibility": {"age_and_capacity": cleaned["age_and_capacity"], "status": cleaned["status"]},
            "answers": {str(item.identity): cleaned[name] for name, item in named.answers.items()},
            "checklist": [str(item.identity) for item in named.checklist.values()],
            "questions": {
                str(item.identity): as_written(cleaned[name]) for name, item in named.questions.items()
            },
            "confirmations": [str(item.identity) for item in named.confirmations.values()],
            "terms": [accepted(item) for item in named.terms.values()],
            "nonce": link.nonce(number),
        }


def initial_from(text: ProposalText, items: Iterable[PostedItem] = ()) -> dict[str, Any]:
    """What to fill the form with so that it says what was sent.

    Args:
        text: What was sent.
        items: What is asked now; terms stay accepted only where they are the same to the letter.
    """
    asked = {str(item.identity): item for item in items if item.kind == ItemKind.TERMS}
    same_terms = [
        terms["identity"]
        for terms in text["terms"]
        if terms["identity"] in asked and terms["digest"] == terms_digest(asked[terms["identity"]])
    ]
    initial: dict[str, Any] = {
        "name": text["name"],
        "business_name": text["business_name"],
        "email": text["email"],
        "correspondence_language": text["correspondence_language"],
        **text["eligibility"],
    }
    keyed: Sequence[tuple[str, dict[str, Any]]] = (
        ("answer", dict(text["answers"])),
        ("question", dict(text["questions"])),
        ("check", dict.fromkeys(text["checklist"], True)),
        ("confirm", dict.fromkeys(text["confirmations"], True)),
        ("terms", dict.fromkeys(same_terms, True)),
    )
    for prefix, values in keyed:
        initial.update({f"{prefix}_{identity.replace('-', '')}": value for identity, value in values.items()})
    return initial


@lru_cache(maxsize=512)
def plain(html: str) -> str:
    """Posted HTML as text, for a label."""
    return unescape(strip_tags(html)).strip()


def as_written(value: Any) -> str | list[str]:
    """The cleaned answer to an extra question, as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return [str(choice) for choice in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "" if value is None else str(value)


def accepted(item: PostedItem) -> AcceptedTerms:
    """Which terms were accepted, to the letter, in both languages."""
    return {"identity": str(item.identity), "digest": terms_digest(item)}


def terms_digest(item: PostedItem) -> str:
    """Names the exact text of posted terms."""
    return sealing.digest(sealing.canonical({"en": item.text_en, "fr": item.text_fr}))
