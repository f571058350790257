"""The forms of the mailing list: joining it, changing every choice, asking for one’s link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..following.forms import FollowForm, LanguageForm
from .models import Rhythm
from .services import skill_names

#: What the form says for not being on the list.
NOT_ON_IT = "none"


class SkillsForm(forms.Form):
    """Of which skills a person wants to hear."""

    skills = forms.TypedMultipleChoiceField(
        label=_("Skills"),
        help_text=_("Select the skills that you have. With none selected, you hear of every opportunity."),
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select only skills of this list: it has changed since.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = skill_names((get_language() or "en")[:2])
        skills: Any = self.fields["skills"]
        skills.choices = [(str(key), name) for key, name in names.items()]


class SubscribeForm(SkillsForm, FollowForm):
    """Where to write, of what, when and in which language."""

    rhythm = forms.ChoiceField(
        label=_("When do you want to hear of them?"),
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select when you want to hear of new opportunities.")},
    )
    field_order = ("address", "rhythm", "language", "skills")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {"language": (get_language() or "en")[:2], "rhythm": Rhythm.AT_ONCE.value}
        )
        super().__init__(*args, **kwargs)


class ChoicesForm(SkillsForm, LanguageForm):
    """Every choice of a person who came by their own link."""

    rhythm = forms.ChoiceField(
        label=_("New opportunities"),
        choices=[*Rhythm.choices, (NOT_ON_IT, _("Never: I do not want to hear of new opportunities"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select when you want to hear of new opportunities.")},
    )
    field_order = ("rhythm", "language", "skills")

    def clean_rhythm(self) -> str:
        """A rhythm, or empty for none."""
        chosen: str = self.cleaned_data["rhythm"]
        return "" if chosen == NOT_ON_IT else chosen


class LinkForm(forms.Form):
    """To which address a link is sent again."""

    address = FollowForm.base_fields["address"]
