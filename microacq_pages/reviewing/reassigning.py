"""The screens by which the lead of IT Strategy reassigns work: the list, an absence, the review of one text.

The permission is asked at every address; the records are made and ended by ``standins`` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page, Task

from .. import pairs, roles
from ..models import BilingualPage, Reassignment
from . import standins, steps
from .forms import AbsenceForm, AssignForm
from .work import name_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SHOWN_ON_A_PAGE = 50


class Permitted:
    """Lets through only those who may reassign work."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_permission(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


def require_permission(request: HttpRequest) -> None:
    """Refuse everyone else.

    Raises:
        PermissionDenied: when this person may not reassign work.
    """
    if not request.user.has_perm(standins.REASSIGN):
        raise PermissionDenied


def lead(request: HttpRequest) -> User:
    """Who is signed in; the permission was asked before."""
    return cast("User", request.user)


class ReassignmentsView(Permitted, WagtailAdminTemplateMixin, TemplateView):
    """What is reassigned now and what was, the newest first."""

    template_name = "microacq_pages/admin/reassignments.html"
    page_title = gettext_lazy("Reassigned work")
    header_icon = "group"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Reassignment.objects.select_related("from_person", "to_person", "group", "made_by")
        page = WagtailPaginator(rows, SHOWN_ON_A_PAGE).get_page(self.request.GET.get("p"))
        in_force = set(standins.in_force().values_list("pk", flat=True))
        ids = [row.object_id for row in page.object_list if row.object_id]
        titles = {str(each.pk): each.get_admin_display_title() for each in Page.objects.filter(pk__in=ids)}
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "rows": [
                {
                    "row": row,
                    "what": titles.get(row.object_id) or row.get_kind_display(),
                    "in_place_of": name_of(row.from_person)
                    if row.from_person
                    else roles.label(row.group.name if row.group else ""),
                    "to": name_of(row.to_person),
                    "made_by": name_of(row.made_by),
                    "in_force": row.pk in in_force,
                    "may_end": row.ended_at is None,
                }
                for row in page.object_list
            ],
        }


class _ReassignView(Permitted, WagtailAdminTemplateMixin, FormView):
    """A form that makes one record."""

    template_name = "microacq_pages/admin/reassign.html"
    header_icon = "group"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class AbsenceView(_ReassignView):
    """Records that a person is absent, and who does their work."""

    page_title = gettext_lazy("Record an absence")
    form_class = AbsenceForm

    def form_valid(self, form: AbsenceForm) -> HttpResponse:
        data = form.cleaned_data
        standins.mark_absent(
            data["absent"],
            to=data["to"],
            starts_on=data["starts_on"],
            until=data["until"],
            reason=data["reason"],
            made_by=lead(self.request),
        )
        messages.success(
            self.request,
            _("It is recorded: %(to)s does the work of %(absent)s.")
            % {"to": name_of(data["to"]), "absent": name_of(data["absent"])},
        )
        return redirect("microacq_reassignments")


class AssignView(_ReassignView):
    """Names the person who reviews one text for a group."""

    page_title = gettext_lazy("Assign the review")
    form_class = AssignForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_permission(request)
        page = get_object_or_404(Page, pk=kwargs["page_id"]).specific
        if not isinstance(page, BilingualPage):
            raise PermissionDenied
        self.page = pairs.source_of(page)
        state = self.page.current_workflow_state
        tasks = (
            Task.objects.filter(workflow_tasks__workflow_id=state.workflow_id, active=True) if state else []
        )
        by_task = steps.groups_by_task([task.pk for task in tasks])
        self.groups = list({group.pk: group for groups in by_task.values() for group in groups}.values())
        if not self.groups:
            messages.error(request, _("This text is not in review: there is nothing to decide."))
            return redirect("microacq_my_work")
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "groups": self.groups}

    def get_initial(self) -> dict[str, Any]:
        state = self.page.current_workflow_task_state
        current = steps.groups_by_task([state.task_id]).get(state.task_id, []) if state else []
        return {**super().get_initial(), **({"group": current[0]} if current else {})}

    def form_valid(self, form: AssignForm) -> HttpResponse:
        data = form.cleaned_data
        standins.assign_review(
            self.page,
            data["group"],
            to=data["to"],
            reason=data["reason"],
            until=data["until"],
            made_by=lead(self.request),
        )
        messages.success(
            self.request,
            _("It is recorded: %(to)s reviews this text for %(group)s.")
            % {"to": name_of(data["to"]), "group": roles.label(data["group"].name)},
        )
        return redirect("microacq_reassignments")


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one reassignment before its time."""
    require_permission(request)
    standins.end(get_object_or_404(Reassignment, pk=pk), by=lead(request))
    messages.success(request, _("The reassignment is ended."))
    return redirect("microacq_reassignments")
