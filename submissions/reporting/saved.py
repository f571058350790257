"""Views of the tracker that people keep: a name for filters, columns and order, for oneself or for everyone.

Owns what is kept of an address, and the screen on which one's own views are deleted. A view opens no row that its
reader may not see: the tracker asks as always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from submissions.audit.services import record

from .models import SavedView

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Which of the addresses of a screen each view belongs to.
ADDRESSES = {
    SavedView.Screen.FILES: "microacq_tracker",
    SavedView.Screen.COLUMNS: "microacq_register",
}
#: What of an address is no part of a view: where one is in the listing, and in which form it is had.
NOT_KEPT = ("p", "export", "saved")
#: So many views each person keeps at most.
MOST = 50


def kept_of(query: QueryDict) -> str:
    """What of an address is kept: filters, columns, order; empty values are not."""
    kept = QueryDict(mutable=True)
    for name in sorted(set(query) - set(NOT_KEPT)):
        values = [value for value in query.getlist(name) if value]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def address_of(view: SavedView) -> str:
    """Where a view leads."""
    path = reverse(ADDRESSES[SavedView.Screen(view.screen)])
    return f"{path}?{view.query}" if view.query else path


class SaveForm(forms.Form):
    """A name for what is on the screen."""

    name = forms.CharField(
        label=gettext_lazy("Name of the view"), max_length=SavedView.NAME_LIMIT, strip=True
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Everyone who may see the tracker can use it"), required=False
    )
    screen = forms.ChoiceField(choices=SavedView.Screen.choices, widget=forms.HiddenInput)
    query = forms.CharField(max_length=SavedView.QUERY_LIMIT, required=False, widget=forms.HiddenInput)


class SavedViewsMixin:
    """Gives a screen of the tracker the views that its reader can use, and the form that keeps another."""

    screen: SavedView.Screen
    request: HttpRequest

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        query = kept_of(self.request.GET)
        usable = SavedView.usable_by(self.request.user).filter(screen=self.screen)
        context["saved_views"] = [
            {
                "view": view,
                "address": address_of(view),
                "is_own": view.owner_id == self.request.user.pk,
                "is_shown": view.query == query,
            }
            for view in usable
        ]
        context["save_form"] = SaveForm(
            initial={"screen": self.screen, "query": query}, auto_id="saved-view-%s"
        )
        context["other_screens"] = [
            (screen.label, reverse(name)) for screen, name in ADDRESSES.items() if screen != self.screen
        ]
        return context


@require_POST
@transaction.atomic
def save(request: HttpRequest) -> HttpResponse:
    """Keep what is on the screen under a name; one's own view of that name is replaced."""
    from .register import may_see

    if not may_see(request.user):
        raise PermissionDenied
    form = SaveForm(request.POST)
    if not form.is_valid():
        screen = request.POST.get("screen")
        name = (
            ADDRESSES[SavedView.Screen(screen)] if screen in SavedView.Screen.values else "microacq_tracker"
        )
        query = kept_of(QueryDict(request.POST.get("query", "")[: SavedView.QUERY_LIMIT]))
        messages.error(request, _("The view was not saved: give it a name of at most 80 characters."))
        return redirect(f"{reverse(name)}?{query}")
    cleaned = form.cleaned_data
    owner = cast("User", request.user)  # somebody who may see the tracker
    own = SavedView.objects.select_for_update().filter(owner=owner)
    view = own.filter(screen=cleaned["screen"], name=cleaned["name"]).first()
    if view is None and own.count() >= MOST:
        messages.error(request, _("You keep %(most)s views already: delete one first.") % {"most": MOST})
        return redirect(ADDRESSES[SavedView.Screen(cleaned["screen"])])
    view = view or SavedView(owner=owner, screen=cleaned["screen"], name=cleaned["name"])
    view.query = kept_of(QueryDict(cleaned["query"]))
    view.is_shared = cleaned["is_shared"]
    view.save()
    record(view, "tracker_view.saved", user=request.user, data={"view": view.pk, "shared": view.is_shared})
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(address_of(view))


@require_POST
@transaction.atomic
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view of one's own; an administrator may delete any that is shared."""
    view = get_object_or_404(SavedView.usable_by(request.user), pk=pk)
    if view.owner_id != request.user.pk and not request.user.is_superuser:
        raise PermissionDenied
    record(view, "tracker_view.deleted", user=request.user, data={"view": view.pk, "shared": view.is_shared})
    name, screen = view.name, SavedView.Screen(view.screen)
    view.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": name})
    return redirect(ADDRESSES[screen])
