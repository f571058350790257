"""Who evaluates: naming evaluators and releasing them, by IT Strategy."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import assigning, people, services, states
from .forms import AssignForm, ReasonForm
from .models import Assignment
from .views import ActView


class AssignView(ActView):
    """Name the evaluators of an opened file."""

    page_title = gettext_lazy("Name evaluators")
    button = gettext_lazy("Name these evaluators")
    form_class = AssignForm

    def check(self) -> None:
        services.require(states.ASSIGN, self.file, "evaluation.assigned", self.user)

    def sentences(self) -> list[Any]:
        told: list[Any] = [
            _(
                "Each evaluator first attests that they have no conflict of interest, then judges every application "
                "alone, without names and in an order of their own. Where several differ, they agree afterwards."
            )
        ]
        if not self.candidates:
            told.append(_("Nobody is left who could be named."))
        return told

    @property
    def candidates(self) -> list[Any]:
        return [
            one for one in people.eligible() if not people.reasons_against_naming(self.file, self.round, one)
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": self.candidates}

    def act(self, form: Any) -> str:
        by_key = {str(one.pk): one for one in self.candidates}
        for key in form.cleaned_data["people"]:
            assigning.assign(self.file, by_key[key], user=self.user)
        return _("The evaluators are named.")


class ReleaseView(ActView):
    """Let an evaluator go, such as one who is absent."""

    page_title = gettext_lazy("Release an evaluator")
    button = gettext_lazy("Release this evaluator")
    form_class = ReasonForm
    is_serious = True

    def check(self) -> None:
        services.require(states.ASSIGN, self.file, "evaluation.released", self.user)
        self.assignment = get_object_or_404(
            Assignment.objects.select_related("evaluator"), round=self.require_round(), pk=self.kwargs["pk"]
        )
        if self.assignment.evaluator_id == self.user.pk:
            raise PermissionDenied

    def get_page_subtitle(self) -> str:
        person = self.assignment.evaluator
        return str(person.get_full_name() or person.get_username())

    def sentences(self) -> list[Any]:
        return [
            _(
                "What this person wrote stays on record and no longer counts. They cannot be named for this round "
                "again. Name another person for it."
            )
        ]

    def act(self, form: Any) -> str:
        assigning.release(self.assignment, user=self.user, reason=form.cleaned_data["reason"])
        return _("The evaluator is released.")
