"""Staff’s screens of a selection: freeze the list, enter the public input, draw.

Thin: ``services`` decides at every request. Only a POST does anything, and nothing typed is lost.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.evaluation import results as evaluated
from submissions.solicitations.act_views import FileActView
from submissions.solicitations.models import Solicitation
from submissions.solicitations.panels import when
from submissions.solicitations.permissions import SolicitationPermissionPolicy
from submissions.solicitations.views import visible_file

from . import results, services


class InputForm(forms.Form):
    """What a person read at the source, and where; a witness is asked for the words alone."""

    text = forms.CharField(
        label=gettext_lazy("Public input"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the public input.")},
    )
    provenance = forms.CharField(
        label=gettext_lazy("Where you read it"),
        help_text=gettext_lazy(
            "The address of the page, or the publication and its date. It becomes public: write nothing about a person."
        ),
        max_length=300,
        error_messages={
            "required": gettext_lazy("Write where you read it, such as the address of the page.")
        },
    )

    def __init__(self, *args: Any, source: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if source is None:
            return
        self.fields["text"].help_text = source.reading
        if source.is_witnessed:
            self.fields["text"].label = _("Your words")
            del self.fields["provenance"]


class SelectionActView(FileActView):
    """One act of a selection: what it does, what stands against it, and its button."""

    template_name = "submissions/selection/admin/act.html"
    header_icon = "list-ol"
    permission: ClassVar[str]
    recorded: ClassVar[str]
    name: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policy = SolicitationPermissionPolicy(Solicitation)
        self.file = visible_file(policy, request.user, kwargs["file_pk"])
        services.require_permission(self.file, cast(User, request.user), self.permission, self.recorded)
        self.frozen = results.current_list(self.file)
        return super().dispatch(request, *args, **kwargs)

    def said(self) -> str:
        return str(self.done)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        commitment = results.current_commitment(self.file)
        return {
            **super().get_context_data(**kwargs),
            "frozen": self.frozen,
            "known_from": when(self.frozen.occurs_at) if self.frozen else "",
            "source": commitment.source if commitment else None,
            "name": self.name,
        }


class FreezeView(SelectionActView):
    """Shows the list that would be frozen, and freezes it."""

    page_title = gettext_lazy("Freeze the list")
    permission, recorded, name = services.SELECT, "draw.frozen", "freeze"
    button = gettext_lazy("Freeze the list")
    done = gettext_lazy("The list is frozen, and its digest is public.")

    def obstacles(self) -> list[str]:
        return services.obstacles_to_freezing(self.file, self.user)

    def act(self, form: forms.Form) -> None:
        self.frozen = services.freeze(self.file, self.user)

    def said(self) -> str:
        """That the list waits for its draw, or that there was nothing to draw."""
        if self.frozen is not None and self.frozen.is_single:
            return _(
                "One application met every criterion: its supplier is selected, and nothing is drawn. The list of one "
                "and its digest are public."
            )
        return super().said()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        passing = evaluated.passing(self.file) if evaluated.signed_round(self.file) else []
        return {**super().get_context_data(**kwargs), "passing": passing}


class EnterView(SelectionActView):
    """Takes what one person read at the source, or says as a witness. What the other entered is not shown."""

    page_title = gettext_lazy("Enter the public input")
    permission, recorded, name = services.WITNESS, "draw.entered", "enter"
    button = gettext_lazy("Enter it")
    done = gettext_lazy("It is entered, and stays.")
    form_class = InputForm

    def get_form_kwargs(self) -> dict[str, Any]:
        source = self.frozen.commitment.source if self.frozen else None
        return {**super().get_form_kwargs(), "source": source}

    def obstacles(self) -> list[str]:
        return services.obstacles_to_entering(self.file, self.user)

    def act(self, form: forms.Form) -> None:
        services.enter(
            self.file, self.user, form.cleaned_data["text"], form.cleaned_data.get("provenance", "")
        )


class DrawView(SelectionActView):
    """Says what is drawn with, and draws, once."""

    page_title = gettext_lazy("Carry out the random selection")
    permission, recorded, name = services.SELECT, "draw.drawn", "draw"
    button = gettext_lazy("Draw now")
    done = gettext_lazy("The random selection was carried out, and every step of it is public.")

    def obstacles(self) -> list[str]:
        return services.obstacles_to_drawing(self.file, self.user)

    def act(self, form: forms.Form) -> None:
        services.carry_out(self.file, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = services.agreed(self.frozen) if self.frozen else None
        return {**super().get_context_data(**kwargs), "entries": entries}
