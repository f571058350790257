"""What a person chooses for a package: the request, the documents, why each kind of words goes, passages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from ..documents import Kind
from ..words import About
from . import sections
from .packages import Wish

DISCLOSED = ("", _("Disclose"))
#: What is marked in the documents, what a person calls it, and what goes unless they decide otherwise.
MARKED = {
    About.NAME: (_("Names of suppliers, and what else tells who they are"), sections.PERSONAL),
    About.CONTACT: (_("Addresses, e-mail and telephone"), sections.PERSONAL),
    About.SUPPLIER: (_("What suppliers wrote"), sections.THIRD_PARTY),
    About.ADVICE: (_("Reasons of the evaluators"), ""),
}
SPARE = 3
MOST = 60
_REFERENCE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9 ._/-]*$")


class PackageForm(forms.Form):
    """The package itself."""

    reference = forms.CharField(
        label=_("Number of the request"),
        help_text=_("As the office for access to information has it, such as A-2026-00012."),
        max_length=40,
        validators=[RegexValidator(_REFERENCE, _("Use letters, digits, spaces and - . _ / only."))],
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=[("en", _("English")), ("fr", _("French"))],
        widget=forms.CheckboxSelectMultiple,
    )
    documents = forms.MultipleChoiceField(label=_("Documents"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kinds: Iterable[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(kind.name, kind.title) for kind in kinds]
        documents: Any = self.fields["documents"]
        documents.choices = named
        documents.initial = [name for name, _title in named]
        self.fields["languages"].initial = ["en", "fr"]
        for about, (label, section) in MARKED.items():
            self.fields[f"about_{about.value}"] = forms.ChoiceField(
                label=label, choices=[DISCLOSED, *sections.choices()], initial=section, required=False
            )

    def marked(self) -> list[Any]:
        """The fields that say why each kind of marked words goes."""
        return [self[f"about_{about.value}"] for about in MARKED]

    def wish(self, passages: list[tuple[str, str]], known: list[str]) -> Wish:
        """What was chosen, once it is valid.

        Args:
            passages: With their sections.
            known: Of which the person says that they know that they stand nowhere.
        """
        chosen = {about: self.cleaned_data.get(f"about_{about.value}", "") for about in MARKED}
        return Wish(
            reference=self.cleaned_data["reference"].strip(),
            languages=self.cleaned_data["languages"],
            documents=self.cleaned_data["documents"],
            sections={about: section for about, section in chosen.items() if section},
            passages=passages,
            known=known,
        )


class PassageForm(forms.Form):
    """One passage that goes wherever it stands."""

    passage = forms.CharField(
        label=_("Passage"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    section = forms.ChoiceField(
        label=_("Section of the Act"), choices=sections.choices, initial=sections.PERSONAL, required=False
    )


class PassageFormSet(forms.BaseFormSet):
    """Passages; lines that are left blank are none."""

    def passages(self) -> list[tuple[str, str]]:
        """The passages with their sections."""
        return [
            (form.cleaned_data["passage"], form.cleaned_data.get("section") or sections.PERSONAL)
            for form in self.forms
            if form.cleaned_data.get("passage", "").strip()
        ]


def passage_forms(spare: int) -> Any:
    """The set of forms, with some lines to spare."""
    return forms.formset_factory(
        PassageForm,
        formset=PassageFormSet,
        extra=spare,
        max_num=MOST,
        validate_max=True,
        absolute_max=MOST + 10,
    )
