"""The form by which a supplier delivers: what every delivery says, and what the file posted. Decides nothing.

Criteria, acceptance checklist and extra questions come from the posting of the file. A file of results that is chosen
is read here, so that what cannot be read is said beside its field.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from submissions.awards import terms
from submissions.awards.forms import PublicForm
from submissions.proposals.fields import QuestionBuilder
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import PostedItem
from submissions.typed_text import LineOfText, PlainText

from . import evidence
from .delivering import Attached, Delivered
from .enums import CheckKind
from .forms import Commit, WorkText
from .payment.numbers import refuse_cards, refuse_numbers

MOST_ADDRESSES = 10


class Addresses(PlainText):
    """Addresses of pull or merge requests, one a line."""

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        if not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(value) > MOST_ADDRESSES:
            raise ValidationError(_("Write at most 10 addresses."), code="too-many")
        for address in value:
            try:
                URLValidator(schemes=["https"])(address)
            except ValidationError as error:
                raise ValidationError(
                    _("Write each address on its own line, beginning with https:// – not “%(address)s”.")
                    % {"address": Truncator(address).chars(60)},
                    code="invalid",
                ) from error
            refuse_cards(address)

    def run_validators(self, value: Any) -> None:
        """Each address was looked at; what Django would look at is a text."""


class DeliveryForm(PublicForm):
    """One delivery."""

    requests = Addresses(
        label=_("Addresses of your pull or merge requests"),
        help_text=_("One a line, in the repository of the opportunity."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        error_messages={"required": _("Write the address of at least one pull or merge request.")},
    )
    commit = Commit(
        label=_("Commit"),
        help_text=_("The last commit that belongs to the delivery, as Git names it."),
        error_messages={"required": _("Write the commit.")},
    )
    #: Said of another licence than was agreed.
    other_licence: Any = _(
        "You agreed to deliver under the licence %(licence)s. Write to us if that is not possible."
    )
    licence = LineOfText(label=_("Licence"), error_messages={"required": _("Write the licence.")})
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, items: Iterable[PostedItem], licence: str, language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.posted_licence, self.language = licence, language
        #: Names of fields by what they are, each with its posted item.
        self.answers: dict[str, PostedItem] = {}
        self.statements: dict[str, PostedItem] = {}
        self.questions: dict[str, PostedItem] = {}
        self.read: dict[str, Attached] = {}
        self.fields["licence"].initial = licence
        self.fields["licence"].help_text = gettext(
            "As the licence file of the repository names it. The opportunity asks for: %(licence)s."
        ) % {"licence": licence}
        # In the order of the page, in which the list of errors is read too.
        for item in sorted(items, key=lambda item: (_place(item), item.position)):
            self._add(item)
        for kind in CheckKind:
            self._add_check(kind)
        self.fields["note"] = WorkText(
            label=gettext("Anything else (optional)"), required=False, limit=2000, rows=4
        )

    # --- what is asked --------------------------------------------------------------------------

    def _add(self, item: PostedItem) -> None:
        key = item.identity.hex
        if item.kind == ItemKind.ACCEPTANCE:
            name = f"answer_{key}"
            self.answers[name] = item
            number = {"number": len(self.answers)}
            self.fields[name] = WorkText(
                label=gettext("How the work meets criterion %(number)d") % number,
                limit=3000,
                rows=4,
                error_messages={
                    "required": gettext("Write how the work meets criterion %(number)d.") % number
                },
            )
        elif item.kind == ItemKind.DELIVERY and item.field_type:
            self._add_question(f"question_{key}", item)
        elif item.kind == ItemKind.DELIVERY:
            name = f"check_{key}"
            self.statements[name] = item
            statement = terms.plain(self._text(item))
            self.fields[name] = forms.BooleanField(
                label=statement,
                error_messages={
                    "required": gettext("Confirm: %(statement)s")
                    % {"statement": Truncator(statement).chars(80)}
                },
            )

    def _add_question(self, name: str, item: PostedItem) -> None:
        self.questions[name] = item
        label = terms.plain(self._text(item))
        if not item.required:
            label = gettext("%(question)s (optional)") % {"question": label}
        self.fields[name] = QuestionBuilder([]).build(
            item.field_type,
            list(item.choices_fr if self.language == "fr" else item.choices_en),
            label=label,
            required=item.required,
            message=gettext("Answer this question: %(question)s") % {"question": Truncator(label).chars(80)},
        )
        if isinstance(self.fields[name], forms.CharField):
            self.fields[name].validators.append(refuse_numbers)

    def _add_check(self, kind: CheckKind) -> None:
        self.fields[f"{kind}_file"] = forms.FileField(
            label=gettext("File of results"),
            help_text=gettext("JUnit XML, SARIF or axe JSON, of at most 2 MB. Only staff can open it."),
            required=False,
            max_length=1000,
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": ".xml,.json,.sarif"}),
        )
        self.fields[f"{kind}_link"] = forms.URLField(
            label=gettext("Or a link to the results"),
            required=False,
            max_length=500,
            assume_scheme="https",
            validators=[refuse_cards],
        )
        self.fields[f"{kind}_none"] = LineOfText(
            label=gettext("Or why there are none"), required=False, validators=[refuse_numbers]
        )

    def _text(self, item: PostedItem) -> str:
        return str(item.text_fr if self.language == "fr" else item.text_en)

    def criteria(self) -> list[tuple[str, Any]]:
        """Each criterion as posted, with its field."""
        return [(self._text(item), self[name]) for name, item in self.answers.items()]

    def checklist(self) -> list[Any]:
        return [self[name] for name in self.statements]

    def extra(self) -> list[Any]:
        return [self[name] for name in self.questions]

    def checks(self) -> list[tuple[str, str, list[Any]]]:
        """Each automated check: its name in the page, what it is called, its three fields."""
        return [
            (kind.value, str(kind.label), [self[f"{kind}_{part}"] for part in ("file", "link", "none")])
            for kind in CheckKind
        ]

    # --- what was typed -------------------------------------------------------------------------

    def clean_licence(self) -> str:
        """The licence that was agreed, and no other."""
        typed: str = self.cleaned_data["licence"]
        if typed.casefold() != self.posted_licence.casefold():
            raise ValidationError(self.other_licence % {"licence": self.posted_licence})
        return self.posted_licence

    def clean(self) -> dict[str, Any]:
        """Each check has a file that can be read, a link, or a reason why there is none."""
        typed: dict[str, Any] = super().clean() or {}
        for kind in CheckKind:
            upload = typed.get(f"{kind}_file")
            if upload is not None:
                self._read(kind, upload, typed.get(f"{kind}_link") or "")
            elif typed.get(f"{kind}_link"):
                self.read[kind] = Attached(kind, link=typed[f"{kind}_link"])
            elif not typed.get(f"{kind}_none") and not any(
                f"{kind}_{part}" in self.errors for part in ("file", "link", "none")
            ):
                self.add_error(
                    f"{kind}_file",
                    gettext("%(check)s: choose a file, give a link, or say why there are none.")
                    % {"check": kind.label},
                )
        return typed

    def _read(self, kind: CheckKind, upload: Any, link: str) -> None:
        # One byte more than is taken tells that it is too large; nobody makes the server read more.
        content = upload.read(evidence.LARGEST + 1)
        try:
            refuse_numbers(upload.name or "")
            evidence.read(content, self.language)
        except ValidationError as refusal:
            self.add_error(f"{kind}_file", refusal)
        except evidence.NotRead as refusal:
            self.add_error(f"{kind}_file", str(refusal))
        else:
            self.read[kind] = Attached(kind, link=link, name=upload.name or "", content=content)

    def delivered(self) -> Delivered:
        """What was sent, once it is valid."""
        typed = self.cleaned_data
        answers = {str(item.identity): typed[name] for name, item in self.answers.items()}
        answers |= {str(item.identity): _as_text(typed[name]) for name, item in self.questions.items()}
        answers |= {f"no_{kind}": typed[f"{kind}_none"] for kind in CheckKind if typed.get(f"{kind}_none")}
        if typed.get("note"):
            answers["note"] = typed["note"]
        return Delivered(
            requests=typed["requests"],
            commit=typed["commit"],
            licence=typed["licence"],
            answers=answers,
            confirmed=[str(item.identity) for item in self.statements.values()],
            language=self.language,
            key=typed["key"],
            attached=list(self.read.values()),
        )


def _place(item: PostedItem) -> int:
    """Criteria come first, then the checklist, then other questions."""
    return 0 if item.kind == ItemKind.ACCEPTANCE else 2 if item.field_type else 1


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return str(value or "")
